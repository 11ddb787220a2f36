"""By what a person says which records of an entity transfer: Global's own types where it has some,
and what each system shows beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from recon.entities.product import kinds
from recon.shapes import Record, Side
from recon.spec import Context


def _all(_record: Record) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Group:
    """How one side's records of an entity are told apart: `key` gives a record's group.

    `setting` is the list under [transfer] that says which groups of Global are created in Severa;
    '' where there is nothing to choose but the whole entity. `lists` names the list of Global that
    has the groups' names; `becomes` says what a group's records are in the other system.
    """

    entity: str
    side: Side
    title: str
    key: Callable[[Record], Any] = _all
    setting: str = ""
    lists: str = ""
    becomes: Callable[[Any, Context], str] = lambda _key, _context: ""

    def called(self, key: Any, name: str, context: Context) -> str:
        """What a group is called: by Global, else by its key where that is a text; and what its
        records become."""
        own = name or (key if isinstance(key, str) else "") or ("none" if not key else "")
        more = self.becomes(key, context)
        return ", ".join(part for part in (own if self.key is not _all else "", more) if part)


def _of(name: str) -> Callable[[Record], Any]:
    return lambda record: record.attributes.get(name)


def _number(name: str) -> Callable[[Record], Any]:
    """A type's number; 0 is a record without one."""
    return lambda record: record.attributes.get(name) or 0


def _kind(record: Record) -> str:
    category = record.attributes.get("category")
    kind = record.kind.replace("_", " ")
    return f"{kind}, {category}" if category else kind


def _sold(record: Record) -> str:
    name = record.attributes.get("sales_status_name") or record.attributes.get("sales_state")
    return f"{name or 'no sales status'}{', internal' if record.fields.get('internal') else ''}"


def _own(record: Record) -> str:
    return "internal" if record.attributes.get("internal") else "ordinary"


GROUPS = (
    Group("business_unit", "global", "Departments"),
    Group("business_unit", "severa", "Business units"),
    Group(
        "employee",
        "global",
        "Employee category",
        _number("category"),
        "employee_categories",
        "employee_categories",
    ),
    Group("employee", "severa", "Licence type", _of("user_type")),
    Group(
        "product",
        "global",
        "Article type",
        _number("article_type"),
        "article_types",
        "article_types",
        lambda number, context: f"as {kinds.of_type(number, context).replace('_', ' ')}",
    ),
    Group("product", "severa", "Kind and category", _kind),
    Group(
        "customer",
        "global",
        "Customer type",
        _number("customer_type"),
        "customer_types",
        "customer_types",
    ),
    Group("customer", "severa", "Customers", _own),
    Group(
        "project",
        "global",
        "Project type",
        _number("project_type"),
        "project_types",
        "project_types",
    ),
    Group("project", "severa", "Sales status", _sold),
)
