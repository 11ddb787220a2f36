"""What is only in one system: created on the other side, or the reason why not."""

from __future__ import annotations

from recon import numbers
from recon.desk import NAMED, Desk
from recon.settings import Numbers
from recon.shapes import Operation, Proposal, Record, Side, State, Value, other
from recon.spec import Entity


class Rest:
    """Plans the records of an entity that have no counterpart."""

    def __init__(self, desk: Desk, entity: Entity, proposals: list[Proposal]) -> None:
        self.desk, self.entity = desk, entity
        self.holds: dict[tuple[Side, str], Proposal] = {}
        for proposal in reversed(proposals):
            if proposal.holds:
                self.holds["global", proposal.global_key] = proposal
                self.holds["severa", proposal.severa_guid] = proposal
        self.places = {
            (r.parent, r.role): r.name
            for r in desk.now.records(entity, "global").values()
            if r.role and r.attributes.get("empty") is False
        }
        self.taken_global = {r.number for r in desk.now.records(entity, "global").values()}
        self.taken_severa = {
            r.number: r.name for r in desk.now.records(entity, "severa").values() if r.number
        }

    def plan(self, record: Record) -> None:
        """Decide one record's state; create it on the other side if nothing speaks against."""
        state, reason = self._against(record)
        if state:
            self.desk.end(record, state, reason)
            return
        number = self._number(record)
        if number.reason:
            self.desk.end(record, "held", number.reason)
            return
        self._create(record, number.number)

    def _against(self, record: Record) -> tuple[State | None, str]:
        spot = (record.entity, record.side, record.key)
        allowed = self.desk.now.profile.transfer.direction(record.entity)
        if allowed not in ("both", f"to_{other(record.side)}"):
            return "out of scope", f"the profile creates none in {NAMED[other(record.side)]}"
        scope = self.entity.creatable(record, self.desk.now.context)
        if scope:
            return scope.state, scope.reason
        if spot in self.desk.now.parked:
            return "parked", f"failed too often: {self.desk.now.parked[spot]}"
        if spot in self.desk.now.unknown:
            return "unknown", self.desk.now.unknown[spot]
        proposal = self.holds.get((record.side, record.key))
        if proposal:
            return "held", self._hold_words(record, proposal)
        return self._parent(record)

    def _hold_words(self, record: Record, proposal: Proposal) -> str:
        key = proposal.severa_guid if record.side == "global" else proposal.global_key
        target = self.desk.now.records(self.entity, other(record.side)).get(key)
        named = f"{target.name} ({target.number or key})" if target else key
        because = ", ".join(proposal.evidence)
        return f"may be the same as {named} in {NAMED[other(record.side)]}: {because}; decide it"

    def _parent(self, record: Record) -> tuple[State | None, str]:
        if self.entity.parent is None:
            return None, ""
        spot = (self.entity.parent, record.side, record.parent or "")
        if self.desk.links.of(*spot) or spot in self.desk.creating:
            return self._place(record)
        outcome = self.desk.outcomes.get(spot)
        named = f"{self.entity.parent} {outcome.name}" if outcome else f"its {self.entity.parent}"
        if outcome is None or outcome.state == "out of scope":
            return "out of scope", f"{named} does not transfer"
        return "waiting", f"waits for {named}, which is {outcome.state}"

    def _place(self, record: Record) -> tuple[State | None, str]:
        """Global has one place per role; a further one from Severa stays in Severa alone."""
        parent = self.desk.links.counterpart(
            str(self.entity.parent), record.side, record.parent or ""
        )
        taken = self.places.get((parent, record.role)) if record.side == "severa" else None
        if taken is None:
            return None, ""
        return "out of scope", f"Global holds one {record.role}, which is {taken}"

    def _number(self, record: Record) -> numbers.Numbered:
        if not self.entity.numbered:
            return numbers.Numbered()
        if record.side == "global":
            return numbers.for_severa(record, self.taken_severa)
        rules = self.desk.now.profile.global_.numbers
        rule = rules.get(self.entity.global_side.series, Numbers())
        taken = {number for number in self.taken_global if number}
        return numbers.for_global(self.entity, rule, record, taken)

    def _create(self, record: Record, number: str | None) -> None:
        target = other(record.side)
        operation = Operation(
            id=f"{record.entity}/create/{target}/{record.key}",
            entity=record.entity,
            system=target,
            kind="create",
            key=record.key,
            guid=record.key if record.side == "severa" else None,
            before={},
            after=self._after(record, number),
            needs=self._needs(record),
            because=f"only in {NAMED[record.side]}",
            guard={record.side: record.digest},
        )
        self.desk.operations.append(operation)
        self.desk.creating[record.entity, record.side, record.key] = operation.id
        if number and target == "global":
            self.taken_global.add(number)
        self.desk.end(record, "created", "", operation.id, *self._back(record, operation))

    def _after(self, record: Record, number: str | None) -> dict[str, Value]:
        after: dict[str, Value] = dict(record.fields)
        if number is not None:
            after["@number"] = number
        if self.entity.parent:
            after["@parent"] = f"ref:{self.entity.parent}/{record.parent}"
        if record.role:
            after["@role"] = record.role
        return after

    def _needs(self, record: Record) -> tuple[str, ...]:
        if self.entity.parent is None:
            return ()
        parent = self.desk.creating.get((self.entity.parent, record.side, record.parent or ""))
        return (parent,) if parent else ()

    def _back(self, record: Record, create: Operation) -> list[str]:
        """A record created in Severa is noted in Global's row by an operation of its own."""
        carries = record.attributes.get("carries_guid", self.entity.global_side.carries_guid)
        if record.side != "global" or not carries:
            return []
        operation = Operation(
            id=f"{record.entity}/link/global/{record.key}",
            entity=record.entity,
            system="global",
            kind="link",
            key=record.key,
            guid=None,
            before={"SeveraGUID": record.guid},
            after={"SeveraGUID": f"ref:{record.entity}/{record.key}"},
            needs=(create.id,),
            because="created in Severa",
            guard={},
        )
        self.desk.operations.append(operation)
        return [operation.id]
