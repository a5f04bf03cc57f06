"""A guarded server and a clerk's clone, a program that is killed at its n-th call of git, and what must hold afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.rules.audit.city import ADMIN, LI, ZHANG, City

WRAPPER = """#!/bin/sh
# Counts the calls of git; at the one that $KILL_AT names it sends $KILL_SIGNAL to the program, before git runs or after it.
case "$PWD" in *server.git*) exec "$REAL_GIT" "$@" ;; esac
echo >> "$KILL_COUNT"
n=$(($(wc -l < "$KILL_COUNT")))
if [ $n = "$KILL_AT" ]; then
  if [ "$KILL_WHEN" = after ]; then "$REAL_GIT" "$@" >/dev/null 2>&1 </dev/null; fi
  kill -$KILL_SIGNAL $PPID
  if [ "$KILL_SIGNAL" = TERM ] && [ "$KILL_WHEN" = before ]; then exec "$REAL_GIT" "$@"; fi
  sleep 0.1
  exit 1
fi
exec "$REAL_GIT" "$@"
"""

DISK_CALLS = "rename,renameat,renameat2,unlink,unlinkat,fsync,fdatasync"

COMMANDS: dict[str, tuple[str, ...]] = {
    "log": ("log", "金融办", "listed", "1家", "--on", "2023-06-25", "--note", "killed"),
    "sync": ("sync",),
    "seal": ("seal", "2023-05"),
    "redo": ("redo", "--late", "--reason", "漏报"),
    "amend": ("amend", "金融办-01/listed", "--name", "新增上市企业", "--reason", "会议纪要"),
    "sheet import": ("sheet", "import", "表.xlsx"),
}


@dataclass(frozen=True)
class Ending:
    """How a killed command ended, what `doctor` said, and how many times its own entry is on the server."""

    code: int
    kinds: tuple[str, ...]
    kept: int


def prepare(city: City, command: str) -> None:
    """Bring the clone to where the command has something to do; two entries are acknowledged, one of them not sent."""
    city.guard()
    other = city.folder / "other"
    city.git("clone", "--quiet", str(city.server), str(other), cwd=city.folder)
    for name, value in (("user.name", "李四"), ("user.email", LI)):
        city.git("config", name, value, cwd=other)
    city.be(ZHANG, "张三")
    _must(city, "log", "金融办", "listed", "1家", "--on", "2023-06-20", "--note", "acknowledged-1")
    _must(city, "sync")
    done = city.ledger(
        "log", "商务局", "overseas", "1亿美元", "--on", "2023-06-20", "--note", "others", cwd=other
    )
    assert done.code == 0, done.err
    assert city.ledger("sync", cwd=other).code == 0
    if command == "seal":
        _must(city, "sync")
        city.be(ADMIN, "管理员")
        return
    day = "2023-05-15" if command == "redo" else "2023-06-21"
    _must(city, "log", "金融办", "listed", "1家", "--on", day, "--note", "acknowledged-2")
    if command == "redo":
        for name, value in (("user.name", "管理员"), ("user.email", ADMIN)):
            city.git("config", name, value, cwd=other)
        assert city.ledger("sync", cwd=other).code == 0
        assert city.ledger("seal", "2023-05", cwd=other).code == 0
        assert city.ledger("sync").code == 3
    if command == "sheet import":
        _sheet(city)
    if command == "amend":
        city.be(ADMIN, "管理员")


def _must(city: City, *command: str) -> None:
    done = city.ledger(*command)
    assert done.code == 0, done.err


def _sheet(city: City) -> None:
    import openpyxl

    file = city.clone / "表.xlsx"
    _must(city, "sheet", "export", "--dept", "金融办", "--month", "2023-06", "-o", str(file))
    book = openpyxl.load_workbook(file)
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(cell.value == "数量" for cell in row))
    column = next(cell.column for cell in head if cell.value == "数量")
    row = next(
        row for row in range(head[0].row + 1, page.max_row + 1)
        if any(cell.value == "新增上市公司" for cell in page[row])
    )  # fmt: skip
    page.cell(row, column).value = "1家"
    book.save(file)


def start(city: City, command: str, *, at: int, signal: str, when: str) -> int:
    """Run the command, killed at its `at`-th call of git; return its exit code."""
    tools = city.folder / "tools"
    tools.mkdir(exist_ok=True)
    wrapper = tools / "git"
    wrapper.write_text(WRAPPER, encoding="utf-8")
    wrapper.chmod(0o755)
    count = city.folder / "count"
    count.unlink(missing_ok=True)
    environ = {
        "PATH": f"{tools}{os.pathsep}{city.environ['PATH']}",
        "REAL_GIT": shutil.which("git") or "git",
        "KILL_AT": str(at),
        "KILL_SIGNAL": signal,
        "KILL_WHEN": when,
        "KILL_COUNT": str(count),
    }
    done = city.run(sys.executable, "-m", "ledger", *COMMANDS[command], **environ)
    return done.code


def start_without_power(city: City, command: str, library: Path, *, at: int) -> int:
    """Run the command; at the `at`-th change of the disk, before it happens, all processes die, a server's too. Return its exit code.

    A change is a rename, a link, a removal or a flush. At 0 nothing dies, and the changes are counted.
    """
    count = city.folder / "count"
    count.unlink(missing_ok=True)
    power = {"LD_PRELOAD": str(library), "POWER_AT": str(at), "POWER_COUNT": str(count)}
    process = subprocess.Popen(
        (sys.executable, "-m", "ledger", *COMMANDS[command]),
        cwd=city.clone,
        env=city.environ | power,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return process.wait()


def changes(city: City, command: str, library: Path) -> int:
    """Return how many changes of the disk the command makes when the power lasts; the city is used up by that."""
    assert start_without_power(city, command, library, at=0) == 0
    return (city.folder / "count").stat().st_size


def build_power(folder: Path) -> Path:
    """Compile the library that counts changes of the disk."""
    library = folder / "power.so"
    source = Path(__file__).with_name("power.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return library


def start_under_strace(city: City, command: str, *, at: int) -> int:
    """Run the command; whatever process of it makes its `at`-th rename, removal or flush is killed there. Return its exit code."""
    inject = f"inject={DISK_CALLS}:signal=SIGKILL:when={at}"
    traced = ("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={DISK_CALLS}", "-e", inject)
    return city.run(*traced, sys.executable, "-m", "ledger", *COMMANDS[command]).code


def calls(city: City, command: str) -> int:
    """Return how many times the command calls git when nobody kills it; the city is used up by that."""
    assert start(city, command, at=0, signal="KILL", when="before") == 0
    return len((city.folder / "count").read_text())


def recover(city: City, command: str, code: int) -> Ending:
    """Do what a clerk does who knows no git: doctor, sync, and what they print. Then check that all is there, once, by its author."""
    doctor = json.loads(city.ledger("doctor", "--format", "json").out)
    kinds = tuple(item["kind"] for item in doctor["left"])
    assert_mended(city, city.clone)
    synced = city.ledger("sync")
    if synced.code and command == "redo":
        assert "ledger redo" in synced.err
        assert city.ledger("redo", "--late", "--reason", "漏报").code == 0
        synced = city.ledger("sync")
    assert synced.code == 0, synced.err
    if command == "seal" and "seal/2023-05" not in city.git("tag", cwd=city.server):
        _must(city, "seal", "2023-05")
    assert city.git("status", "--porcelain", "--untracked-files=no") == ""
    assert city.ledger("doctor").code == 0
    fresh = city.folder / "fresh"
    city.git("clone", "--quiet", str(city.server), str(fresh), cwd=city.folder)
    audited = city.ledger("audit", "--full", cwd=fresh)
    assert audited.code == 0, audited.out
    kept = _entries_are_their_authors(city, fresh)
    if code == 0 and command in {"log", "sheet import"}:
        assert kept == 1  # it was acknowledged
    return Ending(code, kinds, kept)


def assert_mended(city: City, clone: Path) -> None:
    """Let `doctor` mend, and check that nothing is left but what `ledger redo` is for."""
    left = json.loads(city.ledger("doctor", "--fix", "--format", "json", cwd=clone).out)["left"]
    assert {finding["kind"] for finding in left} <= {"refused"}, left


def _entries_are_their_authors(city: City, fresh: Path) -> int:
    lines: list[dict[str, object]] = []
    for file in sorted((fresh / "data" / "progress").rglob("*.yaml")):
        blamed = city.git("blame", "--line-porcelain", str(file.relative_to(fresh)), cwd=fresh).split("\n")
        author = ""
        for line in blamed:
            if line.startswith("author "):
                author = line.removeprefix("author ")
            elif line.startswith("\t- "):
                entry = json.loads(line[3:])
                assert entry["by"] == author, (entry, author)
                lines.append(entry)
    ids = [entry["id"] for entry in lines]
    assert len(ids) == len(set(ids))
    notes = [entry.get("note") for entry in lines]
    expected = [
        "acknowledged-1",
        "others",
        *(["acknowledged-2"] if "acknowledged-2" in _logged(city) else []),
    ]
    assert all(notes.count(note) == 1 for note in expected), notes
    of_sheet = sum(entry["on"] == "2023-06-30" and "note" not in entry for entry in lines)
    killed = notes.count("killed") + of_sheet
    assert killed <= 1, notes
    return killed


def _logged(city: City) -> str:
    return city.git("log", "--all", "-p", "--format=")


def copy(seed: City, folder: Path) -> City:
    """Copy a prepared city, its clones pointing to its own server."""
    shutil.copytree(seed.folder, folder, symlinks=True)
    city = City(folder, seed.keys, seed.environ)
    for clone in (city.clone, folder / "other"):
        city.git("remote", "set-url", "origin", str(city.server), cwd=clone)
    hooks = subprocess.run(
        ["git", "config", "core.hooksPath", str(city.server / "hooks")], cwd=city.server, check=True
    )
    assert hooks.returncode == 0
    return city
