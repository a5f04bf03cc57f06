"""Files spoilt at random: the answer is a located error or a harmless reading, never a traceback, never a hang.

`LEDGER_FUZZ=10000 pytest tests/flows/hostile/test_mutated.py` tries ten thousand; the suite tries fewer of the same sequence.
"""

from __future__ import annotations

import os
import random
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.conftest import COMMERCE, CONFIG, FINANCE, World

COUNT = int(os.environ.get("LEDGER_FUZZ", "400"))
PROGRESS = "data/progress/2023/金融办/01.yaml"
KNOWN = (3906, 4659, 5037)
"""Seeds that once turned the text of an error round."""
FILES = {
    "data/ledger.yaml": CONFIG,
    "data/targets/2023/金融办/01.yaml": FINANCE,
    "data/targets/2023/商务局/01.yaml": COMMERCE,
}
TOKENS = [
    "&a ", "*a", "<<: *a", "!!python/object/apply:os.system [ls]", "!!binary AAAA", "\t", "\x00", "\x1b[2J", "\u202e", "\ufeff",
    "{", "}", "[", "]", "[" * 200, "- " * 60, ": ", "? ", "|\n", ">-\n", "---\n", "...\n", "%YAML 9.9\n", "#", "'", '"', "\\",
    "\r", "\r\n", "\u2028", "../../etc", "=cmd|' /C calc'!A0", "[bold]", "[/]", "[link=x]", "1e999", ".inf", ".nan", "0x1F", "-0",
    "1_000", "12:30:45", "2023-02-30", "null", "~", "yes", "9" * 500, "亿" * 50, "６家", "6 家", "金融办-01", "key: ", "targets:\n",
    "\ud7ff", "𠀀", "\u0085",
]  # fmt: skip
_PLACE = re.compile(r"^(?:data/\S+?:\d+(?::\d+)?)", re.MULTILINE)


def spoil(text: str, chance: random.Random) -> bytes:
    """Return a file of one to four accidents."""
    raw = bytearray(text.encode())
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(raw) + 1)
        end = min(len(raw), start + chance.choice((0, 1, 1, 2, 3, 8, 40, 300)))
        piece = bytes(raw[start:end])
        deed = chance.randrange(5)
        if deed == 0:
            del raw[start:end]
        elif deed == 1:
            raw[start:end] = chance.choice(TOKENS).encode("utf-8", "surrogatepass")
        elif deed == 2:
            raw[start:start] = piece * chance.randint(1, 3)
        elif deed == 3:
            raw[start:end] = bytes(chance.randrange(256) for _ in piece)
        else:
            lines = raw.split(b"\n")
            chance.shuffle(lines)
            raw = bytearray(b"\n".join(lines))
        raw = raw or bytearray(b"\n")
    return bytes(raw)


@contextmanager
def within(seconds: int, what: str) -> Iterator[None]:
    """Stop what takes longer: a hang is a failure that says which file did it."""

    def give_up(*_: object) -> None:
        raise AssertionError(f"no answer in {seconds} s: {what}")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


@pytest.mark.slow
@pytest.mark.parametrize("share", range(4))
def test_every_spoilt_file_has_an_answer(world: World, share: int) -> None:
    assert world("log", "金融办", "listed", "2家", "--on", "2023-06-20").code == 0
    assert world("log", "金融办", "quality", "第2位", "--of", "11", "--on", "2023-06-20").code == 0
    files = {**FILES, PROGRESS: world.read(PROGRESS)}
    refused = 0
    for number in (*range(share, COUNT, 4), *(KNOWN if share == 0 else ())):
        chance = random.Random(number)
        path = chance.choice(sorted(files))
        spoilt = spoil(files[path], chance)
        (world.root / path).write_bytes(spoilt)
        for command in (("check",), ("status", "--all"), ("show", "金融办-01")):
            with within(20, f"seed {number}, {command[0]}: {spoilt[:200]!r}"):
                ran = world(*command)
            said = ran.out + ran.err
            assert ran.code in (0, 1), (number, path, command, said)
            assert "程序内部出错" not in said, (number, path, command, said)
            assert "Traceback" not in said
            assert "\x1b[2J" not in said, f"seed {number}: a screen was cleared"
            assert "\u202e" not in said, f"seed {number}: text was turned round"
            if command == ("check",) and ran.code:
                refused += 1
                assert _PLACE.search(said), (number, said)
        (world.root / path).write_text(files[path], encoding="utf-8", newline="\n")
    assert refused > COUNT // 4 // 2, "most accidents are noticed"
    assert world("check").code == 0, "the files are whole again"
