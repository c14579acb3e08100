"""Services of resources with the contracts of well-known ones, each with its recipe's profile."""

from __future__ import annotations

import json
from typing import Any

from tests.interop.odd_backends import Said, Shelf, block, say
from tests.interop.recipes import recipe


class ResourceShape(Shelf):
    """FHIR: whole resources by PUT under weak tags, the words in the first element of an array, the next page
    among links that are told apart by a member, 410 for what was removed."""

    PROFILE = (
        recipe("FHIR")
        .replace("_count=200", "_count=2")
        .replace(
            '"/payload/0/contentString"',
            '"/payload/0/contentString"\norder = "/identifier/system=order/value"',
        )
    )

    def __init__(self) -> None:
        self.removed: set[str] = set()
        super().__init__()

    def first(self, cue: tuple[int, int, str]) -> Any:
        order = {"system": "order", "value": "abc"[len(self.log)]}
        words = [{"contentString": block(cue)}, {"contentString": "a remark"}]
        return {"resourceType": "Communication", "payload": words, "identifier": [{"system": "x"}, order]}

    def shown(self, key: str) -> Any:
        return {**self.documents[key], "id": key, "meta": {"versionId": str(self.revisions[key])}}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/Communication":
            keys, at = sorted(self.documents), int(query.get("at", "0"))
            links = [{"relation": "self", "url": "/Communication?_count=2"}]
            if len(keys) > at + 2:
                links.append({"relation": "next", "url": f"/Communication?_count=2&at={at + 2}"})
            entries = [{"resource": self.shown(key)} for key in keys[at : at + 2]]
            return say(200, {"resourceType": "Bundle", "link": links, "entry": entries})
        key = path.rpartition("/")[2]
        tag = f'W/"{self.revisions[key]}"' if key in self.documents else None
        if method == "GET":
            return (
                say(200, self.shown(key), ETag=tag) if tag else say(410 if key in self.removed else 404, {})
            )
        if (headers.get("If-None-Match") == "*" and tag) or headers.get("If-Match", tag) != tag:
            return say(412, {"issue": [{"diagnostics": "version mismatch"}]})
        if method == "DELETE":
            self.removed.add(key)
            del self.documents[key]
            return 204, {}, b""
        sent = json.loads(body)
        if (sent.get("resourceType"), sent.get("id")) != ("Communication", key):
            return say(422, {"issue": [{"diagnostics": "wrong resource"}]})
        if not isinstance(sent["payload"], list):
            return say(422, {"issue": [{"diagnostics": "payload must be an array"}]})
        self.write(key, {name: value for name, value in sent.items() if name not in ("id", "meta")})
        return say(200, self.shown(key), ETag=f'W/"{self.revisions[key]}"')


class OwnIdsShape(Shelf):
    """JSON:API and its like: the backend makes ids itself, and names them in the address of what was made."""

    PROFILE = """
    [headers]
    Accept = "application/vnd.api+json"
    [item]
    url = "/cues/{id}"
    read = "/data"
    version = "json:/data/meta/version"
    [content]
    kind = "fields"
    fields = { text = "/attributes/text", start = "/attributes/from", end = "/attributes/to" }
    order = "/attributes/place"
    [write]
    wrap = "/data"
    fixed = { type = "cues", id = "{id}" }
    content_type = "application/vnd.api+json"
    precondition_format = '"{v}"'
    version = "json:/data/meta/version"
    [list]
    url = "/cues"
    items = "/data"
    version = "/meta/version"
    id_pattern = '([^/]+)$'
    [create]
    method = "POST"
    url = "/cues"
    id = "server"
    made_id = "header:Location"
    marker = "/attributes/external_id"
    content_type = "application/vnd.api+json"
    fixed = { type = "cues" }
    [delete]
    method = "DELETE"
    """

    def __init__(self) -> None:
        self.still_listed: dict[str, Any] = {}
        super().__init__()

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"text": cue[2], "from": cue[0], "to": cue[1], "place": "abc"[len(self.log)], "note": "keep"}

    def remove(self, key: str, *, listed: bool) -> None:
        """Removes a document, which the list goes on to show or not."""
        self.write(key, self.documents[key])
        if listed:
            self.still_listed[key] = self.shown(key)
        del self.documents[key]

    def shown(self, key: str) -> Any:
        return {
            "type": "cues",
            "id": key,
            "attributes": self.documents[key],
            "meta": {"version": self.revisions[key]},
        }

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        sent = json.loads(body)["data"] if body else {}
        if path == "/cues" and method == "GET":
            rows = [*map(self.shown, self.documents), *self.still_listed.values()]
            if self.still_listed:  # among the others, where they stood
                rows.sort(key=lambda row: str(row["id"]))
            return say(200, {"data": rows})
        if path == "/cues":
            if "id" in sent or sent.get("type") != "cues":
                return say(403, {"errors": [{"detail": "ids are made here"}]})
            key = f"{len(self.log) + 1000}"
            self.write(key, sent["attributes"])
            return say(201, {"data": self.shown(key)}, Location=f"/cues/{key}")
        key = path.rpartition("/")[2]
        if key not in self.documents:
            return say(404, {"errors": [{"detail": "no such cue"}]})
        if method != "GET" and headers.get("If-Match") != f'"{self.revisions[key]}"':
            return say(412, {"errors": [{"detail": "changed meanwhile"}]})
        if method == "DELETE":
            del self.documents[key]
            return 204, {}, b""
        if method == "PATCH":
            if (sent.get("type"), sent.get("id")) != ("cues", key):
                return say(409, {"errors": [{"detail": "wrong type or id"}]})
            self.write(key, {**self.documents[key], **sent["attributes"]})
        return say(200, {"data": self.shown(key)})
