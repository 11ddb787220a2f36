"""Rights: what lacks is named to the column, and a login that only reads is enough to look."""

from __future__ import annotations

from functools import partial

import pytest

from recon.doctor import grants
from recon.doctor.rights import asked_for, sees_definitions, to_read, to_write
from tests.doctor.asked import Server, only, profile
from tests.global_fixtures import compiled


@pytest.mark.parametrize("question", [to_read, to_write])
def test_a_login_with_all_rights_is_well(question) -> None:
    assert only(partial(question, profile(), Server())).ok == "ok"


@pytest.mark.parametrize("question", [to_read, to_write])
def test_a_file_has_no_rights(question) -> None:
    server = Server(kind="sqlite")
    assert only(partial(question, profile(), server)).ok == "ok"
    assert server.asked == []


@pytest.mark.parametrize("answer", [0, None])
def test_a_column_that_cannot_be_read_is_named(answer: int | None) -> None:
    server = Server(refused={"SELECT Telephone on Customer": answer})
    verdict = only(partial(to_read, profile(), server))
    assert verdict.ok == "failed"
    assert "SELECT on Customer (Telephone)" in verdict.text
    assert "doctor --sql" in verdict.todo


def test_a_schema_whose_definition_is_hidden_is_named() -> None:
    class Hidden(Server):
        def read(self, statement):
            hidden = "VIEW DEFINITION" in str(statement)
            return [{"allowed": 0}] if hidden else super().read(statement)

    verdict = only(partial(to_read, profile(), Hidden()))
    assert (verdict.ok, "VIEW DEFINITION" in verdict.text) == ("failed", True)


def test_a_reader_may_look_and_learns_what_waits() -> None:
    refused = {"INSERT on Customer": 0, "UPDATE SeveraGUID on Customer": 0}
    verdict = only(partial(to_write, profile(), Server(refused=refused)))
    assert verdict.ok == "warning"
    assert "INSERT on Customer, UPDATE on Customer (SeveraGUID)" in verdict.text
    assert "enough for doctor, check, propose, plan" in verdict.text
    assert "onboard, sync and apply" in verdict.text


def test_what_is_off_needs_no_rights_to_write() -> None:
    off = profile(transfer={"entities": {"customer": "off", "address": "off"}})
    server = Server(refused={"INSERT on Customer": 0})
    assert only(partial(to_write, off, server)).ok == "ok"


def test_a_column_that_is_not_there_is_not_asked_about() -> None:
    server = Server(refused={"SELECT UtilityBits on Customer": None})
    assert only(partial(to_write, profile(), server)).ok == "ok"


def test_rights_are_asked_in_t_sql_without_parameters() -> None:
    reads = {("SELECT", column) for column in grants.reading(profile()).reads["Customer"]}
    statement = asked_for("Kura]A'S", "Customer", [("INSERT", ""), *sorted(reads)])
    sql = compiled(statement)
    assert "has_perms_by_name(N'[Kura]]A''S].[Customer]', N'OBJECT', N'INSERT')" in sql
    assert "N'SELECT', N'Name', N'COLUMN') AS [SELECT Name]" in sql
    assert "N'SCHEMA', N'VIEW DEFINITION'" in compiled(sees_definitions("X"))
