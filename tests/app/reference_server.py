"""The plain contract as its document has it: one `content` field, `ETag = md5(content)`, no list."""

from __future__ import annotations

import hashlib
import json

from tests.app.program import Backend


class ReferenceServer(Backend):
    """`GET /vtt/{id}` and `PATCH /vtt/{id}` with If-Match. `contents` is what it holds."""

    def __init__(self, contents: dict[str, str]) -> None:
        self.contents = contents
        self.refused = 0
        super().__init__()

    def tag(self, key: str) -> str:
        return f'"{hashlib.md5(self.contents[key].encode()).hexdigest()}"'

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        key = path.partition("?")[0].removeprefix("/vtt/")
        if not path.startswith("/vtt/") or key not in self.contents:
            return 404, {"Content-Type": "application/json"}, b'{"detail":"Not found"}'
        if method == "PATCH":
            if headers.get("If-Match") != self.tag(key):
                self.refused += 1
                return 412, {"Content-Type": "application/json"}, b'{"detail":"Precondition Failed"}'
            self.contents[key] = json.loads(body)["content"]
        said = json.dumps({"_id": key, "content": self.contents[key]}).encode()
        return 200, {"Content-Type": "application/json", "ETag": self.tag(key)}, said
