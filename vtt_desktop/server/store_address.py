"""Which store a URL means. A database's driver is imported when its kind of store is asked for."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import platformdirs

from vtt_desktop.domain.errors import UsageError, UserError
from vtt_desktop.server.store import Store
from vtt_desktop.server.store_sqlite import SqliteStore

Opening = Callable[[], Awaitable[Store]]
"""Opens the store; raises UserError when that cannot be done."""

KINDS = "Use sqlite:///PATH, postgresql://USER@HOST/DATABASE or mongodb://HOST/DATABASE."


def store_at(url: str | None) -> Opening:
    """How to open the store of a URL or plain path (none: in the user's data folder).

    Raises UsageError for what names no store, UserError where the driver is not installed.
    """
    scheme, colon, _ = (url or "").partition("://")
    if url is not None and colon and scheme in ("postgresql", "postgres"):
        return _postgresql(url)
    if url is not None and colon and scheme in ("mongodb", "mongodb+srv"):
        return _mongodb(url)
    return partial(_sqlite, _sqlite_path(url))


def shown(url: str) -> str:
    """A store's URL as it may be said and logged: without password and options."""
    scheme, colon, rest = url.partition("://")
    if not colon:
        return url if ":" not in url else "given"
    # From the right: a password that is not percent-encoded as it should be may hold any character.
    user, at, place = rest.rpartition("@")
    return f"{scheme}://{user.partition(':')[0]}{at}{place.partition('?')[0]}"


def _postgresql(url: str) -> Opening:
    try:
        from vtt_desktop.server.store_postgresql import PostgresqlStore
    except ModuleNotFoundError as error:
        raise _without(error, "PostgreSQL", "asyncpg") from None
    return partial(PostgresqlStore.open, url, shown(url))


def _mongodb(url: str) -> Opening:
    try:
        from vtt_desktop.server.store_mongodb import MongodbStore
    except ModuleNotFoundError as error:
        raise _without(error, "MongoDB", "pymongo") from None
    return partial(MongodbStore.open, url, shown(url))


def _without(error: ModuleNotFoundError, kind: str, driver: str) -> Exception:
    if error.name != driver:
        return error
    return UserError(
        f"A store in {kind} needs the driver {driver}, which is not installed.",
        f"Install it with: {sys.executable} -m pip install {driver}",
    )


async def _sqlite(path: Path) -> Store:
    return SqliteStore(path)


def _sqlite_path(url: str | None) -> Path:
    if url is None:
        folder = Path(platformdirs.user_data_dir("vtt-desktop"))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"The folder {folder} cannot be made: {error.strerror}.") from error
        return folder / "server.sqlite"
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return Path(url.removeprefix("sqlite:///"))
    if url and ":" not in url and (Path(url).suffix or Path(url).is_absolute()):
        return Path(url)
    raise UsageError(f"The store {shown(url)} is not of a kind this server knows.", KINDS)
