"""The parser of the WebVTT specification letter by letter, slow and plain: what ours is held against."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.entities import html5

SPACE = " \t\n\f\r"


@dataclass
class Parsed:
    cues: list[tuple[str, int, int, str, str]] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)


class Parser:
    """WebVTT 6.1: `cues` are (identifier, start, end, settings, text)."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("utf-8", "replace").removeprefix("\ufeff")
        self.input = text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
        self.position = 0
        self.seen_cue = False
        self.parsed = Parsed()

    def parse(self) -> Parsed | None:
        if self.input[:6] != "WEBVTT" or self.input[6:7] not in ("", " ", "\t", "\n"):
            return None
        self.position = 6
        self.line()
        if self.position >= len(self.input):
            return self.parsed
        self.position += 1
        if self.position >= len(self.input):
            return self.parsed
        if self.input[self.position] != "\n":
            self.block(in_header=True)
        else:
            self.position += 1
        self.line_feeds()
        while self.position < len(self.input):
            self.block(in_header=False)
            self.line_feeds()
        return self.parsed

    def line(self) -> str:
        start = self.position
        while self.position < len(self.input) and self.input[self.position] != "\n":
            self.position += 1
        return self.input[start : self.position]

    def line_feeds(self) -> None:
        while self.position < len(self.input) and self.input[self.position] == "\n":
            self.position += 1

    def block(self, *, in_header: bool) -> None:
        count, previous, buffer, seen_eof, seen_arrow = 0, self.position, "", False, False
        cue: tuple[str, int, int, str] | None = None
        kind = ""
        while True:
            line = self.line()
            count += 1
            if self.position >= len(self.input):
                seen_eof = True
            else:
                self.position += 1
            if "-->" in line:
                if not in_header and (count == 1 or (count == 2 and not seen_arrow)):
                    seen_arrow = True
                    previous = self.position
                    timings = collect_timings(line)
                    if timings:
                        cue = (buffer, *timings)
                        buffer = ""
                        self.seen_cue = True
                else:
                    self.position = previous
                    break
            elif line == "":
                break
            else:
                if not in_header and count == 2 and not self.seen_cue:
                    for name in ("STYLE", "REGION"):
                        if buffer.startswith(name) and not buffer[len(name) :].strip(SPACE):
                            kind, buffer = name, ""
                            break
                if buffer:
                    buffer += "\n"
                buffer += line
                previous = self.position
            if seen_eof:
                break
        if cue is not None:
            self.parsed.cues.append((*cue, buffer))
        elif kind == "STYLE":
            self.parsed.styles.append(buffer)
        elif kind == "REGION":
            self.parsed.regions.append(buffer)


def collect_timings(line: str) -> tuple[int, int, str] | None:
    at = skip(line, 0)
    first = collect_timestamp(line, at)
    if first is None:
        return None
    start, at = first
    at = skip(line, at)
    if line[at : at + 3] != "-->":
        return None
    second = collect_timestamp(line, skip(line, at + 3))
    if second is None:
        return None
    return start, second[0], line[second[1] :].strip(SPACE)


def skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in SPACE:
        at += 1
    return at


def digits(text: str, at: int) -> tuple[str, int]:
    start = at
    while at < len(text) and text[at] in "0123456789":
        at += 1
    return text[start:at], at


def collect_timestamp(text: str, at: int) -> tuple[int, int] | None:
    units = "minutes"
    if text[at : at + 1] not in tuple("0123456789"):
        return None
    string, at = digits(text, at)
    value1 = int(string)
    if len(string) != 2 or value1 > 59:
        units = "hours"
    if text[at : at + 1] != ":":
        return None
    string, at = digits(text, at + 1)
    if len(string) != 2:
        return None
    value2 = int(string)
    if units == "hours" or text[at : at + 1] == ":":
        if text[at : at + 1] != ":":
            return None
        string, at = digits(text, at + 1)
        if len(string) != 2:
            return None
        value3 = int(string)
    else:
        value1, value2, value3 = 0, value1, value2
    if text[at : at + 1] != ".":
        return None
    string, at = digits(text, at + 1)
    if len(string) != 3 or value2 > 59 or value3 > 59:
        return None
    return ((value1 * 60 + value2) * 60 + value3) * 1000 + int(string), at


def tree(text: str) -> list[object]:
    """WebVTT 6.4: nested lists `[name, classes, value, children…]`, text as str, timestamps as int."""
    root: list[object] = []
    path: list[tuple[str, list[object]]] = [("root", root)]
    for token in tokens(text):
        name, current = path[-1]
        kind, *rest = token
        if kind == "text":
            if current and isinstance(current[-1], str):
                current[-1] += rest[0]
            else:
                current.append(rest[0])
        elif kind == "start":
            tag, classes, annotation = rest
            if tag in ("c", "i", "b", "u", "ruby", "v", "lang") or (tag == "rt" and name == "ruby"):
                children: list[object] = []
                value = annotation if tag in ("v", "lang") else ""
                current.append([tag, [c for c in classes if c], value, children])
                path.append((tag, children))
        elif kind == "end":
            if len(path) > 1 and rest[0] == name:
                path.pop()
            elif rest[0] == "ruby" and name == "rt":
                path.pop()
                path.pop()
        else:
            found = collect_timestamp(rest[0], 0)
            if found and found[1] == len(rest[0]):
                current.append(found[0])
    return root


def tokens(text: str):
    at = 0
    while at < len(text):
        token, at = next_token(text, at)
        yield token


def next_token(text: str, at: int):
    state, result, buffer = "data", "", ""
    classes: list[str] = []
    while True:
        c = text[at] if at < len(text) else ""
        if state == "data":
            if c == "&":
                decoded, at = reference(text, at)
                result += decoded
                continue
            if c == "<":
                if result:
                    return ("text", result), at
                state = "tag"
            elif c == "":
                return ("text", result), at
            else:
                result += c
        elif state == "tag":
            if c in ("\t", "\f", " ", "\n") and c:
                buffer, state = c, "annotation"
            elif c == ".":
                state = "class"
            elif c == "/":
                state = "end"
            elif c in tuple("0123456789"):
                result, state = c, "timestamp"
            elif c in (">", ""):
                return ("start", "", [], ""), at + 1
            else:
                result, state = c, "start"
        elif state == "start":
            if c in ("\t", "\f", " ") and c:
                state = "annotation"
            elif c == "\n":
                buffer, state = c, "annotation"
            elif c == ".":
                state = "class"
            elif c in (">", ""):
                return ("start", result, [], ""), at + 1
            else:
                result += c
        elif state == "class":
            if c in ("\t", "\f", " ", "\n") and c:
                classes.append(buffer)
                buffer, state = c if c == "\n" else "", "annotation"
            elif c == ".":
                classes.append(buffer)
                buffer = ""
            elif c in (">", ""):
                classes.append(buffer)
                return ("start", result, classes, ""), at + 1
            else:
                buffer += c
        elif state == "annotation":
            if c == "&":
                decoded, at = reference(text, at)
                buffer += decoded
                continue
            if c in (">", ""):
                annotation = re.sub(f"[{SPACE}]+", " ", buffer.strip(SPACE))
                return ("start", result, classes, annotation), at + 1
            buffer += c
        elif state in ("end", "timestamp"):
            if c in (">", ""):
                return (state, result), at + 1
            result += c
        at += 1


def reference(text: str, at: int) -> tuple[str, int]:
    """HTML "consume a character reference" at an ampersand: what it stands for, and the place behind it."""
    number = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?").match(text, at)
    if number:
        code = int(number[1], 16) if number[1] else int(number[2])
        if code == 0 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
            return "\ufffd", number.end()
        if 0x80 <= code < 0xA0:
            try:
                return bytes([code]).decode("cp1252"), number.end()
            except UnicodeDecodeError:
                pass
        return chr(code), number.end()
    longest = max((n for n in html5 if text.startswith(n, at + 1)), key=len, default=None)
    return (html5[longest], at + 1 + len(longest)) if longest else ("&", at + 1)
