"""Can we work here? Rights, versions, scopes, company, schema, defaults and clocks, each with what
to do. Nothing is written, and a check that fails is a verdict, never an error."""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import partial

from recon.doctor import others
from recon.doctor.login import of_login
from recon.doctor.severa import ADDRESS as SEVERA
from recon.doctor.severa import of_severa
from recon.doctor.verdict import Verdict, asked
from recon.doctor.visma_global import ADDRESS as GLOBAL
from recon.doctor.visma_global import of_global
from recon.settings import Profile
from recon.systems.severa import Severa
from recon.systems.visma_global import VismaGlobal

__all__ = ["ORDER", "Verdict", "examine", "in_order"]

# What must be mended first stands first.
ORDER = (
    SEVERA,
    GLOBAL,
    "Global: login",
    "Global: version",
    "Global: tables and columns",
    "Global: rights to read",
    "Global: rights to write",
    "Global: SeveraGUID",
    "Severa: add-ons",
    "Severa: scopes",
    "Severa: scopes to read",
    "Severa: scopes to write",
    "Severa: company",
    "Global: user",
    "Global: currencies",
    "Severa: currencies",
    "Severa: communication types",
    "Severa: won statuses",
    "Severa: defaults",
    "Severa: defaults that lack",
    "Global: customer types",
    "Global: article types",
    "Global: posting templates",
    "Global: project types",
    "Global: category of internal projects",
    "Global: defaults for new customers",
    "Global: defaults for new articles",
    "Global: defaults for new employees",
    "Global: defaults for new projects",
    "Global: voucher types",
    "Global: articles of orders",
    "Global: orders of users",
    "Global: vouchers of suppliers",
    "Severa: invoice statuses",
    "Global: required dimensions",
    "Global: numbers with letters",
    "Global: number ranges",
    "Other integrations: writing",
    "Other integrations: older guids",
    "Global: clock",
    "Severa: clock",
    "Severa: quota",
)


def examine(
    profile: Profile, severa: Severa, visma_global: VismaGlobal, known: Set[str] = frozenset()
) -> list[Verdict]:
    """One verdict per question in the order in which to mend; what cannot be asked for want of
    another is left out. `known` are the Severa guids of our own links, in lower case."""
    found = [*of_severa(profile, severa), *of_login(visma_global)]
    found += of_global(profile, visma_global)
    reached = {verdict.name for verdict in found if verdict.passed}
    if GLOBAL in reached:
        writers = partial(others.writers, profile, visma_global, known)
        found += asked("Other integrations: writing", writers)
    if {SEVERA, GLOBAL} <= reached:
        older = partial(others.older_guids, (profile, visma_global, severa), known)
        found += asked("Other integrations: older guids", older)
    return in_order(found)


def in_order(found: Iterable[Verdict]) -> list[Verdict]:
    """Verdicts in the order in which to mend."""
    return sorted(found, key=lambda verdict: ORDER.index(verdict.name.partition(",")[0]))
