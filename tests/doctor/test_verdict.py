"""A check that falls over is a verdict like any other."""

from __future__ import annotations

from collections.abc import Iterator

from recon.doctor.verdict import Verdict, asked


def test_a_check_that_falls_over_is_a_verdict() -> None:
    def falls(name: str) -> Iterator[Verdict]:
        yield Verdict(name, "ok", "first")
        raise KeyError("secret value")

    first, second = asked("x", falls)
    assert (first.ok, second.ok) == ("ok", "failed")
    assert "secret value" not in second.text
    assert second.todo
