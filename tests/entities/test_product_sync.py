"""Articles on a real sandbox: onboarded, kept in step both ways, prices exact all the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from recon import flow
from recon.sandbox import acts_global, acts_goods, acts_severa, severa_server
from recon.sandbox.world import World
from recon.shapes import Facts
from tests.company import Sandbox, states

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """An onboarded company; each test edits records of its own."""
    made = Sandbox.make(tmp_path_factory.mktemp("product"), size=6)
    facts = made.onboard()
    assert {state for _, state, _ in facts.operations} == {"done"}
    yield made
    made.end()


def article(sandbox: Sandbox, number: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = sandbox.acts(
        lambda w: acts_global.rows(w, "Article", ArticleNo=number)
    )
    return found[0]


def there(sandbox: Sandbox, number: str, collection: str = "products") -> dict[str, Any]:
    """What the article is in Severa."""
    guid = article(sandbox, number)["SeveraGUID"]
    found: dict[str, Any] = sandbox.acts(lambda w: w.severa.one(collection, guid))
    return found


def edit(sandbox: Sandbox, number: str, **values: Any) -> None:
    sandbox.acts(lambda w: acts_global.edit(w, "Article", number, values))


def synced(sandbox: Sandbox, **options: Any) -> Facts:
    return sandbox.sync(entities=("product",), **options)


def drift(facts: Facts) -> set[tuple[str, str]]:
    return {(d.global_key, d.field) for d in facts.differences if d.kind == "drift"}


def test_onboarding_connects_and_creates_all_three_kinds(sandbox: Sandbox) -> None:
    assert there(sandbox, "1050")["code"] == "1050"
    assert there(sandbox, "3040", "travelexpensetypes")["expenseClass"] == "OtherTravelExpense"
    assert there(sandbox, "4000", "worktypes")["name"] == "Rådgivning"
    book, car = article(sandbox, "KURS-B"), article(sandbox, "BIL")
    assert (book["ArtTypeNo"], book["PostingTemplateNo"], book["Price1"]) == (2, 4, 1490.0)
    assert (car["ArtTypeNo"], car["PostingTemplateNo"], car["PurchasePrice"]) == (3, 1, 450.0)
    assert {r["NonStockItemYesNo"] for r in (book, car)} == {1}


def test_the_next_run_writes_nothing(sandbox: Sandbox) -> None:
    synced(sandbox)
    facts = synced(sandbox)
    assert facts.operations == ()
    assert states(facts, "product")["severa"].keys() <= {"unchanged", "held", "drift"}


@pytest.mark.parametrize(
    ("form", "price", "template", "rate"),
    [("json", 19_000.755, 3, 12), ("text", 19_000.7551, 2, 15)],
)
def test_changes_of_the_master_transfer_exactly_in_either_form(
    sandbox: Sandbox, form: str, price: float, template: int, rate: int
) -> None:
    edit(sandbox, "1000", Price1=price, PostingTemplateNo=template)
    edit(sandbox, "4000", PurchasePrice=price / 100, Name=f"Rådgivning {form}")
    with patched_as(sandbox, form):
        facts = synced(sandbox)
    assert {state for _, state, _ in facts.operations} == {"done"} and not facts.failures
    course, work = there(sandbox, "1000"), there(sandbox, "4000", "worktypes")
    assert (course["unitPrice"]["amount"], course["vatRate"]) == (price, rate)
    assert (work["hourCost"]["amount"], work["name"]) == (price / 100, f"Rådgivning {form}")
    assert synced(sandbox).operations == ()


@contextmanager
def patched_as(sandbox: Sandbox, form: str) -> Iterator[None]:
    """Severa takes patch values of this form alone, and the profile says so."""
    door = severa_server.attach(sandbox.profile.parent).control_url
    own = f'[severa]\npatch_values = "{form}"'
    sandbox.settings(lambda text: text.replace("[severa]", own, 1))
    httpx.post(f"{door}/switches", json={"strict_patch": form == "text"}, trust_env=False)
    yield
    httpx.post(f"{door}/switches", json={"strict_patch": False}, trust_env=False)
    sandbox.settings(lambda text: text.replace(own, "[severa]", 1))


def test_a_change_of_the_other_is_drift_and_a_clash_is_the_masters(sandbox: Sandbox) -> None:
    rent, report = there(sandbox, "1030"), there(sandbox, "1050")
    changed = {"unitPrice": acts_goods.money(1250.5), "vatRate": 15.0}
    sandbox.acts(lambda w: acts_severa.edit(w, "products", rent["guid"], changed))
    sandbox.acts(lambda w: acts_severa.edit(w, "products", report["guid"], {"name": "Rapport X"}))
    edit(sandbox, "1050", Name="Rapport Y")
    facts = synced(sandbox)
    assert drift(facts) == {("1030", "sales_price"), ("1030", "vat_rate")}
    assert [op.id for op, _, _ in facts.operations] == ["product/update/severa/1050"]
    assert there(sandbox, "1050")["name"] == "Rapport Y"
    assert article(sandbox, "1030")["Price1"] == 1200.0
    assert synced(sandbox).operations == ()


def test_where_severa_is_master_prices_go_to_global_and_vat_rates_do_not(sandbox: Sandbox) -> None:
    own = 'product = "severa"\n'
    sandbox.settings(lambda text: text.replace("[master.entity]\n", f"[master.entity]\n{own}", 1))
    guid = there(sandbox, "1010")["guid"]
    changed = {"unitPrice": acts_goods.money(24_000.05), "vatRate": 15.0, "measurementUnit": "time"}
    sandbox.acts(lambda w: acts_severa.edit(w, "products", guid, changed))
    facts = synced(sandbox)
    assert ("1010", "vat_rate") in drift(facts)
    found = article(sandbox, "1010")
    assert (found["Price1"], found["QuantityPerUnitTextSale"]) == (24_000.05, "time")
    assert (found["StdUnitCode"], found["PostingTemplateNo"]) == ("stk", 1)
    assert synced(sandbox).operations == ()
    sandbox.settings(lambda text: text.replace(own, "", 1))


def test_a_saved_plan_with_prices_is_applied_as_shown(sandbox: Sandbox, tmp_path: Path) -> None:
    create_article, create_product = acts_goods.create_article, acts_goods.create_product
    sandbox.acts(lambda w: create_article(w, "NY-1", {"Name": "Nyhet", "Price1": 99.9}))
    sandbox.acts(lambda w: create_product(w, "Splitter ny", "S-1", 149.25))
    edit(sandbox, "3000", PurchasePrice=4.9)
    file = tmp_path / "plan.json"
    with sandbox.open(entities=("product",)) as bench:
        flow.save(flow.plan(bench), file)
    plan = flow.load(file)
    with sandbox.open(entities=("product",)) as bench:
        facts = flow.apply(bench, plan, plan.checksum)
    assert {state for _, state, _ in facts.operations} == {"done"}
    assert article(sandbox, "S-1")["Price1"] == 149.25
    assert there(sandbox, "NY-1")["unitPrice"]["amount"] == 99.9
    assert there(sandbox, "3000", "travelexpensetypes")["unitCost"]["amount"] == 4.9
    assert synced(sandbox).operations == ()


def test_what_is_made_inactive_follows_and_is_not_created_elsewhere(sandbox: Sandbox) -> None:
    sandbox.acts(lambda w: acts_global.deactivate(w, "Article", "3040"))
    sandbox.acts(create_inactive)
    facts = synced(sandbox)
    assert [op.id for op, _, _ in facts.operations] == ["product/update/severa/3040"]
    assert there(sandbox, "3040", "travelexpensetypes")["isActive"] is False


def create_inactive(world: World) -> None:
    acts_severa.create(world, "worktypes", {"name": "Nedlagt", "code": "X", "isActive": False})
