"""The access token: fetched once for all threads, refreshed before it ends, never shown."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recon.errors import ReconError, Refused, Stop, Unticked
from recon.systems.severa_call import Answer, Call, body

EARLY = 60.0  # seconds before its end at which a token is refreshed, at most a fifth of its life


@dataclass(frozen=True, slots=True)
class Held:
    """A token in hand; times in seconds of the process's own clock."""

    access: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
    ends: float = float("-inf")
    refresh_ends: float = float("-inf")
    scopes: frozenset[str] = frozenset()


class Token:
    """Gives the bearer for each call. `send` does the HTTP call that fetches one."""

    def __init__(
        self,
        credentials: tuple[str, str],
        scopes: Sequence[str],
        send: Callable[[Call], Answer],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._credentials, self._wanted = credentials, tuple(scopes)
        self._send, self._clock = send, clock
        self._lock = threading.Lock()
        self._held = Held()

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes granted with the present token."""
        return self._held.scopes

    def bearer(self) -> str:
        """A valid access token; while one thread fetches it the others wait for the same one."""
        with self._lock:
            if self._clock() >= self._held.ends:
                self._held = self._renewed()
            return self._held.access

    def reject(self, bearer: str) -> None:
        """Severa did not accept this one: it is not used again (a newer one stays)."""
        with self._lock:
            if bearer == self._held.access:
                self._held = Held(scopes=self._held.scopes)

    def _renewed(self) -> Held:
        if self._held.refresh and self._clock() < self._held.refresh_ends:
            try:
                return self._fetch("/v1/refreshtoken", self._held.refresh)
            except Refused:
                self._held = Held()  # a refresh token may be withdrawn: the credentials still count
        return self._granted()

    def _granted(self) -> Held:
        """A token for all scopes wanted, or for those that only read: it is not known whether
        Severa gives a token for less than was asked for, or none."""
        reading = tuple(scope for scope in self._wanted if scope.endswith(":read"))
        try:
            return self._fetch("/v1/token", self._request(self._wanted))
        except Unticked:
            if len(reading) in (0, len(self._wanted)):
                raise
            return self._fetch("/v1/token", self._request(reading))

    def _request(self, scopes: Sequence[str]) -> dict[str, str]:
        name, secret = self._credentials
        asked = {"client_id": name, "client_secret": secret}
        return {**asked, "scope": " ".join(scopes)} if scopes else asked

    def _fetch(self, path: str, content: Any) -> Held:
        call = Call("POST", path, "token", body=body(content), safe=True, open=True)
        now = self._clock()
        data = self._send(call).data
        if not isinstance(data, Mapping) or not data.get("access_token"):
            raise no_token(call)
        life = _seconds(data.get("access_token_expires_in"), 300.0)
        return Held(
            str(data["access_token"]),
            str(data.get("refresh_token") or ""),
            now + life - min(EARLY, life / 5),
            now + _seconds(data.get("refresh_token_expires_in"), 0.0),
            frozenset(filter(None, re.split(r"[,\s]+", str(data.get("scope") or "")))),
        )


def no_token(call: Call) -> ReconError:
    """The stop for a token answer that holds no token."""
    return Stop(
        "Severa gave no access token",
        where=call.where,
        todo="Check client_id and client_secret under [severa] in the profile",
    )


def _seconds(value: Any, otherwise: float) -> float:
    try:
        return max(0.0, float(value))
    except (TypeError, ValueError):
        return otherwise
