"""What was acknowledged is there: after a stop, after SIGKILL, after a full disk."""

from __future__ import annotations

import resource
import sqlite3
import threading
from pathlib import Path

import httpx
import pytest

from tests.server_process import ServerProcess, running_server


def connect(server: ServerProcess) -> httpx.Client:
    return httpx.Client(base_url=f"{server.url}/projects/p/", headers=server.headers, timeout=20)


def publish(server: ServerProcess, count: int) -> dict[str, str]:
    headers = {**server.headers, "If-None-Match": "*"}
    assert httpx.put(f"{server.url}/projects/p", headers=headers).status_code == 201
    with connect(server) as http:
        items = [{"id": f"s{n}", "order": f"{n:03}", "content": f"{n}\n"} for n in range(count)]
        made = http.post("segments", json={"items": items}).json()
        return {item["id"]: item["etag"] for item in made["items"]}


def test_a_restart_keeps_all(server_process: ServerProcess) -> None:
    tags = publish(server_process, 5)
    with connect(server_process) as http:
        key = {"If-Match": tags["s1"], "Idempotency-Key": "k"}
        saved = http.patch("vtt/s1", json={"content": "new"}, headers=key)
        http.delete("vtt/s2", headers={"If-Match": tags["s2"]})
        before = [http.get(path).text for path in ("segments", "changes", "vtt/s1/history", "file")]
    assert server_process.stop() == 0
    server_process.start()
    with connect(server_process) as http:
        assert [http.get(path).text for path in ("segments", "changes", "vtt/s1/history", "file")] == before
        again = http.patch("vtt/s1", json={"content": "new"}, headers=key)
        assert (again.status_code, again.text) == (200, saved.text)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert http.get("vtt/s2").status_code == 410
    assert server_process.stop() == 0
    assert server_process.log() == ""


@pytest.mark.parametrize("acknowledged", [5, 60, 200])
def test_a_crash_in_the_middle_of_writing_loses_no_acknowledged_save(
    server_process: ServerProcess, acknowledged: int
) -> None:
    tags = publish(server_process, 6)
    enough = threading.Semaphore(0)
    saves: dict[str, list[tuple[str, str]]] = {name: [(tag, "")] for name, tag in tags.items()}

    def write(name: str) -> None:
        with connect(server_process) as http:
            for n in range(100_000):
                content = f"{name} {n}"
                try:
                    answer = http.patch(
                        f"vtt/{name}", json={"content": content}, headers={"If-Match": saves[name][-1][0]}
                    )
                except httpx.TransportError:
                    return
                assert answer.status_code == 200
                saves[name].append((answer.headers["ETag"], content))
                enough.release()

    desks = [threading.Thread(target=write, args=(name,)) for name in tags]
    for desk in desks:
        desk.start()
    for _ in range(acknowledged):
        assert enough.acquire(timeout=30)
    server_process.kill()
    for desk in desks:
        desk.join()

    server_process.start()
    with connect(server_process) as http:
        for name, acked in saves.items():
            items = http.get(f"vtt/{name}/history?limit=1000").json()["items"]
            revisions = {item["etag"]: item["document"]["content"] for item in items}
            assert all(revisions[tag] == content for tag, content in acked[1:][-900:])
            # At most the one save whose answer was lost is there beyond them, and the feed agrees.
            assert len(items) - len(acked) in (0, 1) or len(items) == 1000
            assert http.get(f"vtt/{name}").headers["ETag"] == items[0]["etag"]
    with sqlite3.connect(server_process.store) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_a_full_disk_is_said_and_nothing_that_was_there_is_lost(tmp_path: Path) -> None:
    """The limit on file size stands in for the disk: the system refuses to write beyond it."""

    def no_large_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    kept: list[str] = []
    with running_server(tmp_path, before_exec=no_large_files) as server:
        publish(server, 1)
        with connect(server) as http:
            answer = httpx.Response(201)
            while answer.status_code == 201:
                answer = http.put(
                    f"vtt/big{len(kept)}",
                    json={"order": "b", "content": "x" * 50_000},
                    headers={"If-None-Match": "*"},
                )
                kept += [f"big{len(kept)}"] if answer.status_code == 201 else []
            assert answer.status_code in (503, 507) and kept
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert "nothing was written" in answer.json()["detail"]
            # Reading goes on, and what was refused is not there.
            assert http.get("vtt/s0").status_code == 200
            assert http.get(f"vtt/big{len(kept)}").status_code == 404
            changes = http.get("changes").json()
            assert changes["seq"] == 1 + len(kept)
        assert "Traceback" not in server.log()
        server.kill()
    with running_server(tmp_path) as server, connect(server) as http:
        assert [http.get(f"vtt/{name}").status_code for name in kept] == [200] * len(kept)
        made = http.put("vtt/later", json={"order": "c"}, headers={"If-None-Match": "*"})
        assert made.status_code == 201


def test_a_store_that_another_program_holds_is_said(server_process: ServerProcess) -> None:
    tags = publish(server_process, 1)
    holder = sqlite3.connect(server_process.store, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        with connect(server_process) as http:
            answer = http.patch("vtt/s0", json={"content": "x"}, headers={"If-Match": tags["s0"]})
            assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
            assert http.get("vtt/s0").headers["ETag"] == tags["s0"]
            holder.execute("ROLLBACK")
            again = http.patch("vtt/s0", json={"content": "x"}, headers={"If-Match": tags["s0"]})
            assert again.status_code == 200
    finally:
        holder.close()


def test_a_store_put_back_from_a_backup_is_noticed(server_process: ServerProcess, tmp_path: Path) -> None:
    tags = publish(server_process, 2)
    server_process.stop()
    backup = server_process.store.read_bytes()
    server_process.start()
    with connect(server_process) as http:
        lost = http.patch("vtt/s0", json={"content": "lost"}, headers={"If-Match": tags["s0"]}).headers[
            "ETag"
        ]
    server_process.stop()
    server_process.store.write_bytes(backup)
    server_process.start()
    with connect(server_process) as http:
        assert http.get("changes?since=3").status_code == 410
        assert http.patch("vtt/s0", json={"content": "x"}, headers={"If-Match": lost}).status_code == 412
        other = http.patch("vtt/s0", json={"content": "other"}, headers={"If-Match": tags["s0"]}).headers[
            "ETag"
        ]
        assert other != lost and other[:3] == lost[:3] == '"2-'
