"""A user of the sandbox's Severa: calls through the server's own door, without token or quota.

So what users do costs the company's API clients nothing, as it does with the real Severa.
"""

from __future__ import annotations

from typing import Any

from recon.errors import Refused
from recon.sandbox.severa_contract import contract

LARGEST_PAGE = 1000


class SeveraUser:
    """One user at the door of a running sandbox server; close it at the end."""

    def __init__(self, control_url: str) -> None:
        import httpx

        self._door = httpx.Client(base_url=control_url, timeout=300.0, trust_env=False)

    def close(self) -> None:
        """Give up the connection; the server lives on."""
        self._door.close()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Do one call of the API; its answer, None for an empty one. `Refused` says why not."""
        sent = {"method": method, "path": path, **({} if body is None else {"body": body})}
        return self._done(sent)["body"]

    def calls(self, several: list[dict[str, Any]]) -> list[Any]:
        """Do many calls ({method, path, body}) at once, in order: their answers. `Refused` at the
        first that failed, after all were tried."""
        answers = self._door.post("/calls", json=several).raise_for_status().json()
        return [_taken(*pair) for pair in zip(several, answers, strict=True)]

    def credit(self, invoice: str, day: str = "") -> dict[str, Any]:
        """Draft the credit note of an invoice, which the API cannot, of a day (today): the note.
        `Refused` says why not."""
        sent = {"invoice": invoice, **({"date": day} if day else {})}
        answer: dict[str, Any] = self._door.post("/credit", json=sent).json()
        if "refused" in answer:
            raise Refused(
                f"Severa's sandbox refused it: {_reason({'body': answer['refused']})}",
                where=f"invoice {invoice}",
                todo="Credit another invoice",
            )
        return answer

    def one(self, collection: str, guid: str) -> dict[str, Any]:
        """One record as it stands now."""
        found = self.call("GET", f"/v1/{collection}/{guid}")
        assert isinstance(found, dict)
        return found

    def all(self, collection: str) -> list[dict[str, Any]]:
        """Every record of a list, whichever kind of paging it has."""
        path = f"/v1/{collection}"
        paging, size = _paging(path)
        found: list[dict[str, Any]] = []
        query = {"rowCount": str(size)} if paging != "none" else {}
        while True:
            answer = self._done({"method": "GET", "path": path, "query": query})
            found += answer["body"]
            token = {n.lower(): v for n, v in answer["headers"].items()}.get("nextpagetoken")
            if token:
                query["pageToken"] = token
            elif paging == "rows" and len(answer["body"]) == size:
                query["firstRow"] = str(len(found))
            else:
                return found

    def _done(self, sent: dict[str, Any]) -> dict[str, Any]:
        response = self._door.post("/call", json=sent)
        answer: dict[str, Any] = response.json() if response.is_success else {"status": 500}
        _taken(sent, answer)
        return answer


def _taken(sent: dict[str, Any], answer: dict[str, Any]) -> Any:
    """The body of an answer; `Refused` where the call failed."""
    if not 200 <= answer["status"] < 300:
        raise Refused(
            f"Severa's sandbox refused it: {_reason(answer)}",
            where=f"{sent['method']} {sent['path']}",
            todo="Act on another record",
        )
    return answer.get("body")


def _paging(path: str) -> tuple[str, int]:
    known = contract().find(path)
    assert known, f"no list at {path}"
    operation = known[0]["get"]
    return operation.paging, operation.page_max or LARGEST_PAGE


def _reason(answer: dict[str, Any]) -> str:
    """The messages of an error answer."""
    try:
        details = answer["body"]["error"]["details"]
        return "; ".join(str(detail["message"]) for detail in details)
    except (KeyError, TypeError):
        return f"status {answer['status']}"
