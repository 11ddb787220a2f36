"""The sandbox's own door beside the API: switches, faults, log, documents. Loopback only."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from recon.sandbox import faults
from recon.sandbox.severa_app import PREFIX, Service
from recon.sandbox.severa_calls import Call, answer
from recon.sandbox.severa_documents import Doc
from recon.sandbox.severa_invoices import credit_note
from recon.sandbox.severa_log import Log

DOOR = "/__sandbox__"
LOOPBACK = ("127.0.0.1", "::1")


def application(service: Service, directory: str, stop: Callable[[], None]) -> ASGIApp:
    """The whole server: the API, and the sandbox's door. The API gets every path under its prefix
    (a pattern of the router's would lose one with a line break in it)."""
    door = Door(service, directory, stop)

    async def endpoint(request: Request) -> Response:
        return await door.open(request)

    doors = Starlette(routes=[Route(DOOR + "/{name}", endpoint, methods=["GET", "POST", "DELETE"])])

    async def whole(scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and str(scope["path"]).startswith(PREFIX + "/")
        await (service if ours else doors)(scope, receive, send)

    return whole


class Door:
    """What can be asked and told: GET shows, POST sets, DELETE clears."""

    def __init__(self, service: Service, directory: str, stop: Callable[[], None]) -> None:
        self._service, self._directory, self._stop = service, directory, stop

    async def open(self, request: Request) -> Response:
        """Serve one request; 400 says what is wrong with it, 404 that there is no such thing."""
        self._service.used = time.monotonic()
        client = request.client
        if client is None or client.host not in LOOPBACK:
            return JSONResponse({"error": "Only this machine may do that"}, 403)
        do = getattr(self, f"_{request.method.lower()}_{request.path_params['name']}", None)
        if do is None:
            return JSONResponse({"error": "There is no such thing"}, 404)
        try:
            sent = json.loads(await request.body() or b"null")
            return JSONResponse(do(sent))
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": str(error)}, 400)

    def _get_health(self, _sent: Any) -> Any:
        return {"pid": os.getpid(), "directory": self._directory}

    def _get_log(self, _sent: Any) -> Any:
        return self._service.log.plain()

    def _delete_log(self, _sent: Any) -> Any:
        self._service.log = Log()
        return {}

    def _get_switches(self, _sent: Any) -> Any:
        return self._service.organisation.switches.plain()

    def _post_switches(self, sent: Any) -> Any:
        self._service.organisation.set_switches(sent)
        if "seed" in sent:
            self._service.reseed()
        return self._get_switches(sent)

    def _get_faults(self, _sent: Any) -> Any:
        known = self._service.faults
        return [rule.model_dump() | {"seen": rule.seen} for rule in known]

    def _post_faults(self, sent: Any) -> Any:
        """Replace all rules; their counts begin anew."""
        self._service.faults = faults.rules(sent)
        return self._get_faults(sent)

    def _delete_faults(self, _sent: Any) -> Any:
        self._service.faults = []
        return []

    def _get_dump(self, _sent: Any) -> Any:
        """All documents as the API would show them, by collection."""
        documents = self._service.organisation.documents
        return {name: self._collection(name) for name in documents.collections}

    def _collection(self, name: str) -> list[Doc]:
        organisation = self._service.organisation
        docs = organisation.documents.all(name)
        if not organisation.knows(name):
            return list(docs)
        model = organisation.model(name)
        return [organisation.models.render(name, doc, model) for doc in docs]

    def _post_call(self, sent: Any) -> Any:
        """Do a call as a user of Severa would: without token, quota, latency and faults."""
        query = {n: v if isinstance(v, list) else [v] for n, v in sent.get("query", {}).items()}
        headers = {"content-type": "application/json"}
        body = json.dumps(sent.get("body")).encode() if "body" in sent else b""
        call = Call(sent["method"].lower(), sent["path"], query, headers, body)
        made = asdict(answer(self._service.organisation, self._service.log, call))
        made["body"] = json.loads(made["body"]) if made["body"] else None
        return made

    def _post_calls(self, sent: Any) -> Any:
        """Do many calls as `call` does, in order; one answer each."""
        return [self._post_call(one) for one in sent]

    def _post_credit(self, sent: Any) -> Any:
        """Draft the credit note of an invoice ({"invoice": guid, "date": day or left out}), for
        which the API has no call; what is answered is the note, or {"refused": …}."""
        organisation = self._service.organisation
        try:
            made = credit_note(organisation, sent["invoice"], sent.get("date"))
            organisation.documents.commit()
        except HTTPException as refused:
            organisation.documents.rollback()
            return {"refused": json.loads(refused.detail)}
        return organisation.models.render("invoices", made, organisation.model("invoices"))

    def _post_stop(self, _sent: Any) -> Any:
        self._stop()
        return {}
