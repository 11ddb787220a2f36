"""The checklist and the code plan for articles."""

from __future__ import annotations

from typing import Any

import pytest

from recon.entities.product import ENTITY
from tests.entities.goods import TRANSFER, articles, money, raw, row, world
from tests.entities.world import World, profile

# --- code plan --------------------------------------------------------------------------------


def _uncoded(**more: Any) -> World:
    numbers = {"article": {"severa": [10, 13]}}
    where = {"url": "sqlite://", "schema": "P", "numbers": numbers}
    return World(profile=profile(transfer=TRANSFER, **{"global": where}, **more))


def _codes(here: World) -> dict[str, str]:
    assert ENTITY.codes
    return {record.key: code for record, code in ENTITY.codes(here.checkup)}


def test_the_code_plan_takes_the_article_of_kind_and_name_else_a_free_number_of_the_range() -> None:
    here = _uncoded()
    articles(here, row("7", "Kurs"), row("10", "Bok"), row("8", "Tid", ArtTypeNo=4))
    here.severa("product", raw("a", "Kurs"), raw("b", "Ukjent"), raw("c", "Bok", "11"))
    here.severa("work_type", raw("d", "Tid"), raw("e", "Kurs"))
    assert _codes(here) == {"a": "7", "d": "8", "b": "13", "e": "12"}


def test_the_code_plan_never_gives_a_number_twice_nor_beyond_the_range() -> None:
    here = _uncoded()
    articles(here, row("7", "Kurs"), row("8", "Dobbel"), row("9", "Dobbel"))
    here.severa("product", raw("a", "Kurs"), raw("b", "Kurs"), raw("c", "Dobbel"))
    here.severa("product", raw("d", "En"), raw("e", "To"), raw("f", "Tre"))
    found = _codes(here)
    assert found["a"] == "7" and "f" not in found
    assert sorted(found.values(), key=int) == ["7", "10", "11", "12", "13"]


def test_without_a_range_only_the_article_of_that_name_gives_a_code() -> None:
    here = world()
    articles(here, row("7", "Kurs"), row("8", "Bok"))
    here.severa("product", raw("a", "Kurs"), raw("b", "Ukjent"), raw("c", "Bok"))
    here.severa("product", raw("x", "Annet", "8"))
    assert _codes(here) == {"a": "7"}
    assert sorted(here.findings("product", "code_missing")) == [
        ("severa", "a"),
        ("severa", "b"),
        ("severa", "c"),
    ]


def test_a_linked_record_gets_the_number_of_its_article_or_none() -> None:
    here = _uncoded().connect("product", "7", "a").connect("product", "8", "b")
    articles(here, row("7", "Kurs"), row("8", "Bok"))
    here.severa("product", raw("a", "Et helt annet navn"), raw("b", "Bok"), raw("c", "X", "8"))
    assert _codes(here) == {"a": "7"}


# --- checks -----------------------------------------------------------------------------------


def _dirty() -> World:
    here = world()
    here.lengths |= {"Article.ArticleNo": 8, "Article.Name": 20}
    articles(
        here,
        row("1", "Kurs", QuantityPerUnitTextSale="stk", SeveraGUID="gone"),
        row("2", "Bok", ArtTypeNo=4, SeveraGUID="gone"),
        row("3", "Rapport"),
        row("4", "Rapport", PostingTemplateNo=5),
        row("5", "Sammenslått", MergeToArticleNo="1"),
        row("6", "Skap", NonStockItemYesNo=0, InActiveYesNo=1),
        row("9", ""),
    )
    here.severa(
        "product",
        raw("a", "Kurs", "01", measurementUnit="uke", vatRate=25),
        raw("b", "Ny bok", "2", measurementUnit="stk"),
        raw("c", "Rapporten", "3"),
        raw("d", "Leie", "3", vatRate=0),
        raw("e", "Leie", "ALTFORLANG", unitPrice=money(1, "SEK")),
        raw("f", "Et navn som er for langt til Łódź", "7", vatRate=12),
        raw("h", "Sammen", "5"),
        raw("i", "Skap", "6"),
        raw("j", "Tysk bok", "8", vatRate=19),
    )
    here.severa("work_type", raw("k", "Timer", "3"), raw("l", "Kurs"))
    return here.connect("product", "5", "h").connect("product", "6", "i")


@pytest.mark.parametrize(
    ("check", "keys"),
    [
        ("code_missing", ["l"]),
        ("code_duplicated", ["c", "d"]),
        ("code_of_two_kinds", ["c", "d", "k"]),
        ("code_too_long", ["e"]),
        ("name_missing", ["9"]),
        ("name_duplicated", ["3", "4", "d", "e"]),
        ("same_number_different_name", ["3", "3"]),
        ("same_name_different_number", []),
        ("unit_unknown", ["a"]),
        ("vat_rate_unknown", ["4", "j"]),
        ("currency_foreign", ["e"]),
        ("text_too_long", ["f"]),
        ("text_not_encodable", ["f"]),
        ("severa_guid_astray", ["1", "2"]),
        ("severa_guid_twice", ["1", "2"]),
        ("kind_different", ["2"]),
        ("active_in_one_system", ["6"]),
        ("merged_but_linked", ["5"]),
        ("stock_but_linked", ["6"]),
    ],
)
def test_each_check_finds_its_fault_and_nothing_else(check: str, keys: list[str]) -> None:
    assert sorted(key for _, key in _dirty().findings("product", check)) == keys


def test_the_same_name_with_another_number() -> None:
    here = world()
    articles(here, row("1", "Kurs"))
    here.severa("product", raw("b", "Kurs", "2"))
    assert here.findings("product", "same_name_different_number") == [("both", "1")]


def test_where_global_keeps_no_list_of_units_none_is_unknown() -> None:
    here = world()
    here.severa("product", raw("a", "Kurs", "1", measurementUnit="uke"))
    assert here.findings("product", "unit_unknown") == []
