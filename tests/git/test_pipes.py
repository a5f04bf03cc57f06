"""A git that says nothing is ended after the limit; one that goes on telling something is not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.core.errors import ExitCode, UsageError
from ledger.git import GitTimeoutError
from ledger.git.pipes import DEFAULT_LIMIT, collect, collect_by_threads, limit_reads, silence_limit
from ledger.git.process import Git

SILENT = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
)
CLOSED = "import os, time; os.close(1); os.close(2); time.sleep(60)"
TELLING = "import sys, time\nfor n in range(8): print(n, file=sys.stderr, flush=True); time.sleep(0.2)"
DEAF = "import sys, time; time.sleep(60); sys.stdin.read()"
CHILD = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3)']); print('done')"

Collect = Callable[..., tuple[bytes, bytes]]


def start(program: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("program", [SILENT, STUBBORN, CLOSED], ids=["silent", "stubborn", "closed"])
@pytest.mark.parametrize("reader", [collect, collect_by_threads])
def test_a_silent_process_is_ended(reader: Collect, program: str) -> None:
    with start(program) as process:
        with pytest.raises(GitTimeoutError) as caught:
            reader(process, "fetch", 0.7)
        assert process.wait(5) < 0
    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    assert caught.value.code == "git-timeout"
    assert "fetch" in caught.value.message


@pytest.mark.parametrize("reader", [collect, collect_by_threads])
def test_a_process_that_tells_of_its_progress_is_not(reader: Collect) -> None:
    messages: list[bytes] = []
    with start(TELLING) as process:
        out, err = reader(process, "fetch", 0.8, on_message=messages.append)
    assert process.returncode == 0
    assert (out, err.split()) == (b"", [b"%d" % number for number in range(8)])
    assert b"".join(messages) == err


def test_a_process_that_does_not_read_its_input_is_ended() -> None:
    with start(DEAF) as process, pytest.raises(GitTimeoutError):
        collect(process, "mktag", 0.5, stdin=b"x" * 1_000_000)


def test_a_child_that_keeps_the_pipes_open_is_not_waited_for() -> None:
    began = time.monotonic()
    with start(CHILD) as process:
        assert collect(process, "push", 20)[0] == b"done\n"
    assert time.monotonic() - began < 2.5


def fake_git(folder: Path, body: str, limit: str = "1") -> Git:
    (folder / "git").write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    (folder / "git").chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return Git(folder, {**os.environ, "PATH": path, "LEDGER_GIT_TIMEOUT": limit})


@pytest.mark.parametrize(
    "body", ["exec sleep 60", "printf abc; exec sleep 60", "printf abc; exec >&-; exec sleep 60"]
)
def test_a_stream_that_stops_is_ended(tmp_path: Path, body: str) -> None:
    git = fake_git(tmp_path, body)

    def read() -> None:
        with git.stream("cat-file", "--batch") as process:
            assert process.stdout is not None
            process.stdout.read(1000)

    with pytest.raises(GitTimeoutError, match="cat-file"):
        read()


@pytest.mark.parametrize(
    ("program", "printed"), [(SILENT, b""), (STUBBORN, b"\n")], ids=["silent", "stubborn"]
)
def test_a_read_that_nothing_comes_of_ends_the_process_and_says_so(program: str, printed: bytes) -> None:
    """The error comes from the read itself, and whoever reads on finds the end."""
    with start(program) as process:
        limit_reads(process, "cat-file", 0.4)
        assert process.stdout is not None
        assert process.stdout.read(len(printed)) == printed
        with pytest.raises(GitTimeoutError) as caught:
            process.stdout.read(1)
        assert process.wait(5) < 0
        assert process.stdout.read() == b""
    assert caught.value.message == GitTimeoutError("cat-file", 0.4).message


def test_a_slow_reader_is_no_silent_git(tmp_path: Path) -> None:
    git = fake_git(tmp_path, "printf abc; sleep 0.3; printf def")
    with git.stream("cat-file", "--batch") as process:
        assert process.stdout is not None
        time.sleep(1.2)
        assert process.stdout.read() == b"abcdef"


def test_the_way_out_makes_it_wait_longer(tmp_path: Path) -> None:
    body = "sleep 1.4; echo main"
    with pytest.raises(GitTimeoutError) as caught:
        fake_git(tmp_path, body).text("symbolic-ref")
    setting = caught.value.hint.partition("export LEDGER_GIT_TIMEOUT=")[2].partition("（")[0]
    assert fake_git(tmp_path, body, setting).text("symbolic-ref") == "main"


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "五", "１", "86401", "9" * 5000, " 5", "1e3"])
def test_a_limit_that_is_none(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        silence_limit({"LEDGER_GIT_TIMEOUT": text})
    assert caught.value.exit_code == ExitCode.USAGE


def test_the_limit() -> None:
    assert silence_limit({}) == silence_limit({"LEDGER_GIT_TIMEOUT": ""}) == DEFAULT_LIMIT == 300
    assert silence_limit({"LEDGER_GIT_TIMEOUT": "86400"}) == 86400
