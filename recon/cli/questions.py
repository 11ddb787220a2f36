"""The questions that lead to a profile, in order: what is asked, what it means, what is usual."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from recon import choices
from recon.cli.dialogue import Choice, alone, first, most_used
from recon.cli.offers import Offer
from recon.doctor.defaults import GUID, TRAVEL, WORDS
from recon.settings import IN_CLEAR, SECRET

Answers = Mapping[str, Any]
Take = Callable[[str], Any]
Propose = Callable[[Sequence[Choice]], str]
YES, NO = frozenset({"y", "yes", "j", "ja"}), frozenset({"n", "no", "nei", "nej"})
TO_GLOBAL, TO_SEVERA = ("both", "to_global"), ("both", "to_severa")


def nothing(_choices: Sequence[Choice]) -> str:
    """No proposal."""
    return ""


def text(answer: str) -> str | None:
    """Any text; None for an empty one, which leaves a setting out."""
    return answer or None


def filled(answer: str) -> str:
    """A text that is not empty."""
    if not answer:
        raise ValueError("An answer is needed here")
    return answer


def zone(answer: str) -> str:
    """A time zone of the tz database."""
    try:
        ZoneInfo(filled(answer))
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("No such time zone; write for example Europe/Oslo") from None
    return answer


def code(length: int) -> Take:
    """A code of so many letters, in capitals."""

    def take(answer: str) -> str:
        if not re.fullmatch(rf"[A-Za-z]{{{length}}}", answer):
            raise ValueError(f"Write {length} letters")
        return answer.upper()

    return take


def whole(answer: str) -> int | None:
    """A whole number, or nothing."""
    if answer and not re.fullmatch("[0-9]{1,9}", answer):
        raise ValueError("Write a whole number")
    return int(answer) if answer else None


def number(answer: str) -> int:
    """A whole number, which must be given."""
    return whole(filled(answer)) or 0


def guid(answer: str) -> str | None:
    """A guid of Severa, or nothing."""
    if answer and not GUID.match(answer):
        raise ValueError("Write the guid, as in 01234567-89ab-cdef-0123-456789abcdef")
    return answer or None


def ends(answer: str) -> list[int] | None:
    """A range of numbers, written as in 50000-59999, or nothing."""
    match = re.fullmatch(r"([0-9]{1,9})\s*-\s*([0-9]{1,9})", answer)
    if not answer:
        return None
    if not match or int(match[1]) > int(match[2]):
        raise ValueError("Write the first and the last number, as in 50000-59999")
    return [int(match[1]), int(match[2])]


def yes_or_no(answer: str) -> bool:
    """Yes or no, in English or a Nordic tongue."""
    if answer.casefold() not in YES | NO:
        raise ValueError("Write yes or no")
    return answer.casefold() in YES


def address(answer: str) -> str:
    """A server's name, or the address of a database; never one with a password in it."""
    filled(answer)
    if SECRET.match(answer):
        return answer
    if IN_CLEAR.search(answer):
        raise ValueError(
            "That address holds a password in clear; it is not kept. Put the whole address into an "
            "environment variable or a file, and write env:NAME or file:PATH here"
        )
    if "://" in answer:
        _url(answer)
    return answer


def is_address(answer: str) -> bool:
    """Whether this is a whole address, or the place where one is kept."""
    return "://" in answer or bool(SECRET.match(answer))


def _url(answer: str) -> None:
    try:
        make_url(answer)
    except (ArgumentError, ValueError):
        raise ValueError("That is no address of a database") from None


@dataclass(frozen=True, slots=True)
class Question:
    """One setting that is asked for, unless the profile has it.

    `path` is where it stands, `default` what an empty answer means ('' leaves it out), `take`
    makes a value of the answer. `offer` gives what may be chosen, of which `propose` names the
    usual; where it gives nothing, the answer is taken as it is and not checked. `several` may be
    chosen, or at least one is `needed`. `entity` is the entity that needs it, in one of the
    `directions`.
    """

    path: str
    title: str
    why: str
    default: str = ""
    take: Take = text
    offer: Offer | None = None
    propose: Propose = nothing
    several: bool = False
    needed: bool = False
    entity: str = ""
    directions: tuple[str, ...] = ("both", "to_global", "to_severa")
    when: Callable[[Answers], bool] = lambda _: True

    def usually(self, default: str) -> Question:
        """The same question with another usual answer."""
        return replace(self, default=default)


COMPANY = (
    Question("company.name", "Name of the company", "It stands on every report.", "", filled),
    Question(
        "company.timezone",
        "Time zone of Visma Global's server",
        "Global keeps its times without a zone: they are those of its server's wall clock.",
        "Europe/Oslo",
        zone,
    ),
    Question(
        "company.currency", "Currency of the books", "Its code of three letters.", "NOK", code(3)
    ),
    Question(
        "company.country", "Country of the company", "Its code of two letters.", "NO", code(2)
    ),
)


def _of(name: str) -> Offer:
    return lambda offers: offers.of_global(name)


def _words(*words: str) -> Offer:
    return lambda _: [Choice(word, str(n), word) for n, word in enumerate(words, 1)]


USER = Question(
    "global.user_no",
    "Number of the user",
    "Each row that recon writes in Global carries this user as CreatedBy and LastUpdatedBy. Best "
    "is a user of its own, made in Visma Global for recon.",
    "",
    number,
    _of("users"),
    needed=True,
)


def _types(choice: choices.Choice) -> Question:
    return Question(
        f"transfer.{choice.setting}",
        choice.title,
        f"{choice.question} {choice.why}",
        "",
        whole,
        _of(choice.setting),
        several=True,
        entity=choice.entity,
    )


TYPES = (
    *(_types(choice) for choice in choices.CHOICES if choice.setting),
    Question(
        "transfer.internal_category",
        "Category of internal projects",
        "Projects of this category have no customer in Global; in Severa they belong to the "
        "company itself. Empty: internal projects are not told apart.",
        "",
        whole,
        _of("project_categories"),
        entity="project",
    ),
    Question(
        "transfer.won_statuses",
        "Won sales statuses",
        "A sales case in Severa whose status is one of these is a project, and its customer "
        "transfers. Empty: every status that means won.",
        "",
        text,
        lambda offers: offers.won_statuses(),
        several=True,
    ),
)


def _travels(answers: Answers) -> bool:
    kinds = answers.get("transfer", {}).get("article_kinds", {})
    return TRAVEL in kinds.values()


def _internal(answers: Answers) -> bool:
    return bool(answers.get("transfer", {}).get("internal_category"))


SEVERA = (
    Question(
        "severa.defaults.parent_business_unit",
        "Parent of new business units",
        "A department that is new in Severa becomes a business unit under this one.",
        "",
        guid,
        lambda offers: offers.business_units(),
        first,
        entity="business_unit",
        directions=TO_SEVERA,
    ),
    Question(
        "severa.defaults.user_type",
        "Licence of new users",
        "An employee who is new in Severa takes a licence of this type, which costs; each needs "
        "your approval.",
        "Employee",
        text,
        _words(*WORDS["user_type"]),
        entity="employee",
        directions=TO_SEVERA,
    ),
    Question(
        "severa.defaults.permission_profile",
        "Permission profile of new users",
        "What a new user may see and do in Severa.",
        "",
        text,
        lambda offers: offers.permission_profiles(),
        entity="employee",
        directions=TO_SEVERA,
    ),
    Question(
        "severa.defaults.project_owner",
        "Owner of projects without a manager",
        "Severa has no project without an owner: this user, where Global names no manager.",
        "",
        guid,
        lambda offers: offers.users(),
        entity="project",
        directions=TO_SEVERA,
    ),
    Question(
        "severa.defaults.won_status",
        "Sales status of new projects",
        "A project that is new in Severa gets this won status.",
        "",
        text,
        lambda offers: offers.won_statuses(),
        first,
        entity="project",
        directions=TO_SEVERA,
    ),
    Question(
        "severa.defaults.internal_customer",
        "Customer of internal projects",
        "The customer in Severa that is the company itself.",
        "",
        guid,
        lambda offers: offers.internal_customers(),
        alone,
        entity="project",
        directions=TO_SEVERA,
        when=_internal,
    ),
    Question(
        "severa.defaults.expense_class",
        "Class of new travel expense types",
        "Severa wants one for each travel expense type.",
        "OtherTravelExpense",
        text,
        _words(*WORDS["expense_class"]),
        entity="product",
        directions=TO_SEVERA,
        when=_travels,
    ),
)


def _new(table: str, column: str, what: str, offer: str, entity: str) -> Question:
    return Question(
        f"transfer.new_{table}.{column}",
        what,
        "What a row that recon creates in Global gets, because Severa has no such thing. The most "
        "common one is proposed.",
        "",
        whole,
        _of(offer),
        most_used,
        entity=entity,
        directions=TO_GLOBAL,
    )


GLOBAL = (
    _new("customers", "CustomerTypeNo", "Type of new customers", "customer_types", "customer"),
    _new("customers", "CustomerGrpNo", "Group of new customers", "customer_groups", "customer"),
    _new(
        "customers",
        "CustomerProfileNo",
        "Profile of new customers",
        "customer_profiles",
        "customer",
    ),
    _new("articles", "ArtTypeNo", "Type of new articles", "article_types", "product"),
    _new(
        "articles",
        "PostingTemplateNo",
        "Usual posting template of new articles",
        "posting_templates",
        "product",
    ),
    _new("projects", "ProjectType", "Type of new projects", "project_types", "project"),
    _new(
        "projects", "ProjectCategoryNo", "Category of new projects", "project_categories", "project"
    ),
)


EVERY: Sequence[Question] = (*COMPANY, USER, *TYPES, *SEVERA, *GLOBAL)
