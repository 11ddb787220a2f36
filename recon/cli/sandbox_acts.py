"""`recon sandbox act …`: what users of either system do to records, invoices, orders and costs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recon.cli.document import Result
from recon.cli.session import DEMO, Session
from recon.errors import Usage

if TYPE_CHECKING:
    from recon.sandbox.world import World

act = typer.Typer(rich_markup_mode=None)

Dir = Annotated[Path, typer.Option(help="The sandbox company's folder.")]
InvoiceNo = Annotated[int, typer.Argument(metavar="INVOICE", help="Visma Global's invoice number.")]


def profile_in(folder: Path) -> Path:
    """The profile of the sandbox in a folder; `Usage` where there is none."""
    path = folder / "profile.toml"
    if not path.exists():
        raise Usage(
            "There is no sandbox company in this folder",
            where=str(folder),
            todo=f"Make one with 'recon sandbox create --dir {folder}'",
        )
    return path


def chosen(session: Session, folder: Path) -> Path:
    """The profile that --company names, else that of the folder."""
    return Path(session.profile_path) if session.profile_path else profile_in(folder)


@contextmanager
def opened(session: Session, folder: Path) -> Iterator[World]:
    """The sandbox to act in."""
    from recon.sandbox import world

    with world.open_world(chosen(session, folder)) as found:
        session.load(found.profile.path)
        yield found


def number(text: str, name: str) -> Decimal:
    """A number as someone writes it, with a point or a comma; `Usage` for anything else."""
    try:
        found = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Usage(f"{text[:40]!r} is no number", where=name, todo="Write it like 1234.50")
    return found


@act.command("invoice-order")
def invoice_order(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help="Visma Global's order number.")],
    part: Annotated[str, typer.Option(help="The part of each line, such as 0.5; else all.")] = "",
    dir: Dir = DEMO,
) -> Result:
    """Invoice an order in Visma Global, as a user does who delivers all of it or a part."""
    from recon.sandbox import acts_ledger

    session: Session = ctx.obj
    with opened(session, dir) as world:
        share = number(part, "--part") if part else None
        made = acts_ledger.invoice_order(world, order, share)
    how = f"{part} of order {order}" if part else f"Order {order}"
    session.screen.say(f"{how} is invoiced: invoice {made}")
    return Result()


@act.command()
def pay(
    ctx: typer.Context,
    invoice: InvoiceNo,
    amount: Annotated[str, typer.Option(help="In the company's currency; else all.")] = "",
    dir: Dir = DEMO,
) -> Result:
    """Book a customer's payment of an invoice in Visma Global."""
    from recon.sandbox import acts_ledger

    session: Session = ctx.obj
    with opened(session, dir) as world:
        paid = number(amount, "--amount") if amount else None
        made = acts_ledger.pay(world, invoice, paid)
    session.screen.say(f"Invoice {invoice}: paid {amount or 'all that was open'}, entry {made}")
    return Result()


@act.command()
def credit(ctx: typer.Context, invoice: InvoiceNo, dir: Dir = DEMO) -> Result:
    """Credit an invoice in Visma Global."""
    from recon.sandbox import acts_ledger

    session: Session = ctx.obj
    with opened(session, dir) as world:
        made = acts_ledger.credit(world, invoice)
    session.screen.say(f"Invoice {invoice} is credited: credit note {made}")
    return Result()


@act.command()
def nullify(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help="Visma Global's order number.")],
    dir: Dir = DEMO,
) -> Result:
    """Nullify an open order in Visma Global."""
    from recon.sandbox import acts_ledger

    session: Session = ctx.obj
    with opened(session, dir) as world:
        acts_ledger.nullify(world, order)
    session.screen.say(f"Order {order} is nullified")
    return Result()


@act.command("supplier-invoice")
def supplier_invoice(
    ctx: typer.Context,
    supplier: Annotated[int, typer.Argument(help="Visma Global's supplier number.")],
    account: Annotated[int, typer.Argument(help="The cost account, such as 4500.")],
    amount: Annotated[str, typer.Argument(help="Without VAT, in the company's currency.")],
    project: Annotated[int, typer.Argument(help="Visma Global's project number.")],
    dir: Dir = DEMO,
) -> Result:
    """Book a supplier's invoice with one line on a project in Visma Global, with 25 % VAT."""
    from recon.sandbox import acts_ledger

    session: Session = ctx.obj
    line = acts_ledger.Cost(account, number(amount, "AMOUNT"), project)
    with opened(session, dir) as world:
        made = acts_ledger.supplier_invoice(world, acts_ledger.Bought(supplier, [line]))
    where = f"account {account}, project {project}"
    session.screen.say(f"Supplier {supplier}: {amount} on {where}, voucher {made}")
    return Result()


@act.command("correct-line")
def correct_line(
    ctx: typer.Context,
    line: Annotated[int, typer.Argument(help="The ledger line's UniqueNo in Visma Global.")],
    changes: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE...", help="Such as Amount=900.")
    ],
    dir: Dir = DEMO,
) -> Result:
    """Correct a ledger line in Visma Global: a line that takes it back, and a new one."""
    from recon.sandbox import acts_ledger

    session: Session = ctx.obj
    given = dict(_pair(change) for change in changes)
    table = "GLAccountTransaction"
    with opened(session, dir) as world:
        _, values = _global_values(table, str(line), given)
        back, new = acts_ledger.correct(world, line, values)
    session.screen.say(f"Ledger line {line} is taken back by line {back}, and is line {new} now")
    return Result()


@act.command("reverse-voucher")
def reverse_voucher(
    ctx: typer.Context,
    voucher: Annotated[int, typer.Argument(help="The id of the voucher in Visma Global.")],
    dir: Dir = DEMO,
) -> Result:
    """Reverse a supplier's invoice in Visma Global by a voucher of the same day."""
    from recon.sandbox import acts_ledger

    session: Session = ctx.obj
    with opened(session, dir) as world:
        made = acts_ledger.reverse(world, voucher)
    session.screen.say(f"Voucher {voucher} is reversed by voucher {made}")
    return Result()


@act.command("draft-invoice")
def draft_invoice(
    ctx: typer.Context,
    project: Annotated[str, typer.Argument(help="The project's guid in Severa.")],
    hours: Annotated[str, typer.Option(help="Register so many hours first.")] = "",
    dir: Dir = DEMO,
) -> Result:
    """Draft an invoice in Severa of all that is billable on a project."""
    from recon.sandbox import acts_invoices

    session: Session = ctx.obj
    with opened(session, dir) as world:
        if hours:
            entry = acts_invoices.Entry(quantity=number(hours, "--hours"))
            acts_invoices.register_hours(world, project, entry)
        made = acts_invoices.draft_invoice(world, project)
        rows = len(acts_invoices.rows_of(world, made))
    session.screen.say(f"Drafted in Severa: invoice {made}, rows: {rows}")
    return Result()


@act.command("invoice-status")
def invoice_status(
    ctx: typer.Context,
    guid: Annotated[str, typer.Argument(help="The invoice's guid in Severa.")],
    status: Annotated[str, typer.Argument(help="The status's name or guid.")],
    dir: Dir = DEMO,
) -> Result:
    """Give an invoice in Severa another status."""
    from recon.sandbox import acts_invoices

    session: Session = ctx.obj
    with opened(session, dir) as world:
        name = acts_invoices.set_status(world, guid, status)
        made = world.severa.one("invoices", guid)["number"]
    known = f", number {made}" if made else ""
    session.screen.say(f"Invoice {guid} has the status {name}{known}")
    return Result()


@act.command("credit-note")
def credit_note(
    ctx: typer.Context,
    guid: Annotated[str, typer.Argument(help="The invoice's guid in Severa.")],
    dir: Dir = DEMO,
) -> Result:
    """Draft the credit note of an invoice in Severa."""
    from recon.sandbox import acts_invoices

    session: Session = ctx.obj
    with opened(session, dir) as world:
        made = acts_invoices.credit(world, guid)
    session.screen.say(f"Invoice {guid} has a credit note in Severa: {made}")
    return Result()


@act.command()
def edit(
    ctx: typer.Context,
    system: Annotated[str, typer.Argument(help="global or severa")],
    table: Annotated[str, typer.Argument(help="Such as Customer, or customers in Severa.")],
    key: Annotated[str, typer.Argument(help="Visma Global's key, or Severa's guid.")],
    changes: Annotated[list[str], typer.Argument(metavar="NAME=VALUE...")],
    dir: Dir = DEMO,
) -> Result:
    """Change fields of one record, as a user of that system would."""
    from recon.sandbox import acts_global, acts_severa

    session: Session = ctx.obj
    given = dict(_pair(change) for change in changes)
    with opened(session, dir) as world:
        if system == "global":
            acts_global.edit(world, table, *_global_values(table, key, given))
        elif system == "severa":
            values = {name: _json(text) for name, text in given.items()}
            acts_severa.edit(world, table, key, values)
        else:
            raise Usage(f"There is no system {system[:40]!r}", todo="Choose global or severa")
    session.screen.say(f"Changed in {system}: {table} {key}: {', '.join(given)}")
    return Result()


def _pair(change: str) -> tuple[str, str]:
    name, equals, value = change.partition("=")
    if not (name and equals):
        raise Usage(f"A change cannot be {change[:40]!r}", todo="Write it as NAME=VALUE")
    return name, value


def _json(text: str) -> Any:
    """A JSON value where it is one, else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _global_values(
    table: str, key: str, given: Mapping[str, str]
) -> tuple[int | str, dict[str, Any]]:
    """Key and values in the types of the table's columns."""
    from recon.systems.tables import TABLES, key_of

    if table not in TABLES:
        raise Usage(f"There is no table {table[:60]!r} in the sandbox", todo="Such as Customer")
    columns = TABLES[table].c
    for name in given:
        if name not in columns:
            raise Usage(f"{table} has no column {name[:60]!r}", todo="Columns are case-sensitive")
    kinds = {name: columns[name].type.python_type for name in [*given, key_of(table)]}
    typed = {name: _typed(text, kinds[name]) for name, text in given.items()}
    return _typed(key, kinds[key_of(table)]), typed


def _typed(text: str, kind: type) -> Any:
    if kind is str:
        return text
    try:
        return kind.fromisoformat(text) if hasattr(kind, "fromisoformat") else kind(text)
    except ValueError:
        raise Usage(f"{text[:40]!r} is no {kind.__name__}", todo="Give another value") from None
