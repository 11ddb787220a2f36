"""Which entities transfer, whose changes count, of which types, and who numbers."""

from __future__ import annotations

from recon.choices import CHOICES
from recon.cli import questions
from recon.cli.asking import Interview
from recon.cli.dialogue import Choice, alone, most_used
from recon.cli.questions import Question
from recon.doctor.defaults import TRAVEL
from recon.entities import ENTITIES, family, running
from recon.spec import Entity

ANY = ("both", "to_global", "to_severa")
SYSTEMS = (Choice("global", "1", "Visma Global"), Choice("severa", "2", "Severa"))
USUALLY_SEVERA = ("project",)
LEFT_OUT = Question(
    "transfer.entities",
    "Leave out",
    f"Do you want to transfer all {', '.join(choice.records for choice in CHOICES)}? All of these "
    "transfer, in both directions, unless you leave some out. '-': none.",
    "-",
    several=True,
)
MASTER = (
    "A change transfers only from an entity's master. A change in the other system is reported, "
    "and never carried over."
)
TEMPLATE = (
    "The posting template decides the VAT and the accounts of an article in Global. A new one with "
    "another VAT rate than the usual template's gets this one; without it such are held."
)
KINDS = (
    (TRAVEL, "Article types of travel expenses", "travel expense types"),
    ("work_type", "Article types of work hours", "work types"),
)


def rules(talk: Interview) -> None:
    """Ask for the rules that the profile does not have."""
    if talk.get("transfer.entities") is None:
        _leave_out(talk)
    if talk.get("master") is None:
        _masters(talk)
    talk.all(questions.TYPES)
    if talk.get("transfer.article_kinds") is None and talk.transfers("product", ANY):
        _kinds(talk)


def _leave_out(talk: Interview) -> None:
    """Entities that do not transfer at all."""
    roots = [entity for entity in running(talk.profile()) if entity.parent is None]
    choices = [Choice(entity, str(n), entity.title) for n, entity in enumerate(roots, 1)]
    for entity in talk.dialogue.chosen(LEFT_OUT, choices):
        for name in family(entity.name):
            talk.put(f"transfer.entities.{name}", "off")


def _masters(talk: Interview) -> None:
    """The master of each entity; what lives under another follows it."""
    why = MASTER
    for entity in (e for e in ENTITIES if e.parent is None and talk.transfers(e.name, ANY)):
        usual = "2" if entity.name in USUALLY_SEVERA else "1"
        asked = Question("master", f"Master of {entity.title.lower()}", why, usual)
        chosen, why = talk.dialogue.picked(asked, SYSTEMS)[0], ""
        for name in family(entity.name):
            talk.put(f"master.entity.{name}", chosen)


def _kinds(talk: Interview) -> None:
    """Which article types are travel expenses and hours in Severa."""
    types = next(q for q in questions.TYPES if q.path == "transfer.article_types")
    choices = talk.choices(types)
    for kind, title, words in KINDS if choices else ():
        why = f"Articles of these types are {words} in Severa; all others are products. '-': none."
        asked = Question("transfer.article_kinds", title, why, "-", several=True)
        for number in talk.dialogue.chosen(asked, choices):
            talk.put(f"transfer.article_kinds.{number}", kind)


def new_rows(talk: Interview) -> None:
    """What new rows in Global get that Severa does not have."""
    talk.all(questions.GLOBAL)
    _templates(talk)


def _templates(talk: Interview) -> None:
    """The posting template of new articles, for each VAT rate but that of the usual one."""
    if talk.get("transfer.posting_templates") is not None:
        return
    if not talk.transfers("product", questions.TO_GLOBAL):
        return
    usual = talk.get("transfer.new_articles.PostingTemplateNo")
    why = TEMPLATE
    for rate, choices in sorted(talk.offers.templates(talk.profile().company.today()).items()):
        if usual not in [choice.value for choice in choices]:
            title = f"Posting template of new articles with {rate} % VAT"
            proposal = most_used(choices) or alone(choices)
            asked = Question("transfer.posting_templates", title, why, proposal)
            for number in talk.dialogue.chosen(asked, choices):
                talk.answers["transfer", "posting_templates", rate] = number
            why = ""


def numbers(talk: Interview) -> None:
    """The ranges of Global's numbers that Severa may give out."""
    last = talk.offers.last_customer()
    for entity in ENTITIES:
        side = entity.global_side
        numbered = entity.numbered and side.series and not side.alphanumeric
        if numbered and talk.transfers(entity.name, questions.TO_GLOBAL):
            talk.all([_range(entity, last)])


def _range(entity: Entity, last: int) -> Question:
    """Without a range new records from Severa are held."""
    why = (
        f"A new row for one of Severa's {entity.title.lower()} takes its number or code there, if "
        "it lies in this range, which Global itself must never reach. Empty: such are held."
    )
    told = f" Global's last one is {last}." if last and entity.name == "customer" else ""
    return Question(
        f"global.numbers.{entity.global_side.series}.severa",
        f"Numbers that Severa gives, {entity.title.lower()}",
        why + told,
        take=questions.ends,
    )
