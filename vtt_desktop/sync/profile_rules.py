"""What a profile's values must be beyond their kind: each rule gives the key and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.sorting import GIVEN

CUE_FIELDS = ("text", "start", "end", "duration", "identifier", "settings")
_SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization")
_VERSION = "'header', 'header:NAME', 'json:/pointer' or 'reget'"
_WITHOUT_ID = ("list.", "changes.", "presence.")
_FOUND = r"/.*|header:[\w-]+"

Broken = tuple[str, str]


def broken_rules(profile: Profile) -> Iterator[Broken]:
    """Every rule that the profile breaks: its key, and the end of a sentence about it."""
    yield from _general(profile)
    yield from _addresses(profile)
    yield from _pointers(profile)
    yield from _versions(profile)
    yield from _content(profile)
    yield from _lists(profile)


def _general(profile: Profile) -> Iterator[Broken]:
    if profile.base:
        try:
            parts = urlsplit(profile.base)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            parts, fine = urlsplit(""), False
        if not fine:
            yield "base", f"is {profile.base!r}; it must begin with http:// or https:// and name a server"
        elif parts.username is not None:
            yield "base", "holds a user or a password; a profile must not: give them with --token"
        elif parts.query or parts.fragment:
            yield "base", "must not hold “?” or “#”; parameters belong into the addresses"
    for table, headers in (
        ("", profile.headers),
        ("item.", profile.item.headers),
        ("write.", profile.write.headers),
        ("list.", profile.list.headers),
        ("list.next_", profile.list.next_headers),
        ("create.", profile.create.headers),
        ("delete.", profile.delete.headers),
    ):
        for name, value in headers.items():
            if "{id}" in value and table in ("", "list.", "list.next_"):
                yield f"{table}headers.{name}", "holds {id}; allowed here is {project}"
            if not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name):
                yield f"{table}headers.{name}", "is not the name of a header"
            if name.lower() in _SECRET_HEADERS:
                yield (
                    f"{table}headers.{name}",
                    "is a secret, and a profile must not hold one: use “auth” and --token",
                )
    if profile.mark and not re.fullmatch(r"[\w-]+", profile.mark):
        yield "mark", "must be the name of a header"
    if profile.auth == "header" and not re.fullmatch(r"[\w-]+", profile.auth_param):
        yield "auth_param", "must be the name of a header"
    if "{token}" not in profile.auth_format:
        yield "auth_format", "must hold {token}"
    if profile.item.gone_values and not profile.item.gone:
        yield "item.gone_values", "needs item.gone: where that word stands"
    if profile.item.gone and profile.item.format == "text":
        yield "item.gone", "is for documents in JSON, and item.format is 'text'"
    if profile.delete.method == "PATCH" and not profile.delete.fixed:
        yield "delete.method", "is 'PATCH', so delete.fixed must say what removes a segment"
    if profile.changes.interval_s < 0.05:
        yield "changes.interval_s", f"is {profile.changes.interval_s}; it must be 0.05 or more, in seconds"


def _addresses(profile: Profile) -> Iterator[Broken]:
    for key, url, needs_id in (
        ("item.url", profile.item.url, True),
        ("write.url", profile.write.url, True),
        ("delete.url", profile.delete.url, True),
        ("create.url", profile.create.url, profile.create.id == "url"),
        ("create.bulk_url", profile.create.bulk_url, False),
        ("create.project_url", profile.create.project_url, False),
        ("list.url", profile.list.url, False),
        ("changes.url", profile.changes.url, False),
        ("changes.events", profile.changes.events, False),
        ("history.url", profile.history.url, True),
        ("presence.url", profile.presence.url, False),
    ):
        if (url or key == "item.url") and needs_id and "{id}" not in url:
            yield key, "must hold {id}"
        if url and not url.startswith("/"):
            yield key, f"is {url!r}; it must begin with “/” and is put behind “base”"
        for name in re.findall(r"\{(.*?)\}", url):
            if name not in ("id", "project") or (name == "id" and key.startswith(_WITHOUT_ID)):
                allowed = "{project}" if key.startswith(_WITHOUT_ID) else "{id} and {project}"
                yield key, f"holds {{{name}}}; allowed are {allowed}"


def _pointers(profile: Profile) -> Iterator[Broken]:
    content, listing, changes = profile.content, profile.list, profile.changes
    for key, pointer in (
        ("item.read", profile.item.read),
        ("item.gone", profile.item.gone),
        ("content.pointer", content.pointer),
        ("content.order", content.order),
        ("content.head", content.head),
        ("content.tail", content.tail),
        ("write.wrap", profile.write.wrap),
        ("status.current", profile.status.current),
        ("status.ok", profile.status.ok),
        ("status.code", profile.status.code),
        ("list.items", listing.items),
        ("list.id", listing.id),
        *(("list.version", one) for one in listing.version),
        ("list.document", "" if listing.document == "none" else listing.document),
        ("list.sort", "" if listing.sort == GIVEN else listing.sort),
        ("list.seq", listing.seq),
        ("changes.id", changes.id),
        *(("changes.version", one) for one in changes.version),
        ("changes.document", "" if changes.document == "none" else changes.document),
        ("create.id", "" if profile.create.id in ("url", "server") else profile.create.id),
        ("create.marker", profile.create.marker),
        ("create.wrap", "" if profile.create.wrap == "none" else profile.create.wrap),
        ("write.done", "" if profile.write.done == "none" else profile.write.done),
        ("create.done", "" if profile.create.done == "none" else profile.create.done),
        ("delete.done", "" if profile.delete.done == "none" else profile.delete.done),
        ("changes.items", changes.items),
        ("changes.more", changes.more),
        ("changes.tombstone", changes.tombstone),
        ("changes.epoch", changes.epoch),
        ("history.items", profile.history.items),
        ("history.document", profile.history.document),
        ("history.version", profile.history.version),
        ("history.author", profile.history.author),
        ("history.time", profile.history.time),
        *(("write.omit", one) for one in profile.write.omit),
        *((f"content.fields.{name}", at.pointer) for name, at in content.fields.items()),
    ):
        if key == "list.seq" and pointer.startswith("header:"):
            continue
        if pointer and not pointer.startswith("/"):
            yield key, f"is {pointer!r}; a JSON pointer begins with “/” (RFC 6901)"


def _versions(profile: Profile) -> Iterator[Broken]:
    item, write, create = profile.item, profile.write, profile.create
    if not item.version:
        yield "item.version", "must say where the version is; without one nothing can be saved"
    for one in item.version:
        if not re.fullmatch(r"header:[\w-]+|json:/.*", one):
            yield "item.version", f"is {one!r}; allowed are 'header:NAME' or 'json:/pointer'"
    for key, places in (("write.version", write.version or ("",)), ("create.version", create.version)):
        for one in places:
            if not re.fullmatch(r"header(:[\w-]+)?|json:/.*|reget", one) or (one == "reget" != places[0]):
                yield key, f"is {one!r}; allowed are {_VERSION}"
    for key, places in (
        ("write.precondition", write.precondition or ("",)),
        ("delete.precondition", profile.delete.precondition),
    ):
        for one in places:
            if not re.fullmatch(r"header:[\w-]+|query:[^&=\s]+|body:/.*", one):
                yield key, f"is {one!r}; allowed are 'header:If-Match', 'query:NAME' or 'body:/pointer'"
    parts = len(item.version)
    for key, count in (
        ("write.precondition", len(write.precondition)),
        ("delete.precondition", len(profile.delete.precondition) or parts),
        ("list.version", len(profile.list.version) or parts),
        ("changes.version", len(profile.changes.version) or parts),
        ("write.version", parts if write.version in (("header",), ("reget",)) else len(write.version)),
        ("create.version", parts if create.version in ((), ("reget",)) else len(create.version)),
    ):
        if count != parts:
            yield key, f"names {count}, and item.version has {parts}: each part of a version needs its place"
    bare = item.format == "text" or write.body == "text"
    for key, places in (("write", write.precondition), ("delete", profile.delete.precondition)):
        if any(one.startswith("body:") for one in places):
            if write.body == "json-patch" and key == "write":
                yield "write.precondition", "cannot be in the body of a JSON patch"
            if bare and key == "write":
                yield "write.precondition", "cannot be in a body that is the bare text"
    for key, form in (
        ("item.version_format", profile.item.version_format),
        ("write.version_format", write.version_format),
        ("write.precondition_format", write.precondition_format),
        ("list.version_format", profile.list.version_format),
        ("changes.param_format", profile.changes.param_format),
    ):
        if "{v}" not in form:
            yield key, f"is {form!r}; it must hold {{v}}"
    for key, codes in (
        ("status.conflict", profile.status.conflict),
        ("status.required", profile.status.required),
        ("status.gone", profile.status.gone),
        ("status.token", profile.status.token),
        ("create.exists", profile.create.exists),
    ):
        for code in codes:
            if not 400 <= code <= 499:
                yield key, f"holds {code}; allowed are statuses from 400 to 499"
    for word, code in profile.status.codes.items():
        if not 400 <= code <= 599:
            yield f"status.codes.{word}", f"is {code}; allowed are statuses from 400 to 599"
    if profile.status.codes and not profile.status.code:
        yield "status.codes", "needs status.code: where the word stands"


def _content(profile: Profile) -> Iterator[Broken]:
    content = profile.content
    for key, bare in (("item.format", profile.item.format), ("write.body", profile.write.body)):
        if bare != "text":
            continue
        if content.kind != "webvtt" or content.order or content.head or content.tail:
            yield key, "is 'text': then a segment is its WebVTT text, with no other fields"
        if profile.write.body == "json-patch" or profile.write.wrap or profile.write.fixed:
            yield key, "is 'text': then nothing can be wrapped around what is saved"
        if profile.create.fixed or profile.create.id != "url":
            yield key, "is 'text': then nothing but the text can be in what is made"
        if content.encoding != "text" and key == "item.format":
            yield "content.encoding", "is for text inside JSON; with item.format = 'text' it is sent as it is"
    if content.signature and (content.kind != "webvtt" or content.head):
        yield "content.signature", "is for kind = 'webvtt' without content.head"
    if content.encoding != "text" and content.kind != "webvtt":
        yield "content.encoding", "is for kind = 'webvtt' only"
    if content.kind == "webvtt":
        if not content.pointer:
            yield "content.pointer", "must point to the field that holds the text"
        if content.fields:
            yield "content.fields", "is for kind = 'fields' only"
        return
    names = set(content.fields)
    if names - set(CUE_FIELDS) or "text" not in names:
        yield "content.fields", f"must hold text, and may hold {', '.join(CUE_FIELDS)}"
    if "start" in names and not names & {"end", "duration"}:
        yield "content.fields", "has a start, so it must have an end or a duration"
    if names & {"end", "duration"} and "start" not in names:
        yield "content.fields", "has an end or a duration, so it must have a start"
    if {"end", "duration"} <= names:
        yield "content.fields", "must have an end or a duration, not both"
    for name in ("text", "identifier", "settings"):
        if name in names and content.fields[name].unit != "ms":
            yield f"content.fields.{name}", "is not a time and has no unit"
    if content.head or content.tail:
        yield "content.head", "is for kind = 'webvtt' only"


def _lists(profile: Profile) -> Iterator[Broken]:
    listing, changes = profile.list, profile.changes
    for key, value in (("list.next", listing.next), ("changes.next", changes.next)):
        if value and not re.fullmatch(_FOUND + "|link", value):
            yield key, f"is {value!r}; allowed are a pointer, 'header:NAME' or 'link'"
    for key, told in (("next_params", listing.next_params), ("next_headers", listing.next_headers)):
        for name, value in told.items():
            if not re.fullmatch(_FOUND, value):
                yield f"list.{key}.{name}", f"is {value!r}; allowed are a pointer or 'header:NAME'"
    ways = [
        name
        for name in ("next", "next_params", "next_headers", "page_param", "offset_param")
        if getattr(listing, name) and listing.url
    ]
    if len(ways) > 1:
        yield f"list.{ways[1]}", f"cannot be used together with list.{ways[0]}"
    if changes.kind == "since":
        if not (changes.url or listing.url):
            yield "changes.kind", "is 'since', so changes.url must be given"
        if changes.position == "link" and profile.auth == "query":
            yield (
                "changes.position",
                "is 'link', and with auth = 'query' such a link may hold the token: use 'poll'",
            )
        if not re.fullmatch(_FOUND, changes.seq):
            yield "changes.seq", f"is {changes.seq!r}; allowed are a pointer or 'header:NAME'"
    if len(set(listing.ids)) != len(listing.ids):
        yield "list.ids", "names an id twice"
    if listing.id_pattern:
        try:
            groups = re.compile(listing.id_pattern).groups
        except re.error as error:
            groups = -1
            yield "list.id_pattern", f"is no regular expression: {error}"
        if groups not in (-1, 1):
            yield "list.id_pattern", "must have one group, which is the id: '([^/]+)$'"
    yield from _made_ids(profile)
    if profile.create.bulk_url and not listing.url:
        yield "create.bulk_url", "needs list.url: its answer is read as a list"


def _made_ids(profile: Profile) -> Iterator[Broken]:
    create = profile.create
    if not re.fullmatch(r"json:/.*|header:[\w-]+", create.made_id):
        yield "create.made_id", f"is {create.made_id!r}; allowed are 'json:/pointer' or 'header:NAME'"
    if create.id != "server":
        if create.marker:
            yield "create.marker", "is for create.id = 'server' only"
        return
    if create.method != "POST":
        yield "create.method", "must be 'POST' where create.id is 'server'"
    if not create.marker:
        yield "create.marker", "must be given where create.id is 'server': a lost answer is found by it"
    if not profile.list.url:
        yield "list.url", "must be given where create.id is 'server'"
    if create.bulk_url:
        yield "create.bulk_url", "cannot be used where create.id is 'server'"
