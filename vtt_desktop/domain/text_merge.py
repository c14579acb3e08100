"""Three-way merge of cue text on tokens: a proposal for a person, never applied in silence."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

# A whole tag, a whole character reference, a CJK/Thai/Lao/Hangul character, a word, a line end, a space,
# anything else.
KEPT_LEAST = 0.4
"""The share of the base's words that each side has to have kept: with less, words of both are a salad."""

_TOKEN = re.compile(
    r"<[^>]*>|&(?:#\w+|\w+);|[\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
    r"|[^\W\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+(?:['’]\w+)*|\n|[^\S\n]+|.",
    re.DOTALL,
)


def tokens(text: str) -> list[str]:
    """The text cut into tokens; joined they are the text again."""
    return _TOKEN.findall(text)


def _edits(base: list[str], other: list[str]) -> list[tuple[int, int, list[str]]]:
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return [(a, b, other[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def merge_text(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    """(merged text, clean). Where both changed one place differently, mine stands and `clean` is False; so
    does all of mine where one side wrote something else altogether."""
    if mine == theirs or theirs == base:
        return mine, True
    if mine == base:
        return theirs, True
    words = tokens(base)
    ours, others = _edits(words, tokens(mine)), _edits(words, tokens(theirs))
    if not (_keeps_enough(words, ours) and _keeps_enough(words, others)):
        return mine, False
    out: list[str] = []
    at, clean = 0, True
    while ours or others:
        first = (
            min(*(side[0] for side in (ours, others) if side), key=lambda e: (e[0], e[1]))
            if ours and others
            else (ours or others)[0]
        )
        lo, hi = first[0], first[1]
        took_ours: list[tuple[int, int, list[str]]] = []
        took_others: list[tuple[int, int, list[str]]] = []
        grew = True
        while grew:  # all edits of both sides that touch the same stretch of the base, or its border
            grew = False
            for side, took in ((ours, took_ours), (others, took_others)):
                while side and side[0][0] <= hi:
                    edit = side.pop(0)
                    took.append(edit)
                    hi = max(hi, edit[1])
                    grew = True
        out += words[at:lo]
        one = _stretch(words, lo, hi, took_ours)
        two = _stretch(words, lo, hi, took_others)
        if took_ours and took_others and one != two:
            clean = False
        out += one if took_ours else two
        at = hi
    return "".join(out + words[at:]), clean


def _keeps_enough(words: list[str], edits: list[tuple[int, int, list[str]]]) -> bool:
    changed = {i for a, b, _ in edits for i in range(a, b)}
    read = [i for i, word in enumerate(words) if word[0].isalnum()]
    return sum(1 for i in read if i not in changed) >= KEPT_LEAST * len(read)


def _stretch(words: list[str], lo: int, hi: int, edits: list[tuple[int, int, list[str]]]) -> list[str]:
    out: list[str] = []
    at = lo
    for a, b, new in edits:
        out += words[at:a] + new
        at = b
    return out + words[at:hi]
