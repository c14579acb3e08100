"""The sync log over the real server: a merge is taken back, what was not chosen is put back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.interop.desks import Screen, desk, published
from tests.server_process import ServerProcess
from vtt_desktop.domain.edit import Edit, HeadChange
from vtt_desktop.domain.edits_back import put_back
from vtt_desktop.sync.sync_log import LogKind, LogLine


def lines(screen: Screen, kind: LogKind) -> list[LogLine]:
    return [line for line in screen.session.sync.log if line.kind is kind]


def put(screen: Screen, line: LogLine) -> None:
    assert line.replaced is not None
    snapshot = screen.session.document.snapshot
    screen.session.submit(put_back(snapshot, line.replaced.before, line.replaced.after))


async def test_a_silent_merge_is_listed_and_can_be_taken_back(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        cue = mine.id(0)
        other.desk.set_times(other.id(0), 1100, 2100)
        await other.sync()
        mine.desk.set_text(cue, "mine")
        await mine.sync()
        (merged,) = lines(mine, LogKind.MERGED)
        assert (merged.cue_id, merged.words) == (cue, "Merged with yours: in-time, out-time")
        assert merged.etag is not None and merged.at > 0
        mine.desk.set_text(cue, "mine, and more")
        put(mine, merged)
        back = mine.desk.cues[0]
        assert (back.start, back.end, back.text) == (1000, 2000, "mine, and more")
        await mine.sync()
        await other.sync()
        assert mine.values == other.values
        sent = [line.words for line in lines(mine, LogKind.SENT)]
        assert sent[0] == "Saved: text" and "in-time, out-time" in sent[-1]
        assert lines(mine, LogKind.SENT)[-1].etag == mine.desk.etag(cue)


async def test_a_colleagues_change_and_removal_can_be_taken_back(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        before = mine.values
        other.desk.set_text(other.id(0), "theirs")
        other.desk.remove(other.id(1))
        new = other.desk.insert(other.id(2), start=6100, end=6900, text="new")
        await other.sync()
        await mine.sync()
        taken = lines(mine, LogKind.TAKEN)
        assert sorted(line.words for line in taken) == [
            "Taken over: a new cue",
            "Taken over: a removal, 00:00:03.000 “second words”",
            "Taken over: text",
        ]
        for line in taken:
            put(mine, line)
        assert mine.values == before
        await mine.sync()
        await other.sync()
        assert other.values == before and other.desk.cue(new) is None


async def test_ones_own_removal_is_found_in_the_log_and_put_back_from_there_after_a_restart(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token)
    journal = tmp_path / "mine.vttproj"
    async with desk(url, token=server.token) as other:
        before = other.values
        async with desk(url, token=server.token, journal=journal) as mine:
            cue = mine.id(2)
            tag = mine.desk.etag(cue)
            mine.desk.remove(cue)
            await mine.sync()
        async with desk(str(journal), token=server.token, journal=journal) as mine:
            (removal,) = lines(mine, LogKind.SENT)
            assert removal.words == "Saved: a removal, 00:00:05.000 “third words”"
            assert (removal.cue_id, removal.etag) == (cue, tag)
            put(mine, removal)
            assert mine.values == before
            await mine.sync()
            await other.sync()
            assert other.values == before, "its comment came back too"
            assert mine.desk.undo() and len(mine.values) == 3


async def test_what_was_not_chosen_is_put_back_after_a_restart(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    journal = tmp_path / "mine.vttproj"
    async with desk(url, token=server.token) as other:
        async with desk(url, token=server.token, journal=journal) as mine:
            other.desk.set_text(other.id(0), "theirs")
            await other.sync()
            mine.desk.set_text(mine.id(0), "mine")
            await mine.sync()
            mine.desk.resolve(mine.id(0), "theirs")
            await mine.sync()
            told = mine.session.sync.log
        async with desk(str(journal), token=server.token, journal=journal) as mine:
            assert mine.session.sync.log[: len(told)] == told
            (decided,) = lines(mine, LogKind.DECIDED)
            assert decided.words == "Decided: theirs; yours was put aside"
            (sent,) = lines(other, LogKind.SENT)
            assert decided.etag == sent.etag, "the version that was decided on, not the one from before"
            put(mine, decided)
            assert mine.desk.cues[0].text == "mine"
            await mine.sync()
            await other.sync()
            assert other.desk.cues[0].text == "mine"
            assert mine.desk.undo() and mine.desk.cues[0].text == "theirs"


async def test_a_header_that_was_not_chosen_is_put_back(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        for screen, words in ((other, b"WEBVTT theirs"), (mine, b"WEBVTT mine")):
            head = screen.session.document.snapshot.head
            fresh = replace(head, text=head.text.replace(b"WEBVTT - a film", words))
            screen.session.submit(Edit("Edit header", (HeadChange(head, fresh),)))
        await other.sync()
        await mine.sync()
        mine.session.resolve_head(mine=False)
        assert mine.desk.header.startswith("WEBVTT theirs")
        (decided,) = lines(mine, LogKind.DECIDED)
        assert decided.etag in {line.etag for line in lines(other, LogKind.SENT)}
        put(mine, decided)
        assert mine.desk.header.startswith("WEBVTT mine")


async def test_what_the_server_refuses_is_listed_in_its_words(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine:
        mine.desk.set_text(mine.id(0), "x" * 2_000_000)
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "refused"
        (refused,) = lines(mine, LogKind.REFUSED)
        assert refused.words == f"Refused: text. {mine.desk.reason(mine.id(0))}"
