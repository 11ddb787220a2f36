"""The doctor: every question answered, every failure with what to do, nothing raised."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from recon import doctor
from recon.doctor.severa import of_severa
from recon.doctor.verdict import Verdict
from recon.doctor.visma_global import of_global
from recon.effects import Effects
from recon.sandbox import severa_server, world
from recon.settings import Profile, load, local_url
from recon.systems.severa import Severa
from recon.systems.visma_global import VismaGlobal
from tests.systems.loopback import Loopback, Reply, fault, serve, token
from tests.systems.severa_client import client

pytestmark = pytest.mark.slow

ALL = (
    "customers:read customers:write settings:read settings:write projects:read projects:write"
    " organization:read users:read users:write"
)
ROOT = "11111111-1111-1111-1111-111111111111"


def change(profile: Profile, **tables: Mapping[str, Any]) -> Profile:
    """The profile with some settings of some tables set anew."""
    update = {
        name: getattr(profile, name).model_copy(update=dict(values))
        for name, values in tables.items()
    }
    changed = profile.model_copy(update=update)
    changed._path = profile.path
    return changed


def of(verdicts: list[Verdict], name: str) -> Verdict:
    """The one verdict of this name; the worst, where there are several."""
    found = [v for v in verdicts if v.name == name]
    return max(found, key=lambda v: ("ok", "warning", "failed").index(v.ok))


def complete(verdicts: list[Verdict]) -> None:
    """Only a good verdict may do without advice."""
    assert all(v.text and (v.todo or v.ok == "ok") for v in verdicts)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world.create(tmp_path_factory.mktemp("doctor") / "company", 20)


@pytest.fixture
def profile(company: Path) -> Profile:
    return load(company)


# --- both, for real ---------------------------------------------------------------------------


def opened(profile: Profile, **more: Any) -> VismaGlobal:
    url = local_url(profile.global_.url, profile.folder)
    zone = more.pop("timezone", profile.company.timezone)
    settings = profile.global_.model_copy(update=more)
    return VismaGlobal(settings, Effects(), url=url, timezone=zone)


OF_DOCUMENTS = (
    "Global: voucher types",
    "Global: articles of orders",
    "Global: orders of users",
    "Global: vouchers of suppliers",
    "Severa: invoice statuses",
)


def test_a_sandbox_company_is_in_good_health(profile: Profile) -> None:
    address = severa_server.attach(profile.folder)
    given = profile.severa.model_copy(update={"base_url": address.base_url})
    secrets = [profile.secret(given.client_id), profile.secret(given.client_secret)]
    visma_global = opened(profile)
    try:
        with Severa(given, Effects(), client_id=secrets[0], client_secret=secrets[1]) as severa:
            verdicts = doctor.examine(profile, severa, visma_global)
    finally:
        visma_global.close()
        severa_server.release(profile.folder)
    assert [v for v in verdicts if v.ok == "failed"] == []
    complete(verdicts)
    names = [v.name.partition(",")[0] for v in verdicts]
    assert names == sorted(names, key=doctor.ORDER.index)
    assert set(doctor.ORDER) - set(names) <= {"Severa: scopes", "Global: login", *OF_DOCUMENTS}
    assert "Active add-ons" in "".join(v.text for v in verdicts)


# --- Severa -----------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serve() as loopback:
        loopback.on("POST /v1/token", lambda _: token(ALL))
        loopback.on("GET /v1/organizationdetails", Reply(data=organisation("One AS")))
        loopback.on("GET /v1/currencies", Reply(data=[{"guid": "c", "code": "NOK"}]))
        types = [{"type": name} for name in ("EmailAddress", "Phone", "MobilePhone")]
        loopback.on("GET /v1/communicationtypes", Reply(data=types))
        won = {"guid": "w", "name": "Vunnet", "salesState": "Won"}
        loopback.on("GET /v1/salesstatustypes", Reply(data=[won]))
        loopback.on(f"GET /v1/businessunits/{ROOT}", Reply(data={"guid": ROOT, "name": "Root"}))
        yield loopback


def organisation(*companies: str, addons: tuple[str, ...] = ("RestApi",)) -> dict[str, Any]:
    return {"activeCompanies": [{"name": n} for n in companies], "activeAddons": list(addons)}


def ask(server: Loopback, profile: Profile, **severa: Any) -> list[Verdict]:
    settings = {"company": "", "defaults": {"parent_business_unit": ROOT}} | severa
    asked_of = change(profile, severa=settings, transfer={"won_statuses": ["vunnet"]})
    with client(server) as api:
        verdicts = of_severa(asked_of, api)
    complete(verdicts)
    return verdicts


def well(verdicts: list[Verdict]) -> bool:
    """Whether all is well but for defaults that such a bare profile lacks."""
    lacking = "Severa: defaults that lack"
    return all(v.ok == "ok" or v.name.startswith(lacking) for v in verdicts)


def test_all_is_well_in_severa(server: Loopback, profile: Profile) -> None:
    assert well(ask(server, profile))


def test_a_wrong_secret_is_the_only_verdict(server: Loopback, profile: Profile) -> None:
    server.on("POST /v1/token", fault(401, "AuthenticationRequired"))
    (only,) = ask(server, profile)
    assert only.ok == "failed"
    assert "client_secret" in only.text


def test_missing_scopes_are_named_exactly(server: Loopback, profile: Profile) -> None:
    server.on("POST /v1/token", lambda _: token(ALL.replace(" projects:read", "")))
    verdict = of(ask(server, profile), "Severa: scopes to read")
    assert verdict.ok == "failed"
    assert "Tick projects:read for" in verdict.todo


def test_credentials_that_only_read_are_enough_to_look(server: Loopback, profile: Profile) -> None:
    server.on("POST /v1/token", lambda _: token(re.sub(r"\w+:write", "", ALL)))
    verdicts = ask(server, profile)
    assert of(verdicts, "Severa: scopes to read").ok == "ok"
    verdict = of(verdicts, "Severa: scopes to write")
    assert verdict.ok == "warning"
    assert "customers:write, projects:write" in verdict.todo and "onboard" in verdict.text


def test_a_server_that_does_not_tell_scopes_is_not_believed(
    server: Loopback, profile: Profile
) -> None:
    server.on("POST /v1/token", lambda _: token(""))
    assert of(ask(server, profile), "Severa: scopes").ok == "warning"


@pytest.mark.parametrize(
    ("companies", "named", "ok"),
    [
        (["One AS"], "", "ok"),
        (["One AS", "Two AS"], "", "failed"),
        (["One AS", "Two AS"], "two as", "ok"),
        (["One AS", "Two AS"], "Three AS", "failed"),
        ([], "", "ok"),
    ],
)
def test_several_companies_need_a_name(
    server: Loopback, profile: Profile, companies: list[str], named: str, ok: str
) -> None:
    server.on("GET /v1/organizationdetails", Reply(data=organisation(*companies)))
    verdict = of(ask(server, profile, company=named), "Severa: company")
    assert verdict.ok == ok
    assert ok == "ok" or all(name in verdict.todo for name in companies)


def test_add_ons_are_shown_and_a_wanted_one_must_be_active(
    server: Loopback, profile: Profile
) -> None:
    wanted = {"addon": "VismaGlobal"}
    verdict = of(ask(server, profile, defaults=wanted), "Severa: add-ons")
    assert verdict.ok == "failed"
    assert "RestApi" in verdict.text


@pytest.mark.parametrize(
    ("route", "data", "name"),
    [
        ("GET /v1/currencies", [{"code": "NOK", "isActive": False}], "Severa: currencies"),
        ("GET /v1/salesstatustypes", [], "Severa: won statuses"),
        (
            "GET /v1/salesstatustypes",
            [{"name": "Vunnet", "salesState": "Lost"}],
            "Severa: won statuses",
        ),
        ("GET /v1/communicationtypes", [{"type": "Phone"}], "Severa: communication types"),
        (
            f"GET /v1/businessunits/{ROOT}",
            {"name": "Root", "isActive": False},
            "Severa: defaults, parent_business_unit",
        ),
    ],
)
def test_what_is_not_there_is_told(
    server: Loopback, profile: Profile, route: str, data: Any, name: str
) -> None:
    server.on(route, Reply(data=data))
    assert of(ask(server, profile), name).ok != "ok"


@pytest.mark.parametrize(
    ("default", "value", "ok"),
    [
        ("parent_business_unit", "22222222-2222-2222-2222-222222222222", "failed"),
        ("parent_business_unit", "Root", "failed"),
        ("project_owner", ROOT, "failed"),
        ("won_status", "Vunnet", "ok"),
        ("won_status", "Tapt", "failed"),
        ("user_type", "Employee", "ok"),
        ("user_type", "Worker", "failed"),
        ("no_such_default", "x", "warning"),
    ],
)
def test_each_default_must_exist(
    server: Loopback, profile: Profile, default: str, value: str, ok: str
) -> None:
    verdicts = ask(server, profile, defaults={default: value})
    assert of(verdicts, f"Severa: defaults, {default}").ok == ok


def test_one_fault_leaves_the_other_answers(server: Loopback, profile: Profile) -> None:
    server.on("GET /v1/currencies", fault(403, "InsufficientApiScope"))
    server.on("GET /v1/communicationtypes", Reply(data=[{"type": ["?"]}, {}]))
    verdicts = ask(server, profile)
    assert "settings:read" in of(verdicts, "Severa: currencies").todo
    assert of(verdicts, "Severa: clock").ok == "ok"


def test_a_clock_that_is_off_is_a_warning(
    server: Loopback, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Severa, "server_time", "2020-01-01T00:00:00Z")
    assert of(ask(server, profile), "Severa: clock").ok == "warning"


# --- Global -----------------------------------------------------------------------------------


def look(profile: Profile, **more: Any) -> list[Verdict]:
    visma_global = opened(profile, **more)
    try:
        verdicts = of_global(profile, visma_global)
    finally:
        visma_global.close()
    complete(verdicts)
    return verdicts


@pytest.mark.parametrize(
    ("tables", "name"),
    [
        ({"global_": {"user_no": 987}}, "Global: user"),
        ({"company": {"currency": "XXX"}}, "Global: currencies"),
        ({"transfer": {"customer_types": [1, 98]}}, "Global: customer types"),
        (
            {"transfer": {"new_customers": {"CustomerGrpNo": 987}}},
            "Global: defaults for new customers, CustomerGrpNo",
        ),
        (
            {"transfer": {"new_customers": {"NoSuch": 1}}},
            "Global: defaults for new customers, NoSuch",
        ),
        (
            {"transfer": {"new_articles": {"ArtTypeNo": 98}}},
            "Global: defaults for new articles, ArtTypeNo",
        ),
        ({"transfer": {"article_types": [1, 98]}}, "Global: article types"),
        ({"transfer": {"article_kinds": {98: "work_type"}}}, "Global: article types"),
        (
            {"transfer": {"posting_templates": {Decimal("12.0"): 98}}},
            "Global: posting templates, 12 %",
        ),
    ],
)
def test_what_global_does_not_have_is_told(
    profile: Profile, tables: dict[str, Any], name: str
) -> None:
    verdict = of(look(change(profile, **tables)), name)
    assert verdict.ok == "failed"
    assert "98" in verdict.text or "XXX" in verdict.text or "NoSuch" in verdict.text


def test_a_posting_template_of_another_rate_is_told(profile: Profile) -> None:
    wrong = change(profile, transfer={"posting_templates": {Decimal(15): 3, Decimal(12): 3}})
    verdicts = look(wrong)
    assert of(verdicts, "Global: posting templates, 15 %").text == "Posting template 3 has 12 %"
    assert of(verdicts, "Global: posting templates, 12 %").ok == "ok"


def test_missing_defaults_for_new_articles_are_a_warning(profile: Profile) -> None:
    bare = change(profile, transfer={"new_articles": {"ArtTypeNo": 2}})
    verdict = of(look(bare), "Global: defaults for new articles")
    assert (verdict.ok, verdict.text) == ("warning", "New articles get no PostingTemplateNo")


def test_missing_defaults_for_new_customers_are_a_warning(profile: Profile) -> None:
    bare = change(profile, transfer={"new_customers": {}})
    assert of(look(bare), "Global: defaults for new customers").ok == "warning"
    one_way = change(profile, transfer={"new_customers": {}, "entities": {"customer": "to_severa"}})
    assert of(look(one_way), "Global: defaults for new customers").ok == "ok"


def test_a_wrong_schema_is_the_last_verdict(profile: Profile) -> None:
    reached, only = look(profile, schema_name="Elsewhere")
    assert (reached.ok, only.ok) == ("ok", "failed")


def test_a_database_that_does_not_answer_is_the_only_verdict(
    profile: Profile, tmp_path: Path
) -> None:
    nowhere = profile.global_.model_copy(update={"url": f"sqlite:///{tmp_path / 'none.db'}"})
    (only,) = look(change(profile, global_=nowhere.model_dump()))
    assert only.ok == "failed"


def test_a_wrong_time_zone_is_told(profile: Profile) -> None:
    verdicts = look(profile, timezone="America/New_York")
    assert "-6 h" in of(verdicts, "Global: clock").text or "-5 h" in verdicts[-1].text
    assert of(verdicts, "Global: clock").ok == "failed"


def altered(profile: Profile, tmp_path: Path, statement: str) -> Profile:
    """The company with its Global changed by one statement."""
    folder = tmp_path / "altered"
    shutil.copytree(profile.folder, folder)
    engine = create_engine(f"sqlite:///{folder / 'global.db'}")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    return load(folder / profile.path.name)


def test_a_table_without_a_column_for_links_is_a_warning(profile: Profile, tmp_path: Path) -> None:
    older = altered(profile, tmp_path, "ALTER TABLE Department RENAME COLUMN SeveraGUID TO Old")
    verdict = of(look(older), "Global: SeveraGUID")
    assert verdict.ok == "warning"
    assert "Department" in verdict.text


def test_a_column_that_is_missing_is_named(profile: Profile, tmp_path: Path) -> None:
    older = altered(profile, tmp_path, "ALTER TABLE Department RENAME COLUMN Name TO Old")
    failing = [v for v in look(older) if v.ok == "failed"]
    assert any("Department" in v.name and "Name" in v.text for v in failing)


def test_a_table_that_is_missing_leaves_the_other_answers(profile: Profile, tmp_path: Path) -> None:
    older = altered(profile, tmp_path, "ALTER TABLE Units RENAME TO Old")
    verdicts = look(older)
    assert of(verdicts, "Global: tables and columns, Units").ok == "failed"
    assert of(verdicts, "Global: user").ok == "ok"
