"""A backend profile: how a server names, reads and writes segments. Data from a TOML file, no code."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from vtt_desktop.sync.pointer import leaves


@dataclass(frozen=True, slots=True)
class Item:
    """How one segment is read. `{id}` and `{project}` in `url` are filled in, percent-encoded."""

    url: str = "/vtt/{id}"
    format: Literal["json", "text"] = "json"
    """`text`: there is no JSON, a segment is read and written as the WebVTT text itself."""
    read: str = ""
    """JSON pointer (RFC 6901) to the document in an answer; empty: the answer is the document."""
    headers: Mapping[str, str] = field(default_factory=dict)
    version: tuple[str, ...] = ("header:ETag",)
    """`header:NAME`, or `json:/pointer` into the answer; several where a version has several parts."""
    version_format: str = "{v}"
    """How a version from `json:` is written down; list, write and item must come to the same text."""
    versions: Literal["any", "once"] = "any"
    """Whether a version that was there before can be there again: a hash of the content can."""
    empty_is_gone: bool = False
    """Whether null, or an empty list, where the document should be says that there is no such segment."""
    gone: str = ""
    """Pointer into a document to what says that it was removed."""
    gone_values: tuple[str, ...] = ()
    """What says so there; none: anything but false, null, nought and empty."""


@dataclass(frozen=True, slots=True)
class FieldAt:
    """Where one part of a cue stands in a document, and the unit of a time."""

    pointer: str
    unit: Literal["ms", "s", "timestamp", "srt-timestamp"] = "ms"


@dataclass(frozen=True, slots=True)
class Content:
    """How a document holds cues: WebVTT text in one field, or each part in a field of its own."""

    kind: Literal["webvtt", "fields"] = "webvtt"
    pointer: str = "/content"
    fields: Mapping[str, FieldAt] = field(default_factory=dict)
    order: str = ""
    """Pointer to the sort key; empty: the backend keeps no order, see `sorting`."""
    head: str = ""
    """Pointer to the field that tells the head segment from cue segments; empty: there is none."""
    tail: str = ""
    """Pointer to what stands after the last cue, in the head segment."""
    encoding: Literal["text", "base64"] = "text"
    """How the text stands in its field (`webvtt`): as it is, or in Base64 (RFC 4648)."""
    signature: bool = False
    """Whether a new segment is a whole file, with the line WEBVTT (`webvtt`)."""


@dataclass(frozen=True, slots=True)
class Write:
    """How one segment is saved."""

    method: Literal["PATCH", "PUT", "POST", "MERGE"] = "PATCH"
    url: str = ""
    """Where to, if it is not the item's own address."""
    wrap: str = ""
    """JSON pointer under which the body is put; empty: the body is the document."""
    body: Literal["partial", "full", "json-patch", "text"] = "partial"
    """What changed, the whole document with all else in it as it was, operations (RFC 6902), or the bare text
    where reading gives JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, object] = field(default_factory=dict)
    """What else every save must name, beside what changed; `{project}` and `{id}` are filled in."""
    omit: tuple[str, ...] = ()
    """Pointers to what a whole document must not bring back: what the server alone writes."""
    content_type: str = ""
    """Empty: as the body's kind has it."""
    precondition: tuple[str, ...] = ("header:If-Match",)
    """`header:NAME`, `query:NAME`, or `body:/pointer`; one for each part of a version."""
    precondition_format: str = "{v}"
    """How the version is written there."""
    precondition_type: Literal["text", "integer", "next"] = "text"
    """What a version in the body is; `next`: the whole number after it is sent, there and elsewhere."""
    version: tuple[str, ...] = ("header",)
    """Where the new version is: `header`, `header:NAME`, `json:/pointer` (each part's), or `reget`."""
    version_format: str = "{v}"
    done: str = "none"
    """Pointer into the answer of a write: false, null, nought or empty there says that the version was not
    the current one, whatever the status; `none`: the status tells."""
    answer: Literal["document", "version"] = "document"
    """Whether the answer shows the whole document as it is now, or a part that is not to be believed."""
    idempotency: bool = False
    """Whether the backend knows `Idempotency-Key`."""


@dataclass(frozen=True, slots=True)
class Statuses:
    """What a status means here."""

    conflict: tuple[int, ...] = (412, 409)
    conflict_text: tuple[str, ...] = ()
    """An answer from 400 to 499 that holds one of these texts is a conflict, too."""
    required: tuple[int, ...] = (428,)
    gone: tuple[int, ...] = (404, 410)
    token: tuple[int, ...] = (401,)
    """Certainly not carried out: a (new) token is asked for."""
    current: str = ""
    """Pointer to the current document in a conflict's answer."""
    ok: str = ""
    """Pointer into any answer of success: false, null, nought or empty there says that it is none."""
    code: str = ""
    """Pointer into any answer of success to a word or number that says why it is none."""
    codes: Mapping[str, int] = field(default_factory=dict)
    """What each of those means, as a status; a number from 400 to 599 is one itself."""


@dataclass(frozen=True, slots=True)
class Listing:
    """How all segments are found: a list on the backend, or plain ids."""

    url: str = ""
    method: Literal["GET", "PROPFIND"] = "GET"
    format: Literal["json", "xml"] = "json"
    """What the list is written in; elements of XML are members."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the list and of the feed."""
    items: str = ""
    none_is_empty: bool = False
    """Whether a list without rows has no place for them either."""
    id: str = "/id"
    """Pointer to the id in a row; empty: the row is the id."""
    id_pattern: str = ""
    """A regular expression whose one group is the id in what stands there; rows without it are not ours."""
    id_encoded: bool = False
    """Whether what stands there is percent-encoded, as a part of an address is."""
    version: tuple[str, ...] = ()
    """Pointers to the version in a row; none: rows show none, and each segment is read by itself."""
    version_format: str = "{v}"
    document: str = ""
    """Pointer to the document in a row; empty: the row is the document; `none`: rows hold none."""
    sort: str = ""
    """Pointer into a document that the rows are sorted by, numbers or text; `given`: as they come; empty:
    `content.order`, else by time."""
    next: str = ""
    """The next page's address: a pointer, `header:NAME`, or `link` (RFC 8288, `rel="next"`)."""
    next_params: Mapping[str, str] = field(default_factory=dict)
    """Query parameters of the next page, each a pointer into this one or `header:NAME`."""
    next_headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that ask for the next page, each a pointer into this one or `header:NAME`."""
    page_param: str = ""
    """Query parameter that counts pages from `page_first`; the first page without a new row is the last."""
    page_first: int = 1
    offset_param: str = ""
    """Query parameter that counts rows from nought."""
    seq: str = ""
    """Pointer to the sequence number that the list is as new as."""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Create:
    """How a segment is made; without a method the backend cannot."""

    method: Literal["", "PUT", "POST"] = ""
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    id: str = "url"
    """`url`, a pointer into the body, or `server`: the backend makes ids itself."""
    made_id: str = "json:/id"
    """Where the answer names the id that the backend made: `json:/pointer` or `header:NAME`."""
    ids: Literal["hex", "uuid"] = "hex"
    """How ids that are made here are written: as 32 digits, or with the hyphens of a UUID (RFC 9562)."""
    marker: str = ""
    """Pointer to a field that keeps our own name of a segment whose id the backend makes."""
    fixed: Mapping[str, object] = field(default_factory=dict)
    """What else a new document must have; `{project}` and `{id}` are filled in."""
    content_type: str = ""
    """Empty: `application/json`."""
    guard: bool = True
    """Whether `If-None-Match: *` is sent."""
    version: tuple[str, ...] = ()
    """Where the version of what was made is, as `write.version`; empty: as there."""
    wrap: str = ""
    """As `write.wrap`; empty: the same; `none`: the body is the document."""
    done: str = ""
    """As `write.done`; empty: the same."""
    exists: tuple[int, ...] = (412, 409)
    bulk_url: str = ""
    """Where many are posted at once as `{"items": […]}`, for publishing."""
    project_url: str = ""
    """Where the project itself is made first, with PUT."""

    def new_id(self) -> str:
        """The name of a new segment, unlike any other's."""
        made = uuid.uuid4()
        return str(made) if self.ids == "uuid" else made.hex


@dataclass(frozen=True, slots=True)
class Delete:
    """How a segment is removed; without a method the backend cannot."""

    method: Literal["", "DELETE", "POST", "PATCH"] = ""
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, object] = field(default_factory=dict)
    """What the body of a removal must hold."""
    precondition: tuple[str, ...] = ()
    """As `write.precondition`; empty: the same."""
    done: str = ""
    """As `write.done`; empty: the same."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How changes by others are heard of."""

    kind: Literal["none", "poll", "since"] = "none"
    url: str = ""
    param: str = "since"
    param_format: str = "{v}"
    items: str = "/items"
    id: str = ""
    version: tuple[str, ...] = ()
    document: str = ""
    """Where these stand in a row of the feed; empty: as in a row of the list."""
    seq: str = "/seq"
    """The position that the answer is as new as: a pointer or `header:NAME`; a whole number in quotes too."""
    position: Literal["integer", "iso", "text", "link"] = "integer"
    """What a position is: a whole number, a date and time (RFC 3339), text given back as it came, or the
    address to ask next."""
    more: str = "/more"
    next: str = ""
    """The next page's address, as in `list`."""
    tombstone: str = "/deleted"
    epoch: str = ""
    events: str = ""
    """Address of a server-sent event stream that tells when to ask again."""
    interval_s: float = 10.0


@dataclass(frozen=True, slots=True)
class History:
    """Where past versions of a segment are told, the newest first; without an address they are not."""

    url: str = ""
    items: str = "/items"
    document: str = "/document"
    """Pointer to the document in a row; null there: it was removed."""
    version: str = "/etag"
    author: str = "/author"
    time: str = "/modified"


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is on which segment, as our own server tells it; without an address nobody does."""

    url: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A backend. `base` is its origin with the path that all addresses begin with."""

    name: str
    base: str = ""
    auth: Literal["none", "basic", "bearer", "query", "header"] = "none"
    auth_param: str = "token"
    """Name of the query parameter or header; empty with `query`: the token is a query string itself."""
    auth_format: str = "{token}"
    """What stands in that parameter or header."""
    headers: Mapping[str, str] = field(default_factory=dict)
    accept_encoding: str = "identity"
    etag: Literal["verbatim", "strip-weak", "strip-suffix"] = "verbatim"
    cache_bust: str = "_fresh"
    mark: str = ""
    """Name of a header by which answers tell where the project's history is, and requests where we were told
    that it is: one that is not in it is refused with 412."""
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
    history: History = field(default_factory=History)
    presence: Presence = field(default_factory=Presence)

    @property
    def bookkeeping(self) -> frozenset[str]:
        """Pointers into a document to what this backend writes itself, or what the profile fills in."""
        answer, row = self.item.read, "" if self.list.document == "none" else self.list.document
        places = [(answer, at.removeprefix("json:")) for at in self.item.version if at.startswith("json:")]
        places += [(row, at) for at in (*self.list.version, self.list.id)]
        within = [at.removeprefix(above) for above, at in places if at.startswith(f"{above}/")]
        within += [at for _, at in places if at]  # many documents say again what their row does
        own = [at for at in (self.create.id, *self.write.omit) if at.startswith("/")]
        fixed = [at for table in (self.create.fixed, self.write.fixed) for at, _ in leaves(table)]
        return frozenset((*within, *own, *fixed))
