"""The program as a process: encodings, exit codes, terminals, pipes."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from ledger import __version__
from tests.conftest import World


def run(world: World, *arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "ledger", *arguments],
        cwd=world.root,
        env={**os.environ, **environ},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii"])
def test_every_encoding_of_the_console_works(world: World, encoding: str) -> None:
    done = run(world, "status", "--dept", "金融办", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    assert ("新增上市公司" in text) == (encoding != "ascii")
    assert "2023-06-30" in text
    refused = run(world, "log", "金融办", "长期贷款", "2", PYTHONIOENCODING=encoding)
    assert refused.returncode == 1
    assert b"Traceback" not in refused.stderr


def test_data_on_stdout_messages_on_stderr(world: World) -> None:
    done = run(world, "show", "没有的")
    assert done.returncode == 1
    assert done.stdout == b""
    assert "下一步：" in done.stderr.decode()


def test_a_reader_that_leaves_is_no_error(world: World) -> None:
    piped = subprocess.run(
        f"{sys.executable} -m ledger status --all --format json | head -c 20",
        cwd=world.root,
        shell=True,
        capture_output=True,
        check=True,
    )
    assert piped.stderr == b""


def test_debug_shows_the_traceback(world: World) -> None:
    done = run(world, "--debug", "show", "没有的")
    assert b"Traceback" in done.stderr


def test_version_and_help(world: World) -> None:
    assert run(world, "--version").stdout.decode().strip() == f"ledger {__version__}"
    text = run(world, "--help").stdout.decode()
    for command in ("init", "demo", "log", "status", "show", "history", "targets", "check", "quantity"):
        assert command in text


def test_on_a_terminal_it_is_coloured_and_fits(world: World) -> None:
    leader, follower = pty.openpty()
    environ = {**os.environ, "COLUMNS": "80", "TERM": "xterm-256color"}
    environ.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-m", "ledger", "status", "--dept", "金融办"],
        cwd=world.root,
        env=environ,
        stdin=follower,
        stdout=follower,
        stderr=follower,
    ):
        os.close(follower)
        seen = b""
        while True:
            try:
                chunk = os.read(leader, 4096)
            except OSError:
                break
            if not chunk:
                break
            seen += chunk
    os.close(leader)
    assert "新增上市公司" in seen.decode()
    assert b"\x1b[" in seen


def test_root_by_option_by_environment_and_by_folder(world: World, tmp_path: Path) -> None:
    inside = world.root / "data" / "targets"
    found = [
        run(world, "--root", str(world.root), "status"),
        run(world, "status", "--root", str(world.root)),
        run(world, "status", LEDGER_ROOT=str(world.root)),
        subprocess.run(
            [sys.executable, "-m", "ledger", "status"], cwd=inside, capture_output=True, check=False
        ),
    ]
    assert [item.returncode for item in found] == [0, 0, 0, 0]
    assert len({item.stdout for item in found}) == 1


def test_init_empty(world: World, tmp_path: Path) -> None:
    root = tmp_path / "空账本"
    assert world("init", str(root), "--empty").code == 0
    assert not (root / "data" / "targets").exists()
    assert world("--root", str(root), "check").code == 0
    assert world("--root", str(root), "status").code == 0
    assert sorted(path.name for path in (root / "schemas").iterdir())


def test_quantity_contract(world: World) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ledger", "quantity", "--format", "json", "-"],
        cwd=world.root,
        input="1.6亿元\n\n≤5%\n".encode(),
        capture_output=True,
        check=True,
    )
    import json

    rows = json.loads(done.stdout)
    assert [(row["text"], row["valid"], row["op"], row["value"], row["unit"]) for row in rows] == [
        ("1.6亿元", True, None, "160000000", "元"),
        ("", False, None, None, None),
        ("≤5%", True, "at_most", "5", "%"),
    ]
    dashed = run(world, "quantity", "--format", "json", "--", "-3%", "3万5")
    assert dashed.returncode == 0
    assert [row["valid"] for row in json.loads(dashed.stdout)] == [True, False]
