"""The reference contract as its document has it: find, compare, update; `ETag = md5(content)`.

Segments lie in a JSON file, `{id: content}`, so that a restarted server has what it had.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Header, HTTPException, Response
from pydantic import BaseModel

STORE = Path(sys.argv[1])
app = FastAPI()


class SegmentUpdate(BaseModel):
    content: str


class Collection:
    """The two calls of a MongoDB collection that the document makes."""

    async def find_one(self, query: dict[str, str]) -> dict[str, Any] | None:
        segments = json.loads(STORE.read_text("utf-8"))
        key = query["_id"]
        return {"_id": key, "content": segments[key]} if key in segments else None

    async def update_one(self, query: dict[str, str], update: dict[str, Any]) -> None:
        segments = json.loads(STORE.read_text("utf-8"))
        segments[query["_id"]] = update["$set"]["content"]
        STORE.write_text(json.dumps(segments), "utf-8")


collection = Collection()


def generate_etag(content: str) -> str:
    return hashlib.md5(content.encode("utf-8")).hexdigest()


@app.get("/vtt/{segment_id}")
async def get_segment(segment_id: str, response: Response) -> dict[str, Any]:
    segment = await collection.find_one({"_id": segment_id})
    if segment is None:
        raise HTTPException(status_code=404, detail="Segment not found")
    response.headers["ETag"] = generate_etag(segment["content"])
    return segment


@app.patch("/vtt/{segment_id}")
async def update_segment(
    segment_id: str, update: SegmentUpdate, response: Response, if_match: str | None = Header(default=None)
) -> dict[str, str]:
    segment = await collection.find_one({"_id": segment_id})
    if segment is None:
        raise HTTPException(status_code=404, detail="Segment not found")
    if if_match != generate_etag(segment["content"]):
        raise HTTPException(status_code=412, detail="Precondition Failed: the segment was modified")
    await collection.update_one({"_id": segment_id}, {"$set": {"content": update.content}})
    response.headers["ETag"] = generate_etag(update.content)
    return {"message": "Segment updated successfully"}


class Announcing(uvicorn.Server):
    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print(f"listening on http://127.0.0.1:{port}", flush=True)


if __name__ == "__main__":
    Announcing(uvicorn.Config(app, port=int(sys.argv[2]), log_level="warning")).run()
