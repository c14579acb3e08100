"""What a write carries, as the profile says: the body, and where the version goes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import pointer
from vtt_desktop.sync.profile import Content, Profile
from vtt_desktop.sync.version_parts import parted

_CONTENT_TYPES = {
    "partial": "application/json",
    "full": "application/json",
    "json-patch": "application/json-patch+json",
    "text": "text/vtt; charset=utf-8",
}


class RequestBody:
    """Bodies for one project. What goes in and out of here is JSON as Python has it, or a bare text."""

    def __init__(self, profile: Profile, project: str, author: str = "") -> None:
        self._profile = profile
        self._project = project
        self._author = {"X-VTT-Author": quote(author)} if author and profile.write.idempotency else {}
        self.bare = profile.item.format == "text" or profile.write.body == "text"
        """Whether a write carries the text itself, and no JSON."""

    @property
    def saved_type(self) -> str:
        """The `Content-Type` of a save."""
        return self._profile.write.content_type or _CONTENT_TYPES["text" if self.bare else self._kind]

    @property
    def made_type(self) -> str:
        """The `Content-Type` of a creation."""
        if self.bare:
            return self._profile.create.content_type or self.saved_type
        return self._profile.create.content_type or "application/json"

    @property
    def _kind(self) -> str:
        return self._profile.write.body

    def saved(self, key: str, changes: dict[str, Any]) -> Any:
        """The body of a save, without its version."""
        write = self._profile.write
        if self.bare:
            return pointer.get(changes, self._profile.content.pointer)
        changes = encoded(changes, self._profile.content)
        body: Any = pointer.wrapped(laid_over(self._filled(write.fixed, key), changes), write.wrap)
        if write.body == "json-patch":
            # RFC 6902 4.1: “add” sets a member whether it is there or not.
            return [{"op": "add", "path": at, "value": value} for at, value in pointer.leaves(body)]
        for at in write.omit if write.body == "full" else ():
            pointer.drop(body, write.wrap + at)
        return body

    def made(self, key: str, document: dict[str, Any]) -> Any:
        """The body of a creation."""
        how = self._profile.create
        if self.bare:
            return pointer.get(document, self._profile.content.pointer)
        document = encoded(document, self._profile.content)
        document = laid_over(self._filled(how.fixed, key), document)
        at = how.marker if how.id == "server" else how.id
        if at != "url":
            pointer.put(document, at, key)
        wrap = how.wrap or self._profile.write.wrap
        return pointer.wrapped(document, "" if wrap == "none" else wrap)

    def removed(self, key: str) -> dict[str, Any]:
        """The body of a removal, without its version; empty: it has none."""
        filled: dict[str, Any] = self._filled(self._profile.delete.fixed, key)
        return filled

    def guarded(
        self, etag: str, body: Any, places: tuple[str, ...] = ()
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Headers and parameters that make a write depend on the version; a body has it put in."""
        write = self._profile.write
        places = places or write.precondition
        headers: dict[str, str] = {}
        params: dict[str, str] = {}
        for place, part in zip(places, parted(etag, len(places)), strict=True):
            kind, _, name = place.partition(":")
            if not name:
                continue  # a save without a version, as the probe tries it
            if write.precondition_type == "next":
                part = str(_number(part) + 1)
            said = write.precondition_format.replace("{v}", part)
            if kind == "header":
                headers[name] = said
            elif kind == "query":
                params[name] = said
            elif kind == "body":
                pointer.put(body, name, said if write.precondition_type == "text" else _number(said))
        return headers, params

    def of_project(self, profile: Profile) -> Profile:
        """The profile with the project's name in the headers of requests that are about no one segment."""
        listing = replace(profile.list, headers=self.headers(profile.list.headers))
        return replace(profile, headers=self.headers(profile.headers), list=listing)

    def headers(self, headers: Mapping[str, str], key: str = "{id}") -> Mapping[str, str]:
        """Headers of the profile with the project's name and the id in them."""
        if not any("{" in value for value in headers.values()):
            return headers
        project, key = _carried(self._project), _carried(key)
        return {
            name: value.replace("{project}", project).replace("{id}", key) for name, value in headers.items()
        }

    def writing(self, write_id: str, told: Mapping[str, str] | None = None, key: str = "") -> dict[str, str]:
        """Headers of a write: those that the profile has for it (`told`), who it is by, and its own name."""
        headers = {**self.headers(told or {}, key), **self._author}
        if self._profile.write.idempotency and write_id:
            headers["Idempotency-Key"] = write_id
        return headers

    def _filled(self, value: Any, key: str) -> Any:
        """The profile's fixed values with the project's name and the id in them."""
        if isinstance(value, Mapping):
            return {name: self._filled(inner, key) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner, key) for inner in value]
        if isinstance(value, str):
            return value.replace("{project}", self._project).replace("{id}", key)
        return value


def _carried(text: str) -> str:
    """As it is; percent-encoded where a header cannot hold it (RFC 9110 5.5)."""
    return text if text.isascii() and text.isprintable() else quote(text, safe="")


def decoded(document: Any, content: Content) -> Any:
    """A document from the wire with its text as text; as it came where that cannot be."""
    if content.encoding != "base64" or not isinstance(value := pointer.get(document, content.pointer), str):
        return document
    try:
        text = base64.b64decode("".join(value.split()), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return pointer.with_value(document, content.pointer, None)  # “no text there” is what is said of it
    return pointer.with_value(document, content.pointer, text)


def encoded(document: dict[str, Any], content: Content) -> dict[str, Any]:
    """What `decoded` reads."""
    if content.encoding != "base64" or not isinstance(value := pointer.get(document, content.pointer), str):
        return document
    packed: dict[str, Any] = pointer.with_value(
        document, content.pointer, base64.b64encode(value.encode()).decode("ascii")
    )
    return packed


def laid_over(below: Any, above: Any) -> Any:
    """Two documents as one: objects joined member by member, else what is above."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{name: laid_over(below.get(name), value) for name, value in above.items()}}
    return above


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UserError(f"The version {text[:40]!r} is no whole number.") from None
