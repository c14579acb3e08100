"""The whole profiles of docs/backends.md, as they stand there."""

from __future__ import annotations

import re

from tests.server_process import ROOT


def recipe(name: str, **changed: str) -> str:
    """The profile of that name; `changed`: what to put in the place of words that are somebody's own."""
    page = (ROOT / "docs" / "backends.md").read_text("utf-8")
    (found,) = re.findall(rf'```toml\n(name = "{re.escape(name)}"\n.*?)```', page, re.DOTALL)
    text = str(found)
    for was, now in changed.items():
        assert was in text
        text = text.replace(was, now)
    return text
