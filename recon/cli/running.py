"""One call from its arguments to its exit code; nothing leaves here as a traceback."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterator, Sequence

from typer.exceptions import Abort, TyperException

from recon.cli.document import Result
from recon.cli.interrupt import Interrupted, listening
from recon.cli.session import Session
from recon.cli.show import Screen
from recon.errors import ReconError, Unsafe, Usage

DONE, PERSON, WRONG, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
# A run makes very many records and no cycles: looking for garbage costs a quarter of its time.
RARELY = (100_000, 50, 100)


def main() -> None:
    """The entry point of the `recon` command."""
    gc.set_threshold(*RARELY)
    raise SystemExit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code.

    With --json the one document is written to stdout whatever happens, and all else to stderr.
    """
    ahead, rest = hoist(arguments)
    session = Session(Screen(), json="--json" in ahead)
    _use_utf8()
    with _stdout(session):
        result = _guarded(session, [*ahead, *rest])
        if session.json and not session.answered:
            session.answer({**result.body, "exit_code": result.exit_code})
    return result.exit_code


def hoist(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Global options may stand anywhere before `--`: those found, and the rest in order."""
    ahead: list[str] = []
    rest: list[str] = []
    left = list(arguments)
    while left and left[0] != "--":
        word = left.pop(0)
        if word == "--json" or word.startswith("--company="):
            ahead.append(word)
        elif word == "--company" and left:
            ahead += [word, left.pop(0)]
        else:
            rest.append(word)
    return ahead, rest + left


def _use_utf8() -> None:
    """Names have letters that an old console's code page lacks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def _stdout(session: Session) -> Iterator[None]:
    """With --json, whatever else would print to stdout goes to stderr."""
    session.out = sys.stdout
    if not session.json:
        yield
        return
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _guarded(session: Session, arguments: list[str]) -> Result:
    """Run the command; every way to fail has its exit code and its one sentence."""
    try:
        with listening(session):
            result = _run(session, arguments)
        return _ended_early(session, result) if session.stopped else result
    except Interrupted as stopped:
        return _failed(session, stopped.exit_code, str(stopped))
    except (Abort, KeyboardInterrupt, EOFError):
        return _failed(session, INTERRUPTED, "Stopped before anything was done")
    except TyperException as error:
        return _failed(session, WRONG, _usage(error))
    except Usage as error:
        return _failed(session, WRONG, str(error))
    except ReconError as error:
        if session.stopped:
            return _ended_early(session, Result(FAILED))
        return _failed(session, FAILED, _sentence(error))
    except BaseException as error:
        from recon.cli import crash

        return _failed(session, FAILED, crash.report(error, session.reports))


def _run(session: Session, arguments: list[str]) -> Result:
    from recon.cli.app import app

    answer = app(arguments, prog_name="recon", standalone_mode=False, obj=session)
    if isinstance(answer, Result):
        return answer
    return Result(answer if isinstance(answer, int) else DONE)


def _ended_early(session: Session, result: Result) -> Result:
    """What was done until the signal, and that it was one."""
    stopped = Interrupted(session.stopped)
    session.screen.say(str(stopped))
    return Result(stopped.exit_code, {**result.body, "error": str(stopped)})


def _failed(session: Session, code: int, sentence: str) -> Result:
    session.screen.say(sentence)
    return Result(code, {"error": sentence})


def _sentence(error: ReconError) -> str:
    if isinstance(error, Unsafe) and error.limits:
        return f"{error}. Pass it knowingly with " + " ".join(f"--force {x}" for x in error.limits)
    return str(error)


def _usage(error: TyperException) -> str:
    """A slip on the command line, with where the right words stand."""
    message = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "recon"
    return f"{message}. See '{path} --help'"
