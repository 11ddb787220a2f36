"""Which articles are products, travel expense types and work types, and what a new one needs.

A Severa record has neither an article type nor a posting template: both come from the profile.
"""

from __future__ import annotations

from decimal import Decimal

from recon import money, text
from recon.entities.product.fields import PRODUCT
from recon.errors import Refused
from recon.spec import Context

TYPE, TEMPLATE = "ArtTypeNo", "PostingTemplateNo"


def of_type(number: int, ctx: Context) -> str:
    """The kind of the articles of a type; one that the profile does not name holds products."""
    return str(ctx.profile.transfer.article_kinds.get(number, PRODUCT))


def transfers(number: int, ctx: Context) -> bool:
    """Whether articles of a type are created in Severa; without a choice all are."""
    types = ctx.profile.transfer.article_types
    return not types or number in types


def wanted(kind: str, ctx: Context) -> bool:
    """Whether articles may be of this kind at all: some article type stands for it."""
    return kind == PRODUCT or kind in ctx.profile.transfer.article_kinds.values()


def type_for(kind: str, ctx: Context) -> int:
    """The article type of a new article: that of the profile's new articles where it is of this
    kind, else the only transferring one of the kind."""
    usual = _usual(TYPE, ctx)
    if usual is not None and of_type(usual, ctx) == kind:
        return usual
    named = ctx.profile.transfer.article_kinds.items()
    found = [int(number) for number, one in named if one == kind and transfers(number, ctx)]
    if len(found) == 1:
        return found[0]
    kinds = kind.replace("_", " ")
    raise Refused(
        f"The article type of new {kinds}s is not known",
        todo=f"Name one article type for {kinds}s in article_kinds under [transfer], "
        f"or {TYPE} in new_articles",
    )


def template_for(rate: Decimal | None, ctx: Context) -> int:
    """The posting template of a new article: the usual one where its VAT rate is the same, else
    the one that the profile names for that rate."""
    usual = _usual(TEMPLATE, ctx)
    if usual is not None and rate in (None, rate_of(usual, ctx)):
        return usual
    named: int | None = ctx.profile.transfer.posting_templates.get(rate)
    if named is not None and rate_of(named, ctx) == rate:
        return named
    words = "without VAT rate" if rate is None else f"with {money.bare(rate)} % VAT"
    raise Refused(
        f"The posting template of a new article {words} is not known",
        todo="Name one of that rate in posting_templates under [transfer], "
        f"or the usual {TEMPLATE} in new_articles",
        fields=("vat_rate",),
    )


def _usual(column: str, ctx: Context) -> int | None:
    return text.numeric(ctx.profile.transfer.new_articles.get(column))


def rate_of(template: int | None, ctx: Context) -> Decimal | None:
    """The VAT percentage of a posting template today, None where it is not known."""
    found = ctx.lookup.from_global("vat_rate", template) if template else None
    return None if found is None else Decimal(str(found))
