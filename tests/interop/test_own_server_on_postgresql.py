"""The main job against our own server on PostgreSQL: the client sees no difference."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import PostgresqlCluster, postgresql_cluster
from tests.interop import test_own_server as stories
from tests.interop.desks import desk, published, until
from tests.server_process import ServerProcess, running_server

STORIES: list[Callable[[ServerProcess, Path], Awaitable[None]]] = [
    stories.test_an_edit_is_saved_under_a_new_tag,
    stories.test_412_merges_different_fields_in_silence,
    stories.test_edit_against_delete_is_a_conflict_in_both_directions,
    stories.test_insert_delete_split_merge_and_move_arrive_in_order,
    stories.test_a_colleagues_change_arrives_by_itself,
]


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgresqlCluster]:
    with postgresql_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def servers(
    postgresql: PostgresqlCluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ServerProcess, ServerProcess]]:
    """Two processes on one database."""
    url = postgresql.new()
    with (
        running_server(tmp_path_factory.mktemp("one"), store_url=url) as one,
        running_server(tmp_path_factory.mktemp("two"), store_url=url) as two,
    ):
        yield one, two


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.removeprefix("test_"))
async def test_the_story_is_the_same(
    servers: tuple[ServerProcess, ServerProcess],
    tmp_path: Path,
    story: Callable[[ServerProcess, Path], Awaitable[None]],
) -> None:
    await story(servers[0], tmp_path)


async def test_desks_on_two_servers_of_one_database_work_together(
    servers: tuple[ServerProcess, ServerProcess], tmp_path: Path
) -> None:
    """A live change, a silent merge, and a conflict that waits: each desk has a server of its own."""
    one, two = servers
    url = await published(tmp_path, one.url, one.token)
    async with (
        desk(url, token=one.token, listen=True) as mine,
        desk(url.replace(one.url, two.url), token=two.token, listen=True) as other,
    ):
        other.desk.set_text(other.id(2), "news")
        await other.sync()
        await until(mine, lambda: mine.texts[2] == "news")

        mine.desk.offline = True
        mine.desk.set_text(mine.id(0), "mine")
        mine.desk.set_text(mine.id(1), "mine, too")
        other.desk.set_text(other.id(0), "theirs")
        other.desk.set_times(other.id(1), 3100, 4000)
        await other.sync()
        mine.desk.offline = False
        await mine.sync()
        assert [conflict.id for conflict in mine.desk.conflicts] == [mine.id(0)]
        assert (mine.desk.cues[1].text, mine.desk.cues[1].start) == ("mine, too", 3100)
        mine.desk.resolve(mine.id(0), "mine")
        await mine.sync()
        await until(other, lambda: other.texts[:2] == ["mine", "mine, too"])
        await other.sync()
        assert other.values == mine.values and mine.desk.conflicts == other.desk.conflicts == []
