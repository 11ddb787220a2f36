"""Articles: three lists in Severa, kinds by article type, VAT by posting template."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from recon.compare import Rules as Comparing
from recon.compare import compare, forms
from recon.entities.product import ENTITY
from recon.entities.product.severa import PRODUCTS, TRAVEL_EXPENSE_TYPES, WORK_TYPES
from recon.errors import Refused
from recon.links import Links
from recon.settings import Master
from recon.shapes import Link, Record
from recon.spec import Next, RowUpdate
from tests.entities.goods import articles, money, raw, row, world
from tests.entities.world import Database, World, draft, profile

KINDS = {"product": PRODUCTS, "travel_expense_type": TRAVEL_EXPENSE_TYPES, "work_type": WORK_TYPES}


def article(number: str = "1", name: str = "Kurs", **more: Any) -> Record:
    return articles(world(), row(number, name, **more))[0]


# --- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "kind", "fields"),
    [
        (2, "product", {"name", "active", "sales_price", "cost_price", "unit", "vat_rate"}),
        (3, "travel_expense_type", {"name", "active", "cost_price", "unit", "vat_rate"}),
        (4, "work_type", {"name", "active", "cost_price"}),
        (0, "product", {"name", "active", "sales_price", "cost_price", "unit", "vat_rate"}),
    ],
)
def test_the_article_type_decides_the_kind_and_so_the_fields(
    number: int, kind: str, fields: set[str]
) -> None:
    found = article(ArtTypeNo=number)
    assert (found.kind, set(found.fields)) == (kind, fields)
    (theirs,) = world().severa(kind, raw("g", "Kurs"))
    assert (theirs.kind, set(theirs.fields)) == (kind, fields)


def test_an_article_number_is_text_and_stays_as_it_is() -> None:
    found = article("00 a-7")
    assert (found.key, found.row, found.number) == ("00 a-7",) * 3
    (bad,) = articles(world(), row("", "Kurs"))
    assert bad.attributes["unreadable"] == "it has no ArticleNo"


@pytest.mark.parametrize(
    ("ours", "theirs", "equal"),
    [
        ("10.50", "10.5", True),
        ("1000.0", "1E+3", True),
        ("0.0", None, True),
        ("0.0", "0.00", True),
        ("10.005", "10.01", False),
        ("0.30000000000000004", "0.3", False),
    ],
)
def test_equal_prices_have_one_form_and_are_never_rounded(
    ours: str, theirs: str | None, equal: bool
) -> None:
    left = article(Price1=Decimal(ours))
    (right,) = world().severa(
        "product", raw("g", "Kurs", unitPrice=money(Decimal(theirs) if theirs else None))
    )
    found = [forms(ENTITY, record, Links())["sales_price"] for record in (left, right)]
    assert (found[0] == found[1]) is equal


def test_a_price_in_another_currency_is_left_out_and_not_created_without_it() -> None:
    here = world()
    (found,) = here.severa("product", raw("g", "Kurs", "1", unitPrice=money(9, "EUR")))
    assert "sales_price" not in found.fields
    scope = ENTITY.creatable(found, here.context)
    assert scope and (scope.state, scope.reason) == ("held", "it has a price in EUR, not in NOK")
    assert here.findings("product", "currency_foreign") == [("severa", "g")]


def test_the_vat_rate_of_an_article_is_that_of_its_posting_template() -> None:
    assert article(PostingTemplateNo=3).fields["vat_rate"] == Decimal(12)
    assert article(PostingTemplateNo=0).fields["vat_rate"] is None
    odd = article(PostingTemplateNo=5)
    assert "vat_rate" not in odd.fields and odd.attributes["unknown"] == {"vat_rate": 5}


def test_the_standard_unit_stands_in_where_the_sales_unit_has_no_text() -> None:
    assert article(StdUnitCode="STK").fields["unit"] == "STK"
    assert article(StdUnitCode="STK", QuantityPerUnitTextSale="dag").fields["unit"] == "dag"


# --- creating and changing --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "number", "path", "body"),
    [
        (
            "product",
            2,
            "/v1/products",
            {
                "name": "Kurs",
                "isActive": True,
                "unitPrice": money(Decimal("1200.5")),
                "unitCost": money(Decimal(7)),
                "measurementUnit": "dag",
                "vatRate": Decimal(25),
                "code": "A-1",
            },
        ),
        (
            "travel_expense_type",
            3,
            "/v1/travelexpensetypes",
            {
                "name": "Kurs",
                "isActive": True,
                "unitCost": money(Decimal(7)),
                "measurementUnit": "dag",
                "vatRate": Decimal(25),
                "code": "A-1",
                "expenseClass": "OtherTravelExpense",
            },
        ),
        (
            "work_type",
            4,
            "/v1/worktypes",
            {"name": "Kurs", "isActive": True, "hourCost": money(Decimal(7)), "code": "A-1"},
        ),
    ],
)
def test_what_is_sent_to_severa(kind: str, number: int, path: str, body: Any) -> None:
    ours = article(
        "A-1",
        ArtTypeNo=number,
        Price1=Decimal("1200.50"),
        PurchasePrice=Decimal("7.0"),
        QuantityPerUnitTextSale="dag",
    )
    assert KINDS[kind].create(draft(ours, number="A-1"), world().context) == (path, body)


def test_a_travel_expense_type_always_has_a_cost_and_needs_a_class() -> None:
    ours = article(ArtTypeNo=3)
    ours.fields["cost_price"] = None
    _, body = TRAVEL_EXPENSE_TYPES.create(draft(ours), world().context)
    assert body["unitCost"] == money(0)
    severa = {"base_url": "http://127.0.0.1:9", "client_id": "env:A", "client_secret": "env:B"}
    bare = World(profile=profile(severa=severa))
    with pytest.raises(Refused, match="class of new travel expense types") as caught:
        TRAVEL_EXPENSE_TYPES.create(draft(ours), bare.context)
    assert "expense_class" in caught.value.todo


@pytest.mark.parametrize("kind", KINDS)
def test_a_patch_has_each_kinds_own_words_and_never_the_code(kind: str) -> None:
    here = world()
    (theirs,) = here.severa(kind, raw("g", "Kurs", "1"))
    word = "hourCost" if kind == "work_type" else "unitCost"
    patch = KINDS[kind].patch(theirs, {"cost_price": Decimal("5.3"), "active": False}, here.context)
    assert patch == {"isActive": False, word: money(Decimal("5.3"))}
    assert KINDS[kind].patch(theirs, {"cost_price": None}, here.context) == {word: money(0)}
    with pytest.raises(Refused, match="no name"):
        KINDS[kind].patch(theirs, {"name": None}, here.context)


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("product", {"vatRate": 25}, (2, 1)),
        ("product", {"vatRate": Decimal("12.0")}, (2, 3)),
        ("product", {}, (2, 1)),
        ("travel_expense_type", {"vatRate": 12}, (3, 3)),
        ("work_type", {}, (4, 1)),
    ],
)
def test_a_new_article_gets_type_and_posting_template_from_the_profile(
    kind: str, more: dict[str, Any], expected: tuple[int, int]
) -> None:
    here = world()
    (theirs,) = here.severa(kind, raw("g", "Ny", "N-1", **more))
    assert ENTITY.creatable(theirs, here.context) is None
    (write,) = ENTITY.global_side.insert(draft(theirs, number="N-1"), here.context)
    values = write.values
    assert (values["ArtTypeNo"], values["PostingTemplateNo"]) == expected
    assert (values["ArticleNo"], values["MainGroupNo"]) == ("N-1", 7)
    assert values["NonStockItemYesNo"] == 1


def test_a_new_article_may_be_numbered_by_a_range_and_be_stock_where_that_is_allowed() -> None:
    here = world(stock_articles=True)
    (theirs,) = here.severa("product", raw("g", "Ny"))
    (write,) = ENTITY.global_side.insert(draft(theirs), here.context)
    assert write.values["ArticleNo"] == Next("article")
    assert "NonStockItemYesNo" not in write.values


@pytest.mark.parametrize(
    ("kind", "rate", "transfer", "state", "words"),
    [
        ("product", 15, {}, "held", "with 15 % VAT is not known"),
        ("product", 0, {}, "held", "with 0 % VAT is not known"),
        ("product", 25, {"new_articles": {"ArtTypeNo": 2}}, "held", "posting template"),
        ("product", None, {"new_articles": {"ArtTypeNo": 2}}, "held", "without VAT rate"),
        ("product", 25, {"new_articles": {"PostingTemplateNo": 1}}, "held", "type of new products"),
        ("work_type", None, {"article_kinds": {}}, "out of scope", "no article type is for work"),
        (
            "work_type",
            None,
            {"article_kinds": {"4": "work_type", "5": "work_type"}},
            "held",
            "article type of new work types is not known",
        ),
    ],
)
def test_what_the_profile_does_not_settle_is_held_with_the_reason(
    kind: str, rate: int | None, transfer: Any, state: str, words: str
) -> None:
    here = world(**transfer)
    (theirs,) = here.severa(kind, raw("g", "Ny", "1", vatRate=rate))
    scope = ENTITY.creatable(theirs, here.context)
    assert scope and scope.state == state and words in scope.reason


def test_a_type_that_does_not_transfer_gets_no_new_articles() -> None:
    here = world(article_types=[2, 5], article_kinds={"4": "work_type", "5": "work_type"})
    (theirs,) = here.severa("work_type", raw("g", "Ny", "1"))
    (write,) = ENTITY.global_side.insert(draft(theirs, number="1"), here.context)
    assert write.values["ArtTypeNo"] == 5


def test_an_update_never_touches_the_posting_template() -> None:
    database, here = Database(), world()
    database.add("Article", **row("A 1", "Kurs"))
    ours = database.read(here, "product")["A 1"]
    changes = {"sales_price": Decimal("99.95"), "vat_rate": Decimal(12), "unit": None}
    (write,) = ENTITY.global_side.update(ours, changes, here.context)
    assert isinstance(write, RowUpdate) and "PostingTemplateNo" not in write.values
    database.write([write])
    assert database.row("Article", "A 1")["Price1"] == 99.95
    assert ENTITY.global_side.update(ours, {"vat_rate": Decimal(12)}, here.context) == []
    with pytest.raises(Refused, match="no name"):
        ENTITY.global_side.update(ours, {"name": ""}, here.context)


@pytest.mark.parametrize(
    ("master", "changed", "kind", "changes"),
    [
        ("global", "global", None, {"severa": {"vat_rate": Decimal(12)}}),
        ("global", "severa", "drift", {}),
        ("severa", "severa", "drift", {}),
        ("severa", "global", "drift", {}),
    ],
)
def test_a_vat_rate_transfers_to_severa_only(
    master: Any, changed: str, kind: str | None, changes: dict[str, Any]
) -> None:
    here = world()
    ours = articles(here, row("1", "Kurs", PostingTemplateNo=3 if changed == "global" else 1))[0]
    (theirs,) = here.severa(
        "product", raw("g", "Kurs", "1", vatRate=12 if changed == "severa" else 25)
    )
    base = {
        side: {**forms(ENTITY, ours, Links()), "vat_rate": "25"} for side in ("global", "severa")
    }
    link = Link("product", "Article", "1", "", "g", "product", "2026", "test", base)  # type: ignore[arg-type]
    found = compare(ENTITY, link, (ours, theirs), Comparing(Master(default=master), False, Links()))
    assert {side: given for side, given in found.changes.items() if given} == changes
    assert [d.kind for d in found.differences] == ([kind] if kind else [])


# --- which are created in Severa --------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "transfer", "words"),
    [
        ({}, {}, ""),
        ({"InActiveYesNo": 1}, {}, "it is inactive"),
        ({"InActiveYesNo": 1}, {"leavers": True}, ""),
        ({"MergeToArticleNo": "2"}, {}, "it is merged into article 2"),
        ({}, {"article_types": [3]}, "article type 2 does not transfer"),
        ({}, {"article_types": [2]}, ""),
        ({"NonStockItemYesNo": 0}, {}, "it is a stock article"),
        ({"NonStockItemYesNo": 0}, {"stock_articles": True}, ""),
    ],
)
def test_who_is_created_in_severa(more: Any, transfer: Any, words: str) -> None:
    here = world(**transfer)
    scope = ENTITY.creatable(articles(here, row("1", "Kurs", **more))[0], here.context)
    assert (scope.reason if scope else "").startswith(words) and bool(scope) == bool(words)


# --- matching ---------------------------------------------------------------------------------


def test_only_records_of_one_kind_are_the_same() -> None:
    here = world()
    ours = article("0042", "Kurs-dag")
    (same,) = here.severa("product", raw("a", "KURS dag", " 42"))
    (other,) = here.severa("work_type", raw("b", "Kurs-dag", "0042"))
    connect, number, name = ENTITY.rules
    assert connect.connects and connect.key(ours) == connect.key(same)
    for rule in (connect, number, name):
        assert rule.key(ours) == rule.key(same) != rule.key(other)


def test_a_merged_article_is_nobodys_counterpart() -> None:
    assert [rule.key(article(MergeToArticleNo="9")) for rule in ENTITY.rules] == [None] * 3
