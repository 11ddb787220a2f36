"""What is only in one system: created on the other side, or the reason why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace

from recon import numbers
from recon.because import new
from recon.desk import NAMED, Desk
from recon.settings import Numbers
from recon.shapes import Operation, Proposal, Record, Side, Spot, State, Value, other
from recon.spec import Entity, Field

APPROVE = "plan again with --licences N, or set licences under [safety]"


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

    def approve(self) -> None:
        """What costs something in Severa is created only up to the number that was approved: all
        of it, or, if the plan needs more, none of it."""
        made = [op for op in self.desk.operations if op.entity == self.entity.name]
        creates = [op for op in made if op.kind == "create" and op.system == "severa"]
        priced = [(op, cost) for op in creates if (cost := self._cost(op))]
        counts = Counter(cost for _, cost in priced)
        words = ", ".join(f"{count} × {cost}" for cost, count in sorted(counts.items()))
        for op, cost in priced:
            if len(priced) > self.desk.now.licences:
                self._take_back(op, f"needs your approval of what it costs ({words}): {APPROVE}")
            spot: Spot = (op.entity, "global", op.key)
            self.desk.outcomes[spot] = replace(self.desk.outcomes[spot], costs=cost)

    def _cost(self, op: Operation) -> str:
        record = self.desk.now.records(self.entity, "global")[op.key]
        costs = self.entity.side_of(record.kind).costs
        return costs(record, self.desk.now.context) if costs else ""

    def _take_back(self, op: Operation, reason: str) -> None:
        kept = [one for one in self.desk.operations if one is not op and op.id not in one.needs]
        self.desk.operations[:] = kept
        del self.desk.coming[op.entity, "global", op.key]
        self.desk.end(self.desk.now.records(self.entity, "global")[op.key], "held", reason)

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
        state, reason = self._parent(record)
        return (state, reason) if state else self._references(record)

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
        if self._meets(spot):
            return self._place(record)
        outcome = self.desk.outcomes.get(spot)
        kind = self.entity.parent.replace("_", " ")
        named = f"{kind} {outcome.name}" if outcome else f"its {kind}"
        if outcome is None or outcome.state == "out of scope":
            return "out of scope", f"{named} does not transfer"
        return "waiting", f"waits for {named}, which is {outcome.state}"

    def _references(self, record: Record) -> tuple[State | None, str]:
        """A new record waits for the records that it refers to, if they are to come at all."""
        for one, spot in self._referred(record):
            if one.required or self._comes(spot):
                return "waiting", self.desk.waits_for(one, record.side, spot[2])
        return None, ""

    def _referred(self, record: Record) -> Iterator[tuple[Field, Spot]]:
        """The records that this one refers to and that are neither linked nor being created."""
        for one in self.entity.fields:
            value = record.fields.get(one.name)
            if one.refers and value is not None and one.direction != "compare":
                spot: Spot = (one.refers, record.side, str(value))
                if not self._meets(spot):
                    yield one, spot

    def _meets(self, spot: Spot) -> bool:
        """Whether a record has a counterpart that is there or coming: one may have vanished."""
        key = self.desk.links.counterpart(*spot)
        there = self.desk.now.mirror.records(spot[0], other(spot[1]))
        linked = key is not None and (key in there or not there)
        return spot in self.desk.coming or linked

    def _comes(self, spot: Spot) -> bool:
        state = self.desk.state(spot)
        if state is None:  # of an entity that this run leaves out
            return spot[2] in self.desk.now.mirror.records(spot[0], spot[1])
        return state not in ("out of scope", "vanished", "unreadable")

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
        rules, side = self.desk.now.profile.global_.numbers, self.entity.global_side
        rule = rules.get(side.series, Numbers())
        taken = {number for number in self.taken_global if number}
        taken |= self.desk.links.rows(side.table)
        length = self.desk.now.length(side.table, side.key) if side.alphanumeric else None
        return numbers.for_global(self.entity, rule, record, taken, length)

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
            because=new(self.desk, record),
            guard={record.side: record.digest},
        )
        self.desk.operations.append(operation)
        self.desk.coming[record.entity, record.side, record.key] = operation.id
        if number and target == "global":
            self.taken_global.add(number)
        self.desk.end(record, "created", "", operation.id, *self._back(record, operation))

    def _after(self, record: Record, number: str | None) -> dict[str, Value]:
        withheld = self._withheld(record)
        after = {name: value for name, value in record.fields.items() if name not in withheld}
        missing = {one.name for one, _ in self._referred(record)}
        for one in self.entity.fields:
            if one.refers and after.get(one.name) is not None:
                ref = f"ref:{one.refers}/{after[one.name]}"
                after[one.name] = None if one.name in missing else ref
        if number is not None:
            after["@number"] = number
        if self.entity.parent:
            after["@parent"] = f"ref:{self.entity.parent}/{record.parent}"
        if record.role:
            after["@role"] = record.role
        return after

    def _withheld(self, record: Record) -> Collection[str]:
        """The fields with which a new record is not sent to Severa."""
        if record.side == "severa":
            return ()
        return self.entity.side_of(record.kind).withheld(self.desk.now.context)

    def _needs(self, record: Record) -> tuple[str, ...]:
        """The operations of this plan that come first: those that create or link its parent and
        what it refers to."""
        spots: list[Spot] = [
            (one.refers, record.side, str(record.fields.get(one.name)))
            for one in self.entity.fields
            if one.refers
        ]
        if self.entity.parent:
            spots.append((self.entity.parent, record.side, record.parent or ""))
        found = [self.desk.coming[spot] for spot in spots if spot in self.desk.coming]
        return tuple(dict.fromkeys(found))

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
