"""Services that tell what changed behind a link of their own, or keep what was removed, marked as such."""

from __future__ import annotations

import json
from typing import Any

from tests.interop.odd_backends import Said, Shelf, block, say
from tests.interop.recipes import recipe

BASE = "https://graph.microsoft.com/v1.0/sites/SITE/lists/LIST"


class DeltaShape(Shelf):
    """Microsoft Graph: a document inside its row, saved at an address of its own and answered with nothing
    else; pages behind links, and behind the last one the link to ask for what changes from then on."""

    PROFILE = recipe("Microsoft Graph").replace(BASE, "http://localhost").replace("$top=200", "$top=2")

    def __init__(self) -> None:
        self.last = 3
        self.asked: list[str] = []
        """What the feed was asked from."""
        self.forgotten = 0
        """Positions up to here mean nothing any more."""
        super().__init__()

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"Words": cue[2], "Begin": cue[0] / 1000, "Finish": cue[1] / 1000, "author": "Anna"}

    def shown(self, key: str) -> Any:
        tag = f'"guid,{self.revisions[key]}"'
        return {"@odata.etag": tag, "id": key, "fields": {"@odata.etag": tag, **self.documents[key]}}

    def page(self, rows: list[Any], path: str, at: int, last: dict[str, str]) -> Said:
        """Two rows, and a link to the others; with the last ones `last`."""
        more = {"@odata.nextLink": f"{path}{at + 2}"} if len(rows) > at + 2 else last
        return say(200, {"value": rows[at : at + 2], **more})

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        own = f"http://{headers['Host']}"
        if path == "/items/delta":
            since, _, at = query.get("token", "0").partition("-")
            self.asked.append(since)
            if 0 < int(since) <= self.forgotten:
                return say(410, {"error": {"code": "resyncRequired", "message": "Resync required."}})
            keys = list(dict.fromkeys(self.log[int(since) :]))
            rows = [
                self.shown(k) if k in self.documents else {"id": k, "deleted": {"state": "deleted"}}
                for k in keys
            ]
            link = f"{own}/items/delta?token={len(self.log)}-0"
            return self.page(
                rows, f"{own}/items/delta?token={since}-", int(at or 0), {"@odata.deltaLink": link}
            )
        if path == "/items" and method == "GET":
            rows = [self.shown(key) for key in sorted(self.documents)]
            return self.page(
                rows, f"{own}/items?expand=fields&$skiptoken=", int(query.get("$skiptoken", "0")), {}
            )
        sent = json.loads(body) if body else {}
        if path == "/items":
            self.last += 1
            self.write(f"{self.last}", sent["fields"])
            return say(201, self.shown(f"{self.last}"))
        key = path.split("/")[2]
        if key not in self.documents:
            return say(404, {"error": {"code": "itemNotFound", "message": "There is no such item."}})
        tag = self.shown(key)["@odata.etag"]
        if method == "GET":
            return say(200, self.shown(key), ETag=tag)
        if headers.get("If-Match") is None:
            return say(428, {"error": {"message": "If-Match is needed."}})
        if headers["If-Match"] != tag:
            return say(412, {"error": {"message": "The item has changed since it was read."}})
        if method == "DELETE":
            self.log.append(key)
            del self.documents[key]
            return 204, {}, b""
        self.write(key, {**self.documents[key], **sent})
        return say(200, self.shown(key)["fields"])


class TrashShape(Shelf):
    """A service that removes nothing: what somebody removed is shown, and listed, with another status, and
    that is how it is removed."""

    PROFILE = """
    [item]
    url = "/events/{id}"
    gone = "/status"
    gone_values = ["cancelled"]
    [content]
    pointer = "/description"
    order = "/order"
    [list]
    url = "/events"
    items = "/items"
    version = "/etag"
    [create]
    method = "POST"
    url = "/events"
    id = "/id"
    guard = false
    [delete]
    method = "PATCH"
    fixed = { status = "cancelled" }
    [changes]
    kind = "poll"
    """

    def __init__(self) -> None:
        self.trash: dict[str, Any] = {}
        super().__init__()

    def first(self, cue: tuple[int, int, str]) -> Any:
        own = {"status": "confirmed", "owner": "Anna"}
        return {"description": block(cue), "order": "abc"[len(self.log)], **own}

    def shown(self, key: str) -> Any:
        document = self.documents[key] if key in self.documents else self.trash[key]
        return {"id": key, "etag": f'"{self.revisions[key]}"', **document}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/events" and method == "GET":
            return say(200, {"items": [self.shown(key) for key in (*self.trash, *self.documents)]})
        sent = json.loads(body) if body else {}
        key = sent.pop("id") if path == "/events" else path.rpartition("/")[2]
        there = key in self.documents or key in self.trash
        if method == "GET":
            return say(200, self.shown(key), ETag=self.shown(key)["etag"]) if there else say(404, {})
        if method == "POST" and there:
            return say(409, {"error": {"message": "The requested identifier already exists."}})
        if method == "PATCH" and headers.get("If-Match") != self.shown(key)["etag"]:
            return say(412, {"error": {"message": "Precondition Failed"}})
        document = {"status": "confirmed", **self.documents.get(key, self.trash.get(key, {})), **sent}
        self.write(key, document)
        if document["status"] == "cancelled":
            self.trash[key] = self.documents.pop(key)
        return say(200, self.shown(key), ETag=self.shown(key)["etag"])
