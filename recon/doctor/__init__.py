"""Can we work here? Rights, versions, scopes, company, schema, defaults and clocks, each with what
to do. Nothing is written, and a check that fails is a verdict, never an error."""

from __future__ import annotations

from recon.doctor.severa import of_severa
from recon.doctor.verdict import Verdict
from recon.doctor.visma_global import of_global
from recon.settings import Profile
from recon.systems.severa import Severa
from recon.systems.visma_global import VismaGlobal

__all__ = ["Verdict", "examine"]


def examine(profile: Profile, severa: Severa, visma_global: VismaGlobal) -> list[Verdict]:
    """One verdict per question, Severa first; what cannot be asked for want of another is left
    out."""
    return [*of_severa(profile, severa), *of_global(profile, visma_global)]
