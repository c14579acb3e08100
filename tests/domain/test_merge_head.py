"""The three-way merge of a WebVTT head, block by block and byte for byte."""

from __future__ import annotations

import random

import pytest

from vtt_desktop.domain.merge_head import merge_head

HEAD = b"WEBVTT - a film\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { color: red }"
HEAD += b"\r\n\r\n\r\nREGION\nid:a\nlines:3\n\nNOTE n"
RED, REGION = b"\n\nSTYLE\n::cue(b) { color: red }", b"\n\nREGION\nid:bill"
CASES = {
    "a style and a region at one place": (HEAD + RED, HEAD + REGION, HEAD + REGION + RED),
    "two styles at one place": (HEAD + RED, HEAD + RED + b"x", HEAD + RED + b"x" + RED),
    "the same style": (HEAD + RED, HEAD + REGION + RED, HEAD + REGION + RED),
    "one block each, side by side": (
        HEAD.replace(b"red", b"blue"),
        HEAD.replace(b"lines:3", b"lines:4"),
        HEAD.replace(b"red", b"blue").replace(b"lines:3", b"lines:4"),
    ),
    "a block and a header line": (
        HEAD.replace(b"red", b"blue"),
        HEAD.replace(b"captions", b"subtitles"),
        HEAD.replace(b"red", b"blue").replace(b"captions", b"subtitles"),
    ),
    "two header lines": (
        HEAD.replace(b"captions", b"subtitles"),
        HEAD.replace(b"captions", b"captions\nLanguage: en"),
        HEAD.replace(b"captions", b"subtitles\nLanguage: en"),
    ),
    "the signature and a removal": (
        HEAD.replace(b"a film", b"the film"),
        HEAD.replace(b"\r\n\r\nSTYLE\r\n::cue { color: red }", b""),
        HEAD.replace(b"\r\n\r\nSTYLE\r\n::cue { color: red }", b"").replace(b"a film", b"the film"),
    ),
    "space before a block and its words": (
        HEAD.replace(b"\r\n\r\n\r\nREGION", b"\n\nREGION"),
        HEAD.replace(b"lines:3", b"lines:4"),
        HEAD.replace(b"\r\n\r\n\r\nREGION", b"\n\nREGION").replace(b"lines:3", b"lines:4"),
    ),
    "without any cue": (
        b"\xef\xbb\xbfWEBVTT" + RED + b"\n",
        b"\xef\xbb\xbfWEBVTT" + REGION + b"\n",
        b"\xef\xbb\xbfWEBVTT" + REGION + RED + b"\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_only_one_side_touched_is_as_that_side_has_it(name: str) -> None:
    mine, theirs, merged = CASES[name]
    base = b"\xef\xbb\xbfWEBVTT\n" if mine.startswith(b"\xef") else HEAD
    assert merge_head(base, mine, theirs) == (merged, True)
    assert merge_head(base, theirs, mine)[1]


@pytest.mark.parametrize(
    "mine, theirs",
    [
        (HEAD.replace(b"red", b"blue"), HEAD.replace(b"red", b"green")),
        (HEAD.replace(b"a film", b"mine"), HEAD.replace(b"a film", b"theirs")),
        (HEAD.replace(b"captions", b"mine"), HEAD.replace(b"captions", b"theirs")),
        (HEAD.replace(b"captions", b"c\nLanguage: en"), HEAD.replace(b"captions", b"c\nLanguage: fr")),
        (HEAD + REGION, HEAD + REGION + b"\nlines:2"),
        (HEAD.replace(b"\r\n\r\nSTYLE\r\n::cue { color: red }", b""), HEAD.replace(b"red", b"blue")),
        (HEAD.replace(b"red", b"blue"), HEAD.replace(b"\r\n\r\nSTYLE\r\n::cue { color: red }", b"")),
        (b"[Script Info]\nTitle: a", HEAD),
    ],
)  # fmt: skip
def test_what_both_touched_is_for_a_person(mine: bytes, theirs: bytes) -> None:
    assert merge_head(HEAD, mine, theirs) == (mine, False)


def test_in_a_conflict_the_rest_is_merged() -> None:
    mine = HEAD.replace(b"red", b"blue")
    theirs = HEAD.replace(b"red", b"green").replace(b"captions", b"theirs")
    assert merge_head(HEAD, mine, theirs) == (mine.replace(b"captions", b"theirs"), False)


def changed(blocks: list[bytes], which: range, chance: random.Random, side: bytes) -> list[list[bytes]]:
    """Each block with those before it that were added: some of `which` changed, removed, or added to."""
    made = [[block] for block in blocks]
    for at in which:
        match chance.randrange(4):
            case 0:
                made[at][-1] += side
            case 1:
                made[at] = []
            case 2:
                made[at] = [b"\n\nSTYLE\nnew " + side + b"%d" % at, *made[at]]
    return made


@pytest.mark.parametrize("seed", range(20))
def test_changes_of_different_blocks_are_all_in_the_merge(seed: int) -> None:
    """Whoever changed what: with each block touched by one side only nothing is lost, doubled or asked."""
    chance = random.Random(seed)
    for _ in range(20):
        count = chance.randrange(1, 8)
        blocks = [
            chance.choice((b"\n\nSTYLE\n", b"\r\n\r\nREGION\r\nid:", b"\n\n\nNOTE ")) + b"%d" % at
            for at in range(count)
        ]
        cut = chance.randrange(count + 1)
        mine = changed(blocks, range(cut), chance, b" mine")
        theirs = changed(blocks, range(cut, count), chance, b" theirs")
        both = [*mine[:cut], *theirs[cut:]]
        base, first, second, merged = (
            b"WEBVTT" + b"".join(part for block in side for part in block)
            for side in ([[block] for block in blocks], mine, theirs, both)
        )
        found, clean = merge_head(base, first, second)
        assert sorted(found.split()) == sorted(merged.split())
        assert clean
        assert merge_head(base, first, base) == (first, True) == merge_head(base, base, first)
        assert merge_head(base, first, first) == (first, True)
