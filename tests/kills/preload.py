"""Imported once by the process that all clients and servers are forked from, so that both start
at once: modules are loaded, and the contract's checks of answers are compiled."""

from __future__ import annotations

import pytest
import uvicorn
import uvicorn.protocols.http.h11_impl

import recon.cli.app
import recon.flow
import recon.sandbox.severa_app
import recon.sandbox.severa_control
import recon.sandbox.severa_organisation
import recon.sandbox.severa_server
import tests.kills.harness
import tests.kills.two
from recon.sandbox.severa_contract import contract

__all__ = ["pytest", "recon", "tests", "uvicorn"]


def warm() -> None:
    """Compile the checks of all lists' answers and of all bodies."""
    known = contract()
    for operation in known.operations:
        if operation.answer and operation.collection in COLLECTIONS:
            known.valid(operation.answer.get("items", operation.answer), {})
        if operation.body and operation.collection in COLLECTIONS:
            known.faults(operation.body, {})


COLLECTIONS = frozenset(
    "businessunits users products travelexpensetypes worktypes customers addresses "
    "contactpersons contactcommunications projects projectbillingcustomers countries "
    "currencies communicationtypes token convert".split()
)
warm()
