"""An open company: its profile, store, transports, mirror and links, for the length of one run."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from recon.effects import Effects
from recon.entities import ENTITIES
from recon.errors import Usage
from recon.journal import Journal
from recon.lease import Lease
from recon.links import Links
from recon.mirror import Mirror
from recon.reference import Reference
from recon.settings import Profile
from recon.shapes import Finding, Record, Side
from recon.spec import Context, Entity, Source
from recon.store import Store
from recon.systems.severa import Severa
from recon.systems.visma_global import VismaGlobal

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller of a stage asks for."""

    entities: tuple[str, ...] = ()
    full: bool = False
    force: tuple[str, ...] = ()
    dry_run: bool = False
    severa_url: str = ""
    progress: Progress | None = None
    watchers: tuple[Any, ...] = ()


def new_run() -> str:
    """A run id: the moment in UTC, sortable, and the process, so that two never share one."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")[:-3]
    return f"{moment}Z-{os.getpid()}"


@dataclass(slots=True)
class Workbench:
    """What every stage works with; made by `flow.open`."""

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
    reference: Reference | None = None
    least: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)
    notes: list[Finding] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    lease: Lease | None = None

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities asked for (all by default), in running order."""
        known = {entity.name for entity in ENTITIES}
        unknown = [name for name in self.options.entities if name not in known]
        if unknown:
            raise Usage(
                f"Unknown entity {', '.join(unknown)[:80]}",
                where="--entities",
                todo=f"Choose from {', '.join(sorted(known))}",
            )
        wanted = self.options.entities
        return tuple(entity for entity in ENTITIES if not wanted or entity.name in wanted)

    def parts(self) -> list[Entity | Source]:
        """All that is read: every entity and what its filters look at, sources first."""
        sources = [source for entity in ENTITIES for source in entity.sources]
        return [*sources, *ENTITIES]

    def must(self, calls: int) -> None:
        """Count calls that had to be made; safe from several threads."""
        with self._counting:
            self.least += calls

    @property
    def context(self) -> Context:
        """What the entities' pure functions may look at."""
        if self.reference is None:
            raise RuntimeError("read the reference lists first")
        return Context(self.profile, self.reference, self.mirror.records)

    def tell(self, what: str, done: int, of: int) -> None:
        """Report progress to whoever shows it; renew the lease on the way."""
        if self.lease:
            self.lease.renew()
        if self.options.progress:
            self.options.progress(what, done, of)

    def record(self, entity: str, side: Side, key: str) -> Record | None:
        """A record of the mirror, or None."""
        return self.mirror.records(entity, side).get(key)

    def close(self) -> None:
        """Close the transports and the store."""
        self.severa.close()
        self.visma_global.close()
        self.store.close()
