"""The store's tables in PostgreSQL, and connecting to them: every refusal one sentence without a password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import asyncpg

from vtt_desktop.domain.errors import UsageError, UserError
from vtt_desktop.server.revisions import BUSY_SECONDS

CONNECT_SECONDS = 5
ANSWER_SECONDS = 10
"""How long a database that was reached may take for one statement before it counts as away."""
_LOCK = 0x56545444
"""Of the advisory locks of the database, the one under which tables are made."""

DRIVER_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What the driver raises for what the network or the database did; a time that ran out is an OSError."""

# As in SQLite: `segment` holds the current revision of each segment, a deletion being one, `revision` what
# was superseded, `receipt` the answers kept for replays, `written` the mark of each write. Ids and orders
# compare by their bytes, whatever the language of the database is. `vtt_desktop` tells whose tables they are.
_FIRST = """
CREATE TABLE vtt_desktop (version integer NOT NULL);
INSERT INTO vtt_desktop VALUES (0);
CREATE TABLE project (
    key      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name     text COLLATE "C" NOT NULL UNIQUE,
    epoch    text NOT NULL,
    seq      bigint NOT NULL,
    receipts bigint NOT NULL DEFAULT 0
);
CREATE TABLE segment (
    key      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project  bigint NOT NULL REFERENCES project (key),
    id       text COLLATE "C" NOT NULL,
    rev      bigint NOT NULL,
    tag      text,
    kind     text,
    position text COLLATE "C",
    document text,
    seq      bigint NOT NULL,
    author   text NOT NULL,
    modified text NOT NULL,
    UNIQUE (project, id),
    UNIQUE (project, seq)
);
CREATE INDEX segment_in_file_order ON segment (project, position, id) WHERE document IS NOT NULL;
CREATE UNIQUE INDEX one_head_a_project ON segment (project) WHERE kind = 'head' AND document IS NOT NULL;
CREATE TABLE revision (
    segment  bigint NOT NULL REFERENCES segment (key),
    rev      bigint NOT NULL,
    tag      text,
    document text,
    seq      bigint NOT NULL,
    author   text NOT NULL,
    modified text NOT NULL,
    PRIMARY KEY (segment, rev)
);
CREATE TABLE receipt (
    project     text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    number      bigint NOT NULL,
    fingerprint text NOT NULL,
    status      integer NOT NULL,
    tag         text,
    body        text NOT NULL,
    PRIMARY KEY (project, key)
);
CREATE INDEX receipt_by_age ON receipt (project, number);
CREATE TABLE written (
    project  bigint NOT NULL REFERENCES project (key),
    seq      bigint NOT NULL,
    mark     text NOT NULL,
    PRIMARY KEY (project, seq)
);
"""
# `granted` holds the tokens that were given out, by their hashes.
_GRANTS = """
CREATE TABLE granted (
    project  bigint NOT NULL REFERENCES project (key),
    id       text NOT NULL,
    name     text NOT NULL,
    role     text NOT NULL,
    digest   text NOT NULL,
    made     text NOT NULL,
    PRIMARY KEY (project, id),
    UNIQUE (project, digest)
);
"""
_STEPS = (_FIRST, _GRANTS)
SCHEMA_VERSION = len(_STEPS)


@dataclass(frozen=True, slots=True)
class Place:
    """A database: its URL for the driver, and the one that may be shown."""

    url: str
    shown: str
    settings: dict[str, str]

    async def connect(self) -> Any:
        """A connection of one's own; raises `DRIVER_ERRORS`."""
        return await asyncpg.connect(self.url, **self.options)

    @property
    def options(self) -> dict[str, Any]:
        """What each connection is opened with."""
        return {
            "timeout": CONNECT_SECONDS,
            "command_timeout": ANSWER_SECONDS,
            "server_settings": self.settings,
        }


async def prepared(url: str, shown: str) -> Place:
    """Make the tables where there are none, and say how to connect to them from now on.

    Raises UserError when the database is not reached, refuses, cannot keep what a store promises, or belongs
    to another program.
    """
    settings = {
        "application_name": "vtt-desktop",
        "lock_timeout": f"{BUSY_SECONDS}s",
        # A server that is stopped in the middle of a write holds the others up for this long at most.
        "idle_in_transaction_session_timeout": f"{ANSWER_SECONDS}s",
    }
    place = Place(url, shown, settings)
    connection = await _first_connection(place)
    try:
        await _look_at(connection, place)
        await _bring_up_to_date(connection, place)
        if await connection.fetchval("SHOW synchronous_commit") == "off":
            settings["synchronous_commit"] = "on"  # a write is on the disk before it is told
    except DRIVER_ERRORS as error:
        raise UserError(f"The store {shown} cannot be used: {said(error)}.") from None
    finally:
        connection.terminate()
    return place


async def _first_connection(place: Place) -> Any:
    shown = place.shown
    try:
        return await place.connect()
    except asyncpg.InvalidPasswordError:
        raise UserError(f"The store {shown} refuses the user or the password.") from None
    except asyncpg.InvalidCatalogNameError:
        raise UserError(f"The store {shown} is a database that is not there.", "Make it first.") from None
    except asyncpg.PostgresError as error:
        raise UserError(f"The store {shown} lets nobody in: {said(error)}.") from None
    except OSError as error:
        raise UserError(f"The store {shown} cannot be reached: {said(error)}.") from None
    except (ValueError, asyncpg.InterfaceError):
        # What the driver says of a URL may show a piece of the password.
        hint = "Names and the password in it have to be percent-encoded."
        raise UsageError(f"The URL of the store {shown} cannot be read.", hint) from None


async def _look_at(connection: Any, place: Place) -> None:
    if await connection.fetchval("SHOW server_encoding") != "UTF8":
        raise UserError(f"The store {place.shown} does not keep every character: its encoding is not UTF8.")
    if await connection.fetchval("SHOW transaction_read_only") == "on":
        raise UserError(f"The store {place.shown} can only be read: it is the copy of another database.")


async def _bring_up_to_date(connection: Any, place: Place) -> None:
    async with connection.transaction():
        # Two servers may start on one new database: the second waits here and finds the tables made.
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        tables = await connection.fetchval(
            "SELECT count(*) FROM pg_catalog.pg_class"
            " WHERE relnamespace = to_regnamespace(quote_ident(current_schema()))"
            " AND relkind IN ('r', 'p', 'v', 'm')"
        )
        version = 0
        if await connection.fetchval("SELECT to_regclass(quote_ident(current_schema()) || '.vtt_desktop')"):
            version = await connection.fetchval("SELECT version FROM vtt_desktop")
        elif tables:
            raise UserError(
                f"The store {place.shown} is the database of another program; it is left alone.",
                "Make a database of its own for this server.",
            )
        if version > SCHEMA_VERSION:
            raise UserError(f"The store {place.shown} was made by a newer version of this program.")
        for step in _STEPS[version:]:
            await connection.execute(step)
        if version != SCHEMA_VERSION:
            await connection.execute("UPDATE vtt_desktop SET version = $1", SCHEMA_VERSION)


def said(error: BaseException) -> str:
    """What an error of the driver says, in a few words for a sentence."""
    if isinstance(error, TimeoutError):
        return "it does not answer in time"
    if isinstance(error, OSError):
        return (
            error.strerror
            if error.strerror and "Connect call" not in error.strerror
            else "connection refused"
        )
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
