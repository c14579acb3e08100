"""Real server processes on a real database: who races, who is told, what is said when it goes away."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest
from pymongo import MongoClient

from tests.databases import PASSWORD, MongodbServer, PostgresqlCluster
from tests.server.writes import by, new
from tests.server_process import ServerProcess, running_server
from vtt_desktop.domain.errors import UserError
from vtt_desktop.server import mongodb_schema, store_mongodb
from vtt_desktop.server.feed import HEARTBEAT_SECONDS
from vtt_desktop.server.store import Receipt, StoreUncertainError
from vtt_desktop.server.store_address import shown, store_at

_NUMBERS = count(1)

# MongoDB's driver leaves a socket behind when it is closed while it connects once more, to watch the server.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(scope="module", params=["postgresql", "mongodb"])
def database(request: pytest.FixtureRequest) -> PostgresqlCluster | MongodbServer:
    found: PostgresqlCluster | MongodbServer = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def servers(
    database: PostgresqlCluster | MongodbServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ServerProcess, ServerProcess]]:
    """Two processes on one database."""
    url = database.new()
    with (
        running_server(tmp_path_factory.mktemp("one"), store_url=url) as one,
        running_server(tmp_path_factory.mktemp("two"), store_url=url) as two,
    ):
        yield one, two
        assert (one.stop(), two.stop()) == (0, 0)
        assert "Traceback" not in one.log() + two.log()


@pytest.fixture
def project(servers: tuple[ServerProcess, ServerProcess]) -> str:
    """The path of a new project with the segment `s`."""
    path = f"/projects/p{next(_NUMBERS)}"
    with connect(servers[0]) as http:
        assert http.put(path, headers={"If-None-Match": "*"}).status_code == 201
        made = http.put(f"{path}/vtt/s", json={"order": "a"}, headers={"If-None-Match": "*"})
        assert made.status_code == 201
    return path


def connect(server: ServerProcess) -> httpx.Client:
    return httpx.Client(base_url=server.url, headers=server.headers, timeout=20)


async def test_of_saves_with_one_tag_through_two_servers_exactly_one_wins(
    servers: tuple[ServerProcess, ServerProcess], project: str
) -> None:
    one, two = (httpx.AsyncClient(base_url=s.url, headers=s.headers, timeout=60) for s in servers)
    async with one, two:
        tag = (await one.get(f"{project}/vtt/s")).headers["ETag"]
        for turn in range(1, 6):
            saves = [
                http.patch(f"{project}/vtt/s", json={"content": f"{turn} {n}"}, headers={"If-Match": tag})
                for n, http in enumerate([one, two] * 8)
            ]
            answers = await asyncio.gather(*saves)
            assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 15}
            (winner,) = (answer for answer in answers if answer.status_code == 200)
            assert {answer.headers["ETag"] for answer in answers} == {winner.headers["ETag"]}
            tag = winner.headers["ETag"]
            for http in (one, two):
                assert (await http.get(f"{project}/vtt/s")).json() == winner.json()
        assert (await two.get(f"{project}/changes")).json()["seq"] == 1 + turn


def test_what_one_server_writes_is_told_by_the_other_at_once(
    servers: tuple[ServerProcess, ServerProcess], project: str
) -> None:
    assert HEARTBEAT_SECONDS > 10  # when a stream looks again by itself
    with (
        connect(servers[0]) as one,
        connect(servers[1]) as two,
        two.stream("GET", f"{project}/events?since=1", timeout=10) as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == "retry: 2000"
        tag = one.get(f"{project}/vtt/s").headers["ETag"]
        one.patch(f"{project}/vtt/s", json={"content": "news"}, headers={"If-Match": tag})
        change = next(line for line in lines if line.startswith("data:") and "news" in line)
        assert json.loads(change.removeprefix("data: "))["seq"] == 2


def test_a_killed_server_loses_nothing_that_it_acknowledged(
    servers: tuple[ServerProcess, ServerProcess], project: str
) -> None:
    other, server = servers
    enough = threading.Semaphore(0)
    with connect(server) as http:
        body = {"items": [{"id": f"s{n}", "order": "a"} for n in range(4)]}
        made = http.post(f"{project}/segments", json=body).json()["items"]
    saves = {item["id"]: [item["etag"]] for item in made}

    def write(name: str) -> None:
        with connect(server) as http:
            for n in range(10_000):
                change, condition = {"content": f"{n}"}, {"If-Match": saves[name][-1]}
                try:
                    answer = http.patch(f"{project}/vtt/{name}", json=change, headers=condition)
                except httpx.TransportError:
                    return
                assert answer.status_code == 200
                saves[name].append(answer.headers["ETag"])
                enough.release()

    desks = [threading.Thread(target=write, args=(name,)) for name in saves]
    for desk in desks:
        desk.start()
    for _ in range(25):
        assert enough.acquire(timeout=30)
    server.kill()
    for desk in desks:
        desk.join()
    with connect(other) as http:
        for name, acknowledged in saves.items():
            items = http.get(f"{project}/vtt/{name}/history?limit=1000").json()["items"]
            tags = [item["etag"] for item in reversed(items)]
            # At most the one save whose answer was lost is there beyond them.
            assert tags[: len(acknowledged)] == acknowledged and len(tags) - len(acknowledged) in (0, 1)
        changes = http.get(f"{project}/changes").json()
        assert changes["items"][-1]["seq"] == changes["seq"]
    server.start()
    with connect(server) as http:
        assert http.get(f"{project}/changes").json() == changes


def test_a_database_that_goes_away_is_said_and_missed_until_it_is_back(
    database: PostgresqlCluster | MongodbServer, servers: tuple[ServerProcess, ServerProcess], project: str
) -> None:
    server, other = servers
    segment = f"{project}/vtt/s"
    with connect(server) as http, connect(other) as beside:
        before = http.get(segment).headers["ETag"]
        with http.stream("GET", f"{project}/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
            database.kill()
            try:
                answers = asyncio.run(
                    _all_at_once(
                        server,
                        ("GET", "/projects", {}),
                        ("GET", segment, {}),
                        ("PATCH", segment, {"If-Match": before}),
                        ("GET", f"{project}/events", {}),
                    )
                )
                for answer in answers:
                    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
                    assert answer.headers["Content-Type"] == "application/problem+json"
                    assert "cannot be used just now" in answer.json()["detail"]
                assert http.get("/health").status_code == 200
            finally:
                database.start()
            assert http.get(segment).headers["ETag"] == before
            saved = http.patch(segment, json={"content": "after"}, headers={"If-Match": before})
            assert saved.status_code == 200
            # The stream goes on where it was, and is told again of what others write.
            assert any("after" in line for line in lines)
            last = {"If-Match": saved.headers["ETag"]}
            assert beside.patch(segment, json={"content": "elsewhere"}, headers=last).status_code == 200
            assert any("elsewhere" in line for line in lines)
    log = server.log()
    assert "Traceback" not in log and PASSWORD not in log and "the store failed" in log


async def _all_at_once(
    server: ServerProcess, *requests: tuple[str, str, dict[str, str]]
) -> list[httpx.Response]:
    async with httpx.AsyncClient(base_url=server.url, headers=server.headers, timeout=20) as http:
        return await asyncio.gather(
            *(
                http.request(method, path, headers=headers, json={"content": "x"} if headers else None)
                for method, path, headers in requests
            )
        )


def test_a_commit_without_an_answer_is_not_said_to_be_nothing(
    postgresql: PostgresqlCluster, tmp_path: Path
) -> None:
    """The connection ends in the middle of the commit."""
    url = postgresql.new()
    with running_server(tmp_path, store_url=url) as server, connect(server) as http:
        http.put("/projects/p", headers={"If-None-Match": "*"})
        made = http.put("/projects/p/vtt/s", json={"order": "a"}, headers={"If-None-Match": "*"})
        condition = {"If-Match": made.headers["ETag"], "Idempotency-Key": "k"}
        name = url.rpartition("/")[2]
        postgresql.sql(
            name,
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';"
            "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON written DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION cut()",
        )
        answer = http.patch("/projects/p/vtt/s", json={"content": "x"}, headers=condition)
        assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
        assert answer.json()["type"].endswith(":outcome-unknown")
        assert "nothing was written" not in answer.json()["detail"]
        postgresql.sql(name, "DROP TRIGGER cut ON written")
        again = http.patch("/projects/p/vtt/s", json={"content": "x"}, headers=condition)
        assert again.status_code == 200
        assert http.get("/projects/p/changes").json()["seq"] == 2
        assert "Traceback" not in server.log()


async def test_a_commit_in_mongodb_without_an_answer_is_uncertain_and_not_made_twice(
    mongodb: MongodbServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is carried out; the answer that says so is lost, each time that it is asked for."""
    monkeypatch.setattr(store_mongodb, "BUSY_SECONDS", 0.2)
    url = mongodb.new()
    store, copy = await store_at(url)(), by(receipt=Receipt("k", "f"))
    await store.create_project("p", by())
    lost = {"code": 64, "errmsg": "waiting for replication timed out"}
    data = {"failCommands": ["commitTransaction"], "writeConcernError": lost}
    with MongoClient[dict[str, object]](url) as client:
        client.admin.command("configureFailPoint", "failCommand", mode="alwaysOn", data=data)
        with pytest.raises(StoreUncertainError):
            await store.create("p", [new("s", "a")], copy)
        client.admin.command("configureFailPoint", "failCommand", mode="off")
    assert (await store.create("p", [new("s", "a")], copy)).fingerprint == "f"
    assert (await store.changes("p", 0, 9)).seq == 1
    await store.close()


async def test_where_mongodb_tells_no_changes_they_are_looked_for(mongodb: MongodbServer) -> None:
    url = mongodb.new()
    store, other = await store_at(url)(), await store_at(url)()
    told: asyncio.Queue[str | None] = asyncio.Queue()
    with MongoClient[dict[str, object]](url) as client:
        data = {"failCommands": ["aggregate"], "errorCode": 40573}
        client.admin.command("configureFailPoint", "failCommand", mode="alwaysOn", data=data)
        try:
            async with asyncio.timeout(30), asyncio.TaskGroup() as background:
                watching = background.create_task(store.watch(told.put_nowait))
                assert await told.get() is None
                await other.create_project("p", by())
                assert await told.get() == "p"
                watching.cancel()
        finally:
            client.admin.command("configureFailPoint", "failCommand", mode="off")
    await store.close()
    await other.close()


def test_what_is_no_store_in_mongodb_is_said_in_one_sentence_without_the_password(
    mongodb: MongodbServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mongodb_schema, "BUSY_SECONDS", 0.5)
    recipes, newer = mongodb.new(), mongodb.new()
    asyncio.run(_open_and_close(newer))
    with MongoClient[dict[str, object]](recipes) as client:
        client.get_default_database()["recipes"].insert_one({"title": "soup"})
    with MongoClient[dict[str, object]](newer) as client:
        client.get_default_database()["vtt_desktop"].update_one({}, {"$set": {"version": 99}})
    for url, words in (
        (recipes, "the database of another program; it is left alone"),
        (newer, "made by a newer version"),
        (mongodb.standalone, "has no transactions, because its server is no replica set"),
        (mongodb.url("x", "secret-guess"), "refuses the user or the password"),
        ("mongodb://vtt:secret@127.0.0.1:1/x", "cannot be reached: no server answers there"),
        ("mongodb://vtt:not/secret@127.0.0.1/x", "cannot be read"),
        (f"mongodb://vtt:{PASSWORD}@127.0.0.1/x", "cannot be read"),
        ("mongodb://", "cannot be read"),
    ):
        with pytest.raises(UserError) as caught:
            asyncio.run(_open_and_close(url))
        said = str(caught.value)
        assert words in said and shown(url) in said
        assert "secret" not in said and "pa:ss" not in said and "pa%3A" not in said and "\n" not in said
    with MongoClient[dict[str, object]](recipes) as client:
        assert client.get_default_database().list_collection_names() == ["recipes"]


def test_what_is_no_store_is_said_in_one_sentence_without_the_password(
    postgresql: PostgresqlCluster, tmp_path: Path
) -> None:
    recipes = postgresql.new()
    postgresql.sql(recipes.rpartition("/")[2], "CREATE TABLE recipes (title text)")
    newer = postgresql.new()
    asyncio.run(_open_and_close(newer))
    postgresql.sql(newer.rpartition("/")[2], "UPDATE vtt_desktop SET version = 99")
    standby = postgresql.new()
    postgresql.sql(
        "postgres", f"ALTER DATABASE {standby.rpartition('/')[2]} SET default_transaction_read_only = on"
    )
    away = f"postgresql://vtt:{PASSWORD}@127.0.0.1:1/x"
    for url, words in (
        (recipes, "the database of another program; it is left alone"),
        (newer, "made by a newer version"),
        (standby, "can only be read"),
        (postgresql.new("SQL_ASCII"), "its encoding is not UTF8"),
        (postgresql.url("none"), "that is not there"),
        (postgresql.url("postgres", "secret-guess"), "refuses the user or the password"),
        ("postgresql://vtt:secret@127.0.0.1:1/x", "cannot be reached: connection refused"),
        ("postgresql://vtt:secret@no-such-host.invalid/x", "cannot be reached"),
        ("postgresql://vtt:not/secret@127.0.0.1/x", "cannot be read"),
        (away, "cannot be read"),
        ("mysql://vtt:secret@host/x", "not of a kind"),
    ):
        with pytest.raises(UserError) as caught:
            asyncio.run(_open_and_close(url))
        said = str(caught.value)
        assert words in said and shown(url) in said
        assert "secret" not in said and "pa:ss" not in said and "pa%3A" not in said and "\n" not in said
    assert (
        postgresql.sql(
            recipes.rpartition("/")[2], "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        )
        == "1"
    )


async def _open_and_close(url: str) -> None:
    await (await store_at(url)()).close()


def test_without_its_driver_the_command_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name for name in sys.modules if name.startswith("vtt_desktop.server") and "postgresql" in name
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(UserError, match=r"needs the driver asyncpg.* -m pip install asyncpg$"):
        store_at("postgresql://localhost/x")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://u:p@h:5432/db?sslmode=require&password=p", "postgresql://u@h:5432/db"),
        ("postgresql://u:p@/@x@h/db", "postgresql://u@h/db"),
        ("mongodb://h1,h2/db?replicaSet=r", "mongodb://h1,h2/db"),
        ("sqlite:///a/b.sqlite", "sqlite:///a/b.sqlite"),
    ],
)
def test_a_url_is_shown_without_its_secrets(url: str, words: str) -> None:
    assert shown(url) == words


def test_the_reason_a_server_does_not_start_is_its_last_word(
    postgresql: PostgresqlCluster, tmp_path: Path
) -> None:
    url = postgresql.url("postgres", "secret-guess")
    with pytest.raises(RuntimeError) as caught, running_server(tmp_path, store_url=url):
        pass
    assert "refuses the user or the password" in str(caught.value)
    assert "Traceback" not in str(caught.value) and "secret" not in str(caught.value)
