"""What an answer is read as: JSON, a bare text, or XML with its elements as members."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import httpx

from vtt_desktop.sync import pointer


@dataclass(frozen=True, slots=True)
class Expected:
    """`read` gives an answer's content as a document; None where it is not what it should be."""

    name: str
    read: Callable[[httpx.Response], Any]


def json_of(response: httpx.Response) -> Any:
    """The answer's JSON; None where it is not JSON."""
    if not response.content.strip():
        return None
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


JSON = Expected("JSON", json_of)


def text_at(place: str) -> Expected:
    """The answer is a text, and becomes a document with it at that pointer."""

    def read(response: httpx.Response) -> Any:
        if _is_page(response):
            return None
        try:
            return pointer.wrapped(response.content.decode("utf-8"), place)
        except UnicodeDecodeError:
            return None

    return Expected("text", read)


def xml_with(many: str) -> Expected:
    """The answer is XML. The root is an object; each element in it a member of its local name, a text where
    it holds no other. `many` and what comes more than once are arrays; attributes are left out."""

    def read(response: httpx.Response) -> Any:
        content = response.content
        # Entities of its own making are what nobody's list needs, and what makes a small answer a huge one.
        if _is_page(response) or b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:4096]:
            return None
        try:
            return _members(ElementTree.fromstring(content), many)
        except (ElementTree.ParseError, RecursionError):
            return None

    return Expected("XML", read)


def _members(element: ElementTree.Element, many: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in element:
        name = child.tag.rpartition("}")[2]
        value = _members(child, many) if len(child) else (child.text or "").strip()
        if name not in found:
            found[name] = [value] if name == many else value
        elif name == many or isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def _is_page(response: httpx.Response) -> bool:
    """Whether the answer is a web page, as a login or a captive portal answers anything."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind in ("text/html", "application/xhtml+xml")
