"""The SQLite file of the server: its tables, and opening a connection to it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from vtt_desktop.domain.errors import UserError
from vtt_desktop.server.revisions import BUSY_SECONDS

APPLICATION_ID = 0x56545444  # "VTTD", so that somebody else's database is never written to

# `segment` holds the current revision of each segment, a deletion being one (document is NULL then), so
# that the change feed is one index and revision numbers go on after a deletion. `revision` holds what
# was superseded. `receipt` holds answers of writes that came with an Idempotency-Key.
_FIRST = """
CREATE TABLE project (
    key      INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    epoch    TEXT NOT NULL,
    seq      INTEGER NOT NULL
);
CREATE TABLE segment (
    key      INTEGER PRIMARY KEY,
    project  INTEGER NOT NULL REFERENCES project (key),
    id       TEXT NOT NULL,
    rev      INTEGER NOT NULL,
    tag      TEXT,
    kind     TEXT,
    position TEXT,
    document TEXT,
    seq      INTEGER NOT NULL,
    author   TEXT NOT NULL,
    modified TEXT NOT NULL,
    UNIQUE (project, id),
    UNIQUE (project, seq)
);
CREATE INDEX segment_in_file_order ON segment (project, position, id) WHERE document IS NOT NULL;
CREATE UNIQUE INDEX one_head_a_project ON segment (project) WHERE kind = 'head' AND document IS NOT NULL;
CREATE TABLE revision (
    segment  INTEGER NOT NULL REFERENCES segment (key),
    rev      INTEGER NOT NULL,
    tag      TEXT,
    document TEXT,
    seq      INTEGER NOT NULL,
    author   TEXT NOT NULL,
    modified TEXT NOT NULL,
    UNIQUE (segment, rev)
);
CREATE TABLE receipt (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    project     TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status      INTEGER NOT NULL,
    tag         TEXT,
    body        TEXT NOT NULL,
    UNIQUE (project, key)
);
"""
# `written` has a row for each write, which may have several sequence numbers: `seq` is the last of them. A
# part of its mark is random: a file that was put back from a copy, and written on, has other marks at the
# same numbers (`Store.knows`).
_MARKS = """
CREATE TABLE written (
    project  INTEGER NOT NULL REFERENCES project (key),
    seq      INTEGER NOT NULL,
    mark     TEXT NOT NULL,
    PRIMARY KEY (project, seq)
) WITHOUT ROWID;
"""
# `granted` holds the tokens that were given out, by their hashes.
_GRANTS = """
CREATE TABLE granted (
    project  INTEGER NOT NULL REFERENCES project (key),
    id       TEXT NOT NULL,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    digest   TEXT NOT NULL,
    made     TEXT NOT NULL,
    PRIMARY KEY (project, id),
    UNIQUE (project, digest)
) WITHOUT ROWID;
"""
_STEPS = (_FIRST, _MARKS, _GRANTS)
"""What makes the tables of each version out of those of the one before."""
SCHEMA_VERSION = len(_STEPS)


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode, durable: WAL, and a sync of the disk at each commit."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def open_or_create(path: Path) -> sqlite3.Connection:
    """Open the store for writing, making it if it is not there.

    Raises UserError when the file cannot be opened or written, is no SQLite database, belongs to another
    program, or was made by a newer version of this one.
    """
    if path.is_dir():
        raise UserError(f"The store {path} is a directory.", "Name a file in it.")
    if not path.parent.is_dir():
        raise UserError(f"The store {path} cannot be made: its directory does not exist.")
    connection: sqlite3.Connection | None = None
    try:
        # Looked at before WAL is switched on, because that would already write to a stranger's file.
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        _refuse_strangers(connection, path)
        connection.close()
        connection = connect(path)
        _bring_up_to_date(connection)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise UserError(f"The store {path} cannot be opened: {error}.") from error
    except UserError:
        if connection is not None:
            connection.close()
        raise
    return connection


def _refuse_strangers(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and application != APPLICATION_ID:
        raise UserError(f"The store {path} is the database of another program; it is left alone.")
    if version > SCHEMA_VERSION:
        raise UserError(f"The store {path} was made by a newer version of this program.")


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    # Two servers may start on one new file: the second waits here and finds the tables made. Taking the
    # write lock is also how a file or disk that cannot be written to is found at the start.
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for step in _STEPS[version:]:
            for statement in step.split(";\n"):
                connection.execute(statement)
        if version != SCHEMA_VERSION:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
