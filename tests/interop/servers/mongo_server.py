"""SecantusDB, which speaks MongoDB's protocol: FOLDER PORT USER PASSWORD [new] [standalone]."""

import sys
import threading

from pymongo import MongoClient
from secantus import SecantusDBServer

folder, port, user, password, *options = sys.argv[1:]
database = SecantusDBServer(
    port=int(port),
    storage_path=folder,
    sync_on_commit=True,
    replica_set_name=None if "standalone" in options else "films",
)
database.start()
if "new" in options:  # until then, whoever comes may make the user
    with MongoClient(database.uri) as client:
        client.admin.command("createUser", user, pwd=password, roles=["root"])
database.require_auth = True
print(f"listening on {database.uri}", flush=True)
threading.Event().wait()
