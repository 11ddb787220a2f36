"""Articles in Visma Global."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from recon import text
from recon.entities import rows
from recon.entities.product import kinds
from recon.entities.product.fields import FIELDS_OF
from recon.errors import Refused
from recon.frames import Unreadable
from recon.shapes import Record, Value
from recon.spec import Context, Draft, GlobalSide, Next, RowInsert, RowUpdate, RowWrite
from recon.systems.tables import article as table

KEY = "ArticleNo"
SERIES = "article"
WRITTEN = {
    "name": "Name",
    "sales_price": "Price1",
    "cost_price": "PurchasePrice",
    "unit": "QuantityPerUnitTextSale",
}
COLUMNS = (
    KEY,
    *WRITTEN.values(),
    "StdUnitCode",
    "ArtTypeNo",
    "PostingTemplateNo",
    "InActiveYesNo",
    "NonStockItemYesNo",
    "MergeToArticleNo",
    "SeveraGUID",
)


def statements() -> Mapping[str, Select[Any]]:
    """Every article."""
    return {"article": select(*(table.c[name] for name in COLUMNS))}


def records(raw: Mapping[str, Sequence[rows.Raw]], ctx: Context) -> Iterable[Record]:
    """Rows as records of the kind that their article type stands for."""
    return rows.records(
        "product", "global", raw["article"], lambda row: _one(row, ctx), lambda row: row[KEY]
    )


def _one(row: rows.Raw, ctx: Context) -> Iterable[Record]:
    key = rows.string(row, KEY)
    if key is None:
        raise Unreadable(f"it has no {KEY}")
    article_type = rows.whole(row, "ArtTypeNo") or 0
    template = rows.reference(row, "PostingTemplateNo")
    record = Record(
        "product",
        "global",
        str(row[KEY]),
        {},
        guid=rows.guid(row, "SeveraGUID"),
        number=key,
        table=table.name,
        row=str(row[KEY]),
        kind=kinds.of_type(article_type, ctx),
        attributes={
            "article_type": article_type,
            "merged_to": rows.string(row, "MergeToArticleNo"),
            "stock": not rows.flag(row, "NonStockItemYesNo"),
            "posting_template": template,
        },
    )
    rows.coded(record, "vat_rate", template, kinds.rate_of(template, ctx))
    found = {**_fields(row), **record.fields}
    record.fields = {name: found[name] for name in FIELDS_OF[record.kind] if name in found}
    yield record


def _fields(row: rows.Raw) -> dict[str, Value]:
    return {
        "name": rows.string(row, "Name"),
        "active": not rows.flag(row, "InActiveYesNo"),
        "sales_price": rows.number(row, "Price1"),
        "cost_price": rows.number(row, "PurchasePrice"),
        "unit": rows.string(row, "QuantityPerUnitTextSale") or rows.string(row, "StdUnitCode"),
    }


def insert(draft: Draft, ctx: Context) -> Sequence[RowWrite]:
    """One article: the profile's defaults for new articles, over them what Severa holds. It is no
    stock article unless the profile allows these."""
    if not draft.fields.get("name"):
        raise Refused("The record has no name", todo="Name it in Severa", fields=("name",))
    filled = {name: value for name, value in draft.fields.items() if value is not None}
    transfer = ctx.profile.transfer
    values = {
        **transfer.new_articles,
        **({} if transfer.stock_articles else {"NonStockItemYesNo": 1}),
        kinds.TYPE: kinds.type_for(draft.source.kind, ctx),
        kinds.TEMPLATE: kinds.template_for(filled.get("vat_rate"), ctx),  # type: ignore[arg-type]
        **_columns(filled),
        KEY: text.squeeze(draft.number) or Next(SERIES),
    }
    return [RowInsert(table.name, values, KEY)]


def update(record: Record, changes: Mapping[str, Value], _ctx: Context) -> Sequence[RowWrite]:
    """The columns of the changed fields; never the posting template, and so never the VAT rate."""
    if not changes.get("name", True):
        raise Refused("The record has no name", todo="Name it in Severa", fields=("name",))
    values = _columns(changes)
    return [RowUpdate(table.name, values, KEY, record.row)] if values else []


def _columns(fields: Mapping[str, Value]) -> dict[str, Any]:
    values: dict[str, Any] = {WRITTEN[n]: value for n, value in fields.items() if n in WRITTEN}
    if "active" in fields:
        values["InActiveYesNo"] = int(not fields["active"])
    return values


GLOBAL = GlobalSide(
    statements=statements,
    records=records,
    insert=insert,
    update=update,
    table=table.name,
    key=KEY,
    series=SERIES,
    scope={"article": table.c[KEY]},
    changed={"article": (table.c.LastUpdate,)},
    where_to_fix="Visma Global: Register > Articles",
    alphanumeric=True,
    merges=True,
)
