"""Kinto on its memory backend, on a free port; the bucket is there."""

import json
import threading

import kinto
import waitress
import webob

app = kinto.main(
    {},
    **{
        "kinto.storage_backend": "kinto.core.storage.memory",
        "kinto.cache_backend": "kinto.core.cache.memory",
        "kinto.permission_backend": "kinto.core.permission.memory",
        "kinto.userid_hmac_secret": "for tests",
        "kinto.paginate_by": "7",
        "multiauth.policies": "basicauth",
    },
)
request = webob.Request.blank("/v1/buckets/subtitles", method="PUT")
request.authorization = ("Basic", "dGVzdDp0ZXN0")
request.content_type = "application/json"
request.body = json.dumps({"permissions": {"write": ["system.Authenticated"]}}).encode()
assert request.get_response(app).status_int == 201
server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
print(f"listening on http://127.0.0.1:{server.effective_port}/v1", flush=True)
threading.Thread(target=server.run).start()
