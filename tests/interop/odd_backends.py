"""Backends of the shapes that are met in the wild, each with the profile a stranger would write for it."""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.app.program import Backend
from tests.interop.recipes import recipe

Said = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/json"}
TIMES = [(1000, 2000, "first words"), (3000, 4000, "second words"), (5000, 6000, "third words")]


class Shelf(Backend):
    """Documents by id, each with a revision; `PROFILE` says how they are reached."""

    PROFILE = ""
    TOKEN = ""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.documents: dict[str, Any] = {}
        self.revisions: dict[str, int] = {}
        self.log: list[str] = []
        for key, cue in zip("abc", TIMES, strict=True):
            self.write(key, self.first(cue))
        super().__init__()

    def first(self, cue: tuple[int, int, str]) -> Any:
        raise NotImplementedError  # each odd backend keeps a cue in its own way

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        raise NotImplementedError  # and has its own addresses

    def write(self, key: str, document: Any) -> None:
        self.documents[key] = document
        self.log.append(key)
        self.revisions[key] = len(self.log)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Said:
        parts = urlsplit(path)
        query = {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
        with self.lock:
            return self.route(method, unquote(parts.path), query, headers, body)


def say(status: int, document: Any = None, **headers: str) -> Said:
    return status, JSON | headers, json.dumps(document).encode() if document is not None else b""


def block(cue: tuple[int, int, str]) -> str:
    """A cue as WebVTT text."""
    return f"00:0{cue[0] // 1000}.000 --> 00:0{cue[1] // 1000}.000\n{cue[2]}\n"


class CouchShape(Shelf):
    """The revision in the body both ways, 409, rows with everything elsewhere, removal by a query parameter,
    a feed whose positions are text."""

    PROFILE = recipe("CouchDB", subtitles="db").replace(
        'pointer = "/vtt"',
        'kind = "fields"\nfields = { text = "/line", start = "/from", duration = "/lasts" }',
    )

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"line": cue[2], "from": cue[0], "lasts": cue[1] - cue[0], "house": {"style": 7}}

    def rev(self, key: str) -> str:
        return f"{self.revisions[key]}-x"

    def shown(self, key: str) -> Any:
        return {"_id": key, "_rev": self.rev(key), **self.documents[key]}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        seq = f"{len(self.log)}-g1AAé"
        if path == "/db/_all_docs":
            rows = [{"id": k, "value": {"rev": self.rev(k)}, "doc": self.shown(k)} for k in self.documents]
            return say(200, {"rows": rows, "update_seq": seq})
        if path == "/db/_changes":
            since = int((query["since"] or "0").partition("-")[0])
            results = []
            for key in dict.fromkeys(self.log[since:]):
                gone = key not in self.documents
                row = {"id": key, "changes": [{"rev": self.rev(key)}]}
                results.append({**row, "deleted": True} if gone else {**row, "doc": self.shown(key)})
            return say(200, {"results": results, "last_seq": seq})
        key = path.removeprefix("/db/")
        if method == "GET":
            return say(200, self.shown(key)) if key in self.documents else say(404, {"error": "not_found"})
        document = json.loads(body) if body else {}
        wanted = query.get("rev") or document.pop("_rev", None)
        if (self.rev(key) if key in self.documents else None) != wanted:
            return say(409, {"error": "conflict", "reason": "Document update conflict."})
        document.pop("_id", None)
        self.write(key, document)
        if method == "DELETE":
            del self.documents[key]
        return say(201, {"ok": True, "id": key, "rev": self.rev(key)})


class JsonApiShape(Shelf):
    """Envelopes, type and id in every save, a number as the version, pages by number, a place to sort by,
    an API key, no way to make or remove anything."""

    PROFILE = """
    auth = "header"
    auth_param = "X-Api-Key"
    auth_format = "key {token}"
    [headers]
    Accept = "application/vnd.api+json"
    [item]
    url = "/api/cues/{id}"
    read = "/data"
    version = "json:/data/meta/version"
    [content]
    pointer = "/attributes/body"
    [write]
    wrap = "/data"
    fixed = { type = "cues", id = "{id}" }
    content_type = "application/vnd.api+json"
    precondition_format = '"v{v}"'
    version = "json:/data/meta/version"
    [list]
    url = "/api/cues"
    items = "/data"
    version = "/meta/version"
    sort = "/attributes/position"
    page_param = "page[number]"
    """

    TOKEN = "sesame"

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"position": [2, 10, 30][len(self.log)], "body": block(cue), "note": "keep"}

    def shown(self, key: str) -> Any:
        version = {"version": self.revisions[key]}
        return {"type": "cues", "id": key, "attributes": self.documents[key], "meta": version}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if headers.get("X-Api-Key") != "key sesame":
            return say(401, {"errors": [{"detail": "who are you?"}]})
        if path == "/api/cues":
            at = int(query["page[number]"])
            return say(
                200, {"data": [self.shown(k) for k in sorted(self.documents, reverse=True)[at - 1 : at]]}
            )
        key = path.removeprefix("/api/cues/")
        if key not in self.documents:
            return say(404, {"errors": [{"detail": "no such cue"}]})
        if method == "PATCH":
            sent = json.loads(body)["data"]
            if (sent["type"], sent["id"]) != ("cues", key):
                return say(422, {"errors": [{"detail": "type and id are missing"}]})
            if headers.get("If-Match") != f'"v{self.revisions[key]}"':
                return say(412, {"errors": [{"detail": "changed meanwhile"}]})
            self.write(key, {**self.documents[key], **sent["attributes"]})
        return say(200, {"data": self.shown(key)})


class TextShape(Shelf):
    """No JSON at all: WebVTT files by GET and PUT, as a WebDAV folder or an object store has them."""

    PROFILE = """
    [item]
    url = "/files/{id}.vtt"
    format = "text"
    [write]
    method = "PUT"
    [list]
    ids = ["a", "b", "c"]
    [create]
    method = "PUT"
    [delete]
    method = "DELETE"
    """

    def first(self, cue: tuple[int, int, str]) -> Any:
        return block(cue).encode()

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        key = path.removeprefix("/files/").removesuffix(".vtt")
        there = key in self.documents
        tag = {"ETag": f'"{self.revisions[key]}"'} if there else {}
        if method == "GET":
            return (
                (200, {"Content-Type": "text/vtt", **tag}, self.documents[key]) if there else (404, {}, b"")
            )
        if headers.get("If-None-Match") == "*" and there:
            return 412, {}, b""
        if headers.get("If-Match") != tag.get("ETag") and headers.get("If-None-Match") != "*":
            return 412, {}, b""
        self.write(key, body)
        if method == "DELETE":
            del self.documents[key]
            return 204, {}, b""
        return 201, {"Content-Type": "text/plain", "ETag": f'"{self.revisions[key]}"'}, b"Created"


class FormShape(Shelf):
    """The version as a number inside the document that is put back, 409, seconds as decimals in quotes, an
    object of rows by id, rows behind a Link header, saves to an address of their own, SRT times."""

    PROFILE = """
    auth = "basic"
    [item]
    url = "/cues/{id}"
    version = "json:/lock_version"
    [content]
    kind = "fields"
    [content.fields]
    text = "/text"
    start = { pointer = "/time/in", unit = "s" }
    end = { pointer = "/time/out", unit = "srt-timestamp" }
    [write]
    method = "POST"
    url = "/cues/{id}/update"
    body = "full"
    omit = ["/updated_at"]
    precondition = "body:/lock_version"
    precondition_type = "integer"
    version = "reget"
    [list]
    url = "/cues"
    items = "/cues"
    id = ""
    version = "/lock_version"
    next = "link"
    sort = "/time/in"
    """

    TOKEN = "anna:secret"

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"text": cue[2], "time": {"in": f"{cue[0] / 1000:.3f}", "out": f"00:00:0{cue[1] // 1000},000"}}

    def shown(self, key: str) -> Any:
        return {**self.documents[key], "lock_version": self.revisions[key], "updated_at": "now"}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/cues":
            after = query.get("after", "")
            keys = sorted(key for key in self.documents if key > after)
            link = {"Link": f'</cues?after={keys[0]}>; rel="next"'} if len(keys) > 1 else {}
            return say(200, {"cues": {key: self.shown(key) for key in keys[:1]}}, **link)
        key = path.removeprefix("/cues/").removesuffix("/update")
        if key not in self.documents:
            return say(404, {"message": "no such cue"})
        if method == "POST":
            sent = json.loads(body)
            if "updated_at" in sent or not isinstance(sent.get("lock_version"), int):
                return say(400, {"message": "not a valid cue"})
            if sent.pop("lock_version") != self.revisions[key]:
                return say(409, {"message": "stale"})
            sent["time"]["in"] = f"{float(sent['time']['in']):.3f}"
            self.write(key, sent)
            return 200, {"Content-Type": "text/plain"}, b"OK"
        return say(200, self.shown(key))
