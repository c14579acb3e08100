"""Starting and stopping the server: store, token, socket, signals."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import FrameType

import platformdirs
import uvicorn

from vtt_desktop.domain.errors import UsageError, UserError
from vtt_desktop.server.announcement import announced, token_in
from vtt_desktop.server.app import create_app
from vtt_desktop.server.auth import is_loopback
from vtt_desktop.server.feed import Bells
from vtt_desktop.server.store_address import Opening, store_at

TOKEN_VARIABLE = "VTT_DESKTOP_TOKEN"
STORE_VARIABLE = "VTT_DESKTOP_STORE"
DEFAULT_PORT = 8765
STOP_SECONDS = 3
"""How long a request may go on after the server was told to stop."""
IDLE_SECONDS = 75
"""Longer than clients keep an idle connection: when the server closes one, a write may just be on its way."""

EXIT_USAGE, EXIT_COULD_NOT = 2, 3


def serve(
    *,
    store: str | None = None,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    token: str | None = None,
    allow_without_if_match: bool = False,
    token_file: str | Path | None = None,
) -> None:
    """Run the server until SIGTERM or SIGINT, then return.

    `store` is `sqlite:///relative/path`, `sqlite:////absolute/path` or a plain path (default: in the user's
    data folder), or the URL of a database. `port` 0 takes a free one. `token` None makes a random one in
    `token_file` (default: in the user's state folder), or takes the one found there; an empty `token` asks
    for none, on loopback only.
    Prints `listening on URL` when connections are accepted, then `token file: PATH` where there is one.
    Raises UserError when it cannot start.
    """
    if token == "" and not is_loopback(host):
        raise UserError(
            f"Serving on {host} without a token is refused.", "Give a token, or serve on 127.0.0.1."
        )
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise UserError("The token holds a character that no header can carry.", "Use letters and digits.")
    if not 0 <= port <= 65535:  # the system would quietly take another one
        raise UsageError(f"There is no port {port}.", "Ports go from 0 to 65535.")
    opening = store_at(store)
    listener = _listen(host, port)
    try:
        written: Path | None = None
        if token is None:
            written = Path(token_file) if token_file is not None else _default_token_file()
            token = _token_in(written)
        url = _url(host, listener)
        lines = [f"listening on {url}", *([f"token file: {written}"] if written is not None else [])]
        note = announced(url, written) if written is not None and is_loopback(host) else nullcontext()
        asyncio.run(_serve(opening, listener, token, allow_without_if_match, lines, note))
    finally:
        listener.close()


async def _serve(
    opening: Opening,
    listener: socket.socket,
    token: str,
    allow_without_if_match: bool,
    lines: Sequence[str],
    note: AbstractContextManager[None],
) -> None:
    """Opens the store and serves it until a signal comes; says `lines` when connections are accepted."""
    store, bells = await opening(), Bells()
    config = uvicorn.Config(
        create_app(store, bells, token=token, allow_without_if_match=allow_without_if_match),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    with note:  # programs of the same person on this machine find the token
        await _Server(config, lines, bells.close).serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Says when it accepts, ends its streams before it waits for them, and returns on a signal."""

    def __init__(self, config: uvicorn.Config, lines: Sequence[str], before_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._lines = lines
        self._before_stop = before_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for line in self._lines:
            print(line, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_stop()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The base class raises the signal again after a clean stop, which would make it look like a crash.
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def _default_token_file() -> Path:
    folder = Path(platformdirs.user_state_dir("vtt-desktop"))
    _make_folder(folder)
    return folder / "server-token"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be made: {error.strerror}.") from error


def _token_in(path: Path) -> str:
    """The token kept in `path`, made when there is none, and never one that others could have read."""
    if path.exists() and not path.is_file():
        raise UserError(f"The token file {path} cannot be written: it is a folder, a device or a pipe.")
    try:
        if path.is_file():
            if kept := token_in(path):
                return kept
        token = secrets.token_urlsafe(32)
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        ) as file:
            file.write(token + "\n")
        fresh.replace(path)
    except OSError as error:
        raise UserError(f"The token file {path} cannot be written: {error.strerror}.") from error
    return token


def _listen(host: str, port: int) -> socket.socket:
    listener: socket.socket | None = None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        if os.name != "nt":  # there, this option lets two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except (OSError, OverflowError, UnicodeError) as error:
        if listener is not None:
            listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        hint = "Another program may be using the port; choose another, or 0 for a free one."
        raise UserError(f"The server cannot listen on {host} port {port}: {reason}.", hint) from error
    return listener


def _url(host: str, listener: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns 0 done, 2 wrong usage, 3 could not."""
    parser = argparse.ArgumentParser(
        prog="python -m vtt_desktop.server", description="The reference server for subtitle segments."
    )
    parser.add_argument(
        "--store",
        metavar="URL",
        default=os.environ.get(STORE_VARIABLE) or None,
        help="sqlite:///PATH (default: in your data folder), postgresql://USER@HOST/DATABASE or"
        f" mongodb://HOST/DATABASE (better in {STORE_VARIABLE}, where it holds a password)",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="0 takes a free one (default: %(default)s)"
    )
    access = parser.add_mutually_exclusive_group()
    access.add_argument("--token", metavar="T", help=f"the token asked for (better: in {TOKEN_VARIABLE})")
    access.add_argument("--no-token", action="store_true", help="ask for none, on loopback only")
    parser.add_argument("--token-file", metavar="PATH", help="where the random token is written")
    parser.add_argument(
        "--allow-without-if-match",
        action="store_true",
        help="accept unconditional writes: they overwrite blindly",
    )
    options = parser.parse_args(arguments)
    if options.token == "":
        parser.error("the token is empty; use --no-token to ask for none")
    token = "" if options.no_token else options.token or os.environ.get(TOKEN_VARIABLE) or None
    try:
        serve(
            store=options.store,
            host=options.host,
            port=options.port,
            token=token,
            allow_without_if_match=options.allow_without_if_match,
            token_file=options.token_file,
        )
    except UserError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE if isinstance(error, UsageError) else EXIT_COULD_NOT
    return 0
