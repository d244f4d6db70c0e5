"""One real process: what start, stop and kill leave behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.process import ProcessError, start
from tests.sandbox.children import (
    HAS_A_CHILD,
    IGNORES_SIGTERM,
    LEAVES_A_CHILD,
    a_process,
    child_of,
    eventually,
    is_gone,
)

CHECKOUT = Path(__file__).parents[2]
STARTER = """
import sys
from pathlib import Path
from tests.sandbox.children import a_process
process = a_process(Path(sys.argv[1]))
process.start()
print(process.pid, flush=True)
sys.stdin.read()
"""


def test_start_returns_when_the_process_is_healthy_and_stop_ends_it(tmp_path: Path) -> None:
    process = a_process(tmp_path)
    process.start()
    assert (tmp_path / "child.up").exists()
    assert process.is_running
    process.stop()
    assert is_gone(process.pid)
    assert not process.is_running


def test_stop_is_asked_first_and_the_process_ends_by_itself(tmp_path: Path) -> None:
    bye = tmp_path / "bye"
    tidy = f"signal.signal(15, lambda *_: (pathlib.Path({str(bye)!r}).touch(), sys.exit(0))); up(); signal.pause()"
    process = a_process(tmp_path, tidy)
    process.start()
    process.stop()
    assert bye.exists()
    assert process.child.returncode == 0


def test_a_process_that_ignores_the_stop_signal_is_killed_after_the_grace(tmp_path: Path) -> None:
    process = a_process(tmp_path, IGNORES_SIGTERM)
    process.start()
    process.stop(grace=0.2)
    assert is_gone(process.pid)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_a_process_started_ends_with_it(tmp_path: Path, end: str) -> None:
    process = a_process(tmp_path, HAS_A_CHILD)
    process.start()
    grandchild = child_of(process)
    getattr(process, end)()
    assert is_gone(process.pid)
    assert is_gone(grandchild.pid)


def test_what_a_process_left_behind_when_it_ended_by_itself_is_ended_too(tmp_path: Path) -> None:
    process = a_process(tmp_path, LEAVES_A_CHILD)
    process.launch()
    process.child.wait()
    grandchild = child_of(process)
    assert grandchild.is_running()
    process.stop()
    assert is_gone(grandchild.pid)


def test_a_killed_process_can_be_started_again(tmp_path: Path) -> None:
    process = a_process(tmp_path)
    process.start()
    first = process.pid
    process.kill()
    process.start()
    assert process.pid != first
    process.restart()
    assert process.is_running
    process.stop()


def test_a_running_process_is_not_started_twice(tmp_path: Path) -> None:
    process = a_process(tmp_path)
    process.start()
    with pytest.raises(ProcessError, match=f"running already as process {process.pid}"):
        process.launch()
    process.stop()


def test_a_process_that_ends_while_starting_is_reported_with_its_last_words(tmp_path: Path) -> None:
    process = a_process(tmp_path, "print('no such database'); sys.exit(3)")
    with pytest.raises(ProcessError, match=r"child exited with status 3 while starting(?s:.*)no such database"):
        process.start()


def test_only_the_last_start_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "child.log").write_text("an error of yesterday\n")
    with pytest.raises(ProcessError, match="it wrote nothing") as raised:
        a_process(tmp_path, "sys.exit(1)").start()
    assert "yesterday" not in str(raised.value)


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="cannot run /no/such/program: No such file"):
        start("ghost", ["/no/such/program"], log=tmp_path / "log", healthy=lambda _: False)


def test_a_process_that_stays_silent_is_given_up_and_ended(tmp_path: Path) -> None:
    process = a_process(tmp_path, "signal.pause()", patience=0.3)
    with pytest.raises(ProcessError, match=r"child was not healthy within 0\.3 s"):
        process.start()
    assert is_gone(process.pid)


def test_the_way_is_cleared_before_each_launch(tmp_path: Path) -> None:
    process = a_process(tmp_path)
    process.before_launch = (tmp_path / "child.up").unlink
    (tmp_path / "child.up").touch()
    process.start()
    process.restart()
    process.stop()


def test_ctrl_c_at_our_terminal_does_not_reach_it(tmp_path: Path) -> None:
    process = a_process(tmp_path)
    process.start()
    assert os.getsid(process.pid) == process.pid
    process.stop()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent died")
def test_a_process_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    starter = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", STARTER, str(tmp_path)], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with starter:
        assert starter.stdout
        pid = int(starter.stdout.readline())
        assert not is_gone(pid)
        starter.send_signal(signal.SIGKILL)
    assert eventually(lambda: is_gone(pid))


def test_a_process_stopped_before_it_started_is_no_error(tmp_path: Path) -> None:
    process = a_process(tmp_path)
    process.stop()
    process.kill()
    assert not process.is_running


def test_a_process_is_healthy_by_what_it_says_in_this_start_not_in_an_earlier_one(tmp_path: Path) -> None:
    process = a_process(tmp_path, "print('worker polling', flush=True); up(); signal.pause()")
    process.healthy = lambda this: this.said("worker polling")
    process.start()
    process.stop()
    process.command = [sys.executable, "-c", "import signal; signal.pause()"]
    process.patience = 0.3
    with pytest.raises(ProcessError, match="not healthy"):
        process.start()
