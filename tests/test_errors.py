"""Every error is one sentence: what, where, what to do."""

from __future__ import annotations

from recon.errors import Refused, Stop


def test_an_error_says_what_where_and_what_to_do():
    error = Stop("It is locked.", where="Customer", todo="Wait")
    assert str(error) == "It is locked (Customer). Wait"
    assert str(Refused("Too long", fields=("name",))) == "Too long"


def test_a_notebook_shows_the_sentence_and_no_traceback():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shown: list[str] = []
    shell._showtraceback = lambda kind, value, lines: shown.extend(lines)  # type: ignore[method-assign]
    shell.run_cell(
        "from recon.errors import Usage\nraise Usage('No such profile', todo='Name one')"
    )
    assert shown == ["No such profile. Name one"]
