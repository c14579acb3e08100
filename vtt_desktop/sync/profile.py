"""A backend profile: how a server names, reads and writes segments. Data from a TOML file, no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Item:
    """How one segment is read. `{id}` and `{project}` in `url` are filled in, percent-encoded."""

    url: str = "/vtt/{id}"
    read: str = ""
    """JSON pointer (RFC 6901) to the document in an answer; empty: the answer is the document."""
    version: str = "header:ETag"
    """`header:NAME`, or `json:/pointer` into the answer."""


@dataclass(frozen=True, slots=True)
class FieldAt:
    """Where one part of a cue stands in a document, and the unit of a time."""

    pointer: str
    unit: Literal["ms", "s", "timestamp"] = "ms"


@dataclass(frozen=True, slots=True)
class Content:
    """How a document holds cues: WebVTT text in one field, or each part in a field of its own."""

    kind: Literal["webvtt", "fields"] = "webvtt"
    pointer: str = "/content"
    fields: Mapping[str, FieldAt] = field(default_factory=dict)
    order: str = ""
    """Pointer to the sort key; empty: the backend keeps no order."""
    head: str = ""
    """Pointer to the field that tells the head segment from cue segments; empty: there is none."""
    tail: str = ""
    """Pointer to what stands after the last cue, in the head segment."""


@dataclass(frozen=True, slots=True)
class Write:
    """How one segment is saved."""

    method: str = "PATCH"
    wrap: str = ""
    """JSON pointer under which the body is put; empty: the body is the document."""
    body: Literal["partial", "full"] = "partial"
    content_type: str = "application/json"
    precondition: str = "header:If-Match"
    """`header:If-Match`, or `body:/pointer`."""
    version: str = "header"
    """Where the new version is: `header`, `json:/pointer`, or `reget`."""
    idempotency: bool = False
    """Whether the backend knows `Idempotency-Key`."""


@dataclass(frozen=True, slots=True)
class Statuses:
    """What a status means here."""

    conflict: tuple[int, ...] = (412, 409)
    required: tuple[int, ...] = (428,)
    gone: tuple[int, ...] = (404, 410)
    current: str = ""
    """Pointer to the current document in a conflict's answer."""


@dataclass(frozen=True, slots=True)
class Listing:
    """How all segments are found: a list on the backend, or plain ids."""

    url: str = ""
    items: str = ""
    id: str = "/id"
    version: str = ""
    version_format: str = "{v}"
    document: str = ""
    next: str = ""
    """Pointer to the next page's address."""
    seq: str = ""
    """Pointer to the sequence number that the list is as new as."""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Create:
    """How a segment is made; without a method the backend cannot."""

    method: str = ""
    url: str = ""
    id: str = "url"
    """`url`, or a pointer into the body."""
    fixed: Mapping[str, object] = field(default_factory=dict)
    guard: bool = True
    """Whether `If-None-Match: *` is sent."""
    exists: tuple[int, ...] = (412, 409)
    bulk_url: str = ""
    """Where many are posted at once as `{"items": […]}`, for publishing."""
    project_url: str = ""
    """Where the project itself is made first, with PUT."""


@dataclass(frozen=True, slots=True)
class Delete:
    """How a segment is removed; without a method the backend cannot."""

    method: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """How changes by others are heard of."""

    kind: Literal["none", "poll", "since"] = "none"
    url: str = ""
    param: str = "since"
    items: str = "/items"
    seq: str = "/seq"
    more: str = "/more"
    tombstone: str = "/deleted"
    epoch: str = ""
    events: str = ""
    """Address of a server-sent event stream that tells when to ask again."""
    interval_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Profile:
    """A backend. `base` is its origin with the path that all addresses begin with."""

    name: str
    base: str = ""
    auth: Literal["none", "basic", "bearer", "query"] = "none"
    auth_param: str = "token"
    headers: Mapping[str, str] = field(default_factory=dict)
    accept_encoding: str = "identity"
    etag: Literal["verbatim", "strip-weak", "strip-suffix"] = "verbatim"
    cache_bust: str = "_fresh"
    read_only: str = ""
    """Why this backend must not be written to; empty: it may."""
    item: Item = field(default_factory=Item)
    content: Content = field(default_factory=Content)
    write: Write = field(default_factory=Write)
    status: Statuses = field(default_factory=Statuses)
    list: Listing = field(default_factory=Listing)
    create: Create = field(default_factory=Create)
    delete: Delete = field(default_factory=Delete)
    changes: Changes = field(default_factory=Changes)
