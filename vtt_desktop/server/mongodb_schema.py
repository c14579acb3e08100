"""The store's collections in MongoDB, and connecting to them: every refusal one sentence without a password.

`segment` holds the current revision of each segment, a deletion being one (`text`, `order` and `kind` are
null then), `revision` what was superseded, `receipt` the answers kept for replays, `written` the mark of each
write, `granted` the tokens given out, and `vtt_desktop` tells whose collections they are. Each document names
its project, and every unique index but that of `_id` begins with it, so that a cluster can be sharded by
project.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from pymongo import ASCENDING, AsyncMongoClient, IndexModel
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    AutoReconnect,
    CollectionInvalid,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from vtt_desktop.domain.errors import UsageError, UserError
from vtt_desktop.server.revisions import BUSY_SECONDS

Document = dict[str, Any]
Client = AsyncMongoClient[Document]
Database = AsyncDatabase[Document]

ANSWER_SECONDS = 10
"""How long a database that was reached may take for one answer before it counts as away."""
DEFAULT_DATABASE = "vtt_desktop"
SCHEMA_VERSION = 2

_MARKER = "vtt_desktop"
_UNAUTHORIZED, _WRONG_PASSWORD = 13, 18
_INDEXES = {
    "project": [],
    "segment": [
        IndexModel([("project", ASCENDING), ("order", ASCENDING), ("id", ASCENDING)], name="in_file_order"),
        IndexModel([("project", ASCENDING), ("seq", ASCENDING)], name="by_seq", unique=True),
        IndexModel(
            [("project", ASCENDING)],
            name="one_head_a_project",
            unique=True,
            partialFilterExpression={"kind": "head"},
        ),
    ],
    "revision": [
        IndexModel(
            [("project", ASCENDING), ("id", ASCENDING), ("rev", ASCENDING)], name="by_rev", unique=True
        )
    ],
    "written": [IndexModel([("project", ASCENDING), ("seq", ASCENDING)], name="by_seq", unique=True)],
    "granted": [IndexModel([("project", ASCENDING), ("digest", ASCENDING)], name="by_digest", unique=True)],
    "receipt": [IndexModel([("project", ASCENDING), ("number", ASCENDING)], name="by_age")],
}


async def prepared(url: str, shown: str) -> tuple[Client, Database]:
    """Connect, and make the collections where there are none.

    Raises UserError when the database is not reached, refuses, cannot keep what a store promises, or belongs
    to another program.
    """
    client = _client(url, shown)
    try:
        database = client.get_default_database(DEFAULT_DATABASE)
        await _look_at(client, shown)
        await _bring_up_to_date(database, shown)
    except BaseException as error:
        await client.close()
        if isinstance(error, PyMongoError):
            raise _refusal(error, shown) from None
        raise
    return client, database


def _client(url: str, shown: str) -> Client:
    try:
        return AsyncMongoClient(
            url,
            appname="vtt-desktop",
            serverSelectionTimeoutMS=int(BUSY_SECONDS * 1000),
            connectTimeoutMS=int(BUSY_SECONDS * 1000),
            socketTimeoutMS=int(ANSWER_SECONDS * 1000),
            # What a read shows is in the history for good, and a write that is told is on the disks of most.
            readConcernLevel="majority",
            readPreference="primary",
            w="majority",
            journal=True,
        )
    except (PyMongoError, ValueError, TypeError):
        # What the driver says of a URL may show a piece of the password.
        hint = "Names and the password in it have to be percent-encoded."
        raise UsageError(f"The URL of the store {shown} cannot be read.", hint) from None


async def _look_at(client: Client, shown: str) -> None:
    hello = await client.admin.command("hello")
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise UserError(
            f"The store {shown} has no transactions, because its server is no replica set.",
            "One member is enough: start mongod with --replSet NAME and call rs.initiate() once.",
        )


async def _bring_up_to_date(database: Database, shown: str) -> None:
    there = {name for name in await database.list_collection_names() if not name.startswith("system.")}
    if there and _MARKER not in there:
        raise UserError(
            f"The store {shown} is the database of another program; it is left alone.",
            "Name one of its own for this server.",
        )
    marker = await database[_MARKER].find_one({"_id": "schema"})
    if marker is not None and marker["version"] > SCHEMA_VERSION:
        raise UserError(f"The store {shown} was made by a newer version of this program.")
    if marker is not None and marker["version"] == SCHEMA_VERSION:
        return
    # The marker's collection first: whoever is cut off here finds its own when it comes again.
    for name in (_MARKER, *_INDEXES):
        with suppress(CollectionInvalid):  # another server starts on the same new database
            await database.create_collection(name)
    for name, indexes in _INDEXES.items():
        if indexes:
            await database[name].create_indexes(indexes)
    await database[_MARKER].update_one({"_id": "schema"}, {"$set": {"version": SCHEMA_VERSION}}, upsert=True)


def _refusal(error: PyMongoError, shown: str) -> UserError:
    code = error.code if isinstance(error, OperationFailure) else None
    if code == _WRONG_PASSWORD:
        return UserError(f"The store {shown} refuses the user or the password.")
    if code == _UNAUTHORIZED:
        return UserError(f"The store {shown} does not let this user write to it.")
    if isinstance(error, AutoReconnect):
        return UserError(f"The store {shown} cannot be reached: {said(error)}.")
    return UserError(f"The store {shown} cannot be used: {said(error)}.")


def said(error: PyMongoError) -> str:
    """What an error of the driver says, in a few words for a sentence."""
    if isinstance(error, ServerSelectionTimeoutError):
        return "no server answers there that can be written to"
    if isinstance(error, NetworkTimeout):
        return "it does not answer in time"
    if isinstance(error, AutoReconnect):
        return "the connection was lost"
    text = str((error.details or {}).get("errmsg", "")) if isinstance(error, OperationFailure) else ""
    return (text or type(error).__name__).splitlines()[0].rstrip(".")
