"""A document store of the plainest kind: whole documents by PUT under If-Match, ids and tags in a list.

Standard library alone. It answers a PUT with 204 and the new tag, and keeps whatever it is given.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

documents: dict[str, tuple[int, bytes]] = {}
lock = threading.Lock()
count = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer on a kept connection takes 40 ms

    def do_GET(self) -> None:
        key = self._key()
        with lock:
            if not key:
                rows = [{"id": one, "etag": _tag(revision)} for one, (revision, _) in documents.items()]
                self._say(200, json.dumps(rows).encode())
            elif key in documents:
                revision, held = documents[key]
                self._say(200, held, _tag(revision))
            else:
                self._say(404, b'{"error": "not found"}')

    def do_PUT(self) -> None:
        global count
        key, body = self._key(), self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with lock:
            current = _tag(documents[key][0]) if key in documents else None
            if self.headers.get("If-None-Match") == "*" and current is not None:
                return self._say(412, b'{"error": "exists"}')
            wanted = self.headers.get("If-Match")
            if wanted is None and current is not None:
                return self._say(428, b'{"error": "say which version"}')
            if wanted is not None and wanted != current:
                return self._say(412, b'{"error": "changed meanwhile"}')
            count += 1
            documents[key] = (count, body)
            self._say(204, b"", _tag(count))

    def do_DELETE(self) -> None:
        with lock:
            key = self._key()
            if key not in documents:
                return self._say(404, b"")
            if self.headers.get("If-Match") != _tag(documents[key][0]):
                return self._say(412, b"")
            del documents[key]
            self._say(204, b"")

    def _key(self) -> str:
        return self.path.partition("?")[0].removeprefix("/documents").strip("/")

    def _say(self, status: int, body: bytes, tag: str = "") -> None:
        self.send_response(status)
        if tag:
            self.send_header("ETag", tag)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _tag(revision: int) -> str:
    return f'"r{revision}"'


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
