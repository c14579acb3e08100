"""A keyring for tests: keyring's own interface over a JSON file, so that another process can read it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

LOCKED = "locked"
"""A file that says so refuses everything."""


class FileKeyring(KeyringBackend):
    """The file is named by VTT_DESKTOP_TEST_KEYRING, or given."""

    priority = 5  # type: ignore[assignment]  # as good as a real one

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self.path = path or Path(os.environ["VTT_DESKTOP_TEST_KEYRING"])

    @property
    def kept(self) -> dict[str, str]:
        said = self.path.read_text() if self.path.exists() else "{}"
        if said == LOCKED:
            raise KeyringLocked("the secret is secret-in-an-error")
        kept: dict[str, str] = json.loads(said)
        return kept

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.path.write_text(json.dumps({**self.kept, f"{service} {username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        self.path.write_text(json.dumps({k: v for k, v in self.kept.items() if k != f"{service} {username}"}))
