"""One call of the command: its global options, and what is known of the company so far."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from recon.cli import document, progress
from recon.cli.progress import Meter
from recon.cli.show import Screen
from recon.errors import Usage

if TYPE_CHECKING:
    from recon.flow import Bench
    from recon.settings import Profile
    from recon.shapes import Facts

DEMO = Path("demo")
SANDBOX_URL = "sandbox:"


@dataclass(slots=True)
class Session:
    """One call: where it shows things, which profile it names, which company that is."""

    screen: Screen
    json: bool = False
    profile_path: str = ""
    command: str = ""
    company: str = ""
    sandbox: bool = False
    reports: Path | None = None
    bench: Any = None
    meter: Meter | None = None
    writes: bool = False
    stopped: int = 0
    out: IO[str] | None = None
    answered: bool = False

    def answer(self, body: Mapping[str, Any]) -> None:
        """Print a document on stdout now; with --json it is the one, and none follows."""
        out = self.out or sys.stdout
        whole = self._framed(body) if self.json else dict(body)
        self.answered = True
        out.write(document.text(whole) + "\n")
        out.flush()

    def _framed(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """All that is promised, with this body in it."""
        whole = {**document.empty(), "company": self.company, "command": self.command, **body}
        whole["schema"] = document.SCHEMA
        whole["sandbox"] = self.sandbox or bool(whole["sandbox"])
        whole["error"] = whole["error"] or None
        return whole

    def say_reports(self, facts: Facts) -> None:
        """Tell where the run's reports lie, if it left any."""
        from recon.publish import folder_of

        folder = folder_of(self.reports, facts) if self.reports else None
        if folder and folder.is_dir():
            for page in sorted(folder.glob("*.html")):
                self.screen.say(f"The report, also as Excel beside it: {page}")

    @property
    def can_finish(self) -> bool:
        """Whether work is going on that may leave an operation half done."""
        return self.writes and self.bench is not None

    def path(self) -> Path:
        """The profile that --company or RECON_COMPANY names; `Usage` where neither does."""
        from recon import settings

        named = self.profile_path or settings.environment("RECON_COMPANY")
        if not named:
            raise Usage(
                "No company is named",
                todo="Give --company PROFILE.toml, or set RECON_COMPANY; "
                "'recon demo' shows everything on a company of its own",
            )
        return Path(named)

    def path_or_demo(self) -> Path:
        """The named profile, else the sandbox company's, made where there is none yet."""
        from recon import settings

        if self.profile_path or settings.environment("RECON_COMPANY"):
            return self.path()
        if not (DEMO / "profile.toml").exists():
            from recon.sandbox import world

            world.create(DEMO)
        return DEMO / "profile.toml"

    def load(self, path: Path) -> Profile:
        """The profile; from now on the document and the prompts say whose it is."""
        from recon import settings

        profile = settings.load(path)
        self.company, self.sandbox = profile.company.name, profile.company.sandbox
        self.reports = profile.reports()
        self.screen.heading(self.company, sandbox=self.sandbox)
        return profile

    @contextmanager
    def open(self, *, writes: bool = False, **options: Any) -> Iterator[Bench]:
        """The bench on the named company, closed at the end; `writes`: it may change a system."""
        path = self.path()
        url = severa_url(self.load(path))
        from recon import flow
        from recon.workbench import Options

        with progress.shown(self.screen) as self.meter:
            chosen = Options(severa_url=url, progress=self.meter, **options)
            with flow.open(path, run_options=chosen) as self.bench:
                self.writes = writes
                try:
                    yield self.bench
                finally:
                    self._tell(self.bench)
                    self.writes, self.bench = False, None

    def _tell(self, bench: Bench) -> None:
        """Say what the run's report says too, but its reader's administrator should mend."""
        for note in bench.notes:
            if note.check == "pace_not_shared":
                self.screen.say(f"{note.text}. {note.where_to_fix}")


def severa_url(profile: Profile) -> str:
    """Where Severa is; a sandbox's server is started, or found, on the way."""
    if profile.severa.base_url != SANDBOX_URL:
        return profile.severa.base_url
    if not profile.company.sandbox:
        raise Usage(
            "Only a sandbox company may use the address 'sandbox:'",
            where="[severa] base_url",
            todo="Write the address of Severa's API, or set [company] sandbox = true",
        )
    from recon.sandbox import severa_server

    return severa_server.attach(profile.folder).base_url


def chosen_entities(text: str) -> tuple[str, ...]:
    """The entities that `--entities a,b` names; `Usage` for one that does not exist."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    known = known_entities()
    for name in names:
        if name not in known:
            raise Usage(
                f"There is no entity {name!r}",
                where="--entities",
                todo=f"Choose among {', '.join(known)}",
            )
    return names


def known_entities() -> tuple[str, ...]:
    """Every entity: each is one folder, and none of them is loaded for this."""
    import pkgutil
    from importlib.util import find_spec

    package = find_spec("recon.entities")
    folders = package.submodule_search_locations if package else None
    return tuple(m.name for m in pkgutil.iter_modules(folders or []) if m.ispkg)
