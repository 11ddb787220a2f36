"""The doctor's questions about what the profile says of articles: types, kinds, VAT rates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.sql import Executable

from recon import money
from recon.doctor import lists
from recon.doctor.verdict import Verdict, failed, fine
from recon.reference import Reference, statements
from recon.settings import Profile

Read = Callable[[Executable], list[dict[str, Any]]]


def types(profile: Profile, read: Read, name: str) -> Iterator[Verdict]:
    """Are the article types there that the profile names?"""
    chosen = profile.transfer
    known = {int(row["key"]) for row in read(lists.statements()["article_types"])}
    missing = sorted({*chosen.article_types, *chosen.article_kinds} - known)
    if missing:
        todo = "Correct article_types and article_kinds under [transfer] in the profile"
        yield failed(name, f"There is no article type {', '.join(map(str, missing))}", todo)
    else:
        yield fine(name, f"Transferring: {', '.join(map(str, chosen.article_types)) or 'all'}")


def templates(profile: Profile, read: Read, name: str) -> Iterator[Verdict]:
    """Has each posting template the VAT rate for which the profile names it?"""
    lists = {table: read(statement) for table, statement in statements().items()}
    book = Reference.build({}, lists, profile.company.today())
    todo = "Correct posting_templates under [transfer] in the profile"
    for rate, template in profile.transfer.posting_templates.items():
        wanted, found = str(money.bare(rate)), book.from_global("vat_rate", template)
        title = f"{name}, {wanted} %"
        if found is None:
            yield failed(title, f"Posting template {template} is not there or has no rate", todo)
        elif found != wanted:
            yield failed(title, f"Posting template {template} has {found} %", todo)
        else:
            yield fine(title, f"Posting template {template}")
    if not profile.transfer.posting_templates:
        yield fine(name, "The profile names none, so only the usual one is used")
