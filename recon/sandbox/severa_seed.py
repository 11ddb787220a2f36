"""Laying a new organisation: given documents completed, checked against the contract, and kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from recon.errors import ReconError, Usage
from recon.sandbox.severa_access import credentials_note
from recon.sandbox.severa_contract import contract
from recon.sandbox.severa_documents import Doc, moment, stamp
from recon.sandbox.severa_organisation import Organisation, references
from recon.sandbox.severa_rules import guid_of
from recon.sandbox.severa_totals import totals

DATABASE = "severa.db"
BESIDE = frozenset({"guidconversions"})
TIMES = ("createdDateTime", "lastUpdatedDateTime", "deletedDateTime")


def create(
    directory: Path, documents: Mapping[str, Iterable[Doc]], credentials: Mapping[str, str]
) -> None:
    """Lay severa.db with these documents, by collection, in the API's own output form.

    What is missing is completed: guids, audit fields, defaults, root phases, invoice settings and
    totals. `guidconversions` holds {guid, converted} of an older API. `credentials` has client_id
    and client_secret. `Usage` where a database is there already, or a document breaks the contract.
    """
    path = directory / DATABASE
    if path.exists():
        raise Usage("There is a Severa sandbox already", where=str(path), todo="Use another folder")
    directory.mkdir(parents=True, exist_ok=True)
    organisation = Organisation(path, contract())
    try:
        _lay(organisation, documents)
        organisation.documents.set_note(
            "credentials", credentials_note(credentials["client_id"], credentials["client_secret"])
        )
        organisation.documents.commit()
    except ReconError:
        organisation.documents.close()
        _remove(path)
        raise
    organisation.documents.close()


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _lay(organisation: Organisation, documents: Mapping[str, Iterable[Doc]]) -> None:
    for collection, docs in documents.items():
        if not organisation.knows(collection) and collection not in BESIDE:
            raise _wrong(collection, "", "there is no such list in the contract")
        for number, doc in enumerate(docs):
            organisation.documents.put(collection, _whole(organisation, collection, doc, number))
    for project in list(organisation.documents.all("projects")):
        _with_root_phase(organisation, project)
    for invoice in list(organisation.documents.all("invoices")):
        _with_settings(organisation, invoice)
    for collection in organisation.documents.collections:
        _check(organisation, collection)


def _whole(organisation: Organisation, collection: str, doc: Doc, number: int) -> Doc:
    if collection in BESIDE:
        return dict(doc)
    made: Doc = {"guid": _guid(f"{collection}/{number}"), "createdDateTime": None} | doc
    made["createdDateTime"] = made["createdDateTime"] or stamp(organisation.now())
    for name in TIMES:
        if made.get(name):
            made[name] = stamp(moment(made[name]))
    return organisation.complete(collection, made)


def _guid(text: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, text))


def _with_root_phase(organisation: Organisation, project: Doc) -> None:
    made = dict.fromkeys(("~salesStatusChanged", "~projectStatusChanged"), _changed(project))
    if not guid_of(project, "rootPhase"):
        guid = _guid(f"root/{project['guid']}")
        phase = {
            "guid": guid,
            "name": project["name"],
            "project": {"guid": project["guid"]},
            "createdDateTime": project["createdDateTime"],
        }
        organisation.documents.put("phases", organisation.complete("phases", phase))
        made |= {"rootPhase": {"guid": guid}}
    organisation.documents.put("projects", project | made)


def _changed(doc: Doc) -> Any:
    return doc.get("lastUpdatedDateTime") or doc["createdDateTime"]


def _with_settings(organisation: Organisation, invoice: Doc) -> None:
    documents, guid = organisation.documents, invoice["guid"]
    if not documents.by("invoicesettings", "invoiceGuid", guid):
        made = {
            "guid": _guid(f"settings/{guid}"),
            "invoiceGuid": guid,
            "createdDateTime": invoice["createdDateTime"],
            "paymentDate": invoice.get("paymentDate"),
        }
        documents.put("invoicesettings", organisation.complete("invoicesettings", made))
    if invoice.get("totalExcludingTax") is None:
        documents.put("invoices", invoice | totals(organisation, invoice))


def _check(organisation: Organisation, collection: str) -> None:
    """Every document as it would be answered, and every guid that it points to."""
    if collection in BESIDE:
        return
    model = organisation.model(collection)
    for doc in organisation.documents.all(collection):
        made = organisation.models.render(collection, doc, model)
        if not organisation.contract.valid(model, made):
            faults = organisation.contract.faults(model, made)
            why = "; ".join(f"{fault.field}: {fault.message}" for fault in faults)
            raise _wrong(collection, doc["guid"], why)
        for target, guid, field in references(collection, doc):
            known = organisation.documents
            if guid and known.holds(target) and known.get(target, guid) is None:
                raise _wrong(collection, doc["guid"], f"{field} points to nothing")


def _wrong(collection: str, guid: str, why: str) -> Usage:
    return Usage(
        f"A sandbox document breaks Severa's contract: {why}",
        where=f"{collection} {guid}".strip(),
        todo="Correct the documents that are given to the sandbox",
    )
