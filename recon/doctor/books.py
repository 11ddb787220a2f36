"""The doctor's questions about what the profile says of documents: voucher types, articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from sqlalchemy import select

from recon.doctor import lists
from recon.doctor.means import Database
from recon.doctor.verdict import Verdict, failed, fine, warning
from recon.settings import Profile
from recon.systems.tables import article

BOOKS = "[global.books]"
LACKING: Mapping[str, str] = MappingProxyType(
    {
        "sales": "no invoice counts as paid",
        "credits": "a credit note with a type of its own stays sent",
        "payments": "no invoice counts as paid",
    }
)


def voucher_types(profile: Profile, database: Database, name: str) -> Iterator[Verdict]:
    """Are the voucher types there by which the ledgers are read?"""
    books = profile.global_.books
    named = {"sales": books.sales, "payments": books.payments, "credits": books.credits}
    rows = database.read(lists.voucher_types())
    known = {int(row["VoucherTypeNo"]): row.get("Name") or "" for row in rows}
    strange = sorted({n for several in named.values() for n in several} - set(known))
    empty = [word for word in LACKING if not named[word]]
    if strange:
        todo = f"Correct {BOOKS} in the profile"
        yield failed(name, f"There is no voucher type {', '.join(map(str, strange))}", todo)
    if empty:
        lacking = "; ".join(f"no {word}: {LACKING[word]}" for word in empty)
        text = f"{BOOKS} does not name all voucher types ({lacking})"
        yield warning(name, text, f"Name those of this installation ({_some(known)})")
    if not strange and not empty:
        parts = [f"{word} {', '.join(map(str, several))}" for word, several in named.items()]
        yield fine(name, f"By voucher types: {'; '.join(parts)}")


def suppliers(profile: Profile, database: Database, name: str) -> Iterator[Verdict]:
    """Are the voucher types of suppliers' invoices and the cost accounts there?"""
    named = profile.global_.books
    types = {
        int(row["VoucherTypeNo"]): row.get("Name") or ""
        for row in database.read(lists.voucher_types())
    }
    accounts = [int(row["GLAccountNo"]) for row in database.read(lists.accounts())]
    strange = sorted(set(named.suppliers) - set(types))
    empty = [ends for ends in named.cost_accounts if not _within(accounts, *ends)]
    faults = [f"there is no voucher type {n} (of those there are: {_some(types)})" for n in strange]
    faults += [f"no account lies in {low} to {high}" for low, high in empty]
    if faults:
        yield failed(name, "; ".join(faults), f"Correct {BOOKS} in the profile")
    else:
        count = sum(_within(accounts, *ends) for ends in named.cost_accounts)
        words = ", ".join(f"{n} {types[n]}".strip() for n in named.suppliers)
        yield fine(name, f"Voucher types {words}; {count} cost accounts")


def _within(numbers: Iterable[int], low: int, high: int) -> int:
    return sum(low <= number <= high for number in numbers)


def _some(known: dict[int, str]) -> str:
    shown = [f"{number} {name}".strip() for number, name in sorted(known.items())[:12]]
    return ", ".join(shown) or "Visma Global has none"


def articles(profile: Profile, database: Database, name: str) -> Iterator[Verdict]:
    """Are the articles there that stand on orders where a row's code leads to none?"""
    orders = profile.transfer.orders
    named: dict[str, str] = {str(kind): number for kind, number in orders.articles.items()}
    for key in ("text_article", "rounding_article"):
        if number := getattr(orders, key):
            named[key] = number
    wanted = sorted(set(named.values()))
    rows = database.read(
        select(article.c.ArticleNo, article.c.InActiveYesNo).where(article.c.ArticleNo.in_(wanted))
    )
    known = {str(row["ArticleNo"]).strip(): bool(row["InActiveYesNo"]) for row in rows}
    todo = "Correct articles under [transfer.orders] in the profile, or the article in Visma Global"
    faults = [f"{key}: there is no article {n}" for key, n in named.items() if n not in known]
    faults += [f"{key}: article {n} is inactive" for key, n in named.items() if known.get(n)]
    if faults:
        yield failed(name, "; ".join(faults), todo)
    elif orders.articles:
        yield fine(name, ", ".join(f"{key} {number}" for key, number in named.items()))
    else:
        text = "No default articles: a row whose code leads to no linked article holds its invoice"
        yield warning(name, text, "Name some in articles under [transfer.orders], if you want")
