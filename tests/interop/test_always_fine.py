"""A backend that answers everything with 200, refusals too, and says inside what they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import Place, probed
from tests.interop.odd_backends import Said, say
from tests.interop.record_backends import CountShape
from tests.interop.shapes import place_on
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.profile_file import read_profile


class FineShape(CountShape):
    """`closed`: what it says to every request, in a word."""

    PROFILE = 'auth = "bearer"' + CountShape.PROFILE.replace('"reget"', '"json:/cue/n"').replace(
        'done = "/result/updated"', ""
    )
    PROFILE += """
    seq = "/seq"
    [delete]
    method = "DELETE"
    url = "/cue/{id}"
    precondition = "query:n"
    [status]
    ok = "/ok"
    code = "/error"
    codes = { stale = 412, none = 404, removed = 410, login = 401, slow_down = 429 }
    [changes]
    kind = "since"
    url = "/changes"
    items = "/cues"
    """
    TOKEN = "sesame"
    closed = ""

    def row(self, key: str) -> dict[str, Any]:
        if key not in self.documents:
            return {"id": key, "deleted": True}
        return {"id": key, "n": self.revisions[key], **self.documents[key]}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if self.closed or headers.get("Authorization") != "Bearer sesame":
            return say(200, {"ok": False, "error": self.closed or "login"})
        if path in ("/cues", "/changes"):
            keys = dict.fromkeys(self.log[int(query.get("since", "0")) :])
            there = [key for key in keys if path == "/changes" or key in self.documents]
            return say(200, {"ok": True, "cues": [self.row(key) for key in there], "seq": len(self.log)})
        key = path.split("/")[2]
        if key not in self.documents:
            return say(200, {"ok": False, "error": "removed" if key in self.log else "none"})
        sent = json.loads(body) if body else {}
        if method != "GET" and int(query.get("n") or sent.pop("n", 0)) != self.revisions[key]:
            return say(200, {"ok": False, "error": "stale"})
        if "NO" in str(sent):
            return say(200, {"ok": False, "error": "words", "message": "We do not say that."})
        if method == "POST":
            self.write(key, {**self.documents[key], **sent})
        if method == "DELETE":
            self.write(key, {})
            del self.documents[key]
        return say(200, {"ok": True, "cue": self.row(key)})


@pytest.fixture
def shelf() -> Iterator[FineShape]:
    yield from closing(FineShape())


@pytest.fixture
def place(shelf: FineShape, tmp_path: Path) -> Place:
    return place_on(shelf, tmp_path)


async def test_saves_that_meet_and_removals_are_told_apart(place: Place, shelf: FineShape) -> None:
    async with place.desk() as mine, place.desk() as other:
        other.desk.set_text(other.id(0), "theirs")
        other.desk.remove([other.id(1)])
        await other.sync()
        assert [*shelf.documents] == ["a", "c"]
        mine.desk.set_text(mine.id(0), "mine")
        mine.desk.set_text(mine.id(1), "mine too")
        await mine.sync()
        assert [mine.desk.status(mine.id(row)) for row in (0, 1)] == ["conflict", "gone"]
        mine.desk.resolve(mine.id(0), "mine")
        mine.desk.set_text(mine.id(2), "NO")
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "synced" and "mine" in shelf.documents["a"]["vtt"]
        assert (mine.desk.status(mine.id(2)), mine.desk.reason(mine.id(2))) == (
            "refused",
            "The server says: We do not say that.",
        )


@pytest.mark.parametrize(("word", "link"), [("login", "needs-token"), ("slow_down", "online")])
async def test_a_token_and_a_rest_are_asked_for_by_every_answer(
    word: str, link: str, place: Place, shelf: FineShape
) -> None:
    async with place.desk() as mine:
        shelf.closed = word
        mine.desk.set_text(mine.id(0), "mine")
        assert mine.session.feed is not None and mine.session.engine is not None
        await mine.session.engine.settle(0.1)
        assert mine.desk.link == link and mine.desk.status(mine.id(0)) == "dirty"
        assert not await mine.session.feed.pull()
        shelf.closed = ""
        mine.session.set_token("sesame")
        await mine.sync()
        assert mine.desk.link == "online" and "mine" in shelf.documents["a"]["vtt"]


async def test_the_probe_hears_the_refusals(place: Place) -> None:
    result = await probed(place, scratch="b")
    assert result["writable"] and result["marks"]["stale-save"] == "good"


async def test_without_those_lines_it_is_not_written_to(shelf: FineShape, tmp_path: Path) -> None:
    before, _, rest = FineShape.PROFILE.partition("[status]")
    shelf.PROFILE = f"{before}[changes]{rest.partition('[changes]')[2]}"
    result = await probed(place_on(shelf, tmp_path), scratch="b")
    assert not result["writable"] and result["marks"]["stale-save"] == "bad"


async def test_what_is_no_list_is_no_empty_project(place: Place, shelf: FineShape) -> None:
    shelf.closed = "none"
    with pytest.raises(UserError):
        async with place.desk():
            pass


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("ok = 'ok'", "begins with “/”"),
        ("code = '/e'\ncodes = { a = 200 }", "from 400 to 599"),
        ("codes = { a = 404 }", "needs status.code"),
        ("code = '/e'\ncodes = { a = 'x' }", "a whole number"),
    ],
)
def test_what_a_profile_says_of_it_is_looked_at(lines: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_profile(f"[status]\n{lines}\n", "x")
