"""What the documents say is so: commands, files, schema, names of modules."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer.main

from recon.cli import document
from recon.cli.app import app
from recon.shapes import State
from tests.house import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def schema() -> dict[str, Any]:
    text = (ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def valid(value: object) -> bool:
    return jsonschema.Draft202012Validator(schema()).is_valid(value)


def commands() -> dict[str, set[str]]:
    """Every command of the command line, with its options."""
    group: Any = typer.main.get_command(app)
    return {
        name: {option for parameter in command.params for option in parameter.opts}
        for name, command in group.commands.items()
    }


def named_commands() -> list[tuple[str, str]]:
    """(command, rest of the line) of each `recon …` line in the README's code."""
    lines = re.findall(r"^ {4}(?:\S+\\)?recon (?:--company \S+ )?(\w+)(.*)$", README, re.MULTILINE)
    return [(command, rest.partition("#")[0]) for command, rest in lines]


def test_the_readme_shows_commands() -> None:
    assert {"demo", "doctor", "check", "sync"} <= {command for command, _ in named_commands()}


@pytest.mark.parametrize(("command", "rest"), named_commands())
def test_the_readmes_commands_exist(command: str, rest: str) -> None:
    assert command in commands()
    assert set(re.findall(r"--[a-z-]+", rest)) <= commands()[command]


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", README, re.MULTILINE)))
)
def test_the_readmes_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_the_readmes_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:recon|docs|tests|notebooks)/[\w./]*)`", README + RULES)))
)
def test_files_that_are_named_exist(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_picture_names_the_flow_and_needs_nothing_from_outside() -> None:
    picture = (ROOT / "docs" / "picture.svg").read_text(encoding="utf-8")
    nouns = "Settings Mirror Findings Proposals Decisions Links Plan Journal Report".split()
    assert [noun for noun in nouns if f">{noun}<" not in picture] == []
    assert re.findall(r"(?:href|src|url)\W*=?\W*https?:", picture) == []


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_an_empty_document_is_valid() -> None:
    assert valid(document.empty())
    assert schema()["properties"]["schema"]["const"] == document.SCHEMA


@pytest.mark.parametrize("name", schema()["required"])
def test_a_document_without_a_promised_name_is_not_valid(name: str) -> None:
    whole = document.empty()
    del whole[name]
    assert not valid(whole)


@pytest.mark.parametrize(
    "wrong",
    [
        {"exit_code": 2},
        {"exit_code": 1},
        {"exit_code": 5},
        {"findings": 0},
        {"calls": {}},
        {"entities": {"customer": {"severa": {"lost": 1}}}},
        {"entities": {"customer": {"both": {"read": 1}}}},
    ],
)
def test_a_document_against_the_contract_is_not_valid(wrong: dict[str, Any]) -> None:
    assert not valid(document.empty() | wrong)


def test_the_schema_and_the_rules_know_every_outcome() -> None:
    sides = schema()["properties"]["entities"]["additionalProperties"]
    known = set(sides["additionalProperties"]["propertyNames"]["enum"])
    states = set(State.__args__)  # type: ignore[attr-defined]
    assert known == states | {"read"}
    section = RULES.partition("## What becomes of a record")[2].partition("\n## ")[0]
    said = " ".join(section.split())
    assert [state for state in states if state not in said] == []


def test_the_changelog_says_what_this_version_is() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[(Unreleased|\d+\.\d+\.\d+)\]", changes, re.MULTILINE)
    headings = set(re.findall(r"^### (\w+)", changes, re.MULTILINE))
    assert headings <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_notebooks_are_shipped_in_the_wheel() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'notebooks = "recon/notebooks"' in project
    assert Path(ROOT / "notebooks").is_dir()
