"""A key ring for the canary test, named by PYTHON_KEYRING_BACKEND: its secrets are in a file."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class Ring(KeyringBackend):  # type: ignore[misc]
    """Reads RECON_CANARY_RING, a JSON file of secrets by 'service/user'."""

    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        """The secret of a user."""
        held = json.loads(Path(os.environ["RECON_CANARY_RING"]).read_text("utf-8"))
        found: str | None = held.get(f"{service}/{username}")
        return found

    def set_password(self, service: str, username: str, password: str) -> None:
        """Nothing is written."""

    def delete_password(self, service: str, username: str) -> None:
        """Nothing is deleted."""
