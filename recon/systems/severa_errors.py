"""What an answer of Severa that is no success means, in one sentence for a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import httpx

from recon.errors import NotDone, ReconError, Refused, Stop, Unknown, Unticked
from recon.systems.severa_call import Answer, Call
from recon.systems.severa_private import HIDDEN, about_private, tell
from recon.systems.severa_scopes import scope

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
ADDRESS = "Check base_url under [severa] in the profile; it ends in /rest-api, without /v1"
LOOK = "The next run looks whether it was done before it sends anything again"
SCOPE = re.compile(r"\b[a-z]+:(?:read|write)\b")
STOPS = {
    "AuthenticationRequired": (
        "Severa does not accept the access token",
        "Make new client credentials under Settings, REST API in Severa",
    ),
    "AddonMissing": (
        "An add-on is missing in Severa",
        "Turn on the REST API upgrade (and the add-on named) under Settings, Upgrades in Severa",
    ),
    "AddonMissingTermsOfServiceApproval": (
        "The terms of an add-on are not approved in Severa",
        "An administrator must approve them under Settings, Upgrades in Severa",
    ),
    "FeatureIsNotEnabled": (
        "A feature is not turned on in Severa",
        "Turn it on under Settings in Severa",
    ),
    "TermsOfServiceNotApproved": (
        "The terms of service are not approved in Severa",
        "An administrator must log in to Severa and approve them",
    ),
    "OrganizationNotActive": (
        "The Severa organisation is not active",
        "Ask Visma to open it again, or correct the credentials in the profile",
    ),
    "TrialExpired": (
        "The trial of this Severa organisation is over",
        "Order Severa, or correct the credentials in the profile",
    ),
    "ExcludedFromTrial": (
        "Severa's trial does not include this",
        "Order Severa, or use another organisation",
    ),
    "NotAvailableInTrial": (
        "Severa's trial does not include this",
        "Order Severa, or use another organisation",
    ),
    "HttpsRequired": ("Severa wants https", ADDRESS),
    "InvalidApiVersion": ("Severa does not know this version of its API", ADDRESS),
    "ConfigurationError": (
        "Severa reports that its own configuration is wrong",
        "Ask Visma's support",
    ),
}


class TooBig(httpx.ReadError):
    """An answer bigger than anything that Severa should send."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Severa's own words about a fault: its type, the fields named, the messages."""

    type: str = ""
    fields: tuple[str, ...] = ()
    message: str = ""

    @property
    def text(self) -> str:
        names = ", ".join(self.fields)
        return ": ".join(filter(None, (names, self.message)))


def complaint(answer: Answer) -> Complaint:
    """The complaint in an error's body; an empty one where it has none."""
    try:
        error = answer.json()["error"]
        details = [d for d in error.get("details") or () if isinstance(d, dict)]
    except (ValueError, TypeError, KeyError, AttributeError):
        return Complaint()
    names = [str((d.get("location") or {}).get("name") or "") for d in details]
    messages = [str(d.get("message") or "") for d in details]
    if any(about_private(name) for name in names):
        messages = [HIDDEN]
    return Complaint(
        tell(str(error.get("type") or "")),
        tuple(dict.fromkeys(tell(n) for n in names if n)),
        tell("; ".join(filter(None, messages))),
    )


def refusal(call: Call, answer: Answer) -> ReconError:
    """The error for any answer of 400 to 499 that is not worth another try."""
    found = complaint(answer)
    if call.open:
        return no_token(call, answer, found)
    silent = answer.status == 403 and not found.type and not answer.html
    if found.type == "InsufficientApiScope" or silent:
        return scope_missing(call, found)
    if found.type in STOPS:
        what, todo = STOPS[found.type]
        return Stop(_with(what, found.text), where=call.where, todo=todo)
    if not found.type and call.safe:
        return _no_api(call, answer)
    return _refused(call, answer, found)


def no_token(call: Call, answer: Answer, found: Complaint) -> ReconError:
    """The error for a token that is not given; a refresh that fails leaves the credentials."""
    if answer.html or answer.status in (404, 405):
        return Stop("There is no Severa API at this address", where=call.where, todo=ADDRESS)
    kind: type[ReconError] = Refused if call.path.endswith("/refreshtoken") else Stop
    if found.type in STOPS and found.type != "AuthenticationRequired":
        what, todo = STOPS[found.type]
        return kind(_with(what, found.text), where=call.where, todo=todo)
    if kind is Stop and found.type not in ("", "AuthenticationRequired"):
        return Unticked(
            _with("Severa gives no access token for the scopes asked for", found.text),
            where=f"{call.where}, status {answer.status}",
            todo="Compare them with the scopes ticked for these credentials in Severa",
        )
    return kind(
        _with("Severa does not accept client_id and client_secret", found.text),
        where=f"{call.where}, status {answer.status}",
        todo="Check both under [severa] in the profile, and the scopes ticked for them in Severa",
    )


def scope_missing(call: Call, found: Complaint) -> Stop:
    """The stop for a call that the client credentials do not allow."""
    said = SCOPE.search(found.text)
    name = said.group() if said else scope(call.method, call.path)
    return Stop(
        _with(f"The client credentials lack the scope {name}", found.message),
        where=call.where,
        todo=f"Tick {name} for these credentials under Settings, REST API in Severa",
    )


def moved(call: Call) -> Stop:
    """The stop for a redirect, which no call of the API answers with."""
    return Stop("Severa's address sends us elsewhere", where=call.where, todo=ADDRESS)


def used_up(call: Call) -> Stop:
    """The stop for a quota that others use up."""
    return Stop(
        "Severa's quota of calls per second stays used up, so another program must be using it",
        where=call.where,
        todo="Run at another time, or lower quota under [severa] in the profile",
    )


def rejected(call: Call, answer: Answer) -> Stop:
    """The stop for an access token that is not accepted although it is new."""
    what, todo = STOPS["AuthenticationRequired"]
    return Stop(_with(what, complaint(answer).text), where=call.where, todo=todo)


def failed(call: Call, what: str, status: int | None = None) -> ReconError:
    """The error for a call that was sent and got no usable answer."""
    number = f" (status {status})" if status else ""
    if call.safe:
        todo = "Try again later; if it stays so, ask Visma's support"
        return Stop(f"{what}{number}", where=call.where, todo=todo)
    return Unknown(
        f"{what}{number}, so it is not known whether it was done", where=call.where, todo=LOOK
    )


def lost(call: Call, error: Exception, host: str) -> ReconError:
    """The error for a call that got no answer at all."""
    if isinstance(error, NOT_SENT):
        return _not_reached(call, error, host)
    if isinstance(error, TooBig):
        return failed(call, "Severa's answer is bigger than anything that it should send")
    if isinstance(error, httpx.TimeoutException):
        return failed(call, "Severa did not answer in time")
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError | httpx.DecodingError):
        return failed(call, "The connection to Severa broke off before the whole answer was there")
    return failed(call, f"The connection to Severa failed ({type(error).__name__})")


def unreadable(call: Call, answer: Answer) -> ReconError:
    """The error for a success whose body is no JSON of the right kind."""
    if answer.html and call.safe:
        return Stop("Severa's address answers with a web page", where=call.where, todo=ADDRESS)
    if not answer.body:
        return failed(call, "Severa answered with nothing", answer.status)
    return failed(call, "Severa's answer cannot be read (it is cut off or no JSON)", answer.status)


def _refused(call: Call, answer: Answer, found: Complaint) -> ReconError:
    """One record's refusal; where a whole list is refused there is nothing to go on with."""
    if answer.html:
        what = "A web page answered instead of Severa: something in between refused the call"
    elif answer.status == 404:
        what = "Severa has no such record"
    else:
        what = "Severa refuses this"
    text = _with(f"{what} (status {answer.status})", found.text or found.type)
    if call.safe and "{}" not in call.label:
        return Stop(text, where=call.where, todo="Report this; the run cannot go on without it")
    return Refused(
        text,
        where=call.where,
        todo="Correct the field named in the system it comes from" if found.fields else "",
        fields=found.fields,
    )


def _no_api(call: Call, answer: Answer) -> ReconError:
    """Errors of the API say their type; what says none is another server, or a wrong address."""
    if answer.html:
        return Stop("Severa's address answers with a web page", where=call.where, todo=ADDRESS)
    if answer.status == 404 and "{}" not in call.label:
        return Stop("There is no Severa API at this address", where=call.where, todo=ADDRESS)
    return _refused(call, answer, complaint(answer))


def _not_reached(call: Call, error: Exception, host: str) -> ReconError:
    words = str(error).lower()
    if "certificate" in words or "ssl" in words:
        what, todo = "No trusted https connection to Severa's address can be made", ADDRESS
    else:
        what = "Severa cannot be reached"
        todo = "Check the network, the proxy and base_url under [severa] in the profile"
    kind = Stop if call.safe else NotDone
    return kind(what, where=host, todo=todo)


def _with(what: str, detail: str) -> str:
    return f"{what}: {detail}" if detail else what


def named(call: Call, data: Any) -> ReconError:
    """The error for JSON that is not what this call answers with."""
    return failed(call, f"Severa answered with {_kind(data)} where a record was due")


def _kind(data: Any) -> str:
    if isinstance(data, list):
        return f"{len(data)} records"
    return "nothing" if data is None else f"a {type(data).__name__}"
