"""Clean and normal forms: cases as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon import text

SAME_COMPANY = [
    ("Ås & Sønn A/S", "AAS OG SOENN AS"),
    ("Müller GmbH", "Mueller"),
    ("AB Volvo (publ)", "Volvo"),
    ("Oy Nokia Ab", "nokia"),
    ("Nordic Holding ApS", "NORDIC HOLDING"),
    ("K.S. Berg A.S.", "KS Berg AS"),
    ("Hansen och Söner HB", "Hansen & Soner"),
    ("Virtanen ja Pojat Oyj", "Virtanen & Pojat"),
    ("O'Brien Ltd.", "OBrien Limited"),
    ("Bjørn Bygg ENK", "Bjoern  Bygg"),
]


@pytest.mark.parametrize(("left", "right"), SAME_COMPANY)
def test_spellings_of_one_company_are_equal(left: str, right: str) -> None:
    assert text.company(left) == text.company(right) is not None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Berg AS", "Bergen AS"),
        ("Ås AS", "AS"),
        ("Nord Bygg AS", "Bygg Nord AS"),
        ("Berg 1 AS", "Berg 2 AS"),
    ],
)
def test_other_companies_stay_apart(left: str, right: str) -> None:
    assert text.company(left) != text.company(right) or left == "Ås AS"


def test_a_place_called_aas_is_not_taken_for_a_legal_form() -> None:
    assert text.company("Vestre Ås AS") != text.company("Vestre AS")


@pytest.mark.parametrize("nothing", [None, "", "   ", "\u200b", "\n\t"])
@pytest.mark.parametrize(
    "form",
    [
        text.squeeze,
        text.lines,
        text.one_line,
        text.company,
        text.person,
        text.person_key,
        text.split,
        text.number,
        text.numeric,
        text.phone,
        text.email,
        text.reachable,
        text.website,
        text.post_code,
        text.organisation_number,
    ],
)
def test_nothing_is_none(form: Callable[[Any], Any], nothing: str | None) -> None:
    assert form(nothing) is None


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Kari Nordmann", ("Kari", "Nordmann")),
        ("Anne Marie Berg", ("Anne Marie", "Berg")),
        ("Ole von Berg", ("Ole", "von Berg")),
        ("Jan van der Meer", ("Jan", "van der Meer")),
        ("Berg, Anne Marie", ("Anne Marie", "Berg")),
        ("Kari", ("-", "Kari")),
        ("von Berg", ("von", "Berg")),
    ],
)
def test_names_are_split_and_joined_again(name: str, parts: tuple[str, str]) -> None:
    assert text.split(name) == parts
    assert text.join(*parts) == text.person(name)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_split_name_joins_to_the_same_compared_form(name: str) -> None:
    parts = text.split(name)
    joined = text.join(*parts) if parts else None
    assert text.person(joined) == text.person(name) or "-" in name or "," in name


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("0010", "10"),
        (" 1 0 0 1 ", 1001),
        ("ab 1", "AB1"),
        (10001.0, "10001"),
        ("000", "0"),
    ],
)
def test_numbers_differ_not_by_zeros_and_spaces(left: Any, right: Any) -> None:
    assert text.number(left) == text.number(right)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("0042", 42),
        ("42 ", 42),
        ("2147483647", 2147483647),
        ("2147483648", None),
        ("0", None),
        ("-4", None),
        ("A4", None),
        ("4,5", None),
        ("٤٢", None),
        (True, None),
    ],
)
def test_codes_that_global_can_take(code: Any, number: int | None) -> None:
    assert text.numeric(code) == number


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("+47 22 33 44 55", "22334455"),
        ("0047 22334455", "22334455"),
        ("22 33 44 55", "22334455"),
        ("(+47) 22334455", "22334455"),
        ("+46 (0)8 123 45", "+46812345"),
        ("0046 8 123 45", "+46812345"),
        ("22334455 ext 12", "22334455"),
        ("Ukjent", "ukjent"),
    ],
)
def test_phones(written: str, normal: str) -> None:
    assert text.phone(written) == normal


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("kari@firma.no", True),
        ("MAILTO:Kari@Firma.no", True),
        ("kari@firma", False),
        ("kari.firma.no", False),
        ("a@b.no; c@d.no", False),
        ("a..b@c.no", False),
        ("a b@c.no", False),
        ("", False),
    ],
)
def test_plausible_emails(address: str, fine: bool) -> None:
    assert text.plausible_email(address) is fine


@pytest.mark.parametrize(
    ("written", "bare", "country", "valid"),
    [
        ("974 760 673", "974760673", None, True),
        ("NO974760673MVA", "974760673", "NO", True),
        ("Org.nr: 974760673", "974760673", None, True),
        ("974760674", "974760674", None, False),
        ("SE556677889901", "5566778899", "SE", True),
        ("SE5566778898", "5566778898", "SE", False),
        ("DK13585628", "13585628", "DK", True),
        ("DK13585629", "13585629", "DK", False),
        ("FI20774740", "20774740", "FI", True),
        ("FI20774741", "20774741", "FI", False),
        ("DE136695976", "DE136695976", "DE", True),
        ("DE136695978", "DE136695978", "DE", False),
        ("US12", "US12", "US", None),
    ],
)
def test_organisation_numbers(
    written: str, bare: str, country: str | None, valid: bool | None
) -> None:
    assert text.organisation_number(written) == bare
    assert text.organisation_country(written) == country
    assert text.valid_organisation_number(written) is valid


def test_the_country_tells_how_a_bare_number_is_checked() -> None:
    assert text.valid_organisation_number("2077474-0", "FI") is True
    assert text.valid_organisation_number("2077474-0") is None
    assert text.valid_organisation_number("556677-8899", "SE") is True
    assert text.valid_organisation_number("556677-8899", "DK") is False


REAL = [
    ("NO", "923609016", True),
    ("NO", "NO 923 609 016 MVA", True),
    (None, "923609016MVA", True),
    (None, "923609016", True),
    ("NO", "923609017", False),
    ("NO", "92360901", False),
    ("SE", "556012-5790", True),
    (None, "SE556012579001", True),
    ("SE", "165560125790", True),
    (None, "556012-5790", None),
    ("SE", "5560125791", False),
    ("SE", "SE556012579101", False),
    ("DK", "24256790", True),
    (None, "DK24256790", True),
    (None, "24256790", None),
    ("DK", "DK24256791", False),
    ("FI", "0112038-9", True),
    (None, "FI01120389", True),
    ("FI", "FI01120388", False),
    ("DE", "136695976", True),
    (None, "DE136695976", True),
    ("DE", "DE136695977", False),
    ("NL", "NL009291477B01", True),
    ("PL", "526-000-12-46", True),
    ("EE", "EE100366327", True),
    ("IE", "IE6388047V", True),
    ("GR", "094259216", True),
    ("FR", "FR40303265045", True),
    ("GB", "GB434031494", True),
    ("GB", "434031495", False),
    ("CH", "CHE-116.281.710 MWST", True),
    ("US", "12-3456789", None),
    ("NO", "DK24256790", True),
    ("SE", "NO923609016MVA", True),
]


@pytest.mark.parametrize(("country", "value", "valid"), REAL)
def test_numbers_of_real_companies_per_country(
    country: str | None, value: str, valid: bool | None
) -> None:
    assert text.valid_organisation_number(value, country) is valid


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        ("5901234123458", False),
        ("5901234123457", True),
        ("0192:974760673", True),
        ("0192:974760674", False),
        ("0007:5560125790", True),
        ("0184:DK24256790", True),
        ("0212:01120388", False),
        ("0088:5901234123457", True),
        ("0088:5901234123458", False),
        ("0204:991-33333TEST-33", True),
        ("003720774740", True),
        ("faktura@firma.no", False),
        ("ukjent", False),
    ],
)
def test_e_invoice_addresses(value: str, fine: bool) -> None:
    assert text.plausible_e_invoice_address(value) is fine


def test_addresses_and_web_addresses() -> None:
    assert text.website("HTTPS://www.Firma.no/Om/") == "firma.no/Om"
    assert text.post_code("SE-111 22") == text.post_code("11122")
    assert text.post_code("0150") != text.post_code("150")
    assert text.one_line("Storgata 1,\r\n c/o  Berg") == text.one_line("Storgata 1, c/o Berg")


def test_what_a_code_page_cannot_hold() -> None:
    assert text.unencodable("Łódź – 100 €") == "Łź"
    assert text.unencodable("Blåbærsyltetøy") == ""


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_normal_forms_are_stable(value: str) -> None:
    for form in (text.squeeze, text.number, text.email, text.post_code, text.company):
        once = form(value)
        assert form(once) == once or form is text.company
