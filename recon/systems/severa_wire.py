"""Sends one call as often as it is safe to: paced, counted, every outcome told apart.

A call that raises `Stop`, `Refused` or `NotDone` certainly did not have its effect; one that
raises `Unknown` may have had it.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from recon.effects import Effects
from recon.errors import ReconError, Unknown, Usage
from recon.systems.pacer import Gate
from recon.systems.severa_call import Answer, Call, utc
from recon.systems.severa_errors import (
    ADDRESS,
    TooBig,
    complaint,
    failed,
    lost,
    moved,
    refusal,
    rejected,
    unreadable,
    used_up,
)
from recon.systems.severa_private import drop
from recon.systems.severa_token import Token

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TRIES = 4
PATIENCE = 120.0  # seconds in which one call may be refused for its quota
LONGEST_PAUSE = 60.0  # a longer Retry-After is not waited for
LEFT = "send_request_headers.complete"  # what the HTTP library calls the moment
KEEP = 4.0  # idle connections are closed before servers do it: a reset would make a write unknown


@dataclass(slots=True)
class Meter:
    """What all threads count together."""

    calls: Counter[str] = field(default_factory=Counter)
    server_time: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, kind: str) -> None:
        """One more call of this kind was sent."""
        with self.lock:
            self.calls[kind] += 1

    def note(self, answer: Answer) -> None:
        """Keep the server's clock, as ISO text in UTC."""
        try:
            moment = parsedate_to_datetime(answer.headers.get("date", ""))
        except (TypeError, ValueError):
            return
        with self.lock:
            self.server_time = utc(moment)


@dataclass(frozen=True, slots=True)
class Again:
    """A call that may be sent again: why, the error if it may not, and how long to wait."""

    cause: str
    error: ReconError
    wait: float | None = None


@dataclass(slots=True)
class Patience:
    """How often and how long one call has been tried; raises when that is enough."""

    clock: Callable[[], float]
    lost: int = 0
    tokens: int = 0
    counted: str = ""
    since: float | None = None

    def spend(self, again: Again) -> float:
        """Count a failed try; gives the seconds to wait before the next one."""
        self.counted = "429" if again.cause == "quota" else "retry"
        if again.cause == "quota":  # the gate does the waiting
            self.since = self.since or self.clock()
            long = (again.wait or 0.0) > LONGEST_PAUSE or self.clock() - self.since > PATIENCE
            return _or_raise(again, 0.0, enough=long)
        if again.cause == "token":
            self.tokens += 1
            return _or_raise(again, 0.0, enough=self.tokens > 1)
        self.lost += 1
        backoff = max(0.5 * 2.0 ** (self.lost - 1), again.wait or 0.0)
        return _or_raise(again, min(backoff, 30.0), enough=self.lost >= TRIES)


@dataclass(frozen=True, slots=True)
class Means:
    """What the wire works with.

    `timeout` gives the seconds that one call may take now, `cap` is the biggest body in bytes.
    """

    effects: Effects
    gate: Gate
    timeout: Callable[[], float]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    cap: int = 200_000_000


class Wire:
    """Sends calls to one base address; safe to use from several threads."""

    def __init__(self, base_url: str, credentials: tuple[str, str], means: Means) -> None:
        self._means = means
        self._client_id, self._secret = credentials
        self.meter = Meter()
        self.host = checked(base_url, self._client_id)
        self._http = _client(base_url, self.host)

    def send(self, call: Call, token: Token | None = None) -> Answer:
        """The answer of a success (or of a 404 that the call takes), tried as often as is safe."""
        patience = Patience(self._means.clock)
        while True:
            outcome = self._attempt(call, token, patience.counted or call.kind)
            if isinstance(outcome, Answer):
                return outcome
            self._means.sleep(patience.spend(outcome))

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def _attempt(self, call: Call, token: Token | None, counted: str) -> Answer | Again:
        bearer = token.bearer() if token else ""
        sent = self._means.gate.wait()
        try:
            answer = self._effect(call, bearer, (counted, sent))
        except httpx.HTTPError as error:
            broken: httpx.HTTPError = error
        else:
            return self._judged(call, answer, (token, bearer, sent))
        return again(call, lost(call, broken, self.host), final=isinstance(broken, TooBig))

    def _judged(
        self, call: Call, answer: Answer, tried: tuple[Token | None, str, float]
    ) -> Answer | Again:
        token, bearer, sent = tried
        self.meter.note(answer)
        if answer.status == 429:
            if (answer.pause or 0.0) <= LONGEST_PAUSE:  # a longer one ends the run
                self._means.gate.slow(sent, answer.pause)
            return Again("quota", used_up(call), answer.pause)
        if answer.status == 401 and token:
            token.reject(bearer)
            return Again("token", rejected(call, answer))
        return judged(call, answer)

    def _effect(self, call: Call, bearer: str, turn: tuple[str, float]) -> Answer:
        def do() -> Answer:
            self.meter.count(turn[0])
            return self._exchange(call, bearer, turn[1])

        return self._means.effects.run("http", call.label, do, writes=not call.safe)

    def _exchange(self, call: Call, bearer: str, sent: float) -> Answer:
        limit = self._means.timeout()
        ends = self._means.clock() + limit
        request = self._request(call, bearer, limit)

        def trace(event: str, _info: Any) -> None:
            if event.endswith(LEFT):
                self._means.gate.left(sent)

        request.extensions["trace"] = trace
        response = self._http.send(request, stream=True)
        try:
            body = self._body(response, ends)
        finally:
            response.close()
        if response.status_code >= 400:
            body = hidden(body, (self._secret, bearer, call.body or "" if call.open else ""))
        return Answer(response.status_code, dict(response.headers), body)

    def _request(self, call: Call, bearer: str, limit: float) -> httpx.Request:
        headers = {"client_id": self._client_id}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        return self._http.build_request(
            call.method,
            call.path,
            params=call.params or None,
            content=None if call.body is None else call.body.encode(),
            headers=headers,
            timeout=httpx.Timeout(limit, connect=min(limit, 10.0)),
        )

    def _body(self, response: httpx.Response, ends: float) -> bytes:
        """The whole body; one that trickles in or has no end is given up."""
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > self._means.cap:
                raise TooBig(f"more than {self._means.cap} bytes")
            if self._means.clock() > ends:
                raise httpx.ReadTimeout("the body took too long")
        return b"".join(parts)


def judged(call: Call, answer: Answer) -> Answer | Again:
    """A success with its data; what may be tried again as `Again`; anything else is raised."""
    if call.may_miss and answer.status in (404, 410) and not answer.html:
        return answer
    if answer.status == 408 or answer.status >= 500:
        # Its message is not for us, and may quote what the server had in hand.
        said = complaint(answer).type
        what = f"Severa has a fault of its own{': ' + said if said else ''}"
        return again(call, failed(call, what, answer.status), wait=answer.pause)
    if answer.status >= 400:
        raise refusal(call, answer)
    if answer.status >= 300:
        raise moved(call)
    try:
        data = answer.json()
    except ValueError:
        data = Unread
    if data is Unread:
        return again(call, unreadable(call, answer), final=answer.html)
    return replace(answer, body=b"", data=data if call.open else drop(data))


class Unread:
    """Stands for the data of a body that is no JSON."""


def again(
    call: Call, error: ReconError, *, wait: float | None = None, final: bool = False
) -> Again:
    """Another try for what is safe or certainly was not done; everything else is raised."""
    if final or isinstance(error, Unknown):
        raise error
    return Again("lost", error, wait)


def hidden(body: bytes, secrets: tuple[str, ...]) -> bytes:
    """An error's body in which no secret stands, however the server echoes it."""
    for secret in secrets:
        for form in {secret, secret.strip('"'), json.dumps(secret)[1:-1]}:
            body = body.replace(form.encode(), b"***") if form else body
    return body


def checked(base_url: str, client_id: str) -> str:
    """The host of an address that calls may go to; `Usage` says what is wrong with it."""
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL()
    local = url.host in LOOPBACK
    fine = url.host and (url.scheme == "https" or (url.scheme == "http" and local))
    if not fine or url.query or url.path.rstrip("/").endswith(("/v1", "/v1.0")):
        raise Usage(
            "base_url is no address of Severa's API", where="[severa] base_url", todo=ADDRESS
        )
    if not client_id.isascii() or not client_id.isprintable() or not client_id:
        raise Usage(
            "client_id is empty or holds other signs than it should",
            where="[severa] client_id",
            todo="Copy it from Settings, REST API in Severa",
        )
    return url.host


def _client(base_url: str, host: str) -> httpx.Client:
    for name in ("httpx", "httpcore"):  # they log addresses, and at DEBUG the bearer
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx.Client(
        base_url=base_url,
        headers={"Accept": "application/json", "User-Agent": "recon"},
        limits=httpx.Limits(
            max_connections=32, max_keepalive_connections=16, keepalive_expiry=KEEP
        ),
        trust_env=host not in LOOPBACK,
        verify=httpx.URL(base_url).scheme == "https",  # without TLS there is nothing to verify
    )


def _or_raise(again: Again, wait: float, *, enough: bool) -> float:
    if enough:
        raise again.error
    return wait
