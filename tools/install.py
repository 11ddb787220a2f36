"""Install this project into .venv from the lock: with uv where it is there, with pip elsewhere.

Extras are named as arguments. Written so that an old Python can still say what is wrong.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)


def python() -> Path:
    """The interpreter inside .venv."""
    windows = sys.platform == "win32"
    return VENV / ("Scripts" if windows else "bin") / ("python.exe" if windows else "python")


def give_up(what: str) -> None:
    """Say what is missing and what to do, and end with exit code 2."""
    sys.stderr.write(what + "\n")
    sys.exit(2)


def check_version() -> None:
    if sys.version_info < OLDEST:
        found = "{}.{}".format(*sys.version_info[:2])
        give_up(
            f"recon needs Python 3.11 or newer, but {sys.executable} is {found}. "
            "Install a newer one and name it, for example: make demo PYTHON=python3.12"
        )


def works() -> bool:
    """Is there a .venv whose Python starts and is new enough?"""
    if not python().exists():
        return False
    probe = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([str(python()), "-c", probe], check=False).returncode == 0


def make_venv(uv: "str | None") -> None:
    """A fresh .venv; one that no longer works is replaced."""
    if works():
        return
    if uv:
        command = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
        subprocess.run(command, check=True)
        return
    try:
        import ensurepip  # noqa: F401  (Debian takes it out of python3 into python3-venv)
        import venv
    except ImportError:
        give_up(
            "Python's venv is missing. On Debian or Ubuntu: sudo apt-get install python3-venv. "
            "Then run make again."
        )
    venv.create(VENV, with_pip=True, clear=True)


def install(uv: "str | None", extras: "list[str]") -> None:
    """The project itself, editable, with exactly the locked versions of what it needs."""
    wanted = ".[{}]".format(",".join(extras)) if extras else "."
    tool = [uv, "pip", "install", "--python", str(python())] if uv else pip()
    rest = ["--quiet", "--constraint", "requirements.lock", "--editable", wanted]
    subprocess.run([*tool, *rest], cwd=ROOT, check=True)


def pip() -> "list[str]":
    if subprocess.run([str(python()), "-m", "pip", "--version"], capture_output=True).returncode:
        subprocess.run([str(python()), "-m", "ensurepip"], check=True, capture_output=True)
    return [str(python()), "-m", "pip", "install", "--disable-pip-version-check"]


def main() -> None:
    """Check, make, install; a failing tool's own words stand above ours."""
    check_version()
    uv = shutil.which("uv")
    sys.stderr.write("Installing into .venv with {} ...\n".format("uv" if uv else "pip"))
    try:
        make_venv(uv)
        install(uv, sys.argv[1:])
    except subprocess.CalledProcessError as error:
        give_up(f"The installation did not end well (exit {error.returncode}); see the lines above")


if __name__ == "__main__":
    main()
