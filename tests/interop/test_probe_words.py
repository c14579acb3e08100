"""What the probe says of backends that are not what their profile says: the right thing, and that alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import probed
from tests.interop.link_backends import TrashShape
from tests.interop.odd_backends import Said, Shelf, say
from tests.interop.record_backends import CountShape, FilterShape, SearchShape
from tests.interop.resource_backends import OwnIdsShape
from tests.interop.shapes import place_on
from tests.interop.store_backends import BucketShape
from vtt_desktop.sync import probe_values


class Heedless(CountShape):
    """Takes every save, whatever version it names."""

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        sent = json.loads(body) if body else {}
        if "n" in sent:
            body = json.dumps({**sent, "n": self.revisions[path.split("/")[2]]}).encode()
        return super().route(method, path, query, headers, body)


class HalfLooking(SearchShape):
    """Looks at one part of the version alone."""

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        key = path.rpartition("/")[2]
        if "if_seq_no" in query and key in self.revisions:
            query = {**query, "if_seq_no": str(self.revisions[key] - 1)}
        return super().route(method, path, query, headers, body)


class Forgetful(OwnIdsShape):
    """Does not keep the field with our name of a segment."""

    def write(self, key: str, document: Any) -> None:
        super().write(key, {name: value for name, value in document.items() if name != "external_id"})


class Silent(FilterShape):
    """Answers every save with success, and does not say how many rows it met."""

    PROFILE = FilterShape.PROFILE.replace('done = "/0"\n', "")


async def found(shelf: Shelf, folder: Path, scratch: str = "") -> dict[str, Any]:
    return await probed(place_on(shelf, folder), scratch=scratch)


@pytest.mark.parametrize("kind", [Heedless, HalfLooking], ids=lambda kind: kind.__name__)
async def test_a_backend_that_takes_old_versions_is_for_reading_only(
    kind: type[Shelf], tmp_path: Path
) -> None:
    for shelf in closing(kind()):
        result = await found(shelf, tmp_path, scratch="b")
        assert not result["writable"] and "old version is ACCEPTED" in result["reason"]
        assert [name for name, mark in result["marks"].items() if mark == "bad"] == ["stale-save"]
        assert "at-once" not in result["marks"]  # that all of them are taken is no news


async def test_a_mark_that_is_not_kept_is_found_out(tmp_path: Path) -> None:
    for shelf in closing(Forgetful()):
        result = await found(shelf, tmp_path)
        assert not result["writable"]
        assert result["marks"]["create-lost"] == "bad" and "create.marker" in result["reason"]


async def test_a_success_that_was_none_is_found_out(tmp_path: Path) -> None:
    """Without `write.done` an empty answer looks like a save, which it is not."""
    for shelf in closing(Silent()):
        before = dict(shelf.documents)
        result = await found(shelf, tmp_path, scratch="b")
        assert not result["writable"] and result["marks"]["stale-save"] == "bad"
        assert shelf.documents == before


class Behind(OwnIdsShape):
    """Its list shows each write some looks later, by the version before."""

    def __init__(self) -> None:
        self.looks = 0
        super().__init__()

    def write(self, key: str, document: Any) -> None:
        super().write(key, document)
        self.looks = 4

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        said = super().route(method, path, query, headers, body)
        if (path, method) != ("/cues", "GET") or not self.looks:
            return said
        self.looks -= 1
        rows = json.loads(said[2])["data"]
        row = next(one for one in rows if one["id"] == self.log[-1])
        row["meta"]["version"] -= 1
        return say(200, {"data": rows})


async def test_a_list_that_is_behind_is_no_wrong_profile(tmp_path: Path) -> None:
    for shelf in closing(Behind()):
        result = await found(shelf, tmp_path)
        assert result["writable"] and result["marks"]["list-version"] == "note"


class Tidy(OwnIdsShape):
    """Makes something else of a text, and does not show it in its answer to a save."""

    PROFILE = OwnIdsShape.PROFILE.replace("[write]\n", '[write]\n    answer = "version"\n')

    def write(self, key: str, document: Any) -> None:
        super().write(key, document)
        for at, value in document.items():
            if isinstance(value, str):
                document[at] = value.replace("<b>", "").replace("</b>", "")


class TellingNothing(Tidy):
    """Each save is read again."""

    PROFILE = OwnIdsShape.PROFILE.replace(
        """precondition_format = '"{v}"'\n    version = "json:/data/meta/version\"""",
        """precondition_format = '"{v}"'\n    version = "reget\"""",
    )


@pytest.mark.parametrize(("kind", "mark"), [(Tidy, "bad"), (TellingNothing, "note")])
async def test_a_text_that_is_changed_on_the_way_is_found_out(
    kind: type[Shelf], mark: str, tmp_path: Path
) -> None:
    for shelf in closing(kind()):
        result = await found(shelf, tmp_path)
        assert result["marks"]["text"] == mark and result["writable"] == (mark != "bad")
        assert mark != "bad" or "write.version = 'reget'" in result["reason"]
        assert result["marks"]["first-cue"] == "note"


class Ticking(OwnIdsShape):
    """Versions that change once a second, and by the length of the text where that tells something."""

    by_length = True
    now = 1000

    def write(self, key: str, document: Any) -> None:
        super().write(key, document)
        self.now += "Probe 4" in document["text"]  # it is asked a second later
        self.revisions[key] = self.now * 1000 + (len(document["text"]) if self.by_length else 0)


@pytest.mark.parametrize(("by_length", "bad"), [(True, "timing"), (False, "save")])
async def test_versions_in_whole_seconds_are_called_that(
    by_length: bool, bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe_values, "A_SECOND_S", 0.0)
    monkeypatch.setattr(Ticking, "by_length", by_length)
    for shelf in closing(Ticking()):
        result = await found(shelf, tmp_path)
        assert result["marks"][bad] == "bad" and "once a second at most" in result["reason"]
        assert not any("content alone" in one["words"] for one in result["findings"])


class Unreadable(OwnIdsShape):
    """Fails over every segment that was made."""

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        key = path.rpartition("/")[2]
        if method == "GET" and key in self.documents and key not in "abc":
            return say(500, {})
        return super().route(method, path, query, headers, body)


async def test_a_segment_that_a_probe_leaves_behind_is_named(tmp_path: Path) -> None:
    for shelf in closing(Unreadable()):
        result = await found(shelf, tmp_path)
        (words,) = (one["words"] for one in result["findings"] if one["check"] == "clean-up")
        assert words.startswith("probe-") and "stay behind" in words and len(shelf.documents) == 4


class Blobs(BucketShape):
    """Files for those who take them as what they are; a removal is taken note of (202) and carried out."""

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if method == "GET" and path != "/bucket" and "text/vtt" not in headers.get("Accept", ""):
            return say(406, {"message": "text/vtt cannot be converted"})
        status, told, answer = super().route(method, path, query, headers, body)
        return (202 if method == "DELETE" and status == 204 else status), told, answer


async def test_a_removal_that_a_read_proves_works_whatever_its_answer(tmp_path: Path) -> None:
    """Azure's blobs; and what is text is asked for as text (a Solid server cannot make JSON of it)."""
    for shelf in closing(Blobs()):
        result = await found(shelf, tmp_path)
        assert result["writable"] and result["marks"]["delete"] == "good"


class Endless(OwnIdsShape):
    """Tells the place behind its last row as the next one, for ever."""

    PROFILE = OwnIdsShape.PROFILE.replace("[list]\n", '[list]\n    next_params = { at = "/meta/next" }\n')

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        said = super().route(method, path, query, headers, body)
        if (path, method) != ("/cues", "GET"):
            return said
        rows, at = json.loads(said[2])["data"], int(query.get("at", 0))
        return say(200, {"data": rows[at : at + 2], "meta": {"next": min(at + 2, len(rows))}})


async def test_a_list_whose_last_page_points_to_itself_ends(tmp_path: Path) -> None:
    for shelf in closing(Endless()):
        result = await found(shelf, tmp_path)
        assert result["writable"]
        (words,) = (one["words"] for one in result["findings"] if one["check"] == "list")
        assert words == "The list can be read; it names 3 segments on 2 pages."
        place = place_on(shelf, tmp_path)
        profile = Path(place.profile)
        profile.write_text(profile.read_text("utf-8"), "utf-8-sig")  # as some editors save it
        async with place.desk() as mine:
            assert len(mine.texts) == 3


async def test_a_list_that_is_elsewhere_is_shown_as_it_begins(tmp_path: Path) -> None:
    class Elsewhere(OwnIdsShape):
        PROFILE = OwnIdsShape.PROFILE.replace('items = "/data"', 'items = "/rows"')

    for shelf in closing(Elsewhere()):
        result = await found(shelf, tmp_path)
        (words,) = (one["words"] for one in result["findings"] if one["check"] == "list")
        assert "list.items" in words and 'the answer begins “{"data": [{"type": "cues"' in words


async def test_a_version_that_is_a_decimal_number_is_named(tmp_path: Path) -> None:
    class Decimal(OwnIdsShape):
        def shown(self, key: str) -> Any:
            said = super().shown(key)
            return {**said, "meta": {"version": said["meta"]["version"] + 0.5}}

    for shelf in closing(Decimal()):
        result = await found(shelf, tmp_path, scratch="b")
        assert not result["writable"] and "decimal number (2.5)" in result["reason"]


async def test_times_that_are_rounded_are_no_wrong_unit(tmp_path: Path) -> None:
    class Frames(OwnIdsShape):
        """Keeps whole frames of 40 ms."""

        PROFILE = TellingNothing.PROFILE

        def write(self, key: str, document: Any) -> None:
            times = {at: round(document[at] / 40) * 40 for at in ("from", "to") if at in document}
            super().write(key, {**document, **times})

    for shelf in closing(Frames()):
        result = await found(shelf, tmp_path)
        assert result["writable"] and result["marks"]["timing"] == "note"


class FailingAfterwards(TrashShape):
    """Fails over a read of what was removed (a simulator of Cosmos DB does)."""

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        removed = method == "GET" and path.rpartition("/")[2] in self.trash
        return say(500) if removed else super().route(method, path, query, headers, body)


class ShownAfterwards(TrashShape):
    """Shows what was removed, and the profile does not say how it is marked."""

    PROFILE = TrashShape.PROFILE.replace('gone = "/status"', "").replace('gone_values = ["cancelled"]', "")


@pytest.mark.parametrize(
    ("kind", "words"),
    [(FailingAfterwards, "no read proves it."), (ShownAfterwards, "item.gone")],
    ids=["it fails", "it is shown"],
)
async def test_a_removal_that_no_read_proves_is_told_as_that(
    kind: type[Shelf], words: str, tmp_path: Path
) -> None:
    for shelf in closing(kind()):
        result = await found(shelf, tmp_path)
        (told,) = (one["words"] for one in result["findings"] if one["check"] == "delete")
        assert result["marks"]["delete"] == "bad" and words in told
