"""Databases with the contracts of well-known ones, each with its recipe's profile."""

from __future__ import annotations

import json
from typing import Any

from tests.interop.odd_backends import JSON, Said, Shelf, block, say
from tests.interop.recipes import recipe


class SearchShape(Shelf):
    """Elasticsearch and OpenSearch: a version in two parts, both parameters of the query; documents under
    `_source`; an address of its own for what must not exist yet."""

    PROFILE = recipe("Elasticsearch")
    TERM = 3

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"vtt": block(cue), "order": "abc"[len(self.log)], "kept": [1, {"two": 2}]}

    def parts(self, key: str) -> dict[str, Any]:
        return {"_id": key, "_seq_no": self.revisions[key] - 1, "_primary_term": self.TERM}

    def shown(self, key: str) -> Any:
        return {**self.parts(key), "found": True, "_source": self.documents[key]}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/cues/_search":
            hits = [self.shown(key) for key in sorted(self.documents)]
            return say(200, {"hits": {"total": {"value": len(hits)}, "hits": hits}})
        making, key = path.startswith("/cues/_create/"), path.rpartition("/")[2]
        there = key in self.documents
        if method == "GET":
            return say(200, self.shown(key)) if there else say(404, {"found": False})
        asked = (query.get("if_seq_no"), query.get("if_primary_term"))
        if asked.count(None) == 1:
            return say(400, {"error": {"reason": "if_seq_no is set, but primary term is [0]"}})
        now = (str(self.revisions[key] - 1), str(self.TERM)) if there else (None, None)
        if (making and there) or (asked[0] is not None and asked != now):
            return say(409, {"error": {"type": "version_conflict_engine_exception", "reason": "conflict"}})
        if method == "DELETE":
            if not there:
                return say(404, {"result": "not_found"})
            del self.documents[key]
            return say(200, {"result": "deleted"})
        self.write(key, json.loads(body))
        return say(201 if making else 200, {"result": "updated", **self.parts(key)})


class FilterShape(Shelf):
    """PostgREST: rows by filters of the query, an empty array where no row was met, a revision kept by a
    trigger; what is answered to a save is asked for by a header."""

    PROFILE = recipe("PostgREST")

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"words": cue[2], "begin": cue[0], "finish": cue[1], "author": "Anna"}

    def shown(self, key: str) -> Any:
        return {"id": key, "rev": self.revisions[key], **self.documents[key]}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        ids, rev = query.get("id"), query.get("rev")
        met = [
            self.shown(key)
            for key in sorted(self.documents, key=lambda key: self.documents[key]["begin"])
            if ids in (None, f"eq.{key}") and rev in (None, f"eq.{self.revisions[key]}")
        ]
        sent = {k: v for k, v in (json.loads(body) if body else {}).items() if k != "rev"}
        if method == "GET":
            return say(200, met)
        if method == "POST":
            key = sent.pop("id")
            if key in self.documents:
                return say(409, {"code": "23505", "message": "duplicate key value"})
            self.write(key, sent)
            met = [self.shown(key)]
        elif method == "DELETE":
            for row in met:
                del self.documents[row["id"]]
        else:
            for row in met:
                self.write(row["id"], {**self.documents[row["id"]], **sent})
            met = [self.shown(row["id"]) for row in met]
        shown = headers.get("Prefer") == "return=representation"
        return say(201 if method == "POST" else 200, met) if shown else (204, {}, b"")


class FirestoreShape(Shelf):
    """Firestore's REST interface: typed values, a time as the version, a failed precondition as 400 like any
    other mistake, long names in rows, nothing at all where a list is empty."""

    PROFILE = recipe("Firestore", PROJECT="p").replace("pageSize=300", "pageSize=2")
    CUES = "/v1/projects/p/databases/(default)/documents/cues"

    def first(self, cue: tuple[int, int, str]) -> Any:
        times = {"start": {"integerValue": f"{cue[0]}"}, "end": {"integerValue": f"{cue[1]}"}}
        return {"words": {"stringValue": cue[2]}, **times, "reviewed": {"booleanValue": True}}

    def shown(self, key: str) -> Any:
        made = {"createTime": "2026-01-01T00:00:00Z", "updateTime": self.time(key)}
        return {"name": f"{self.CUES.removeprefix('/v1/')}/{key}", "fields": self.documents[key], **made}

    def time(self, key: str) -> str:
        return f"2026-01-01T00:00:00.{self.revisions[key]:06d}Z"

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == self.CUES and method == "GET":
            keys = sorted(self.documents)
            at = int(query.get("pageToken", "0"))
            more = {"nextPageToken": f"{at + 2}"} if len(keys) > at + 2 else {}
            return say(
                200, {"documents": [self.shown(key) for key in keys[at : at + 2]], **more} if keys else {}
            )
        key = query["documentId"] if path == self.CUES else path.rpartition("/")[2]
        there = key in self.documents
        if method == "POST" and there:
            return say(409, {"error": {"message": "Document already exists", "status": "ALREADY_EXISTS"}})
        if not there and method != "POST":
            return say(404, {"error": {"message": "not found", "status": "NOT_FOUND"}})
        wanted = query.get("currentDocument.updateTime")
        if wanted is not None and wanted != self.time(key):
            words = "the stored version does not match the required base version"
            return say(400, {"error": {"code": 400, "message": words, "status": "FAILED_PRECONDITION"}})
        if method == "DELETE":
            del self.documents[key]
            return say(200, {})
        if method != "GET":
            sent = json.loads(body)
            if "updateTime" in sent:
                return say(400, {"error": {"message": "unknown field", "status": "INVALID_ARGUMENT"}})
            fields = {name: dict(value) for name, value in sent["fields"].items()}
            for value in fields.values():
                if "integerValue" in value:
                    value["integerValue"] = str(value["integerValue"])
            self.write(key, fields)
        return say(200, self.shown(key))


class CountShape(Shelf):
    """A conflict told inside of a success: nothing was updated, says the count."""

    PROFILE = """
    [item]
    url = "/cue/{id}"
    read = "/cue"
    version = "json:/cue/n"
    [content]
    pointer = "/vtt"
    [write]
    method = "POST"
    url = "/cue/{id}/save"
    precondition = "body:/n"
    precondition_type = "integer"
    version = "reget"
    done = "/result/updated"
    [list]
    url = "/cues"
    items = "/cues"
    version = "/n"
    """

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"vtt": block(cue), "owner": "Ben"}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/cues":
            rows = [{"id": key, "n": self.revisions[key], **self.documents[key]} for key in self.documents]
            return say(200, {"cues": rows})
        key = path.split("/")[2]
        if key not in self.documents:
            return say(404, {"message": "no such cue"})
        if method == "GET":
            return say(200, {"cue": {**self.documents[key], "n": self.revisions[key]}})
        sent = json.loads(body)
        fits = sent.pop("n", None) == self.revisions[key]
        if fits:
            self.write(key, {**self.documents[key], **sent})
        return 200, JSON, json.dumps({"result": {"updated": int(fits)}}).encode()


class NumberedShape(Shelf):
    """Confluence: a save names the number that it is to have, one after the current."""

    PROFILE = """
    [item]
    url = "/content/{id}"
    version = "json:/version/number"
    [content]
    pointer = "/body/storage/value"
    [write]
    method = "PUT"
    body = "full"
    precondition = "body:/version/number"
    precondition_type = "next"
    version = "json:/version/number"
    [list]
    url = "/content"
    items = "/results"
    version = "/version/number"
    """

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        super().__init__()

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"title": cue[2], "body": {"storage": {"value": block(cue), "representation": "storage"}}}

    def write(self, key: str, document: Any) -> None:
        self.numbers[key] = self.numbers.get(key, 0) + 1
        super().write(key, document)

    def shown(self, key: str) -> Any:
        return {"id": key, **self.documents[key], "version": {"number": self.numbers[key]}}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/content":
            return say(200, {"results": [self.shown(key) for key in self.documents]})
        key = path.rpartition("/")[2]
        if key not in self.documents:
            return say(404, {"message": "No content found"})
        if method == "PUT":
            sent = json.loads(body)
            if sent.pop("version", {}).get("number") != self.numbers[key] + 1:
                return say(409, {"message": "Version must be incremented on update."})
            self.write(key, {name: value for name, value in sent.items() if name != "id"})
        return say(200, self.shown(key))
