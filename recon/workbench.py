"""An open company: its profile, store, transports, mirror and links, for the length of one run."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from recon.effects import Effects
from recon.entities import ENTITIES, running
from recon.errors import Usage
from recon.journal import Journal
from recon.lease import Lease
from recon.links import Links
from recon.mirror import Mirror
from recon.reference import Reference
from recon.settings import SECRET, Profile, local_url, state_folder
from recon.shapes import Finding, Record, Side
from recon.spec import Context, Entity
from recon.store import Store
from recon.systems.global_login import admit_anyone
from recon.systems.pacer import Pace, Pacer
from recon.systems.severa import Options as Means
from recon.systems.severa import Severa
from recon.systems.severa_scopes import FEES, INVOICES, SCOPES
from recon.systems.shared_pace import Shared, organisation
from recon.systems.visma_global import VismaGlobal

PACE_TODO = "Set RECON_STATE to a folder on a local disk that the run may write into"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller of a stage asks for; `logins`: which of Global's logins may be used."""

    entities: tuple[str, ...] = ()
    full: bool = False
    force: tuple[str, ...] = ()
    dry_run: bool = False
    licences: int = 0
    severa_url: str = ""
    logins: Literal["safe", "any"] = "safe"
    progress: Progress | None = None
    watchers: tuple[Any, ...] = ()


def new_run() -> str:
    """A run id: the moment in UTC, sortable, and the process, so that two never share one."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")[:-3]
    return f"{moment}Z-{os.getpid()}"


@dataclass(slots=True)
class Workbench:
    """What every stage works with; made by `assembled`."""

    profile: Profile
    options: Options
    store: Store
    effects: Effects
    severa: Severa
    visma_global: VismaGlobal
    run: str
    links: Links
    journal: Journal
    mirror: Mirror
    pace: Shared
    reference: Reference | None = None
    least: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)
    notes: list[Finding] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    lease: Lease | None = None

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities asked for (all by default), in running order."""
        known = {entity.name: entity for entity in ENTITIES}
        wanted = self.options.entities
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise Usage(
                f"Unknown entity {', '.join(unknown)[:80]}",
                where="--entities",
                todo=f"Choose from {', '.join(sorted(known))}",
            )
        for name in wanted:
            if reason := known[name].idle(self.profile):
                raise Usage(f"{known[name].title} do not run: {reason}", where="--entities")
        return tuple(one for one in self.running if not wanted or one.name in wanted)

    @property
    def running(self) -> tuple[Entity, ...]:
        """All entities that run with this profile, in order."""
        return running(self.profile)

    def must(self, calls: int) -> None:
        """Count calls that had to be made; safe from several threads."""
        with self._counting:
            self.least += calls

    @property
    def context(self) -> Context:
        """What the entities' pure functions may look at."""
        if self.reference is None:
            raise RuntimeError("read the reference lists first")
        return Context(
            self.profile,
            self.reference,
            self.mirror.records,
            self.links.counterpart,
            self.visma_global.length,
            self.converted,
        )

    def converted(self) -> dict[str, str | None]:
        """What became of the guids of Severa's older API, as far as it was asked."""
        known: dict[str, str | None] = (self.store.note("guids") or ("", {}))[1]
        return known

    def alive(self) -> None:
        """Keep the lease while something takes long."""
        if self.lease:
            self.lease.renew()

    def tell(self, what: str, done: int, of: int) -> None:
        """Report progress to whoever shows it; renew the lease on the way."""
        self.alive()
        if self.options.progress:
            self.options.progress(what, done, of)

    def record(self, entity: str, side: Side, key: str) -> Record | None:
        """A record of the mirror, or None."""
        return self.mirror.records(entity, side).get(key)

    def close(self) -> None:
        """Close the transports and the store."""
        self.severa.close()
        self.pace.close()
        self.visma_global.close()
        self.store.close()


def assembled(profile: Profile, options: Options) -> Workbench:
    """A company opened for one run; whoever asks for it closes it."""
    effects = Effects(*options.watchers)
    run_id = new_run()
    store = Store(profile.store_url(), profile.company.name, effects)
    notes: list[Finding] = []
    severa, pace = _severa(profile, options, effects, notes)
    return Workbench(
        profile=profile,
        options=options,
        store=store,
        effects=effects,
        severa=severa,
        visma_global=database(profile, options, effects),
        run=run_id,
        links=Links(store=store),
        journal=Journal(store, run_id),
        mirror=Mirror(store),
        pace=pace,
        notes=notes,
    )


def _severa(
    profile: Profile, options: Options, effects: Effects, notes: list[Finding]
) -> tuple[Severa, Shared]:
    """The transport, and the pace that it shares with other runs in the same organisation."""
    settings = profile.severa
    if options.severa_url:
        settings = settings.model_copy(update={"base_url": options.severa_url})
    client_id = profile.secret(settings.client_id)

    def tell(text: str) -> None:
        notes.append(Finding("pace_not_shared", "", "info", "severa", "", text, PACE_TODO))

    name = organisation(settings.organisation, settings.base_url, client_id)
    pace = Shared(state_folder(), name, Pace.fresh(settings.quota, time.monotonic()), tell)
    severa = Severa(
        settings,
        effects,
        client_id=client_id,
        client_secret=profile.secret(settings.client_secret),
        options=Means(gate=Pacer(settings.quota, keeper=pace), scopes=_scopes(profile)),
    )
    return severa, pace


def _scopes(profile: Profile) -> tuple[str, ...]:
    """What the token is asked for: documents need more, which is asked for only where they run."""
    invoices = INVOICES if profile.transfer.invoices_from else ()
    return (*SCOPES, *invoices, *(FEES if profile.transfer.costs_from else ()))


def database(profile: Profile, options: Options, effects: Effects) -> VismaGlobal:
    """The company's Visma Global, not connected yet; `Usage` for a login that is not admitted."""
    settings = profile.global_
    url = profile.secret(settings.url) if SECRET.match(settings.url) else settings.url
    password = profile.secret(settings.password) if settings.password else ""
    found = VismaGlobal(
        settings,
        effects,
        url=local_url(url, profile.folder),
        password=password,
        timezone=profile.company.timezone,
    )
    if options.logins == "any":
        found.admits = admit_anyone
    found.admits(found.named)
    return found
