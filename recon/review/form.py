"""A form in a notebook, and what stands in its place on an exported page."""

from __future__ import annotations

import ipywidgets

ELSEWHERE = "Here stands a form: open this notebook in JupyterLab (recon lab) and run it to use it."


class Form(ipywidgets.VBox):  # type: ignore[misc]
    """Controls below each other; where none can be shown, a sentence that says where they can."""

    def __repr__(self) -> str:
        return ELSEWHERE
