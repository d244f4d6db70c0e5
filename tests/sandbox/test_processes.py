"""The processes of one run: order, leftovers of a killed run, and two runs in one place."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.process_tree import started_at
from sandbox.processes import AlreadyRunningError, Supervisor
from tests.sandbox.children import a_process, is_gone


@contextmanager
def a_leftover() -> Iterator[subprocess.Popen[bytes]]:
    """A process an earlier run would have left: in a session of its own, known to nobody."""
    command = [sys.executable, "-c", "import signal; signal.pause()"]
    with subprocess.Popen(command, start_new_session=True) as leftover:  # noqa: S603 - ours
        try:
            yield leftover
        finally:
            leftover.kill()


def record(records: Path, text: str) -> None:
    (records / "gateway.json").write_text(text)


def test_processes_are_stopped_in_the_reverse_of_their_order(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    tells = "signal.signal(15, lambda *_: (open({!r}, 'a').write({!r} + '\\n'), sys.exit())); up(); signal.pause()"
    with Supervisor(tmp_path) as supervisor:
        for name in ("postgres", "temporal", "gateway"):
            supervisor.add(a_process(tmp_path, tells.format(str(journal), name), name=name)).start()
    assert journal.read_text().split() == ["gateway", "temporal", "postgres"]


def test_an_error_in_the_run_stops_every_process(tmp_path: Path) -> None:
    process = a_process(tmp_path)
    with pytest.raises(RuntimeError, match="the demo failed"), Supervisor() as supervisor:  # noqa: PT012 - as a demo would
        supervisor.add(process).start()
        raise RuntimeError("the demo failed")
    assert is_gone(process.pid)


def test_a_process_that_fell_is_named_and_can_be_restarted(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        for name in ("gateway", "worker"):
            supervisor.add(a_process(tmp_path, name=name)).start()
        supervisor["worker"].kill()
        assert supervisor.fallen() == ("worker",)
        supervisor["worker"].start()
        assert supervisor.fallen() == ()
        assert set(supervisor.pids()) == {"gateway", "worker"}


def test_two_runs_in_one_directory_are_refused_by_name(tmp_path: Path) -> None:
    first = Supervisor(tmp_path)
    with pytest.raises(AlreadyRunningError, match=r"process \d+ holds .*; end it first"):
        Supervisor(tmp_path)
    first.stop()
    Supervisor(tmp_path).stop()


def test_what_a_killed_run_left_is_ended_at_the_next_start(tmp_path: Path) -> None:
    with a_leftover() as leftover:
        record(tmp_path, json.dumps({"pid": leftover.pid, "born": started_at(leftover.pid)}))
        supervisor = Supervisor(tmp_path)
        supervisor.stop()
        assert supervisor.cleared == ("gateway",)
        assert is_gone(leftover.pid)


def test_a_stranger_with_the_number_of_a_former_process_is_left_alone(tmp_path: Path) -> None:
    with a_leftover() as stranger:
        born = started_at(stranger.pid)
        assert born
        record(tmp_path, json.dumps({"pid": stranger.pid, "born": born - 3600}))
        supervisor = Supervisor(tmp_path)
        supervisor.stop()
        assert supervisor.cleared == ()
        assert stranger.poll() is None


@pytest.mark.parametrize("text", ["", '{"pid": 1', "[]", '{"pid": "x", "born": 0}'])
def test_a_record_cut_short_names_nothing(tmp_path: Path, text: str) -> None:
    record(tmp_path, text)
    supervisor = Supervisor(tmp_path)
    supervisor.stop()
    assert supervisor.cleared == ()


def test_a_restart_renews_the_record_and_a_stop_removes_it(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        process = supervisor.add(a_process(tmp_path, name="gateway"))
        process.start()
        process.restart()
        written = json.loads((tmp_path / "gateway.json").read_text())
        assert written["pid"] == process.pid
    assert list(tmp_path.glob("*.json")) == []
