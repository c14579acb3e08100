"""The sample subtitles are what the program asks of others: conforming, readable, and used in the demo."""

from __future__ import annotations

import pytest

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.reading import characters_per_second, spoken_text
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_checks import check_webvtt
from vtt_desktop.resources import resource


@pytest.fixture(scope="module")
def sample() -> Snapshot:
    return read_webvtt(resource("sample", "the-last-ferry.vtt").read_bytes()).snapshot


def test_it_conforms(sample: Snapshot) -> None:
    assert list(check_webvtt(sample)) == []


def test_it_is_long_enough_to_work_on(sample: Snapshot) -> None:
    assert 72 <= len(sample.cues) <= 80
    assert 270_000 <= max(cue.end for cue in sample.cues) <= 300_000
    assert {cue.speaker for cue in sample.cues} >= {"Odile", "Tam", "Nikos"}


def test_it_can_be_read_in_time(sample: Snapshot) -> None:
    cues = list(sample.cues)
    assert all(5 <= characters_per_second(cue.text, cue.duration) <= 20 for cue in cues)
    assert all(1000 <= cue.duration <= 6000 for cue in cues)
    assert all(after.start - before.end >= 80 for before, after in zip(cues, cues[1:], strict=False))
    assert all(len(line) <= 42 for cue in cues for line in spoken_text(cue.text).split("\n"))


def test_it_shows_what_webvtt_has(sample: Snapshot) -> None:
    everything = resource("sample", "the-last-ferry.vtt").read_text("utf-8")
    for part in ("\nNOTE", "\nSTYLE\n", "\nREGION\n", " region:", " line:", " align:", "<i>", "<v ", "&amp;"):
        assert part in everything
    assert "\r" not in everything and everything.endswith("\n")
