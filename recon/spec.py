"""The words in which an entity is written: data, no engine. What the stages hand on, and how values
are written, stands in shapes.py; only an entity knows each system's own form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from recon.findings import Line
from recon.settings_matching import Kind
from recon.shapes import Band, FieldType, Link, Record, Severity, Side, Spot, State, Value, revive

FieldDirection = Literal["both", "to_global", "to_severa", "once", "compare"]


def as_is(value: Value) -> Value:
    """Compare a value as it stands."""
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """One shared field: both systems' words for it, its direction, comparison and losses.

    `compare` maps a value to the form in which both sides are compared. `loses` says in words
    what the mapping cannot carry over. `severa_limit` is Severa's length where it is known;
    Global's lengths are read from its catalogue. `refers` names the entity that the field points
    to: its value is that record's key in the same system, compared by link and translated before
    it is written. A new record waits for a record that is `required`; another that does not
    transfer is left out. What goes `once` is written into a new record and compared afterwards.
    A field that `rises` (a status) starts as no or empty and is only ever set, never taken back.
    """

    name: str
    title: str
    global_name: str
    severa_name: str
    type: FieldType = "text"
    direction: FieldDirection = "both"
    compare: Callable[[Any], Value] = as_is
    loses: str = ""
    severa_limit: int | None = None
    refers: str = ""
    required: bool = False
    rises: bool = False

    @property
    def source(self) -> Side | None:
        """The side that a status comes from; None where the profile's master decides."""
        sources: dict[str, Side] = {"to_global": "severa", "to_severa": "global"}
        return sources.get(self.direction) if self.rises else None


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of Severa's API: `token` pages are serial, `rows` use firstRow, `none` is unpaged.

    `page` is the largest rowCount; `changes` are its change filters (each is one delta read).
    """

    path: str
    paging: Literal["token", "rows", "none"]
    page: int = 100
    changes: tuple[str, ...] = ("changedSince",)
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SubListing:
    """A list that hangs on each record of another list, such as a project's billing customers.

    `wanted` tells for which parent records it is read; the answer is stored in the parent record
    under `into`. `paging` and `page` are those of a `Listing`. Before a whole list is read with it,
    `needed` tells whether anything can depend on it; a changed record's is always read.
    """

    path: str
    into: str
    wanted: Callable[[Mapping[str, Any], Context], bool]
    needed: Callable[[Context], bool] = lambda _: True
    paging: Literal["token", "rows", "none"] = "none"
    page: int = 100


@dataclass(frozen=True, slots=True)
class Next:
    """A number that is known only when the row is inserted, from the rule of that series; another
    `at` is another number. What Global itself counts (`counted`) is taken from its own series
    unless the profile gives a range."""

    series: str
    at: int = 0
    counted: bool = False

    def __str__(self) -> str:
        return f"next:{self.series}"


@dataclass(frozen=True, slots=True)
class Copied:
    """Columns that a new row takes over from another row of Global as it is then; no row is made
    where one in `clear` is set."""

    table: str
    row: Any
    columns: tuple[str, ...]
    clear: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowInsert:
    """A row to insert; a value may be a `Next`, each one number, and beats what is `copied`."""

    table: str
    values: Mapping[str, Any]
    key: str
    copied: Copied | None = None


@dataclass(frozen=True, slots=True)
class RowUpdate:
    """Columns to set in one Global row, found by its primary key (which may be a `Next`)."""

    table: str
    values: Mapping[str, Any]
    key: str
    row: Any


RowWrite = RowInsert | RowUpdate


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be created on a side: shared fields, number, role, and the parent there.

    `parent` and the fields that refer to other records hold their keys on the target side;
    `source` is the record it is made from.
    """

    fields: Mapping[str, Value]
    number: str | None
    role: str
    parent: str | None
    source: Record


@dataclass(frozen=True, slots=True)
class GlobalSide:
    """How an entity lives in Visma Global; every function is pure.

    `statements` are SQLAlchemy selects by name; `records` turns their rows (dicts by column name,
    empty values already None) into records. `insert` and `update` say what to write; `where` names
    table, primary key and key column that carry SeveraGUID ('' where none does). `columns` maps a
    shared field to (table, column) so that lengths can be checked before the server cuts.
    `scope` names per statement the column by which it is narrowed to one record: to the record's
    own row, or to its parent's (`scoped_by`) where a record lives in its parent's columns; `under`
    names the columns by which it is narrowed to one parent (where that is not `scope`).
    `changed` names per statement the LastUpdate columns that tell which rows are new or changed.
    `alphanumeric` says that the key is a text, not a number. `elsewhere` are tables into which
    Global itself moves a row with its SeveraGUID (an order that it invoiced). `fresh` names the
    statements that show a row which was just made, where the others can hold nothing of it yet.
    `example` gives the rows of a made-up record where `insert` takes no made-up draft: rights are
    told by them. `earlier` selects count and net of the rows that a cut-off date leaves out.
    `bounds` narrows every statement to what a profile lets in, where the tables hold much more.
    `merges` says that users of Global can merge two of its rows.
    """

    statements: Callable[[], Mapping[str, Any]]
    records: Callable[[Mapping[str, Sequence[Mapping[str, Any]]], Context], Iterable[Record]]
    insert: Callable[[Draft, Context], Sequence[RowWrite]]
    update: Callable[[Record, Mapping[str, Value], Context], Sequence[RowWrite]]
    table: str
    key: str
    series: str = ""
    carries_guid: bool = True
    where_to_fix: str = ""
    scope: Mapping[str, Any] = field(default_factory=dict)
    scoped_by: Literal["row", "parent"] = "row"
    under: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    alphanumeric: bool = False
    elsewhere: tuple[str, ...] = ()
    example: Callable[[Context], Sequence[RowWrite]] | None = None
    fresh: tuple[str, ...] = ()
    bounds: Callable[[Any], Any] | None = None
    earlier: Callable[[Any], Any] | None = None
    merges: bool = False

    def selects(self, profile: Any) -> Mapping[str, Any]:
        """The statements as they are read with a profile."""
        found = self.statements()
        if self.bounds is None:
            return found
        within = self.bounds(profile)
        return {name: statement.where(within) for name, statement in found.items()}


@dataclass(frozen=True, slots=True)
class SeveraSide:
    """How an entity lives in one list of Severa; every function is pure.

    `records` turns API records into ours. `create` gives path and body of the POST. `patch` maps
    shared fields to Severa's property names and JSON values. `one` is the path of a single record.
    `resource` names its rows in the table of patchable properties. `kind` is set where an entity
    has several lists (and so on its records). `owner` is the path to the parent's guid in a raw
    row. `costs` says what a new record costs that a person must approve ('' for nothing), such as
    a licence. `code` is the property that a code plan fills where it is empty. `withheld` names
    the fields with which a new record is not sent, because Severa does not take them then.
    """

    listing: Listing
    records: Callable[[Iterable[Mapping[str, Any]], Context], Iterable[Record]]
    create: Callable[[Draft, Context], tuple[str, Mapping[str, Any]]]
    patch: Callable[[Record, Mapping[str, Value], Context], Mapping[str, Any]]
    one: str
    resource: str
    details: tuple[SubListing, ...] = ()
    where_to_fix: str = ""
    kind: str = ""
    owner: tuple[str, ...] = ()
    costs: Callable[[Record, Context], str] | None = None
    code: str = ""
    withheld: Callable[[Context], Collection[str]] = lambda _: ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Pairs records whose `key` is equal (None never pairs), under linked parents if there are.

    A connecting rule links a pair that is alone on both sides; every other pair becomes a
    proposal with this band and score, its `words` being the evidence. `holds` says whether an
    open proposal keeps its records from being created. `under` names a field that refers to
    another entity: only records that refer there to the same linked one are paired.
    """

    name: str
    key: Callable[[Record], Hashable | None]
    words: str
    connects: bool = False
    band: Band = "likely"
    score: float = 0.7
    holds: bool = True
    under: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How records are compared that no rule connects: as which `kind`, by which `features` (None:
    nobody's counterpart); `under` names a field that must refer to the same linked record."""

    kind: Kind
    features: Callable[[Record, Sequence[Record]], Mapping[str, Value] | None]
    under: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Why a record is not created on the other side: its state and the reason in words."""

    state: State
    reason: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity's declaration. `needs` are entities that come first; `parent` is one of them.

    `severa_side` is its list in Severa; `more_sides` are further ones, told apart by their kind.
    `codes` proposes a number or code for every Severa record that has none. `concerns` are the
    records of other entities whose filters rest on a Severa record of this one. `idle` says why
    it does not run at all with a profile, '' where it does: then nothing of it is read. `rests`:
    what holds one of its records back may change with any record of the entities that it needs.
    `draws` are the linked records that a new one is made from; beside these it takes all of the
    entities in `whole`, and no other record of its own kind, so that it can be planned alone.
    `worth` is what a document comes to in the company's currency, of which the limits on money
    take account. `untold` are the fields that a linked pair (Global's record, Severa's) is not to
    be told with this profile, each with the reason, '' where nobody need know. `likeness` is how
    records are compared that no rule connects.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    fields: tuple[Field, ...]
    global_side: GlobalSide
    severa_side: SeveraSide
    rules: tuple[Rule, ...]
    creatable: Callable[[Record, Context], Scope | None]
    checks: tuple[Check, ...] = ()
    parent: str | None = None
    numbered: bool = False
    more_sides: tuple[SeveraSide, ...] = ()
    codes: Callable[[Checkup], Iterable[tuple[Record, str]]] | None = None
    concerns: Callable[[Record], Iterable[Spot]] | None = None
    idle: Callable[[Any], str] = lambda _profile: ""
    rests: bool = False
    draws: Callable[[Record, Context], Iterable[Spot]] | None = None
    whole: tuple[str, ...] = ()
    worth: Callable[[Record], Decimal] | None = None
    untold: Callable[[tuple[Record, Record], Any], Mapping[str, str]] | None = None
    likeness: Likeness | None = None

    def field(self, name: str) -> Field:
        """The field of this name; StopIteration if there is none."""
        return next(f for f in self.fields if f.name == name)

    @property
    def severa_sides(self) -> tuple[SeveraSide, ...]:
        """All its lists in Severa."""
        return (self.severa_side, *self.more_sides)

    def side_of(self, kind: str) -> SeveraSide:
        """The list where records of a kind live; the first where the kind is not known."""
        return next((side for side in self.severa_sides if side.kind == kind), self.severa_side)

    def revived(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Fields from JSON in their own types; what is no field of it stays as it is."""
        types = {f.name: f.type for f in self.fields if not f.refers}
        return {n: revive(types[n], v) if n in types else v for n, v in values.items()}


class Lookup(Protocol):
    """Codes of countries, currencies, payment terms and the like, in both systems.

    `to_global(kind, value)` and `to_severa(kind, value)` give the system's own key for a shared
    value (ISO code, days, name) or None; `from_global` and `from_severa` the other way.
    `tax_rate` is the output VAT percentage of Global's tax class in force on a day, and
    `exchange_rate` what one unit of a currency is worth in company currency on it.
    """

    def to_global(self, kind: str, value: Value) -> Any: ...

    def to_severa(self, kind: str, value: Value) -> str | None: ...

    def from_global(self, kind: str, key: Any) -> Value: ...

    def from_severa(self, kind: str, guid: str | None) -> Value: ...

    def tax_rate(self, tax_class: int, day: date) -> str | None: ...

    def exchange_rate(self, currency: str, day: date) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """What an entity's pure functions may look at: the profile, the lookups, and other records.

    `records(entity, side)` are the mirror's records of an entity; `partner(entity, side, key)`
    the key of the record that one is linked to; `length(table, column)` the length of a text in
    Global; `converted()` what became of the guids of Severa's older API. `memo` is room for what a
    filter works out once per context (an index over other records).
    """

    profile: Any
    lookup: Lookup
    records: Callable[[str, Side], Mapping[str, Record]]
    partner: Callable[[str, Side, str], str | None] = lambda _entity, _side, _key: None
    length: Callable[[str, str], int | None] = lambda _table, _column: None
    converted: Callable[[], Mapping[str, str | None]] = dict
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


class Checkup(Protocol):
    """What a check may look at; `read` gives rows of Global that no entity reads."""

    @property
    def context(self) -> Context: ...
    def records(self, entity: str, side: Side) -> Mapping[str, Record]: ...
    def link(self, entity: str, side: Side, key: str) -> Link | None: ...
    def length(self, table: str, column: str) -> int | None: ...
    def read(self, statement: Any) -> Sequence[Mapping[str, Any]]: ...


Find = Callable[[Checkup], Iterable[Line]]


@dataclass(frozen=True, slots=True)
class Check:
    """A check: `find` yields its rows; its docstring is the checklist's line."""

    name: str
    severity: Severity
    line: str
    find: Find
    where_to_fix: str


def check(severity: Severity, where_to_fix: str) -> Callable[[Find], Check]:
    """Make a check of a function: its name is the fault, its docstring the checklist's line."""

    def make(find: Find) -> Check:
        line = " ".join((find.__doc__ or find.__name__).split())
        return Check(find.__name__, severity, line, find, where_to_fix)

    return make
