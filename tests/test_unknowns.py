"""Lost answers: looked for, adopted or sent again; never a second time blindly."""

from __future__ import annotations

from collections import Counter

import pytest

from recon import flow
from recon.sandbox import acts_global, acts_severa
from recon.shapes import Decision
from tests.company import onboarded

pytestmark = pytest.mark.slow
POST = {"methods": ["POST"], "path": "^/v1/customers$", "at": 1}
LOST = [
    pytest.param(
        {**POST, "action": "lose", "when": "after"}, id="connection lost after the effect"
    ),
    pytest.param({**POST, "action": "lose", "when": "before"}, id="connection lost before it"),
    pytest.param({**POST, "action": "lose", "when": "mid"}, id="connection lost in mid-answer"),
    pytest.param({**POST, "action": "status", "status": 500}, id="500 after the effect"),
    pytest.param(
        {**POST, "action": "status", "status": 503, "when": "before"}, id="503 before the effect"
    ),
    pytest.param({**POST, "action": "status", "status": 408}, id="408 after the effect"),
    pytest.param({**POST, "action": "cut"}, id="half of the JSON"),
    pytest.param({**POST, "action": "html"}, id="a web page instead of JSON"),
]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with onboarded(tmp_path_factory.mktemp("unknowns")) as company:
        yield company


def new_customer(sandbox, name):
    return sandbox.acts(
        lambda w: acts_global.create_customer(w, {**acts_global.NEW_CUSTOMER, "Name": name})
    )


def named(sandbox, name):
    rows = sandbox.acts(lambda w: acts_severa.documents(w, "customers"))
    return [row["guid"] for row in rows if row["name"] == name]


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_leads_to_one_record(sandbox, fault, request):
    name = f"Tapt Svar {request.node.callspec.id} AS"
    number = new_customer(sandbox, name)
    sandbox.fault(fault)
    facts = sandbox.sync()
    sandbox.fault()
    found = named(sandbox, name)
    assert len(found) == 1
    row = sandbox.acts(lambda w: acts_global.rows(w, "Customer", CustomerNo=number))[0]
    assert row["SeveraGUID"] == found[0]
    assert facts.unknowns == ()
    assert {state for _, state, _ in facts.operations} == {"done"}
    assert sandbox.sync().operations == ()


def test_nothing_is_sent_again_before_two_looks_at_what_severa_holds_now(sandbox):
    """A look is a read made after the sending; what was read before it proves nothing."""
    name = "To Blikk AS"
    new_customer(sandbox, name)
    sandbox.fault({**POST, "action": "lose", "when": "before"})
    facts = sandbox.sync()
    sandbox.fault()
    assert len(named(sandbox, name)) == 1
    assert facts.calls["lookup"] == 2
    assert facts.calls["create"] >= 2


def test_an_edit_made_while_the_answer_was_lost_is_seen_as_one(sandbox):
    """The base is what was sent, so a user's edit of our new record transfers or is drift."""
    name = "Endret Imens AS"
    number = new_customer(sandbox, name)
    sandbox.fault({**POST, "action": "status", "status": 500})
    sandbox.sync()
    sandbox.fault()
    (guid,) = named(sandbox, name)
    sandbox.acts(lambda w: acts_severa.edit(w, "customers", guid, {"email": "ny@der.example"}))
    sandbox.sync()
    row = sandbox.acts(lambda w: acts_global.rows(w, "Customer", CustomerNo=number))[0]
    assert row["EmailAddress"] == "ny@der.example"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_patch_is_compared_not_repeated_blindly(sandbox, when):
    sandbox.settings(lambda text: text.replace('customer = "severa"', 'customer = "global"'))
    with sandbox.open(entities=("customer",)) as bench:
        link = next(one for one in flow.links(bench) if "email" in one["base"]["global"])
    email = f"{when}@patch.example"
    sandbox.acts(
        lambda w: acts_global.edit(w, "Customer", int(link["key"]), {"EmailAddress": email})
    )
    sandbox.fault({"methods": ["PATCH"], "action": "lose", "when": when, "path": "^/v1/customers"})
    sandbox.sync()
    sandbox.fault()
    sandbox.sync()
    record = sandbox.acts(lambda w: w.severa.one("customers", link["guid"]))
    assert record["email"] == email
    assert sandbox.sync().operations == ()


def test_two_of_the_same_are_adopted_by_count(sandbox):
    """Two equal contacts whose answers are both lost are two records, not four and not one."""
    number = new_customer(sandbox, "To Like AS")
    for _ in range(2):
        values = {"CustomerNo": number, "Name": "Anne Like"}
        sandbox.acts(lambda w, v=values: acts_global.create(w, "Contact", v))
    lost = {"methods": ["POST"], "path": "^/v1/contactpersons", "action": "status", "status": 500}
    sandbox.fault({**lost, "times": 2})
    sandbox.sync()
    sandbox.fault()
    sandbox.sync()
    rows = sandbox.acts(lambda w: acts_severa.documents(w, "contactpersons"))
    names = Counter(row["name"] for row in rows)
    assert names["Anne Like"] == 2
    assert sandbox.sync().operations == ()


def test_what_another_lost_create_made_is_not_taken_for_ours(sandbox):
    """Two customers share an e-mail address; of their two lost calls only the second happened."""
    names = ["Felles Post Første AS", "Felles Post Andre AS"]
    numbers = [new_customer(sandbox, name) for name in names]
    for number in numbers:
        values = {"EmailAddress": "felles@post.example"}
        sandbox.acts(lambda w, n=number, v=values: acts_global.edit(w, "Customer", n, v))
    sandbox.fault(
        {**POST, "action": "lose", "when": "before"}, {**POST, "action": "status", "at": 2}
    )
    sandbox.sync()
    sandbox.fault()
    sandbox.sync()
    for number, name in zip(numbers, names, strict=True):
        row = sandbox.acts(lambda w, n=number: acts_global.rows(w, "Customer", CustomerNo=n))[0]
        assert [row["SeveraGUID"]] == named(sandbox, name)
    assert sandbox.sync().operations == ()


def test_what_a_person_called_different_is_not_adopted(sandbox):
    name, email = "Avvist Par AS", "avvist@post.example"
    number = new_customer(sandbox, name)
    sandbox.acts(lambda w: acts_global.edit(w, "Customer", number, {"EmailAddress": email}))
    body = {"name": "Et Annet Firma AS", "email": email}
    other = sandbox.acts(lambda w: acts_severa.create_customer(w, body))
    sandbox.sync()
    with sandbox.open() as bench:
        pair = ("customer", str(number), other)
        flow.decide(bench, Decision(*pair, "different", "controller", "", "", ("", "")))
    sandbox.fault({**POST, "action": "lose", "when": "before"})
    sandbox.sync()
    sandbox.fault()
    row = sandbox.acts(lambda w: acts_global.rows(w, "Customer", CustomerNo=number))[0]
    assert [row["SeveraGUID"]] == named(sandbox, name)


def test_what_was_there_before_the_sending_is_not_taken_for_it(sandbox):
    """Two e-mail addresses of a contact stood in Severa before a third was lost."""
    number = new_customer(sandbox, "Tre Adresser AS")
    values = {"CustomerNo": number, "Name": "Kari Tre"}
    contact = sandbox.acts(lambda w: acts_global.create(w, "Contact", values))
    sandbox.sync()
    row = sandbox.acts(lambda w: acts_global.rows(w, "Contact", ContactNo=contact))[0]
    guid = row["SeveraGUID"]
    for name in ("en", "to"):
        mail = f"{name}@tre.example"
        sandbox.acts(lambda w, m=mail: acts_severa.add_communication(w, guid, "EmailAddress", m))
    new = {"EmailAddress": "tre@tre.example"}
    sandbox.acts(lambda w: acts_global.edit(w, "Contact", contact, new))
    path = "^/v1/contactcommunications$"
    sandbox.fault({"methods": ["POST"], "path": path, "action": "lose", "when": "before"})
    facts = sandbox.sync()
    sandbox.fault()
    assert facts.unknowns == ()
    rows = sandbox.acts(lambda w: acts_severa.documents(w, "contactcommunications"))
    mails = [r["value"] for r in rows if r["contact"]["guid"] == guid]
    assert sorted(mails) == ["en@tre.example", "to@tre.example", "tre@tre.example"]
    assert sandbox.sync().operations == ()


def test_the_number_of_a_deleted_row_is_given_to_no_other(sandbox):
    """Global counts contacts by the biggest number: a deleted one's link must stand."""
    number = new_customer(sandbox, "Slettet Kontakt AS")
    values = {"CustomerNo": number, "Name": "Siste Kontakt"}
    gone = sandbox.acts(lambda w: acts_global.create(w, "Contact", values))
    sandbox.sync()
    customer = sandbox.acts(lambda w: acts_global.rows(w, "Customer", CustomerNo=number))[0]
    with sandbox.open() as bench:
        guid = bench.links.of("contact", "global", str(gone)).guid
    sandbox.acts(lambda w: acts_global.vanish(w, "Contact", gone))
    body = {"firstName": "Ny", "lastName": "Kontakt"}
    theirs = customer["SeveraGUID"]
    new = sandbox.acts(lambda w: acts_severa.create_contact(w, theirs, body))
    sandbox.sync()
    with sandbox.open() as bench:
        assert bench.links.of("contact", "global", str(gone)).guid == guid
        assert bench.links.of("contact", "severa", new).key not in (None, str(gone))
    assert sandbox.sync().operations == ()
