"""What the documents say is so: commands, files, schema, names of modules."""

from __future__ import annotations

import configparser
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
import typer.main

from recon.cli import document, running
from recon.cli.app import app
from recon.shapes import State
from tests.house import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
SCHEDULING = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")
DOCUMENTS = {
    path.name: path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
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


CALL = re.compile(
    r"""(?:^|[/\\]|&& )recon (?:--company \S+ )?([a-z]+)((?: [^\n`'|;#)]*)?)""", re.MULTILINE
)


def code(text: str) -> str:
    """What stands in a document as code: indented, fenced, or between backticks."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    indented = re.findall(r"^ {4}(.*)$", rest, re.MULTILINE)
    return "\n".join([*fenced, *indented, *re.findall(r"`([^`\n]+)`", rest)])


def named_commands() -> list[tuple[str, str, str]]:
    """(document, command, rest of the line) of each `recon …` in the documents' code."""
    return [
        (name, command, rest)
        for name, text in DOCUMENTS.items()
        for command, rest in CALL.findall(code(text))
    ]


def test_the_documents_show_commands() -> None:
    shown = {(name, command) for name, command, _ in named_commands()}
    first = "demo doctor check propose decide report onboard sync lab".split()
    assert {("README.md", command) for command in first} <= shown
    assert {("scheduling.md", command) for command in ("sync", "runs")} <= shown


@pytest.mark.parametrize(("name", "command", "rest"), sorted(set(named_commands())))
def test_the_documents_commands_exist(name: str, command: str, rest: str) -> None:
    assert command in commands()
    known = commands()[command] | {"--json", "--company"}
    assert set(re.findall(r"(?<=\s)--[a-z-]+", rest)) <= known


def test_what_the_first_company_needs_stands_in_order() -> None:
    section = README.partition("## Your first real company")[2].partition("\n## ")[0]
    calls = iter(f"{command}{rest}" for command, rest in CALL.findall(code(section)))
    steps = (
        "doctor --init|doctor --sql|doctor|check|propose|report|onboard --dry-run|doctor|onboard"
        "|sync --dry-run|sync"
    )
    for step in steps.split("|"):
        assert any(call.startswith(step) for call in calls), step


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", README, re.MULTILINE)))
)
def test_the_readmes_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_the_readmes_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


# --- docs/scheduling.md -------------------------------------------------------------------------

# What systemd.unit, systemd.service, systemd.exec, systemd.kill and systemd.timer know of these.
UNIT_KEYS = {
    "Unit": {"Description", "Wants", "After", "OnFailure"},
    "Service": {"Type", "User", "WorkingDirectory", "EnvironmentFile", "ExecStart"}
    | {"SuccessExitStatus", "TimeoutStopSec"},
    "Timer": {"OnCalendar", "RandomizedDelaySec", "Persistent"},
    "Install": {"WantedBy"},
}


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language in docs/scheduling.md."""
    return re.findall(rf"^```{language}\n(.*?)^```", SCHEDULING, re.MULTILINE | re.DOTALL)


def units() -> list[configparser.ConfigParser]:
    found = []
    for text in blocks("ini"):
        unit = configparser.ConfigParser(interpolation=None)
        unit.optionxform = str  # type: ignore[assignment, method-assign]
        unit.read_string(text)
        found.append(unit)
    return found


def test_systemd_units_have_keys_that_systemd_knows() -> None:
    found = {(name, key) for unit in units() for name in unit.sections() for key in unit[name]}
    assert found and found <= {(name, key) for name, keys in UNIT_KEYS.items() for key in keys}


def test_the_service_takes_exit_codes_as_recon_means_them() -> None:
    service, timer = units()[0]["Service"], units()[1]["Timer"]
    fine = {int(status) for status in service["SuccessExitStatus"].split()}
    assert fine == {running.PERSON, 143} and not fine & {running.WRONG, running.FAILED}
    assert re.fullmatch(r"\S+/recon --company %i\.toml sync", service["ExecStart"])
    assert timer["OnCalendar"] == "*:0/15"


def test_every_exit_code_has_a_line() -> None:
    codes = {
        int(c)
        for row in re.findall(r"^\| ([\d, ]+) \|", SCHEDULING, re.MULTILINE)
        for c in row.split(",")
    }
    assert codes == set(schema()["properties"]["exit_code"]["enum"])


@pytest.mark.parametrize(
    "line", [r for r in "".join(blocks("cron")).splitlines() if "=" not in r[:10]]
)
def test_cron_lines_have_five_fields_and_take_1_as_done(line: str) -> None:
    fields = line.split(maxsplit=5)
    assert all(re.fullmatch(r"[\d*/,-]+", field) for field in fields[:5])
    assert "%" not in line, "cron takes it for a new line"
    assert f"[ $? -eq {running.PERSON} ]" in line


def test_the_windows_task_is_well_formed_and_runs_what_is_shown() -> None:
    (text,) = blocks("xml")
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    task = ElementTree.fromstring(text)
    assert [part.tag.partition("}")[2] for part in task] == [
        "RegistrationInfo",
        "Triggers",
        "Settings",
        "Actions",
    ]
    assert task.findtext(".//t:MultipleInstancesPolicy", None, space) == "IgnoreNew"
    command = task.findtext(".//t:Command", "", space)
    bat = "".join(blocks("bat"))
    assert command in SCHEDULING.replace(text, "") and "sync --json" in bat
    assert f"if %ERRORLEVEL% EQU {running.PERSON} exit /b 0" in bat
    assert text.isascii()


def test_papermill_gets_a_parameter_that_the_notebook_has() -> None:
    (line,) = [r for r in "".join(blocks("sh")).splitlines() if r.startswith("papermill")]
    notebook = ROOT / line.split()[1]
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    (cell,) = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
    (name,) = re.findall(r"-p (\w+) ", line)
    assert "".join(cell["source"]).startswith(f"{name} = ")


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


def test_the_boards_page_lists_every_key() -> None:
    told = (ROOT / "docs/review.md").read_text(encoding="utf-8")
    for name in ("board", "differences"):
        code = (ROOT / f"recon/review/static/{name}.js").read_text(encoding="utf-8")
        listed = re.search(r"KEYS = \[(.*?)\n\];", code, re.DOTALL)
        assert listed
        for keys, words in re.findall(r'\["([^"]+)", "([^"]+)"\]', listed.group(1)):
            assert f"| `{keys}` | {words} |" in told


def test_notebooks_are_shipped_in_the_wheel() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'notebooks = "recon/notebooks"' in project
    assert Path(ROOT / "notebooks").is_dir()
