"""All shapes that the stages hand on: plain data, no engine. Their canonical text and digests.

Values are system-neutral: texts without padding, countries and currencies by ISO code, days as
int, amounts as Decimal, missing as None. Bulk data are DataFrames made of records (frames.py);
what a person signs or a system executes is a frozen dataclass.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from recon.worklists import Count, Duplicate

from recon.findings import Finding as Finding
from recon.findings import Progress as Progress
from recon.findings import Severity as Severity
from recon.findings import Waiver as Waiver
from recon.findings import blocking as blocking

Side = Literal["global", "severa"]
SIDES: tuple[Side, Side] = ("global", "severa")
Spot = tuple[str, Side, str]
Value = str | int | bool | Decimal | date | None
FieldType = Literal["text", "integer", "decimal", "boolean", "date"]
Band = Literal["sure", "likely", "possible"]
State = Literal[
    "created",
    "updated",
    "linked",
    "unchanged",
    "initial difference",
    "drift",
    "conflict",
    "held",
    "waiting",
    "out of scope",
    "refused",
    "parked",
    "unknown",
    "vanished",
    "unreadable",
]
Verdict = Literal["same", "different", "later", "open"]
OperationKind = Literal["create", "update", "link", "code"]
WRITES = ("sync", "onboard", "apply")
"""The commands that may write into the systems."""


def other(side: Side) -> Side:
    """The opposite side."""
    return "severa" if side == "global" else "global"


@dataclass(slots=True)
class Record:
    """One thing in one system, in shared words.

    `key` is unique per entity and side: Severa's guid, or Global's primary key (for a role that
    lives in columns of another row: `Table/key/role`). `guid` is the Severa guid that the record
    is, or (Global) points to. `parent` is the key of the record it belongs to on the same side.
    `kind` names the Severa list where it lives or would live, for entities that have several.
    `attributes` are facts for filters and checks: never compared, never written. One of them,
    `content`, is what the record holds beside its fields (a document's rows), as a hash.
    """

    entity: str
    side: Side
    key: str
    fields: dict[str, Value]
    guid: str | None = None
    number: str | None = None
    parent: str | None = None
    table: str = ""
    row: str = ""
    role: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    kind: str = ""
    _digest: str = field(default="", init=False, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """A hash of the content that counts: fields, number, parent and `content`. Taken once: a
        record is not changed after it was made."""
        if not self._digest:
            more = [self.attributes["content"]] if "content" in self.attributes else []
            content = repr((sorted(self.fields.items()), self.number, self.parent, *more))
            self._digest = hashlib.blake2b(content.encode(), digest_size=10).hexdigest()
        return self._digest

    @property
    def name(self) -> str:
        """What a person calls it."""
        texts = (v for v in self.fields.values() if isinstance(v, str) and v)
        return str(self.fields.get("name") or self.number or next(texts, self.key))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says of a pair: `bits` for it (one bit doubles the odds) or against it."""

    field: str
    bits: float
    text: str
    global_value: str = ""
    severa_value: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggested link: `evidence` in words, `rivals` the other keys that a side could take.

    `parts` are the evidence per field; where there are any, they add up to the odds of the score
    (log2 of score / (1 - score)), the start and the rivals being parts of their own.
    """

    entity: str
    global_key: str
    severa_guid: str
    score: float
    band: Band
    evidence: tuple[str, ...]
    rivals: tuple[str, ...] = ()
    holds: bool = True
    parts: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person (or a rule) said of a pair, and the fingerprints of what was seen.

    `open` takes an earlier word back. `score` is the proposal's, where there was one; `saw` holds
    what else the person had before her eyes (band, evidence). `id` is the store's own.
    """

    entity: str
    global_key: str
    severa_guid: str
    verdict: Verdict
    who: str
    when: str
    why: str
    fingerprints: tuple[str, str]
    score: float | None = None
    saw: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0

    @property
    def pair(self) -> tuple[str, str, str]:
        """Entity, Global's key and Severa's guid."""
        return (self.entity, self.global_key, self.severa_guid)


@dataclass(frozen=True, slots=True)
class Link:
    """A Global record and a Severa record that are the same thing.

    `key` is the Global record's key. `base` holds per side what it held when the pair was last
    in step, field by field in compared form (a field without base is an initial difference);
    `seen` the digests of both records at that moment.
    """

    entity: str
    table: str
    key: str
    role: str
    guid: str
    kind: str
    since: str
    origin: str
    base: Mapping[Side, Mapping[str, Value]] = field(default_factory=dict)
    seen: Mapping[Side, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One create, update or link in one system, or a number or code written into an empty place.

    `key` is the source record's key for a create, the Global key for update and link, '' for a
    code (its record is `guid`, linked or not). `before`
    and `after` hold shared fields; `after` may hold symbols (`ref:customer/10001`,
    `next:CustomerNo`). `guard` holds per side the digest that the records must still have.
    `because` names the rule or the decision behind it, `reasons` those of an update by field.
    """

    id: str
    entity: str
    system: Side
    kind: OperationKind
    key: str
    guid: str | None
    before: Mapping[str, Value]
    after: Mapping[str, Value]
    needs: tuple[str, ...]
    because: str
    guard: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The one state in which a record ends a run.

    `number` and `parent` (a key on the same side) are the record's own, `partner` is the key of
    the record that it is linked to, if that one was found. `costs` says what a new record costs in
    Severa, such as "licence of type Employee", whether it is approved or not.
    """

    entity: str
    side: Side
    key: str
    name: str
    state: State
    detail: str = ""
    operations: tuple[str, ...] = ()
    number: str = ""
    parent: str = ""
    partner: str = ""
    costs: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A held record: since when ('' where no run has kept it yet), and how many records wait
    behind it, by entity, however far."""

    entity: str
    side: Side
    key: str
    since: str
    behind: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a linked pair that differs: drift, conflict or initial difference; `by` whose
    word an initial difference was decided."""

    entity: str
    global_key: str
    guid: str
    name: str
    field: str
    kind: Literal["drift", "conflict", "initial difference"]
    global_value: Value
    severa_value: Value
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that could not be written: why, what was tried (private fields masked), remedy."""

    entity: str
    side: Side
    key: str
    name: str
    reason: str
    remedy: str
    count: int
    parked: bool
    payload: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Sorted operations that bring the systems in step, and what every record will end as."""

    run: str
    company: str
    fingerprint: str
    operations: tuple[Operation, ...]
    outcomes: tuple[Outcome, ...] = ()
    differences: tuple[Difference, ...] = ()
    shown: bool = False
    _checksum: str = field(default="", init=False, repr=False, compare=False)

    @property
    def checksum(self) -> str:
        """Ties an apply to what was shown: over the operations and the mirror fingerprint."""
        if not self._checksum:
            found = {
                "company": self.company,
                "mirror": self.fingerprint,
                "operations": self.operations,
            }
            object.__setattr__(self, "_checksum", digest(found))
        return self._checksum


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one run once it has ended: the one input of every report.

    `read` counts records per entity and side; per entity and side the outcomes add up to it.
    `operations` are (operation, final journal state, detail). `calls` counts API calls by kind;
    `least` is the number that had to be made. `unknowns` are operations whose effect is not known.
    `linked` is how many pairs are linked after the run, by entity.
    `named` are names of records that others refer to, by `entity/key`. `masters` are the systems
    that own a field, by `entity.field`, and `initial` says who decides initial differences, of
    which `initials` are all, the decided ones too.
    `fixed` are findings of earlier checks that are gone, the latest first.
    `counts` are records per type, `duplicates` records of one system that may be the same.
    """

    run: str
    command: str
    company: str
    sandbox: bool
    started: str
    seconds: float
    exit_code: int
    read: Mapping[str, Mapping[Side, int]]
    outcomes: tuple[Outcome, ...] = ()
    operations: tuple[tuple[Operation, str, str], ...] = ()
    differences: tuple[Difference, ...] = ()
    findings: tuple[Finding, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    failures: tuple[Failure, ...] = ()
    unknowns: tuple[Operation, ...] = ()
    calls: Mapping[str, int] = field(default_factory=dict)
    least: int = 0
    needs_person: tuple[str, ...] = ()
    error: str = ""
    checksum: str = ""
    balanced: bool = True
    linked: Mapping[str, int] = field(default_factory=dict)
    holds: tuple[Hold, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    masters: Mapping[str, Side] = field(default_factory=dict)
    initial: str = "report"
    initials: tuple[Difference, ...] = ()
    timezone: str = ""
    progress: Progress | None = None
    fixed: tuple[Finding, ...] = ()
    counts: tuple[Count, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()


# --- canonical text ---------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A shape as JSON-able data: decimals and dates as text, dataclasses as dicts."""
    if hasattr(value, "__dataclass_fields__"):
        names = (name for name in value.__dataclass_fields__ if name[0] != "_")
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def canonical(value: Any) -> str:
    """Canonical JSON: sorted keys, no spaces, no floats."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """A short hash of canonical JSON."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def fingerprint(finding: Finding) -> str:
    """What a finding says and rests on, as a short text."""
    return digest([finding.text, sorted(finding.others)])


def revive(kind: FieldType, value: Any) -> Value:
    """A field's value from JSON: the counterpart of `plain`."""
    if value is None:
        return None
    if kind == "decimal":
        return Decimal(str(value))
    if kind == "date":
        return date.fromisoformat(str(value))
    return value  # type: ignore[no-any-return]
