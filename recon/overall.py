"""The checks that belong to no single entity: all of them, and those that look beyond the records
of one, at proposals, at Global's switches and at other programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from recon import counts
from recon.doctor import dimensions, others
from recon.errors import ReconError
from recon.shapes import Finding, Proposal, Severity
from recon.spec import Entity
from recon.workbench import Workbench

DIMENSIONS = "Visma Global: System > Company settings > Dimensions; or the profile: [transfer]"
ACCOUNTS = "Visma Global: Register > Accounts > the account"
REVIEW = "recon: notebook 3 (recon lab --review), or recon propose --out FILE.xlsx"


@dataclass(frozen=True, slots=True)
class Overall:
    """A check of the whole: its name is the fault, `line` the checklist's sentence. It may be one
    of each entity, or (`entities` empty) of the company."""

    name: str
    severity: Severity
    line: str
    where_to_fix: str
    entities: str = "each"


OVERALL = (
    Overall(
        "number_changed",
        "warning",
        "A linked record's number or code in Severa is not its number in Global; the link stays, "
        "and Global's key is never changed.",
        "Severa: where the record is kept",
    ),
    Overall(
        "outside_filter",
        "info",
        "A linked record would not transfer by the filters of today; it stays linked, and nothing "
        "is made inactive for it.",
        "The profile: [transfer], or the record itself",
    ),
    Overall(
        "proposals_open",
        "warning",
        "Records of both systems may be the same, and nobody has decided yet: what hangs on the "
        "sure and likely ones is held.",
        REVIEW,
    ),
    Overall(
        "dimension_required",
        "warning",
        "Global requires a dimension (department, employee, product, project, warehouse) that the "
        "rows recon makes never carry.",
        DIMENSIONS,
    ),
    Overall(
        "dimension_empty",
        "warning",
        "A record that should become a row in Global lacks a dimension that Global requires.",
        DIMENSIONS,
    ),
    Overall(
        "account_asks_for_dimension",
        "info",
        "An account to which orders post asks for a dimension: see that they carry it.",
        ACCOUNTS,
        "invoice",
    ),
    Overall("count_by_type", "info", counts.LINE, counts.WHERE),
    Overall(
        "severa_guid_by_others",
        "blocker",
        "Another program writes SeveraGUIDs into Global: two integrations make duplicates.",
        "The other integration: switch it off",
        "",
    ),
    Overall(
        "cannot_be_checked",
        "warning",
        "A check could not be made, because Global did not let us look.",
        "Visma Global: rights of the login (recon doctor --sql)",
        "",
    ),
)
BY_NAME = {one.name: one for one in OVERALL}


def found(bench: Workbench, proposals: Sequence[Proposal]) -> list[Finding]:
    """What the checks of the whole find; one that cannot be made is a finding, too."""
    made = list(_open(proposals))
    for look in (_required, _accounts, _by_others):
        try:
            made += look(bench)
        except ReconError as error:
            made.append(_finding("cannot_be_checked", "", str(error)))
    return made


def _finding(check: str, entity: str, text: str, severity: Severity | None = None) -> Finding:
    known = BY_NAME[check]
    return Finding(check, entity, severity or known.severity, "both", "", text, known.where_to_fix)


def _open(proposals: Iterable[Proposal]) -> Iterator[Finding]:
    """One line per entity: how many proposals are open, how many of them hold records back."""
    several = list(proposals)
    held = Counter(one.entity for one in several if one.holds)
    for entity, count in Counter(one.entity for one in several).items():
        text = f"{count} proposals are open; {held[entity]} of them hold records back"
        yield _finding("proposals_open", entity, text, "warning" if held[entity] else "info")


# --- dimensions -------------------------------------------------------------------------------


def _required(bench: Workbench) -> Iterator[Finding]:
    profile, database = bench.profile, bench.visma_global
    names = {"", *(entity.name for entity in bench.entities)}
    for gap in dimensions.gaps(profile, database):
        if gap.entity in names:
            yield _finding("dimension_required", gap.entity, gap.text)
    needed = dimensions.required(database)
    for entity in bench.entities if needed else ():
        if profile.transfer.direction(entity.name) in ("both", "to_global"):
            yield from _empty(bench, entity, dimensions.empty(entity, needed, profile))


def _empty(bench: Workbench, entity: Entity, fields: Sequence[str]) -> Iterator[Finding]:
    """Severa's records that should transfer and leave one of these fields empty."""
    records = bench.mirror.records(entity.name, "severa").values() if fields else ()
    context = bench.context
    for record in records:
        lacking = [entity.field(name).title for name in fields if not record.fields.get(name)]
        linked = bench.links.of(entity.name, "severa", record.key)
        if lacking and not linked and entity.creatable(record, context) is None:
            text = f"{record.name} ({record.number or 'no number'}): no {', '.join(lacking)}"
            where = f"{entity.side_of(record.kind).where_to_fix}; or {DIMENSIONS}"
            known = BY_NAME["dimension_empty"]
            yield Finding(
                known.name, entity.name, known.severity, "severa", record.key, text, where
            )


def _accounts(bench: Workbench) -> Iterator[Finding]:
    if any(
        entity.name == BY_NAME["account_asks_for_dimension"].entities for entity in bench.entities
    ):
        for text in dimensions.accounts(bench.visma_global, bench.context):
            yield _finding("account_asks_for_dimension", "invoice", text)


# --- other programs ---------------------------------------------------------------------------


def _by_others(bench: Workbench) -> Iterator[Finding]:
    """Rows that lately got a SeveraGUID which is none of our links. As long as we have no links it
    is a warning: it may be the integration that we come to replace."""
    known = {link.guid for entity in bench.running for link in bench.links.all(entity.name)}
    for entry in bench.journal.open():  # sent by us, and the answer was lost
        known |= {entry.operation.key.lower(), (entry.operation.guid or "").lower()}
    for verdict in others.writers(bench.profile, bench.visma_global, known, ""):
        if verdict.ok != "ok":
            severity: Severity = "blocker" if verdict.ok == "failed" else "warning"
            yield _finding("severa_guid_by_others", "", f"{verdict.text}. {verdict.todo}", severity)
