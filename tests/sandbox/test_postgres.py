"""The embedded PostgreSQL: durable, private, recoverable, and gone when it is discarded."""

import asyncio
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from sandbox.ports import LOOPBACK
from sandbox.postgres import Postgres, start_postgres
from sandbox.process import ProcessError
from tests.sandbox.children import eventually, is_gone

CHECKOUT = Path(__file__).parents[2]
WORKING = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%200000000)' AND state = 'active'"
pytestmark = pytest.mark.servers
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="PostgreSQL needs another user only for root")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    running = start_postgres(tmp_path / "postgres")
    yield running
    running.discard()


def settings_of(server: Postgres, *names: str) -> list[str]:
    return [server.sql(f"SHOW {name}") for name in names]


def test_durability_is_on_unless_it_is_given_up(server: Postgres, postgres: Postgres) -> None:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    assert settings_of(server, *names) == ["on", "on", "on"]
    assert settings_of(postgres, *names) == ["off", "off", "off"]


def test_it_listens_on_loopback_only_and_has_no_socket(postgres: Postgres) -> None:
    assert settings_of(postgres, "listen_addresses", "unix_socket_directories") == ["127.0.0.1", ""]


async def test_nobody_comes_in_without_the_generated_password(server: Postgres) -> None:
    kept = server.data_dir / "password"
    assert kept.read_text() == server.password
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for password in ("", "postgres", server.password[:-1]):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(server.url("postgres").replace(server.password, "x"), password=password or "x")


async def test_what_was_committed_before_a_kill_is_there_after_the_restart(server: Postgres) -> None:
    server.sql("CREATE TABLE kept (n int)")
    connection = await asyncpg.connect(server.url("postgres"))
    await connection.execute("INSERT INTO kept VALUES (4711)")
    server.process.kill()
    connection.terminate()
    again = start_postgres(server.data_dir, port=server.port)
    try:
        assert again.sql("SELECT n FROM kept") == "4711"
    finally:
        again.stop()


async def test_it_recovers_while_backends_of_the_killed_server_still_work(server: Postgres) -> None:
    connection = await asyncpg.connect(server.url("postgres"))
    busy = asyncio.create_task(connection.fetchval("SELECT count(*) FROM generate_series(1, 200000000)"))
    assert await asyncio.to_thread(eventually, lambda: server.sql(WORKING) == "1")
    psutil.Process(server.process.pid).kill()
    server.process.child.wait()
    server.process.restart()
    busy.cancel()
    connection.terminate()
    assert server.sql("SELECT 1") == "1"


def test_a_second_server_on_the_directory_is_refused(server: Postgres) -> None:
    with pytest.raises(ProcessError, match=rf"process {server.process.pid}, port {server.port}\) serves .* stop it"):
        start_postgres(server.data_dir)
    assert server.sql("SELECT 1") == "1"


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ProcessError, match=f"port {port} for PostgreSQL is taken"):
            start_postgres(tmp_path / "postgres", port=port)


def test_a_stranger_with_the_number_of_the_killed_server_does_not_keep_it_from_starting(server: Postgres) -> None:
    server.process.kill()
    lock = (server.data_dir / "cluster").resolve() / "postmaster.pid"
    lock.write_text(lock.read_text().replace(str(server.process.pid), str(os.getpid()), 1))
    again = start_postgres(server.data_dir)
    assert again.sql("SELECT 1") == "1"
    again.stop()


def test_a_first_start_that_was_cut_short_is_done_again(tmp_path: Path) -> None:
    server = start_postgres(tmp_path / "postgres", durable=False)
    server.stop()
    cluster = (server.data_dir / "cluster").resolve()
    cluster.rename(cluster.with_name("cluster.new"))
    again = start_postgres(server.data_dir, durable=False)
    assert again.sql("SELECT 1") == "1"
    again.discard()


def test_a_database_is_made_copied_and_dropped_whoever_is_connected(postgres: Postgres) -> None:
    postgres.create_database("original")
    postgres.sql("CREATE TABLE item (code text)", "original")
    postgres.create_database("copy", "original")
    assert postgres.sql("SELECT count(*) FROM item", "copy") == "0"
    postgres.drop_database("copy")
    postgres.drop_database("copy")
    assert (postgres.has_database("original"), postgres.has_database("copy")) == (True, False)
    postgres.drop_database("original")


def test_a_refused_statement_says_why_and_keeps_the_password_to_itself(postgres: Postgres) -> None:
    with pytest.raises(ProcessError, match='relation "nothing" does not exist') as raised:
        postgres.sql("SELECT * FROM nothing")
    assert postgres.password not in str(raised.value)


def test_each_test_has_an_empty_database_of_its_own(empty_database: str, postgres: Postgres) -> None:
    name = empty_database.rsplit("/", 1)[1]
    assert postgres.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name) == "0"


def test_a_discarded_server_leaves_nothing(tmp_path: Path) -> None:
    server = start_postgres(tmp_path / "postgres", durable=False)
    place = server.home.cluster.parent
    server.discard()
    assert not place.exists()
    assert not server.data_dir.exists()
    assert is_gone(server.process.pid)


@as_root
def test_root_keeps_the_cluster_in_the_checkout_when_nobody_can_reach_it(tmp_path: Path) -> None:
    for directory in (tmp_path, *tmp_path.parents[:2]):
        directory.chmod(0o755)
    server = start_postgres(tmp_path / "postgres", durable=False)
    assert server.home.cluster == tmp_path / "postgres" / "cluster"
    assert psutil.Process(server.process.pid).username() == "nobody"
    server.discard()


@as_root
def test_root_keeps_the_cluster_elsewhere_when_the_checkout_is_closed(tmp_path: Path) -> None:
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    server = start_postgres(closed / "postgres", durable=False)
    link = closed / "postgres" / "cluster"
    assert server.home.cluster == link.readlink()
    assert psutil.Process(server.process.pid).username() == "nobody"
    server.stop()
    again = start_postgres(closed / "postgres", durable=False)
    assert again.home == server.home
    again.discard()


@as_root
def test_a_cluster_whose_checkout_was_cleaned_is_not_taken_over(tmp_path: Path) -> None:
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    server = start_postgres(closed / "postgres", durable=False)
    server.create_database("orders")
    server.stop()
    shutil.rmtree(closed / "postgres")
    anew = start_postgres(closed / "postgres", durable=False)
    assert not anew.has_database("orders")
    anew.discard()


@as_root
def test_what_a_vanished_directory_left_elsewhere_is_swept_by_the_next_one(tmp_path: Path) -> None:
    vanished, closed = tmp_path / "vanished", tmp_path / "home"
    for directory in (vanished, closed):
        directory.mkdir(mode=0o700)
    server = start_postgres(vanished / "postgres", durable=False)
    server.stop()
    place = server.home.cluster.parent
    shutil.rmtree(vanished)
    os.utime(place, (0, 0))
    start_postgres(closed / "postgres", durable=False).discard()
    assert not place.exists()


@as_root
def test_a_place_prepared_by_somebody_else_is_refused(tmp_path: Path) -> None:
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    server = start_postgres(closed / "postgres", durable=False)
    server.stop()
    shutil.chown(server.home.cluster.parent, "nobody")
    with pytest.raises(ProcessError, match="belongs to another user"):
        start_postgres(closed / "postgres")
    shutil.chown(server.home.cluster.parent, "root")
    server.discard()


@as_root
@pytest.mark.skipif(not shutil.which("unshare"), reason="needs unshare to become an ordinary user here")
def test_an_ordinary_user_keeps_everything_in_the_directory(tmp_path: Path) -> None:
    become = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if subprocess.run([*become, "true"], check=False, capture_output=True).returncode:  # noqa: S603 - ours
        pytest.skip("this machine allows no user namespaces")
    program = (
        "import sys; from pathlib import Path; from sandbox.postgres import start_postgres\n"
        "server = start_postgres(Path(sys.argv[1])); print(server.home.run_as, server.home.cluster); server.stop()"
    )
    command = [*become, sys.executable, "-c", program, str(tmp_path / "postgres")]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert done.stdout.split() == ["None", str(tmp_path / "postgres" / "cluster")]


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from sandbox.postgres import start_postgres\n"
        "server = start_postgres(Path(sys.argv[1]), durable=False); print(server.process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "postgres")]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert eventually(lambda: is_gone(int(done.stdout)))
    start_postgres(tmp_path / "postgres", durable=False).discard()
