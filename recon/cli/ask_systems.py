"""Where both systems are and who we are there: asked, and tried at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeVar

from recon import settings
from recon.cli import questions
from recon.cli.asking import Interview
from recon.cli.dialogue import Choice
from recon.cli.questions import Question
from recon.cli.references import WHY, ask_reference
from recon.errors import ReconError
from recon.settings import Profile

T = TypeVar("T")
AGAIN, CHANGE, ON = "again", "change", "on"
USUAL_DRIVER = settings.Global().driver
SERVER = Question(
    "global.server",
    "SQL Server",
    "The server's name, as in SERVER or SERVER\\INSTANCE or SERVER,PORT. A whole database address "
    "is taken too; one that holds a password only by reference, such as env:NAME.",
    take=questions.address,
)
DATABASE = Question(
    "global.database",
    "Database",
    "It is mostly called COMPANYGLOBALData.",
    take=questions.filled,
)
LOGIN = Question(
    "global.login",
    "Login",
    "One of its own that may only read is enough at first ('recon doctor --sql' prints what it "
    "needs); never 'sa'. Empty: sign in as the Windows user who runs recon.",
)
CERTIFICATE = Question(
    "global.options.TrustServerCertificate",
    "Trust the server's own certificate? (yes or no)",
    "The connection is encrypted. Servers inside a company often have a certificate of their own "
    "making: say yes for those, and no where it comes from a known authority.",
    "no",
    questions.yes_or_no,
)
SCHEMA = Question(
    "global.schema",
    "Schema",
    "The part before the table's name, as in FjordAS.Customer.",
    take=questions.filled,
)
ADDRESS = Question(
    "severa.base_url",
    "Address of Severa's API",
    "The usual one is right, unless Visma told you otherwise (a staging organisation has another).",
    settings.Severa().base_url,
    questions.filled,
)
COMPANY = Question(
    "severa.company",
    "Company in Severa",
    "A Severa organisation may hold several companies: this profile is about one of them.",
)


def visma_global(talk: Interview) -> None:
    """Where the database is, and with which login; then schema and user."""
    if not (talk.get("global.url") or talk.get("global.server")):
        database(talk)
    _reached(talk, "Visma Global", database, talk.offers.reach_global)
    if talk.get("global.schema") is None:
        _schema(talk)
    talk.all([questions.USER])


def database(talk: Interview) -> None:
    """Ask for address and login, whatever was there."""
    for path in [p for p in talk.answers if p[0] == "global"]:
        del talk.answers[path]
    where = talk.dialogue.taken(SERVER)
    whole = questions.is_address(where)
    for name, value in (("url", where if whole else ""), ("server", "" if whole else where)):
        if value or talk.get(f"global.{name}"):
            talk.put(f"global.{name}", value)
    if not whole:
        talk.one(DATABASE)
        _login(talk)


def _login(talk: Interview) -> None:
    """Ask for the login, its password's place, and how far the server is trusted."""
    login = talk.dialogue.taken(LOGIN)
    if login:
        talk.put(LOGIN.path, login)
        talk.put("global.password", _secret(talk, ("Password of the login", "global"), WHY))
    else:
        talk.put("global.options.Trusted_Connection", "yes")
    if talk.dialogue.taken(CERTIFICATE):
        talk.put(CERTIFICATE.path, "yes")
    if (driver := _driver()) and talk.get("global.driver") is None:
        talk.put("global.driver", driver)


def _driver() -> str:
    """The newest driver of this machine, where it has others than the usual one."""
    try:
        known = import_module("pyodbc").drivers()
    except ImportError:
        return ""
    found = sorted(name for name in known if name.startswith("ODBC Driver"))
    return "" if not found or USUAL_DRIVER in found else found[-1]


def _schema(talk: Interview) -> None:
    """Ask for the schema, and connect to it; a database offers those that hold Global's tables."""
    found = _tried(talk, talk.offers.schemas)
    if found:
        choices = [Choice(name, str(n), name) for n, name in enumerate(found, 1)]
        talk.put(SCHEMA.path, talk.dialogue.picked(SCHEMA.usually("1"), choices)[0])
        talk.offers.reach_global(talk.profile())
    else:
        talk.one(SCHEMA)
        talk.leave(SCHEMA.title, talk.get(SCHEMA.path))


def severa(talk: Interview) -> None:
    """Address and credentials, then the company."""
    if not (talk.get("severa.client_id") and talk.get("severa.client_secret")):
        credentials(talk)
    _reached(talk, "Severa", credentials, talk.offers.reach_severa)
    if talk.get(COMPANY.path) is None:
        _company(talk)
    talk.offers.company = str(talk.get(COMPANY.path) or "")


def credentials(talk: Interview) -> None:
    """Ask for address and credentials, whatever was there."""
    known = talk.get(ADDRESS.path)
    address = talk.dialogue.taken(ADDRESS.usually(known or ADDRESS.default))
    if address != (known or ADDRESS.default):
        talk.put(ADDRESS.path, address)
    talk.put("severa.client_id", _secret(talk, ("Client id of Severa's API", "severa_id"), WHY))
    secret = ("Client secret of Severa's API", "severa_secret")
    talk.put("severa.client_secret", _secret(talk, secret, "Its place, named in the same way."))


def _company(talk: Interview) -> None:
    """Which company of the organisation this is."""
    found = _tried(talk, talk.offers.companies)
    if len(found) == 1:
        talk.put(COMPANY.path, found[0].value)
        talk.dialogue.tell(f"The organisation has one company: {found[0].label}")
    elif found:
        talk.put(COMPANY.path, talk.dialogue.picked(COMPANY, found)[0])
    else:
        talk.one(COMPANY)
        if company := talk.get(COMPANY.path):
            talk.leave(COMPANY.title, company)


def _tried(talk: Interview, read: Callable[[], Sequence[T]]) -> Sequence[T]:
    """A list of a system; nothing where it cannot be read, which is told."""
    try:
        return read()
    except ReconError as error:
        talk.dialogue.tell(f"The list to choose from cannot be read: {error}")
        return ()


def _secret(talk: Interview, asked: tuple[str, str], why: str) -> str:
    """The place where a secret is kept: its title, and its name in the usual place."""
    title, name = asked
    company = "".join(c for c in str(talk.get("company.name")).casefold() if c.isalnum())
    talk.dialogue.tell(*why.splitlines())
    default = f"keyring:recon-{company}/{name}"
    return ask_reference(talk.dialogue, title, default, talk.path.parent)


def _reached(
    talk: Interview,
    system: str,
    ask: Callable[[Interview], None],
    reach: Callable[[Profile], str],
) -> None:
    """Try the connection; where it fails, again, with other answers, or go on without it."""
    while fault := _fault(talk, reach):
        talk.dialogue.tell(f"{system} is not reached: {fault}")
        question = f"Try {AGAIN}, {CHANGE} the answers, or go {ON} without {system}?"
        answer = talk.dialogue.line(question, ON).casefold()
        if answer == CHANGE:
            ask(talk)
        elif answer != AGAIN:
            talk.unchecked.append(f"the connection to {system}")
            return
    talk.dialogue.tell(f"{system} answers")


def _fault(talk: Interview, reach: Callable[[Profile], str]) -> str:
    try:
        return reach(talk.profile())
    except ReconError as error:
        return str(error)
