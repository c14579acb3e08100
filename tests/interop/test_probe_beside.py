"""The probe on what is told beside the segments: an event stream, past versions, who is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.interop.backend_stories import Place, probed
from tests.interop.desks import published
from tests.server_process import ServerProcess
from vtt_desktop.resources import resource

HERE = "/projects/{project}"
EVENTS, HISTORY, PRESENCE = f"{HERE}/events", f"{HERE}/vtt/{{id}}/history", f"{HERE}/presence"


@pytest.fixture
async def url(server: ServerProcess, tmp_path: Path) -> str:
    return await published(tmp_path, server.url, server.token)


async def found(url: str, token: str, profile: str = "vtt-desktop") -> dict[str, tuple[str, str]]:
    result: dict[str, Any] = await probed(Place(profile, url, token))
    assert result["writable"], "no edit depends on any of it"
    beside = ("events", "history", "presence")
    return {one["check"]: (one["mark"], one["words"]) for one in result["findings"] if one["check"] in beside}


async def test_what_is_where_the_profile_says_is_good(server: ServerProcess, url: str) -> None:
    marks = {check: mark for check, (mark, _) in (await found(url, server.token)).items()}
    assert marks == {"events": "good", "history": "good", "presence": "good"}


@pytest.mark.parametrize(
    ("events", "history", "presence", "words"),
    [
        ("/nowhere", "/nowhere/{id}", "/nowhere", ("event stream", "No past versions", "who is there")),
        # Addresses that answer, and with something else.
        (
            f"{HERE}/segments",
            f"{HERE}/vtt/{{id}}",
            HERE,
            ("event stream", "No past versions", "who is there"),
        ),
        (EVENTS, f'{HISTORY}"\ndocument = "/nowhere', PRESENCE, ("as an", "history.document", "is told")),
        (EVENTS, f'{HISTORY}"\nversion = "/rev', PRESENCE, ("as an", "history.version", "is told")),
    ],
    ids=["nothing there", "something else there", "no document there", "no version there"],
)
async def test_a_wrong_address_is_said(
    server: ServerProcess,
    url: str,
    tmp_path: Path,
    events: str,
    history: str,
    presence: str,
    words: tuple[str, ...],
) -> None:
    text = resource("profiles", "vtt-desktop.toml").read_text("utf-8")
    for right, wrong in ((EVENTS, events), (HISTORY, history), (PRESENCE, presence)):
        assert text.count(f'"{right}"') == 1
        text = text.replace(f'"{right}"', f'"{wrong}"')
    profile = tmp_path / "wrong.toml"
    profile.write_text(text, "utf-8")
    said = await found(url, server.token, str(profile))
    wrongs = [events != EVENTS, history != HISTORY, presence != PRESENCE]
    assert [mark == "note" for mark, _ in said.values()] == wrongs
    for part, (_, sentence) in zip(words, said.values(), strict=True):
        assert part in sentence
