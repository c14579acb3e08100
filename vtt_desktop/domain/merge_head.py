"""Three-way merge of a WebVTT head by its blocks and header lines; all bytes stay as one side wrote them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

_SIGNATURE = re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT")
_EOL = re.compile(rb"(?>\r\n|\r|\n)")
_BLANK = re.compile(rb"(?>\r\n|\r|\n){2,}")
_END = re.compile(rb"[\r\n]*\Z")
_REGION = re.compile(rb"REGION\b.*?(?<!\S)id:(\S+)", re.DOTALL)


class _Part(NamedTuple):
    """A block, or a line of the header; `gap` are the line ends before it."""

    gap: bytes
    text: bytes


class _Aligned(NamedTuple):
    """Where one side has each part of the base (None: nowhere), and its new ones before each of them."""

    at: list[_Part | None]
    new: list[list[_Part]]


def merge_head(base: bytes, mine: bytes, theirs: bytes) -> tuple[bytes, bool]:
    """The merged head, and whether nothing was changed on both sides; what was is mine in it.

    A block, or a line of the header, that only one side touched is as that side has it; what both added
    stands there twice only if it differs: theirs before mine. Where the merge would hold a region or a
    header line of one name more often than either side does, and where a head is not WebVTT, it is mine as it
    stands, and not clean.
    """
    sides = (base, mine, theirs)
    if not all(_SIGNATURE.match(side) for side in sides):
        return mine, mine == theirs
    ends = [_END.search(side) for side in sides]
    starts = [end.start() if end is not None else len(side) for side, end in zip(sides, ends, strict=True)]
    heads = [_parts(side[:start], _BLANK) for side, start in zip(sides, starts, strict=True)]
    lines = [_parts(head[0].text, _EOL) for head in heads]
    first, clean = _one(*(line[0].text for line in lines))
    header, lines_clean = _merged([line[1:] for line in lines], _name)
    blocks, blocks_clean = _merged([head[1:] for head in heads], _kind)
    for every, parts, named in ((lines, header, _name), (heads, blocks, _identity)):
        was = [Counter(named(part.text) for part in side[1:]) for side in every[1:]]
        now = Counter(named(part.text) for part in parts)
        if any(n > 1 and n > max(side[name] for side in was) for name, n in now.items()):
            return mine, False
    end, _ = _one(*(side[start:] for side, start in zip(sides, starts, strict=True)))
    merged = first + b"".join(gap + text for gap, text in (*header, *blocks)) + end
    return merged, clean and lines_clean and blocks_clean


def _parts(text: bytes, gap: re.Pattern[bytes]) -> list[_Part]:
    found = [(0, 0), *((one.start(), one.end()) for one in gap.finditer(text)), (len(text), len(text))]
    return [_Part(text[start:begin], text[begin:end]) for (start, begin), (end, _) in pairwise(found)]


def _one(base: bytes, mine: bytes, theirs: bytes) -> tuple[bytes, bool]:
    """One piece on both sides: what it becomes, and whether only one side touched it."""
    return (theirs if mine == base else mine), theirs in (base, mine) or mine == base


def _merged(sides: Sequence[Sequence[_Part]], kind: Callable[[bytes], bytes]) -> tuple[list[_Part], bool]:
    base, mine, theirs = sides
    here, there = _aligned(base, mine, kind), _aligned(base, theirs, kind)
    merged: list[_Part] = []
    clean = True
    for at in range(len(base) + 1):
        theirs_new = [part.text for part in there.new[at]]
        merged += [*there.new[at], *(part for part in here.new[at] if part.text not in theirs_new)]
        if at == len(base):
            break
        was, ours, other = base[at], here.at[at], there.at[at]
        if ours is not None and other is not None:
            text, single = _one(was.text, ours.text, other.text)
            merged.append(_Part(_one(was.gap, ours.gap, other.gap)[0], text))
            clean = clean and single
        elif (ours or other or was).text != was.text:  # changed on one side, removed on the other
            merged += [ours] if ours is not None else []
            clean = False
    return merged, clean


def _aligned(base: Sequence[_Part], side: Sequence[_Part], kind: Callable[[bytes], bytes]) -> _Aligned:
    """Parts that stand on both sides; between those, as many of one kind here as there are the same ones."""
    aligned = _Aligned([None] * len(base), [[] for _ in range(len(base) + 1)])
    was, now = [part.text for part in base], [part.text for part in side]
    for same, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        pairs = dict(zip(range(j1, j2), range(i1, i2), strict=True)) if same == "equal" else {}
        if same == "replace":
            for name in dict.fromkeys(map(kind, was[i1:i2])):
                old = [i for i in range(i1, i2) if kind(was[i]) == name]
                new = [j for j in range(j1, j2) if kind(now[j]) == name]
                pairs |= dict(zip(new, old, strict=True)) if len(new) == len(old) else {}
        place = i1
        for j in range(j1, j2):
            if pairs.get(j, -1) < place:  # new, or moved before another: gone there, and new here
                aligned.new[place].append(side[j])
            else:
                aligned.at[pairs[j]] = side[j]
                place = pairs[j] + 1
    return aligned


def _kind(block: bytes) -> bytes:
    return block.split(maxsplit=1)[0] if block.split(maxsplit=1) else b""


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip()


def _identity(block: bytes) -> bytes:
    """What there should not be two of: a region's name, else the very block."""
    region = _REGION.match(block)
    return b"REGION " + region[1] if region else block
