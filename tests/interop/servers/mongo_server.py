"""SecantusDB, which speaks MongoDB's protocol: FOLDER PORT USER PASSWORD [new] standalone PORT."""

import sys
import threading

from pymongo import MongoClient
from secantus import SecantusDBServer

folder, port, user, password, *options = sys.argv[1:]
database = SecantusDBServer(
    port=int(port), storage_path=f"{folder}/one", sync_on_commit=True, replica_set_name="films"
)
database.start()
if "new" in options:  # until then, whoever comes may make the user
    with MongoClient(database.uri) as client:
        client.admin.command("createUser", user, pwd=password, roles=["root"])
database.require_auth = True
# Another one, that is no replica set: in the same process, because half of a start is its imports.
other = SecantusDBServer(port=int(options[-1]), storage_path=f"{folder}/other", replica_set_name=None)
other.start()
print(f"listening on {database.uri}", flush=True)
threading.Event().wait()
