"""The tables of the workbench's own memory."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()


def _table(name: str, *columns: Any) -> sa.Table:
    return sa.Table(name, metadata, sa.Column("company", sa.String(200), nullable=False), *columns)


def _text(name: str, length: int = 200, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False, default="", **options)


def _word() -> tuple[sa.Column[Any], ...]:
    """What was said, by whom, when and why."""
    why: sa.Column[Any] = sa.Column("why", sa.Text, nullable=False)
    return (_text("verdict", 20), _text("who"), _text("at", 40), why)


version = sa.Table("recon_version", metadata, sa.Column("number", sa.Integer, nullable=False))

run = _table(
    "recon_run",
    _text("run", 40, primary_key=True),
    _text("command", 40),
    _text("who"),
    _text("started", 40),
    _text("ended", 40),
    sa.Column("exit_code", sa.Integer),
    sa.Column("document", sa.Text),
)

link = _table(
    "recon_link",
    sa.Column("id", sa.Integer, primary_key=True),
    _text("entity", 40),
    _text("table_name", 80),
    _text("key"),
    _text("role", 40),
    _text("guid", 80),
    _text("kind", 40),
    _text("since", 40),
    _text("origin"),
    sa.Column("base", sa.Text, nullable=False, default="{}"),
    sa.Column("seen", sa.Text, nullable=False, default="{}"),
    sa.UniqueConstraint("company", "entity", "table_name", "key", "role"),
    sa.Index("recon_link_key", "company", "entity", "key"),
    sa.Index("recon_link_guid", "company", "entity", "guid"),
)

mirror = _table(
    "recon_mirror",
    _text("listing", 120),
    _text("guid", 80),
    _text("owner", 80),
    sa.Column("data", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("company", "listing", "guid"),
    sa.Index("recon_mirror_owner", "company", "listing", "owner"),
)

row_hash = _table(
    "recon_row_hash",
    _text("statement", 80),
    _text("key"),
    _text("hash", 40),
    sa.PrimaryKeyConstraint("company", "statement", "key"),
)

dirty = _table(
    "recon_dirty",
    sa.Column("id", sa.Integer, primary_key=True),
    _text("entity", 40),
    _text("side", 10),
    _text("key"),
)

cursor = _table(
    "recon_cursor",
    _text("listing", 120),
    _text("position", 60),
    _text("full_at", 40),
    sa.Column("rows", sa.Integer, nullable=False, default=0),
    sa.PrimaryKeyConstraint("company", "listing"),
)

absence = _table(
    "recon_absence",
    _text("entity", 40),
    _text("side", 10),
    _text("key"),
    sa.Column("reads", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("company", "entity", "side", "key"),
)

journal = _table(
    "recon_journal",
    sa.Column("id", sa.Integer, primary_key=True),
    _text("run", 40),
    _text("plan_run", 40),
    _text("operation", 300),
    _text("entity", 40),
    _text("system", 10),
    _text("kind", 20),
    _text("key"),
    _text("state", 20),
    _text("who"),
    _text("sent", 40),
    _text("ended", 40),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("resolved", sa.Text),
    sa.Column("answer", sa.Text),
    sa.Column("detail", sa.Text),
    sa.Column("looks", sa.Integer, nullable=False, default=0),
    sa.UniqueConstraint("company", "plan_run", "operation"),
    sa.Index("recon_journal_open", "company", "state"),
)

failure = _table(
    "recon_failure",
    _text("entity", 40),
    _text("side", 10),
    _text("key"),
    _text("name"),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("remedy", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("parked", sa.Integer, nullable=False),
    _text("run", 40),
    sa.PrimaryKeyConstraint("company", "entity", "side", "key"),
)

outcome = _table(
    "recon_outcome",
    _text("entity", 40),
    _text("side", 10),
    _text("key"),
    _text("name"),
    _text("state", 20),
    _text("since", 40),
    _text("number"),
    _text("parent"),
    _text("partner"),
    _text("costs"),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("differences", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("company", "entity", "side", "key"),
)

decision = _table(
    "recon_decision",
    sa.Column("id", sa.Integer, primary_key=True),
    _text("entity", 40),
    _text("global_key"),
    _text("severa_guid", 80),
    *_word(),
    _text("global_fingerprint", 40),
    _text("severa_fingerprint", 40),
    sa.Column("score", sa.Float),
    sa.Column("saw", sa.Text),
)

note = _table(
    "recon_note",
    _text("name", 120),
    _text("at", 40),
    sa.Column("data", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("company", "name"),
)

lease = _table(
    "recon_lease",
    _text("host"),
    sa.Column("pid", sa.Integer, nullable=False),
    _text("started", 40),
    _text("run", 40),
    _text("expires", 40),
    sa.PrimaryKeyConstraint("company"),
)

waiver = _table(
    "recon_waiver",
    sa.Column("id", sa.Integer, primary_key=True),
    _text("entity", 40),
    _text("check_name", 80),
    _text("system", 10),
    _text("key"),
    *_word(),
    _text("fingerprint", 40),
)

finding = _table(
    "recon_finding",
    sa.Column("id", sa.Integer, primary_key=True),
    _text("entity", 40),
    _text("check_name", 80),
    _text("severity", 20),
    _text("system", 10),
    _text("key"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("where_to_fix", sa.Text, nullable=False),
    sa.Column("others", sa.Text, nullable=False, default="[]"),
    _text("since", 40),
    _text("gone", 40),
    sa.Index("recon_finding_gone", "company", "gone"),
)

ruling = _table(
    "recon_ruling",
    sa.Column("id", sa.Integer, primary_key=True),
    _text("entity", 40),
    _text("field", 80),
    _text("global_key"),
    _text("severa_guid", 80),
    *_word(),
    _text("global_fingerprint", 40),
    _text("severa_fingerprint", 40),
    _text("source", 80),
)
