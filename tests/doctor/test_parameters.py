"""Global's switches and number series: cases as data."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from recon.doctor.dimensions import dimensions
from recon.doctor.parameters import alphanumeric, series
from tests.doctor.asked import Server, answer, only, profile


def server(**switches: Any) -> Server:
    return Server({"CommonParameter": [{"LastUsedCustomerNo": 10023, **switches}]})


NEW = {
    "new_customers": {"DepNo": 1, "EmployeeNo": 1, "ProjectNo": 1},
    "new_articles": {"ArtTypeNo": 1, "PostingTemplateNo": 1, "DepNo": 1},
    "entities": {"employee": "off"},
}


@pytest.mark.parametrize(
    ("switches", "ok", "words"),
    [
        ({}, "ok", "requires none"),
        ({"DepartmentRequiredYesNo": 1}, "ok", "Department"),
        ({"EmployeeRequiredYesNo": 1}, "warning", "Article get no EmployeeNo"),
        ({"ProductRequiredYesNo": 1}, "warning", "Customer get no ProductNo"),
        ({"ExtraCostUnitIIRequiredYesNo": 1}, "warning", "ExtraCostUnitII (on orders"),
    ],
)
def test_a_required_dimension_that_we_leave_empty_is_told(
    switches: dict[str, int], ok: str, words: str
) -> None:
    verdict = only(partial(dimensions, profile(transfer=NEW), server(**switches)))
    assert (verdict.ok, words in verdict.text) == (ok, True), verdict.text


def test_what_a_project_gets_from_severa_counts_as_filled() -> None:
    asked = profile(transfer={"entities": {"customer": "off", "product": "off"}})
    verdict = only(partial(dimensions, asked, server(DepartmentRequiredYesNo=1)))
    assert "Project" not in verdict.text.replace("ProjectRequired", "")


@pytest.mark.parametrize(("switch", "ok"), [(0, "ok"), (1, "warning")])
def test_numbers_with_letters_are_told(switch: int, ok: str) -> None:
    assert only(partial(alphanumeric, server(UseCustomerAlfa=switch))).ok == ok


RANGES: dict[str, Any] = {
    "customer": {"severa": [50000, 59999]},
    "department": {"severa": [500, 599]},
    "project": {"severa": [1, 99]},
    "employee": {"severa": [900, 999]},
}


@pytest.mark.parametrize(
    ("changed", "ok", "words"),
    [
        ({}, "ok", "10023"),
        ({"customer": {"severa": [10000, 19999]}}, "failed", "10024 lies inside Severa's range"),
        ({"customer": {"severa": [59999, 50000]}}, "failed", "begins after its end"),
        (
            {"project": {"severa": [1, 99], "range": [99, 200]}},
            "failed",
            "the range of Severa and that of Global overlap",
        ),
        ({"department": {"policy": "series"}}, "failed", "Global counts none itself"),
        ({"customer": {"policy": "series"}}, "ok", "clear"),
        ({"department": {}}, "warning", "no range of numbers for department"),
    ],
)
def test_number_ranges(changed: dict[str, Any], ok: str, words: str) -> None:
    asked = profile(**{"global": {"numbers": RANGES | changed}})
    verdict = answer(partial(series, asked, server()))[0]
    assert (verdict.ok, words in verdict.text) == (ok, True), verdict.text
