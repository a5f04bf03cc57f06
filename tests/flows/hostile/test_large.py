"""Files far larger than any of ours, sound or not: named with their place and with what to do, in bounded time and memory."""

from __future__ import annotations

import pytest

from ledger.core.models import Entry
from ledger.core.models.base import read_model
from ledger.files import entryfile
from ledger.files.fast_lines import read_quickly
from ledger.files.ids import new_id
from ledger.files.ledger import Ledger
from ledger.files.yaml_reader import MAX_BYTES as YAML_MAX_BYTES
from tests.conftest import FINANCE, World

SIZE = 100 * 1024 * 1024
PROGRESS = "data/progress/2023/金融办/01.yaml"


def entry(note: str = "") -> Entry:
    given = {"id": new_id(), "on": "2023-06-15", "target": "listed", "add": "1家", "by": "张三"}
    return read_model(Entry, given | ({"note": note} if note else {}))


def nearly_full() -> str:
    """Return sound entries, few and long, which leave less room than one more needs."""
    line = entryfile.encode(entry("据" * 30_000))
    size = len(line.encode())
    lines = [entryfile.encode(entry("据" * 30_000)) for _ in range(entryfile.MAX_BYTES // size)]
    left = entryfile.MAX_BYTES - size * len(lines)
    return "".join([*lines, entryfile.encode(entry("a" * (left - 200)))])


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("data/progress/2023/金融办/01.yaml", "data/progress/2023/金融办/01.yaml"),
        ("data/targets/2023/金融办/01.yaml", "超过上限 1048576 字节"),
        ("data/ledger.yaml", "超过上限"),
    ],
)
@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_a_hundred_megabytes(world: World, path: str, said: str, ending: bytes) -> None:
    file = world.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"a" * SIZE + ending)
    checked = world("check")
    assert checked.code == 1
    assert said in checked.out + checked.err
    assert len(checked.out) < 10_000, "an excerpt, not the file"
    assert world("status").code == 1


@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("status",),
        ("log", "金融办", "listed", "1家", "--on", "2023-06-20"),
        ("show", "金融办-01"),
    ],
)
def test_a_hundred_megabytes_of_sound_entries_are_not_read(world: World, command: tuple[str, ...]) -> None:
    file = world.write(PROGRESS, "")
    line = entryfile.encode(entry()).encode()
    file.write_bytes(line * (SIZE // len(line)))
    before = file.stat()
    done = world(*command)
    assert done.code == 1
    said = done.out + done.err
    assert f"{PROGRESS}" in said
    assert f"超过上限 {entryfile.MAX_BYTES} 字节（约 5 万条记录）" in said
    assert "git log --stat" in said
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not() -> None:
    raw = nearly_full().encode()
    raw = raw.replace(b'"by": "', b'"by": "' + b"a" * (entryfile.MAX_BYTES - len(raw)), 1)
    assert len(raw) == entryfile.MAX_BYTES
    assert entryfile.read_progress(PROGRESS, raw).findings == ()
    assert read_quickly(raw) is not None
    more = raw.replace(b'"by": "', b'"by": "a', 1)
    assert [finding.code for finding in entryfile.read_progress(PROGRESS, more).findings] == ["file"]
    assert read_quickly(more) is None


def test_an_entry_that_would_make_the_file_unreadable_is_not_written(world: World) -> None:
    text = nearly_full()
    world.write(PROGRESS, text)
    world.commit_all("记了很多")
    refused = world("log", "金融办", "listed", "1家", "--on", "2023-06-20", "--note", "据" * 100)
    assert refused.code == 1
    assert "记满了" in refused.err
    assert "合并成每天或每月一条" in refused.err
    assert world.read(PROGRESS) == text
    assert world.git("status", "--porcelain") == ""
    assert world("check").code == 0


FAULTY = {
    "a word on each line": "- a\n" * 200_000,
    "one line of words": "[" + "a," * 400_000 + "]\n",
    "entries with a key misspelt": entryfile.encode(entry()).replace('"by"', '"bx"') * 50_000,
    "the same key twice": entryfile.encode(entry()).replace('"by"', '"on"') * 50_000,
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_a_thousand_faults_are_not_listed_one_by_one(text: str) -> None:
    found = entryfile.read_progress(PROGRESS, text.encode()).findings
    assert 100 <= len(found) <= 102
    assert "没有再读" in found[-1].message
    assert found[-1].place.line >= 1
    assert sum(len(item.excerpt) for item in found) < 30_000, "an excerpt, not the line each time"


def test_a_large_file_with_one_line_in_another_form_names_that_line() -> None:
    lines = [entryfile.encode(entry("据" * 300)) for _ in range(2 * YAML_MAX_BYTES // 1000)]
    lines[700] = lines[700].replace("- {", "-  {")
    found = entryfile.read_progress(PROGRESS, "".join(lines).encode()).findings
    assert [(item.place.line, item.code) for item in found] == [(701, "form")]
    assert "太大，不能当作手写的文件来读" in found[0].message


def test_a_plan_file_of_many_unknown_keys_is_refused_in_part(world: World) -> None:
    keys = "".join(f"k{number}: a\n" for number in range(20_000))
    world.write("data/targets/2023/金融办/01.yaml", FINANCE + keys)
    plan = Ledger.open(world.root).read_plan(2023)
    assert len(plan.findings) == 101
    assert plan.findings[-1].message == "另有 19900 处错误没有列出"
