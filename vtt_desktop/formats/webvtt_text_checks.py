"""What an author may not write in cue text (WebVTT 4.2), found by one pass over it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from itertools import islice

from vtt_desktop.domain.problem import Severity
from vtt_desktop.formats.webvtt_cue import parse_timestamp
from vtt_desktop.formats.webvtt_text import EndTag, StartTag, TimestampTag, Token, tokens

Finding = tuple[str, str, str, Severity]
_MOST = 20  # findings in one cue
_KNOWN = frozenset({"c", "i", "b", "u", "ruby", "rt", "v", "lang"})
_AMPERSAND = re.compile(r"&(?:#[0-9]+;|#[xX][0-9a-fA-F]+;|([0-9A-Za-z]+;))?")
# RFC 5646, as far as its shape goes: a primary language of 2 to 8 letters, or a private one, and subtags.
_LANGUAGE = re.compile(r"(?:[a-zA-Z]{2,8}|[xXiI](?=-))(?:-[a-zA-Z0-9]{1,8})*")


def check_text(text: str, start: int, end: int, kind: str = "captions") -> Iterator[Finding]:
    """(rule, section, message, severity) for each problem of a text that shows from `start` to `end` ms.

    The first few, that is: each may cost a look through all open tags, and nobody reads a hundred of one cue.
    """
    return islice(_findings(text, start, end, kind), _MOST)


def _findings(text: str, start: int, end: int, kind: str) -> Iterator[Finding]:
    if "-->" in text:
        yield _error("arrow-in-text", "4.1 cue payload", "The text holds an arrow (-->): write --&gt;.")
    if kind == "metadata":
        return
    if "&" in text:
        yield from _check_ampersands(text)
    if "<" not in text:
        return
    if kind == "chapters":
        yield _error("tags-in-chapter", "4.3 chapter title text", "A chapter's title cannot hold tags.")
    last = text.rfind("<")
    if last > text.rfind(">"):
        yield _error("bare-less-than", "4.2 cue text span", "A < that opens no tag must be written &lt;.")
        # What begins there is not called a wrong tag too; one that closes what is open is meant to.
        said = text[last:].rstrip()
        text = f"{text[:last]}{said}>" if said[:2] == "</" and f"<{said[2:]}" in text else text[:last]
    yield from _check_tags(tokens(text), start, end)


def _check_ampersands(text: str) -> Iterator[Finding]:
    for found in _AMPERSAND.finditer(text):
        if found[0] == "&" or (found[1] and found[1] not in html5):
            yield _error(
                "bare-ampersand", "4.2 cue text span", "An & that begins no reference must be written &amp;."
            )
            return


def _check_tags(found: Iterator[Token], start: int, end: int) -> Iterator[Finding]:
    section = "4.2 cue components"
    opened: list[str] = []
    latest = start
    for token in found:
        if isinstance(token, StartTag):
            yield from _check_start_tag(token, opened)
            if token.name in _KNOWN:
                opened.append(token.name)
        elif isinstance(token, EndTag):
            if opened and opened[-1] == token.name:
                opened.pop()
            elif token.name in opened:
                said = f"</{token.name}> closes while <{opened[-1]}> is open: tags must nest."
                yield _error("wrong-nesting", section, said)
                opened.remove(token.name)
            else:
                yield _error("unmatched-tag", section, f"</{token.name}> closes nothing.")
        elif isinstance(token, TimestampTag):
            moment = parse_timestamp(token.value)
            if moment is None:
                yield _error("bad-timestamp", "4.2 cue timestamp", f"<{token.value}> is no timestamp.")
            elif not start < moment < end:
                said = f"<{token.value}> lies outside the cue's times."
                yield _error("timestamp-outside", "4.2 cue timestamp", said)
            elif moment <= latest:
                said = f"<{token.value}> does not come after the timestamp before it."
                yield _error("timestamp-order", "4.2 cue timestamp", said)
            latest = max(latest, moment or 0)
    # WebVTT 4.2.2: the end tag of a voice that spans the whole text may be left out.
    left = opened[1:] if opened[:1] == ["v"] else opened
    for name in left:
        yield _error("unclosed-tag", section, f"<{name}> is not closed.")


def _check_start_tag(token: StartTag, opened: list[str]) -> Iterator[Finding]:
    section = "4.2 cue components"
    if token.name not in _KNOWN:
        said = f"There is no tag <{token.name}>: a player leaves it out."
        yield _error("unknown-tag", section, said)
    elif token.name == "v" and not token.annotation:
        yield _error("voice-without-name", "4.2 cue voice span", "<v> must name who speaks.")
    elif token.name == "lang" and not _LANGUAGE.fullmatch(token.annotation):
        said = f"“{token.annotation}” is not a language tag (BCP 47)."
        yield _error("bad-language", "4.2 cue language span", said)
    elif token.name == "rt" and (not opened or opened[-1] != "ruby"):
        yield _error("wrong-nesting", "4.2 cue ruby span", "<rt> must stand directly in <ruby>.")


def _error(rule: str, section: str, message: str) -> Finding:
    return rule, section, message, Severity.ERROR
