"""What each document of either side comes to, and which named cause it adds to the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from recon import money
from recon.report.documents import ZERO, Cause, Entry, Kind, Paper, Place, Sum, grouped
from recon.shapes import SIDES, Link, Outcome, Record, Side, Spot, State, Value, other

NET: Mapping[str, str] = {"invoice": "total", "supplier_cost": "cost"}
VAT = "vat"
NOUNS: Mapping[str, tuple[str, str]] = {
    "invoice": ("invoice", "order"),
    "supplier_cost": ("project fee", "ledger line"),
}
NULLIFIED, TAKEN = "nullified", "taken"
WHOLE = Decimal(1)
CHANGED = "changed after the transfer; correct it where it is wrong, or credit it"

# What a record without partner ended as: the cause, and what to do where its reason does not say.
STATES: Mapping[State, tuple[str, str]] = {
    "created": ("not transferred yet", "Nothing: the next sync transfers it"),
    "waiting": ("waiting for another record", "Bring over what it waits for; it follows by itself"),
    "held": ("held", "Correct what the reason names; it is looked at anew in every run"),
    "refused": ("refused", "See 'recon failures': the reason stands there with what to do"),
    "parked": ("parked", "See 'recon failures': release it once its reason is gone"),
    "unknown": ("answer lost", "Nothing: the next sync looks whether it happened"),
}
TODO: Mapping[str, str] = {
    "not approved": "Approve the voucher in Visma Global; the next sync transfers it",
    "not final": "Update the voucher in Visma Global; the next sync transfers it",
}
PERSON = ("held", "waiting", "refused", "parked")
OUTSIDE = (
    ("dated before the cut-off", "before the cut-off"),
    ("its status ", "not released to transfer"),
    ("it belongs to another company", "of another company"),
    ("an order is never made", "no invoice in Severa"),
    ("a project fee is never made", "no ledger line in Visma Global"),
    ("entered before the cut-off", "before the cut-off"),
    ("it takes back ledger line", "before the cut-off"),
    ("it has no project", "without a project"),
    ("waits for its project", "project not linked"),
    ("it waits in Visma Global: it is not approved", "not approved"),
    ("it waits in Visma Global: it is not final", "not final"),
)
LATER: Mapping[str, str] = {
    "before the cut-off": "Nothing: it is handled as before the two systems were connected",
    "not released to transfer": "Give it a status from which it transfers, when it is ready",
}
FIX = "It is never made again by itself: put it right by hand in the other system"


@dataclass(frozen=True, slots=True)
class Source:
    """One entity's documents as a run found them: records of both sides, links, outcomes, who is
    called what, and the cut-off date."""

    entity: str
    severa: Mapping[str, Record]
    global_: Mapping[str, Record]
    links: Iterable[Link] = ()
    outcomes: Mapping[Spot, Outcome] = field(default_factory=dict)
    party: Callable[[Record], str] = lambda record: ""
    home: str = "NOK"
    since: date | None = None

    def records(self, side: Side) -> Mapping[str, Record]:
        """The records of a side."""
        return self.severa if side == "severa" else self.global_


@dataclass(frozen=True, slots=True)
class Pair:
    """A document as it stands in one system or in both, and what both held when linked."""

    severa: Record | None
    global_: Record | None
    link: Link | None = None

    @property
    def first(self) -> Record:
        """The record that tells its month: Severa's, if it is there."""
        found = self.severa or self.global_
        if found is None:
            raise ValueError("a document stands in at least one system")
        return found

    def of(self, side: Side) -> Record | None:
        """Its record on a side."""
        return self.severa if side == "severa" else self.global_

    @property
    def nullified(self) -> bool:
        """Whether Global says that nothing comes of it."""
        return self.global_ is not None and self.global_.attributes.get("stage") == NULLIFIED


def kind(source: Source) -> Kind:
    """The documents of one entity: the sums of both sides, and what explains their difference."""
    found = list(pairs(source))
    causes = [cause for pair in found for cause in _causes(source, pair)]
    return grouped(source.entity, entries(source, found), causes)


def pairs(source: Source) -> Iterable[Pair]:
    """Every document once: both its records where it is linked, or about to be."""
    links = {link.key: link for link in source.links}
    taken: set[str] = set()
    for key, record in source.global_.items():
        link = links.get(key)
        guid = link.guid if link else _partner(source, record)
        taken.add(guid)
        yield Pair(source.severa.get(guid), record, link)
    gone = {link.guid: link for link in links.values() if link.key not in source.global_}
    for guid, record in source.severa.items():
        if guid not in taken:
            yield Pair(record, None, gone.get(guid))


def _partner(source: Source, record: Record) -> str:
    outcome = source.outcomes.get((record.entity, record.side, record.key))
    return (outcome.partner if outcome else "") or record.guid or ""


# --- what it comes to -----------------------------------------------------------------------------


def entries(source: Source, found: Iterable[Pair]) -> list[Entry]:
    """Every record of either side once, whatever the pairs say of it; they only tell where it is
    summed. What was nullified is no document of Global any more."""
    mates = {(side, one.key): pair for pair in found for side in SIDES if (one := pair.of(side))}
    made = []
    for side in SIDES:
        for key, record in source.records(side).items():
            pair = mates.get((side, key)) or _single(record)
            if side == "severa" or not pair.nullified:
                made.append(Entry(side, key, _place(source, pair, record), _sum(record)))
    return made


def _single(record: Record) -> Pair:
    return Pair(record, None) if record.side == "severa" else Pair(None, record)


def _place(source: Source, pair: Pair, record: Record) -> Place:
    """Both records of a pair stand under one month and status, each under its own currency."""
    day = pair.first.fields.get("date")
    month = f"{day:%Y-%m}" if isinstance(day, date) else "no date"
    status = _status(pair) if source.entity == "invoice" else ""
    return Place(month, status, str(record.fields.get("currency") or source.home))


def _status(pair: Pair) -> str:
    if pair.global_ is not None and pair.severa is not None:
        stage = str(pair.global_.attributes.get("stage") or TAKEN)
        return TAKEN if stage == "ordered" else stage
    if pair.link is not None:
        return "deleted in one system"
    return "not transferred"


def _sum(record: Record) -> Sum:
    return Sum(1, _amount(record.fields.get(NET[record.entity])), _amount(record.fields.get(VAT)))


def _amount(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else money.exact(value) or ZERO


# --- why it differs -------------------------------------------------------------------------------


def _causes(source: Source, pair: Pair) -> Iterable[Cause]:
    if pair.severa is None or pair.global_ is None:
        return [_alone(source, pair)] if _counts(pair) else []
    if pair.nullified:
        return [_nullified(source, pair)]
    if pair.severa.fields.get("currency") != pair.global_.fields.get("currency"):
        return list(_other_currency(source, pair))
    same = _of(pair.severa) == _of(pair.global_)
    return [*([] if same else _changed(source, pair)), *_noted(source, pair)]


def _counts(pair: Pair) -> bool:
    return not (pair.severa is None and pair.nullified)


def _paper(source: Source, pair: Pair) -> Paper:
    ours, theirs = pair.global_, pair.severa
    return Paper(
        source.entity,
        pair.first.key,
        pair.first.side,
        severa_number=(theirs.number or theirs.name) if theirs else "",
        global_number=_numbers(ours) if ours else "",
        party=source.party(pair.first),
        severa_net=_sum(theirs).net if theirs else None,
        global_net=_sum(ours).net if ours and not pair.nullified else None,
    )


def _numbers(record: Record) -> str:
    """The order's number, and the invoices' that were made of it."""
    invoices = [f"invoice {n}" for n in record.attributes.get("invoices", ())]
    return ", ".join([record.number or record.key, *invoices])


def _alone(source: Source, pair: Pair) -> Cause:
    record = pair.first
    sign = 1 if record.side == "severa" else -1
    amount = _sum(record)
    signed = Sum(sign, sign * amount.net, sign * amount.vat)
    outcome = source.outcomes.get((record.entity, record.side, record.key))
    name, words, todo, person = _reason(record, outcome, pair.link)
    place = _place(source, pair, record)
    return Cause(place, name, signed, _paper(source, pair), words, todo, person)


def _reason(
    record: Record, outcome: Outcome | None, link: Link | None
) -> tuple[str, str, str, str]:
    """Cause, sentence, remedy and why a person is needed for a record without partner."""
    said = outcome.detail if outcome else ""
    if link is not None:
        gone = other(record.side)
        where = "Severa" if gone == "severa" else "Visma Global"
        name = f"deleted in {where}"
        return name, said or name, FIX, "deleted"
    if outcome is None:
        return "no run has looked at it", "", "Run 'recon report' again", "not looked at"
    known = next((name for begin, name in OUTSIDE if said.startswith(begin)), "")
    if outcome.state in STATES:
        name, todo = STATES[outcome.state]
        person = outcome.state if outcome.state in PERSON else ""
        return known or name, said or name, TODO.get(known, todo), person
    return known or "out of scope", said, LATER.get(known, ""), ""


def _nullified(source: Source, pair: Pair) -> Cause:
    record = pair.first
    return Cause(
        _place(source, pair, record),
        "nullified in Visma Global",
        _sum(record),
        _paper(source, pair),
        "the order was nullified; the invoice in Severa still stands",
        "Credit or delete the invoice in Severa, or make a new order by hand",
        "nullified",
    )


def _other_currency(source: Source, pair: Pair) -> Iterable[Cause]:
    """A pair in two currencies: its whole amount is explained in each of them."""
    words = "the order has another currency than the invoice"
    for record, sign in ((pair.severa, 1), (pair.global_, -1)):
        if record is not None:
            amount = _sum(record)
            signed = Sum(sign, sign * amount.net, sign * amount.vat)
            place = _place(source, pair, record)
            paper = _paper(source, pair)
            yield Cause(place, "another currency", signed, paper, words, CHANGED, "changed")


def _changed(source: Source, pair: Pair) -> Iterable[Cause]:
    """What each side changed since both were in step, and what differed even then."""
    place = _place(source, pair, pair.first)
    for name, amount, words, todo in _steps(source, pair):
        if amount.net or amount.vat:
            person = "" if name in ("rounding", "currency rounding") else "changed"
            paper = _paper(source, pair)
            yield Cause(place, name, amount, paper, words, todo, person)


Step = tuple[str, Sum, str, str]


def _steps(source: Source, pair: Pair) -> Iterable[Step]:
    ours, theirs = _of(pair.global_), _of(pair.severa)
    then = _base(pair.link, "global", ours), _base(pair.link, "severa", theirs)
    invoice, order = NOUNS[source.entity]
    words = f"the {invoice} was edited in Severa after the transfer; the {order} is as it was"
    yield "edited in Severa after the transfer", theirs - then[1], words, f"It was {CHANGED}"
    yield from _apart(source, pair, then[1] - then[0])
    yield from _edited(source, pair, then[0] - ours)


def _of(record: Record | None) -> Sum:
    """Amounts alone: a pair counts on both sides."""
    found = _sum(record) if record else Sum()
    return Sum(0, found.net, found.vat)


def _base(link: Link | None, side: Side, now: Sum) -> Sum:
    """What a side held when both were in step; without a base, what it holds now."""
    base: Mapping[str, Value] = link.base.get(side, {}) if link else {}
    name = NET[link.entity] if link else ""
    net = _amount(base[name]) if name in base else now.net
    vat = _amount(base[VAT]) if VAT in base else now.vat
    return Sum(0, net, vat)


def _apart(source: Source, pair: Pair, gap: Sum) -> Iterable[Step]:
    """What differed already at the transfer."""
    todo = "Nothing: it is less than one whole unit of the currency"
    if abs(gap.net) < WHOLE and abs(gap.vat) < WHOLE:
        foreign = pair.first.fields.get("currency") != source.home
        name = "currency rounding" if foreign and not gap.net else "rounding"
        yield name, gap, "rounded differently by the two systems", todo
    else:
        words = "the two differed already when they were connected"
        yield "differed at the transfer", gap, words, "Correct it where it is wrong"


def _edited(source: Source, pair: Pair, gap: Sum) -> Iterable[Step]:
    """What Global's users changed in the order: a fee, what rounding left, or anything else."""
    fee = _fee(source, pair)
    if fee and abs(gap.net + fee) < WHOLE:
        words = "Visma Global's users put a fee on the order"
        yield "fee in Visma Global", Sum(0, -fee, gap.vat), words, "Nothing, if it is right"
        yield from _edited_rest(source, Sum(0, gap.net + fee, ZERO))
    else:
        yield from _edited_rest(source, gap)


def _edited_rest(source: Source, gap: Sum) -> Iterable[Step]:
    if abs(gap.net) < WHOLE and abs(gap.vat) < WHOLE:
        words = "rounded in Visma Global"
        yield "rounding", gap, words, "Nothing: it is less than one whole unit of the currency"
    else:
        invoice, order = NOUNS[source.entity]
        words = f"the {order} was edited in Visma Global after the transfer"
        todo = f"If the {order} is right, correct the {invoice} in Severa by hand"
        yield f"{order} edited in Visma Global", gap, words, todo


def _fee(source: Source, pair: Pair) -> Decimal:
    """The order's fee in its own currency; Global keeps it in the company's."""
    fee = _amount(pair.global_.attributes.get("fee")) if pair.global_ else ZERO
    rate = _amount(pair.severa.attributes.get("rate")) if pair.severa else ZERO
    currency = str(pair.first.fields.get("currency") or source.home)
    own = fee if currency == source.home or not rate else fee / rate
    return money.rounded(own, money.digits(currency))


NOTED: Mapping[str, tuple[str, str]] = {
    "part delivered": ("part delivered", ""),
    "closed otherwise": (
        "closed otherwise",
        "Look how it was closed; Severa is not told it is paid",
    ),
}


def _noted(source: Source, pair: Pair) -> Iterable[Cause]:
    """What changes no amount, but must be seen."""
    known = pair.global_.attributes if pair.global_ else {}
    stage, words = str(known.get("stage")), str(known.get("words", ""))
    if stage in NOTED:
        name, todo = NOTED[stage]
        person = "closed otherwise" if stage == "closed otherwise" else ""
        place = _place(source, pair, pair.first)
        yield Cause(place, name, Sum(), _paper(source, pair), words, todo, person)
