"""The embedded engines on real data directories, with everything that a killed run can leave behind."""

import json
import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from leadflow.infra import process
from leadflow.infra.embedded import EmbeddedEngines, EngineError, Urls, server
from leadflow.infra.embedded.server import Running

_made: list[EmbeddedEngines] = []


def engines_of(place: Path) -> EmbeddedEngines:
    """One of several that a test may make for one home, as one run after another would; all are stopped at the end."""
    _made.append(EmbeddedEngines(place))
    return _made[-1]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    while _made:
        _made.pop().stop()


def ask(urls: Urls, statement: str) -> object:
    with psycopg.connect(urls.admin_database_url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def ping(urls: Urls) -> bool:
    with redis.Redis.from_url(urls.redis_url) as client:
        return bool(client.ping())


def running(home: Path, engine: str) -> Running:
    found = Running.read(home / engine / "running.json")
    assert found is not None
    return found


def test_starts_serves_and_leaves_nothing(home: Path) -> None:
    engines = engines_of(home)
    urls = engines.start()
    assert ask(urls, "SHOW fsync") == "on"
    assert ask(urls, "SHOW listen_addresses") == "127.0.0.1"
    assert ping(urls)
    pids = [running(home, engine).pid for engine in ("pg", "redis")]
    engines.stop()
    assert not [pid for pid in pids if process.find(pid)]
    assert server.is_free(engines.postgres.port if engines.postgres else 0)


def test_wrong_password_is_refused(home: Path) -> None:
    urls = engines_of(home).start()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(urls.admin_database_url.replace("+psycopg", "").replace("postgres:", "postgres:x"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(urls.redis_url.replace("redis://:", "redis://:x")).ping()


def test_second_start_keeps_data_secrets_and_addresses(home: Path) -> None:
    engines = engines_of(home)
    first = engines.start()
    ask(first, "CREATE TABLE kept (n int)")
    engines.stop()
    assert stat.S_IMODE((home / "secrets.json").stat().st_mode) == 0o600
    second = engines_of(home).start()
    assert second == first
    assert ask(second, "SELECT count(*) FROM kept") == 0


def test_engines_of_a_killed_run_are_adopted(home: Path) -> None:
    urls = engines_of(home).start()
    before = running(home, "pg"), running(home, "redis")
    later = engines_of(home)
    assert later.attach() == urls
    assert later.start() == urls
    assert (running(home, "pg"), running(home, "redis")) == before


def test_engines_without_a_record_are_replaced(home: Path) -> None:
    """The machine went down between the start of a server and the note about it."""
    engines_of(home).start()
    orphans = [running(home, engine).pid for engine in ("pg", "redis")]
    for engine in ("pg", "redis"):
        (home / engine / "running.json").unlink()
    urls = engines_of(home).start()
    assert ping(urls)
    assert ask(urls, "SELECT 1") == 1
    if process.HAS_PROC:
        assert not [pid for pid in orphans if process.find(pid)]


def test_stale_pid_file_of_a_living_stranger(home: Path) -> None:
    engines = engines_of(home)
    engines.start()
    engines.stop()
    pid_file = home / "pg" / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{home}\n1\n5432\n\n127.0.0.1\n0 0\nready\n")
    record = home / "pg" / "running.json"
    record.write_text(json.dumps([os.getpid(), "0", 5432]))
    assert ask(engines_of(home).start(), "SELECT 1") == 1


def test_half_finished_initdb_is_made_anew(home: Path) -> None:
    unfinished = home / "pg" / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    assert ask(engines_of(home).start(), "SELECT 1") == 1
    assert not unfinished.exists()


def test_directory_without_a_database_is_kept_aside(home: Path) -> None:
    strange = home / "pg" / "data"
    strange.mkdir(parents=True)
    (strange / "precious.txt").write_text("do not lose")
    assert ask(engines_of(home).start(), "SELECT 1") == 1
    (aside,) = (home / "pg").glob("data.unusable-*")
    assert (aside / "precious.txt").read_text() == "do not lose"


def test_newer_data_directory_is_refused_in_one_line(home: Path) -> None:
    engines = engines_of(home)
    engines.start()
    engines.stop()
    (home / "pg" / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EngineError, match="written by PostgreSQL 17") as refused:
        engines_of(home).start()
    assert "\n" not in str(refused.value)


def test_killed_engines_come_back_with_their_data(home: Path) -> None:
    engines = engines_of(home)
    urls = engines.start()
    ask(urls, "CREATE TABLE kept AS SELECT 41 AS n")
    assert engines.heal() == []
    for engine in ("pg", "redis"):
        os.kill(running(home, engine).pid, signal.SIGKILL)
    process.wait_until(lambda: all(process.find(running(home, name).pid) is None for name in ("pg", "redis")), 5)
    assert sorted(engines.heal()) == ["PostgreSQL", "Redis"]
    assert engines.urls() == urls
    assert ping(urls)
    assert ask(urls, "SELECT n FROM kept") == 41


def test_lost_secrets_are_made_anew(home: Path) -> None:
    engines = engines_of(home)
    before = engines.start()
    engines.stop()
    (home / "secrets.json").unlink()
    after = engines_of(home).start()
    assert after.admin_database_url != before.admin_database_url
    assert ask(after, "SELECT 1") == 1
    assert ping(after)


def test_busy_port_is_left_to_its_owner(home: Path) -> None:
    engines = engines_of(home)
    engines.start()
    busy = running(home, "pg").port
    engines.stop()
    with socket.create_server(("127.0.0.1", busy)):
        urls = engines_of(home).start()
        assert running(home, "pg").port != busy
        assert ask(urls, "SELECT 1") == 1


def test_home_with_a_long_name(home: Path) -> None:
    deep = home.joinpath(*(["a rather long name of a directory"] * 5))
    assert ask(engines_of(deep).start(), "SELECT 1") == 1


def test_home_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="LEADFLOW_HOME") as refused:
        EmbeddedEngines(tmp_path / "file" / "home")
    assert "\n" not in str(refused.value)


def test_engines_never_run_as_root_and_open_no_directory(home: Path) -> None:
    """Root lends another account, which can pass through a closed directory without the directory being opened."""
    home.mkdir(mode=0o700)
    assert ask(engines_of(home / "inside").start(), "SELECT 1") == 1
    owner = (home / "inside" / "pg" / "data").stat().st_uid
    assert owner != 0
    assert owner == os.geteuid() or os.geteuid() == 0
    for engine in ("pg", "redis") if process.HAS_PROC else ():
        assert Path(f"/proc/{running(home / 'inside', engine).pid}").stat().st_uid == owner
    assert stat.S_IMODE(home.stat().st_mode) & stat.S_IRWXO == 0
