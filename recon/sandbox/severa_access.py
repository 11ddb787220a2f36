"""Tokens and scopes. Tokens are signed, not stored: they live on when the server is restarted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.exceptions import HTTPException

from recon.sandbox.severa_contract import Contract, Operation
from recon.sandbox.severa_documents import stamp
from recon.sandbox.severa_organisation import Organisation
from recon.sandbox.severa_switches import rejected

REFRESH_LIFE_S = 14 * 24 * 3600.0
OPEN = frozenset({"/v1/token", "/v1/refreshtoken", "/v1/signout"})
NO_TOKEN = OPEN | {"/heartbeat/server", "/heartbeat/database"}


def credentials_note(client_id: str, client_secret: str) -> dict[str, str]:
    """What is kept of credentials: never the secret itself."""
    salt = secrets.token_hex(8)
    return {"client_id": client_id, "salt": salt, "hash": _hash(salt, client_secret)}


def token(organisation: Organisation, body: Mapping[str, Any]) -> dict[str, Any]:
    """An access and a refresh token for right credentials, 401 else."""
    note = organisation.documents.note("credentials") or {}
    wrong = not hmac.compare_digest(
        _hash(str(note.get("salt")), body["client_secret"]), str(note.get("hash"))
    )
    if wrong or body["client_id"] != note.get("client_id"):
        raise _unauthorised("The client id or the client secret is wrong")
    wanted = str(body.get("scope") or "").replace(",", " ").split()
    allowed = all_scopes(organisation.contract) - set(organisation.switches.missing_scopes)
    if organisation.switches.strict_scopes and (beyond := sorted(set(wanted) - allowed)):
        raise rejected(403, "InsufficientApiScope", f"Not granted: {', '.join(beyond)}", "scope")
    granted = allowed & set(wanted) if wanted else allowed
    return _answer(organisation, body["client_id"], sorted(granted))


def refreshed(organisation: Organisation, sent: str) -> dict[str, Any]:
    """A new pair of tokens for a refresh token that is still good, 401 else."""
    claims = _claims(organisation, sent, "refresh")
    scopes = set(claims["scopes"]) - set(organisation.switches.missing_scopes)
    return _answer(organisation, claims["client"], sorted(scopes))


def admit(organisation: Organisation, operation: Operation, headers: Mapping[str, str]) -> None:
    """Let a call pass, or raise: 401 without a good token, 403 naming the scope that lacks."""
    if operation.template in NO_TOKEN:
        return
    kind, _, sent = headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not sent:
        raise _unauthorised("A bearer token is needed", "header:Authorization")
    claims = _claims(organisation, sent.strip(), "access")
    if headers.get("client_id") != claims["client"]:
        raise _unauthorised("The client id must be sent with every call", "header:client_id")
    lacking = set(operation.scopes) - set(claims["scopes"])
    lacking |= set(operation.scopes) & set(organisation.switches.missing_scopes)
    for scope in sorted(lacking):
        text = f"The operation needs the scope {scope}"
        raise rejected(403, "InsufficientApiScope", text, f"header:{scope}")


def all_scopes(contract: Contract) -> set[str]:
    """Every scope that an operation of the contract needs."""
    return {scope for operation in contract.operations for scope in operation.scopes}


def _answer(organisation: Organisation, client: str, scopes: list[str]) -> dict[str, Any]:
    life, now = organisation.switches.token_life_s, organisation.now()
    longer = max(REFRESH_LIFE_S, life)
    return {
        "access_token": _signed(organisation, client, scopes, "access"),
        "scope": " ".join(scopes),
        "refresh_token": _signed(organisation, client, scopes, "refresh"),
        "refresh_token_expires_in": longer,
        "refresh_token_expires_utc": stamp(now + timedelta(seconds=longer)),
        "access_token_type": "Bearer",
        "access_token_expires_in": life,
        "access_token_expires_utc": stamp(now + timedelta(seconds=life)),
    }


def _signed(organisation: Organisation, client: str, scopes: list[str], use: str) -> str:
    life = organisation.switches.token_life_s if use == "access" else REFRESH_LIFE_S
    until = organisation.now().timestamp() + life
    claims = {"client": client, "scopes": scopes, "use": use, "until": until}
    claims["nonce"] = secrets.token_hex(4)
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{body}.{_signature(organisation, body)}"


def _claims(organisation: Organisation, sent: str, use: str) -> dict[str, Any]:
    body, _, signature = sent.partition(".")
    right = _signature(organisation, body).encode()
    if not hmac.compare_digest(right, signature.encode("utf-8", "replace")):
        raise _unauthorised("The token is not valid", "header:Authorization")
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    if claims["use"] != use or claims["until"] <= organisation.now().timestamp():
        raise _unauthorised("The token is no longer valid", "header:Authorization")
    return claims


def _signature(organisation: Organisation, body: str) -> str:
    secret = organisation.documents.note("signing")
    if secret is None:
        secret = secrets.token_hex(32)
        organisation.documents.set_note("signing", secret)
    return hmac.new(secret.encode(), body.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _hash(salt: str, secret: str) -> str:
    return hashlib.sha256((salt + secret).encode("utf-8", "replace")).hexdigest()


def _unauthorised(message: str, field: str = "") -> HTTPException:
    return rejected(401, "AuthenticationRequired", message, field)
