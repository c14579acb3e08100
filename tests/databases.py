"""Databases for tests of the stores that stand on them: real ones, started in a folder of their own."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest

from tests.interop.backend_process import free_port, listening
from tests.interop.backend_stories import python_server
from tests.interop.installed import EVE, python_packages

PASSWORD = "pa:ss/w@rd-of-ours"
IN_URL = "pa%3Ass%2Fw%40rd-of-ours"
PATIENCE_S = 60


def _program(name: str) -> str:
    """A program of PostgreSQL, which Debian keeps out of the PATH. Skips the test where there is none."""
    found = shutil.which(name) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    if found is None:
        pytest.skip(f"PostgreSQL's {name} is not installed")
    return found


class PostgresqlCluster:
    """A PostgreSQL server on loopback, with a password, and with no care for its disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._initdb, self._pg_ctl = _program("initdb"), _program("pg_ctl")
        self._numbers = count(1)
        # The server refuses to be root. Whoever it is then has to own its folder.
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user is not None:
            who = pwd.getpwnam(self._user)
            os.chown(folder, who.pw_uid, who.pw_gid)
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o644)
        self._run(self._initdb, "-D", str(folder / "data"), "-U", "vtt", "--encoding=UTF8", "--no-locale")
        self.port = free_port()
        self.start()

    def start(self) -> None:
        """Start, and wait until it accepts connections."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run(self._pg_ctl, "start", "-w", "-l", str(self._folder / "log"), "-o", options)

    def kill(self) -> None:
        """End at once, as a crash does; nothing that was committed is lost."""
        self._run(self._pg_ctl, "stop", "-m", "immediate")

    def url(self, database: str, password: str = IN_URL) -> str:
        return f"postgresql://vtt:{password}@127.0.0.1:{self.port}/{database}"

    def new(self, encoding: str = "UTF8") -> str:
        """The URL of a new, empty database, whose own way to sort text is not by its bytes."""
        name = f"store{next(self._numbers)}"
        sorting = " LOCALE_PROVIDER icu ICU_LOCALE 'en'" if encoding == "UTF8" else ""
        self.sql("postgres", f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0{sorting}")
        return self.url(name)

    def sql(self, database: str, statement: str) -> str:
        """What a statement in a database says, by the client that comes with it."""
        command = [_program("psql"), "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement]
        done = subprocess.run(
            [*command, self.url(database)], capture_output=True, text=True, timeout=PATIENCE_S, check=True
        )
        return done.stdout.strip()

    def _run(self, *command: str) -> None:
        extra: Sequence[str] = ()
        if command[0] == self._initdb:
            extra = ("--no-sync", "--auth=scram-sha-256", f"--pwfile={self._folder / 'password'}")
        else:
            extra = ("-D", str(self._folder / "data"))
        done = subprocess.run(
            [*command, *extra],
            user=self._user,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_S,
        )
        if done.returncode:
            log = self._folder / "log"
            raise RuntimeError(f"{command[:2]} failed: {log.read_text() if log.exists() else ''}")


class MongodbServer:
    """SecantusDB, which speaks MongoDB's protocol, on loopback and with a password."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._packages = python_packages("eve", EVE)
        self._numbers = count(1)
        self._process = contextlib.ExitStack()
        self.port = free_port()
        self._standalone_port = free_port()
        self.start("new")

    def start(self, *options: str) -> None:
        """Start, and wait until it accepts connections."""
        names = [str(self._folder / "data"), str(self.port), "vtt", PASSWORD, *options]
        names += ["standalone", str(self._standalone_port)]
        command, env = python_server("mongo_server.py", *names, packages=self._packages)
        self._process.enter_context(listening(command, self._folder, env))

    def kill(self) -> None:
        """End at once, as a crash does; nothing that was committed is lost."""
        self._process.close()

    def url(self, database: str, password: str = IN_URL) -> str:
        return f"mongodb://vtt:{password}@127.0.0.1:{self.port}/{database}?authSource=admin"

    def new(self) -> str:
        """The URL of a new, empty database."""
        return self.url(f"store{next(self._numbers)}")

    @property
    def standalone(self) -> str:
        """The URL of a database on a server that is no replica set, and asks for no password."""
        return f"mongodb://127.0.0.1:{self._standalone_port}/x"


@contextlib.contextmanager
def mongodb_server(folder: Path) -> Iterator[MongodbServer]:
    """A running server, gone at the end. Skips the test where it cannot be installed."""
    server = MongodbServer(folder)
    try:
        yield server
    finally:
        server.kill()


@contextlib.contextmanager
def postgresql_cluster() -> Iterator[PostgresqlCluster]:
    """A running cluster, gone at the end. Skips the test where PostgreSQL is not installed."""
    # Not among pytest's own folders, which nobody but their owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="vtt-desktop-pg-"))
    try:
        cluster = PostgresqlCluster(folder)
        try:
            yield cluster
        finally:
            with contextlib.suppress(RuntimeError):
                cluster.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
