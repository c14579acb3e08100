"""Stores of files and values with the contracts of well-known ones, each with its recipe's profile."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.interop.odd_backends import JSON, Said, Shelf, block, say
from tests.interop.recipes import recipe


class RepositoryShape(Shelf):
    """GitHub's contents: whole files in Base64 with line ends, their hash in the body both ways, a message in
    every write and in a removal's body; a folder's list without contents; 422 where there is a file."""

    PROFILE = recipe("GitHub", OWNER="anna", REPO="film")

    def first(self, cue: tuple[int, int, str]) -> Any:
        return f"WEBVTT\n\n{block(cue)}".encode()

    def sha(self, key: str) -> str:
        return f"{self.revisions[key]:040x}"

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/repos/anna/film/contents/cues":
            files = [{"name": f"{key}.vtt", "sha": self.sha(key), "type": "file"} for key in self.documents]
            return say(200, [*files, {"name": "README.md", "sha": "9", "type": "file"}])
        key = path.rpartition("/")[2].removesuffix(".vtt")
        there = key in self.documents
        if method == "GET":
            packed = base64.encodebytes(self.documents[key]).decode() if there else ""
            shown = {"name": f"{key}.vtt", "encoding": "base64", "content": packed}
            return say(200, {**shown, "sha": self.sha(key)}) if there else say(404, {"message": "Not Found"})
        sent = json.loads(body)
        if not sent.get("message"):
            return say(422, {"message": "Invalid request.\n\n“message” wasn't supplied."})
        if there and "sha" not in sent:
            return say(422, {"message": "Invalid request.\n\n“sha” wasn't supplied."})
        if there and sent["sha"] != self.sha(key):
            return say(409, {"message": f"{key}.vtt does not match {sent['sha']}"})
        if method == "DELETE":
            if not there:
                return say(404, {"message": "Not Found"})
            del self.documents[key]
            return say(200, {"content": None})
        self.write(key, base64.b64decode(sent["content"], validate=True))
        return say(200 if there else 201, {"content": {"sha": self.sha(key)}, "commit": {}})


class KeyValueShape(Shelf):
    """Consul's key-value store: read as JSON with the value in Base64, written as the bare value; an index in
    the query; `true` or `false` with status 200 tells whether anything was written."""

    PROFILE = recipe("Consul")

    TOKEN = "sesame"

    def first(self, cue: tuple[int, int, str]) -> Any:
        return block(cue).encode()

    def shown(self, key: str) -> Any:
        packed = base64.b64encode(self.documents[key]).decode()
        return {"Key": f"film/{key}", "Flags": 0, "Value": packed, "ModifyIndex": self.revisions[key]}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if headers.get("X-Consul-Token") != "sesame":
            return 403, {"Content-Type": "text/plain"}, b"Permission denied"
        if path == "/v1/kv/film/" and "recurse" in query:
            return say(200, [self.shown(key) for key in self.documents])
        key = path.removeprefix("/v1/kv/film/")
        if method == "GET":
            return say(200, [self.shown(key)]) if key in self.documents else (404, {}, b"")
        now = self.revisions[key] if key in self.documents else 0
        if "cas" in query and int(query["cas"]) != now:
            return say(200, False)
        if method == "DELETE":
            self.documents.pop(key, None)
        else:
            self.write(key, body)
        return say(200, True)


class BucketShape(Shelf):
    """An object store: whole files under names of their own, and a list in XML, in pages."""

    PROFILE = recipe("Object store", BUCKET="bucket").replace("prefix=cues/", "prefix=cues/&max-keys=2")

    def first(self, cue: tuple[int, int, str]) -> Any:
        return f"WEBVTT\n\n{block(cue)}".encode()

    def tag(self, key: str) -> str:
        return f'"{self.revisions[key]:032x}"'

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/bucket":
            keys, at = sorted(self.documents), int(query.get("continuation-token", "0"))
            rows = "".join(
                f"<Contents><Key>cues/{key}.vtt</Key><ETag>{self.tag(key).replace(chr(34), '&quot;')}</ETag>"
                "</Contents>"
                for key in keys[at : at + 2]
            )
            more = f"<NextContinuationToken>{at + 2}</NextContinuationToken>" if len(keys) > at + 2 else ""
            xml = f'<ListBucketResult xmlns="http://s3.example/doc/">{rows}{more}</ListBucketResult>'
            return 200, {"Content-Type": "application/xml"}, xml.encode()
        key = path.rpartition("/")[2].removesuffix(".vtt")
        there = key in self.documents
        if method == "GET":
            tag = {"ETag": self.tag(key)} if there else {}
            return (
                (200, {"Content-Type": "text/vtt", **tag}, self.documents[key]) if there else (404, {}, b"")
            )
        wanted = headers.get("If-Match")
        if (there and headers.get("If-None-Match") == "*") or (
            wanted is not None and (not there or wanted != self.tag(key))
        ):
            return 412, {"Content-Type": "application/xml"}, b"<Error><Code>PreconditionFailed</Code></Error>"
        if method == "DELETE":
            self.documents.pop(key, None)
            return 204, {}, b""
        self.write(key, body)
        return 200, {"ETag": self.tag(key)}, b""


class TreeShape(Shelf):
    """Firebase's Realtime Database: a tag for who asks for it, `null` for what is not there, a list that is
    an object of documents without versions."""

    PROFILE = recipe("Firebase").replace("/films/{project}", "/films/one")

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"text": cue[2], "start": cue[0], "end": cue[1], "note": "keep"}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/films/one.json":
            return say(200, self.documents) if self.documents else (200, JSON, b"null")
        key = path.rpartition("/")[2].removesuffix(".json")
        asked = headers.get("X-Firebase-ETag") == "true"

        def shown() -> Said:
            tag = f"tag{self.revisions[key]}=" if key in self.documents else "null_etag"
            said = json.dumps(self.documents.get(key)).encode()
            return 200, {**JSON, **({"ETag": tag} if asked else {})}, said

        wanted = headers.get("If-Match")
        if method != "GET" and wanted is not None:
            now = f"tag{self.revisions[key]}=" if key in self.documents else "null_etag"
            if wanted != now:
                return say(412, {"error": "ETag mismatch"})
        if method == "DELETE":
            self.documents.pop(key, None)
            return 200, JSON, b"null"
        if method == "PUT":
            self.write(key, json.loads(body))
        return shown()


class BagShape(Shelf):
    """TiddlyWeb: tags in which the number alone counts, and of another end for each way to show a document;
    nought is the version of what is not there; rows have no texts and no tags."""

    PROFILE = recipe("TiddlyWeb").replace("{project}", "films")
    TOKEN = "Anna:sesame"

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"text": block(cue), "fields": {"order": f"{cue[0]:04}", "kind": "cues", "mood": "calm"}}

    def tag(self, key: str, end: str) -> str:
        revision = self.revisions[key] if key in self.documents else 0
        return f'"films/{key}/{revision}:{end}"'

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if headers.get("Accept") != "application/json" or not headers.get("Authorization"):
            return say(406)
        if path == "/bags/films/tiddlers":
            return say(200, [{"title": key, "bag": "films"} for key in self.documents])
        key = path.removeprefix("/bags/films/tiddlers/")
        there = key in self.documents
        wanted = headers.get("If-Match", "").rstrip('"').partition(":")[0]
        if method != "GET" and wanted and wanted != self.tag(key, "").partition(":")[0]:
            return say(412, {"error": "Provided ETag does not match."})
        if method == "PUT":
            document = json.loads(body)
            self.write(key, {"text": document["text"], "fields": document["fields"]})
            return 204, {"ETag": self.tag(key, "html")}, b""
        if not there:
            return say(404)
        if method == "DELETE":
            del self.documents[key]
            return 204, {}, b""
        return say(200, {"title": key, **self.documents[key]}, ETag=self.tag(key, "json"))


class GenerationShape(Shelf):
    """Google's Cloud Storage: the text at one address, written at another, told of in JSON; a generation in a
    parameter."""

    PROFILE = recipe("Cloud Storage", BUCKET="b")

    def first(self, cue: tuple[int, int, str]) -> Any:
        return f"WEBVTT\n\n{block(cue)}".encode()

    def shown(self, key: str) -> Any:
        return {"name": key, "generation": f"{self.revisions[key]}"}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/storage/v1/b/b/o":
            return say(200, {"items": [self.shown(key) for key in self.documents]} if self.documents else {})
        key = query["name"] if path.startswith("/upload/") else path.rpartition("/")[2]
        there = key in self.documents
        if method == "GET" and there:
            generation = {"Content-Type": "text/vtt", "x-goog-generation": f"{self.revisions[key]}"}
            return 200, generation, self.documents[key]
        wanted = query.get("ifGenerationMatch")
        if wanted is not None and wanted != (f"{self.revisions[key]}" if there else "0"):
            return say(412, {"error": {"code": 412, "message": "conditionNotMet"}})
        if method in ("GET", "DELETE") and not there:
            return say(404, {"error": {"code": 404, "message": "No such object"}})
        if method == "DELETE":
            del self.documents[key]
            return 204, {}, b""
        self.write(key, body)
        return say(200, self.shown(key))


class PartitionShape(Shelf):
    """Azure Cosmos DB: whole items by PUT, their tag in the body and in a header, fields of the server's own,
    a partition in a header of each request, and the next page of the feed asked for by a header."""

    PROFILE = recipe("Cosmos DB", DATABASE="d", COLLECTION="cues").replace(
        'x-ms-max-item-count = "1000"', 'x-ms-max-item-count = "2"'
    )
    TOKEN = "sesame"
    PARTITION = {"x-ms-documentdb-partitionkey": '["FILM"]', "x-ms-version": "2018-12-31"}

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"film": "FILM", "vtt": block(cue), "order": "abc"[len(self.log)], "note": ["keep", {"a": 1}]}

    def tag(self, key: str) -> str:
        return f'"0000{self.revisions[key]:04x}-0000-0d00-0000-64f1a2b30000"'

    def shown(self, key: str) -> Any:
        own = {"_rid": f"kd8T{key}==", "_self": f"dbs/x/docs/{key}/", "_attachments": "attachments/"}
        return {"id": key, **self.documents[key], **own, "_etag": self.tag(key), "_ts": 1700000000}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if headers.get("Authorization") != "type%3Daad%26ver%3D1.0%26sig%3Dsesame":
            return say(401, {"code": "Unauthorized", "message": "The input authorization token is not valid"})
        if any(headers.get(name) != value for name, value in self.PARTITION.items()):
            return say(400, {"code": "BadRequest", "message": "PartitionKey extracted from document differs"})
        key = path.removeprefix("/dbs/d/colls/cues/docs").removeprefix("/")
        if method == "GET" and not key:
            keys, at = sorted(self.documents), int(headers.get("x-ms-continuation", "0#")[:-1])
            size = int(headers["x-ms-max-item-count"])
            more = {"x-ms-continuation": f"{at + size}#"} if len(keys) > at + size else {}
            found = [self.shown(one) for one in keys[at : at + size]]
            return say(200, {"_rid": "kd8T", "Documents": found, "_count": len(found)}, **more)
        sent = json.loads(body) if body else {}
        key = key or sent.get("id", "")
        there = key in self.documents
        if method == "POST" and there:
            return say(409, {"code": "Conflict", "message": "Entity with the specified id already exists"})
        if not there and method != "POST":
            return say(404, {"code": "NotFound", "message": "Entity with the specified id does not exist"})
        if method == "GET":
            return say(200, self.shown(key), ETag=self.tag(key))
        if there and headers.get("If-Match", self.tag(key)) != self.tag(key):
            return say(412, {"code": "PreconditionFailed", "message": "Operation cannot be performed"})
        if method == "DELETE":
            del self.documents[key]
            return 204, {}, b""
        if sent.get("id") != key or sent.get("film") != "FILM":
            return say(400, {"code": "BadRequest", "message": "The input content is invalid"})
        kept = {name: value for name, value in sent.items() if name[0] != "_" and name != "id"}
        self.write(key, kept)
        return say(200 if there else 201, self.shown(key), ETag=self.tag(key))
