"""Makes a ledger with a long, honest history by `git fast-import`: the same commits on every machine. Knows nothing of audits."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from ledger.commands.init import bundled
from ledger.core.models import Accumulate, Change, Level
from ledger.core.quantity import format_amount
from ledger.files import layout
from ledger.files.ledger import Ledger

EMAIL = "bench@example.invalid"
BEGIN = 1_672_502_400
"""The first commit's time: 2023-01-01 00:00 +08:00."""
STEP = 1500
"""Seconds from commit to commit, or less where so many commits would not fit into the year."""
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def make(folder: Path, commits: int, wrong: int = 0, plan: Path | None = None) -> Path:
    """Make a work tree at `folder` whose branch main has `commits` log commits after the one that brings the plan.

    The first `wrong` of them record a figure dated before the plan's year. `plan` is a ledger whose rules and plan are taken, else the
    bundled ones.
    """
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    importer = subprocess.Popen(
        ["git", "fast-import", "--quiet", "--depth=50"], cwd=folder, stdin=subprocess.PIPE
    )
    assert importer.stdin is not None
    for part in _stream(commits, wrong, plan or bundled()):
        importer.stdin.write(part)
    importer.stdin.close()
    if importer.wait():
        raise SystemExit("git fast-import failed")
    git(folder, "-c", "gc.auto=0", "-c", "pack.threads=2", "repack", "-a", "-d", "-q")
    git(folder, "reset", "--hard", "--quiet", "main")
    return folder


def git(folder: Path, *args: str) -> str:
    """Run git and return what it printed."""
    done = subprocess.run(["git", *args], cwd=folder, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode("utf-8")


def _stream(commits: int, wrong: int, source: Path) -> Iterator[bytes]:
    files = [".gitattributes"] if (source / ".gitattributes").is_file() else []
    files += [str(layout.CONFIG)]
    files += sorted(str(path.relative_to(source)) for path in (source / layout.TARGETS).rglob("*.yaml"))
    yield _commit(0, "建立账本")
    for name in files:
        yield _file(name, (source / name).read_bytes())
    if ".gitattributes" not in files:
        yield _file(".gitattributes", b"* text=auto eol=lf\ndata/progress/** text eol=lf merge=union\n")
    yield b"\n"
    slots = list(_slots(source))
    contents = dict.fromkeys((slot[0] for slot in slots), b"")
    step = min(STEP, 364 * 86_400 // commits)
    for number in range(1, commits + 1):
        path, commitment, key, kind, amount = slots[number % len(slots)]
        when = BEGIN + step * number
        entry_id = _ulid(when, number)
        on = date(2022, 12, 31) if number <= wrong else date(2023, 1, 1) + timedelta(seconds=step * number)
        entry = {"id": entry_id, "on": on.isoformat(), "target": key, kind: amount, "by": "模拟文书"}
        contents[path] += f"- {json.dumps(entry | {'simulated': '模拟数据'}, ensure_ascii=False)}\n".encode()
        trailers = f"Ledger-Entry: {entry_id}\nLedger-Target: {commitment}/{key}\n"
        yield _commit(
            step * number, f"log({commitment.partition('-')[0]}): {key} {amount}（模拟数据）\n\n{trailers}"
        )
        yield _file(path, contents[path])
        yield b"\n"


def _slots(source: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield, for each commitment, a target that takes a figure every day: file, commitment, key, field, amount."""
    ledger = Ledger.open(source)
    for item in ledger.load_plan(ledger.config.year):
        commitment = item.commitment
        target = next((t for t in commitment.targets if isinstance(t, (Accumulate, Level, Change))), None)
        if target is not None:
            field = "add" if isinstance(target, Accumulate) else "value"
            amount = format_amount(Fraction(target.goal.figure.scale), target.unit, target.goal.figure.scale)
            path = str(layout.progress_file(commitment.year, commitment.id))
            yield path, commitment.id, target.key, field, amount


def _commit(seconds: int, message: str) -> bytes:
    body = message.encode()
    who = f"模拟文书 <{EMAIL}> {BEGIN + seconds} +0800"
    head = f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {len(body)}\n"
    return head.encode() + body


def _file(path: str, data: bytes) -> bytes:
    quoted = '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"M 100644 inline {quoted}\ndata {len(data)}\n".encode() + data + b"\n"


def _ulid(seconds: int, number: int) -> str:
    value = (seconds * 1000 << 80) + number
    return "".join(ALPHABET[value >> 5 * place & 31] for place in reversed(range(26)))
