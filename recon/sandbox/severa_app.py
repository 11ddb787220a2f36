"""The ASGI application: quota, tokens, latency and faults around the calls of one organisation."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from recon.sandbox import faults, severa_access
from recon.sandbox.faults import Rule
from recon.sandbox.severa_calls import JSON, Answer, Call, answer, operation_of
from recon.sandbox.severa_log import Log, Quota
from recon.sandbox.severa_organisation import Organisation
from recon.sandbox.severa_switches import problem

PREFIX = "/rest-api"
HTML = {"content-type": "text/html; charset=utf-8"}
PAGE = b"<html><head><title>Service</title></head><body><h1>Please try again</h1></body></html>"
FULL = "API calls quota exceeded! maximum admitted {quota} per 1s."
CLOSING = ("kill", "lose")


@dataclass
class Service:
    """One running server: the organisation, what was seen of it, and the faults in wait."""

    organisation: Organisation
    log: Log = field(default_factory=Log)
    quota: Quota = field(default_factory=Quota)
    faults: list[Rule] = field(default_factory=list)
    connections: dict[Any, asyncio.Transport] = field(default_factory=dict)
    used: float = field(default_factory=time.monotonic)
    chance: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self.reseed()

    def reseed(self) -> None:
        """Begin the row of random latencies anew, from the seed."""
        self.chance.seed(self.organisation.switches.seed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request of the API."""
        self.used = time.monotonic()
        call = await _call(scope, receive)
        rule, made = await self._served(call)
        self.log.call(self._name(call), made.status)
        peer = scope.get("client")
        closing = rule if rule and rule.action in CLOSING else None
        if closing is None:
            await self._send(send, made, made.body)
        else:
            await self._break(send, closing, made, tuple(peer or ()))

    async def _served(self, call: Call) -> tuple[Rule | None, Answer]:
        """The answer to a call, and the fault that it suffers."""
        refusal = self._refusal(call)
        if refusal is not None:
            return None, refusal
        rule = faults.hit(self.faults, call.method, call.path)
        low, high = self.organisation.switches.latency_ms
        wait = self.chance.uniform(low, high) / 1000
        share = self.chance.random()
        await asyncio.sleep(wait * share)
        if rule and rule.when == "before":
            if rule.action == "delay":
                await asyncio.sleep(rule.seconds)
            elif rule.action not in ("cut", "huge"):
                return rule, _spoilt(rule, Answer(200))
        made = answer(self.organisation, self.log, call)
        if rule and rule.when != "before" and rule.action == "delay":
            await asyncio.sleep(rule.seconds)
        await asyncio.sleep(wait * (1 - share))
        return rule, _spoilt(rule, made) if rule else made

    def _refusal(self, call: Call) -> Answer | None:
        """What keeps a call out: the quota (before all else), a bad token, a missing scope."""
        switches = self.organisation.switches
        if not self.quota.admit(time.monotonic(), switches, self.log):
            text = FULL.format(quota=switches.quota)
            wait = switches.retry_after
            again = {} if wait is None else {"Retry-After": str(wait)}
            return _problem(429, "InvalidRequest", text, again)
        try:
            operation, _path = operation_of(self.organisation, call)
            severa_access.admit(self.organisation, operation, call.headers)
        except HTTPException as refused:
            if refused.status_code in (404, 405):
                self.log.violation("request", f"{call.method} {call.path}", refused.detail)
            return Answer(refused.status_code, refused.detail.encode(), JSON)
        return None

    def _name(self, call: Call) -> str:
        try:
            return operation_of(self.organisation, call)[0].name
        except HTTPException:
            return "unknown"

    async def _send(self, send: Send, made: Answer, part: bytes) -> None:
        """Send an answer, or the first part of it: the length is always that of the whole."""
        headers = {
            "date": format_datetime(self.organisation.now(), usegmt=True),
            "content-length": str(len(made.body)),
            **made.headers,
        }
        if made.status == 204:
            del headers["content-length"]
        pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": made.status, "headers": pairs})
        more = part != made.body
        await send({"type": "http.response.body", "body": part, "more_body": more})

    async def _break(self, send: Send, rule: Rule, made: Answer, peer: Any) -> None:
        """Kill if so wanted, and close the connection without an answer, or with half of it."""
        if rule.when == "mid":
            await self._send(send, made, made.body[: len(made.body) // 2])
            await asyncio.sleep(0.01)
        if rule.action == "kill" and rule.pid is not None:
            faults.kill(rule.pid)
        transport = self.connections.get(peer)
        if transport is not None:
            transport.abort()
        await asyncio.sleep(0.01)


def _spoilt(rule: Rule, made: Answer) -> Answer:
    """The answer as a fault leaves it."""
    if rule.action == "status":
        return _problem(rule.status, "InternalSystemError", "The service is not available", {})
    if rule.action == "html":
        return Answer(200, PAGE, HTML)
    if rule.action == "cut":
        return Answer(made.status, made.body[: len(made.body) // 2], made.headers)
    if rule.action == "huge":
        body = json.dumps(faults.huge(json.loads(made.body or b"null"))).encode()
        return Answer(made.status, body, made.headers)
    return made


def _problem(status: int, kind: str, text: str, headers: dict[str, str]) -> Answer:
    return Answer(status, json.dumps(problem(status, kind, text)).encode(), {**JSON, **headers})


async def _call(scope: Scope, receive: Receive) -> Call:
    """The request as a call: prefix off, /v1.0 as /v1, the body whole."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    path = str(scope["path"]).removeprefix(PREFIX)
    if path.startswith("/v1.0/"):
        path = "/v1/" + path.removeprefix("/v1.0/")
    return Call(
        method=str(scope["method"]).lower(),
        path=path,
        query=parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True),
        headers={n.decode("latin-1").lower(): v.decode("latin-1") for n, v in scope["headers"]},
        body=bytes(body),
    )
