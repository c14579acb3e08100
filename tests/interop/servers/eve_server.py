"""Eve over SecantusDB, which speaks MongoDB's protocol; both on free ports."""

import sys

from eve import Eve
from secantus import SecantusDBServer
from werkzeug.serving import WSGIRequestHandler, make_server

database = SecantusDBServer(storage_path=sys.argv[1])
database.start()
app = Eve(
    settings={
        "MONGO_URI": f"{database.uri.partition('?')[0].rstrip('/')}/subtitles",
        "RENDERERS": ["eve.render.JSONRenderer"],
        "PAGINATION_DEFAULT": 7,
        "DOMAIN": {
            "vtt": {
                "schema": {
                    "_id": {"type": "string"},
                    "film": {"type": "string", "required": True},
                    "content": {"type": "string", "required": True},
                    "order": {"type": "string"},
                },
                "allow_unknown": True,
                "item_url": 'regex("[^/]+")',
                "resource_methods": ["GET", "POST"],
                "item_methods": ["GET", "PATCH", "PUT", "DELETE"],
            }
        },
    }
)


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        pass


server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
