"""docs/backends.md is all that a stranger has: every key is in it, and every example in it works."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import get_type_hints

import pytest

from tests.server_process import ROOT
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.profile_file import read_profile
from vtt_desktop.sync.repository import Repository

PAGE = (ROOT / "docs" / "backends.md").read_text("utf-8")
EXAMPLES = [text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "name =" in text]
SHIPPED = sorted((ROOT / "resources" / "profiles").glob("*.toml"))


def keys() -> Iterator[tuple[str, str]]:
    for name, hint in get_type_hints(Profile).items():
        if dataclasses.is_dataclass(hint):
            yield from ((name, one.name) for one in dataclasses.fields(hint))
        else:
            yield "", name


@pytest.mark.parametrize(("table", "key"), list(keys()))
def test_every_key_is_explained(table: str, key: str) -> None:
    section = PAGE
    if table in ("create", "delete"):
        section = PAGE
    elif table:
        (section,) = re.findall(rf"(?ms)^### [^\n]*`\[{table}\]`.*?(?=^##)", PAGE)
    else:
        (section,) = re.findall(r"(?ms)^### At the top.*?(?=^##)", PAGE)
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| ") and "|" in line[2:]]
    named = f"`{table}.{key}`" if section is PAGE else f"`{key}`"
    assert any(named in row for row in rows), f"{table}.{key} is not in docs/backends.md"


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
async def test_every_example_is_a_profile(number: int) -> None:
    text = "\n".join(line.removeprefix("   ") for line in EXAMPLES[number].splitlines())
    profile = read_profile(text, f"example {number}")
    await Repository(profile, profile.base or "http://server", project="film", token="anna:secret").close()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_profile_is_right_and_named(path: object) -> None:
    assert f"`{path.stem}`" in PAGE  # type: ignore[attr-defined]
    read_profile(path.read_text("utf-8"), path.name)  # type: ignore[attr-defined]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 4
