"""A folder over WebDAV, on a free port, open to everybody."""

import sys

from cheroot import wsgi
from wsgidav.wsgidav_app import WsgiDAVApp

app = WsgiDAVApp(
    {
        "provider_mapping": {"/": sys.argv[1]},
        "simple_dc": {"user_mapping": {"*": True}},
        "verbose": 0,
        "logging": {"enable": False},
    }
)
server = wsgi.Server(("127.0.0.1", 0), app)
server.prepare()
print(f"listening on http://127.0.0.1:{server.bind_addr[1]}", flush=True)
server.serve()
