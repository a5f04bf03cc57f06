"""With the cache the answer is what it is without, whatever was done to the files and however fast."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ledger.commands.status import status
from ledger.core.errors import LedgerError
from ledger.core.progress import report
from ledger.files import cache as cache_module
from ledger.files import status_cache
from ledger.files.cache import Cache
from ledger.files.fingerprint import REST, Stat
from ledger.files.ledger import Ledger
from ledger.files.status_cache import StatusRequest
from ledger.render.views.status import data, status_records
from tests.conftest import COMMERCE, CONFIG, FINANCE, World

TICK = 1_000_000_000
IDS = [f"01H0000000MMMM{number:012d}" for number in range(10)]


def entry(number: int, amount: int, on: str = "2023-03-31", key: str = "foreign-capital") -> str:
    return f'- {{"id": "{IDS[number]}", "on": "{on}", "target": "{key}", "add": "{amount}亿美元", "by": "张三"}}\n'


class Disk:
    """A ledger on a real disk whose clock ticks only when told to: everything between two ticks looks simultaneous."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = 1_700_000_000 * 1_000_000_000
        self.changed: dict[str, int] = {}
        self.opened: list[str] = []

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        self.changed[str(file)] = self.now // TICK * TICK

    def remove(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    def swap(self, first: str, second: str) -> None:
        one, two = self.root / first, self.root / second
        if one.is_file() and two.is_file():
            aside = one.with_suffix(".tmp")
            one.rename(aside)
            two.rename(one)
            aside.rename(two)
            for file in (one, two):
                self.changed[str(file)] = self.now // TICK * TICK

    def move(self, first: str, second: str) -> None:
        """Rename a file as `mv` does: its content keeps its time; that of the inode is the moment's."""
        one, two = self.root / first, self.root / second
        if one.is_file():
            two.parent.mkdir(parents=True, exist_ok=True)
            one.replace(two)
            self.changed[str(two)] = self.now // TICK * TICK

    def stat(self, path: str | Path) -> Stat | None:
        try:
            found = Path(path).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        time = self.changed.get(str(path), 0)
        return found.st_size, time, time, 1  # inodes are used again at once on some file systems


def resolve_query(ledger: Ledger, asked: StatusRequest) -> report.Query:
    names = frozenset(asked.departments) or None
    return report.Query(asked.year or ledger.config.year, asked.as_of, names, asked.lights)


def answer(disk: Disk, asked: StatusRequest, cache: Cache | None) -> object:
    try:
        found = status(
            disk.root,
            asked,
            open_ledger=lambda: Ledger.open(disk.root),
            resolve_query=resolve_query,
            cache=cache,
            clock=lambda: disk.now,
        )
    except LedgerError as error:
        return type(error), error.message
    return data(found), status_records(found).rows


PROGRESS = (
    "data/progress/2023/商务局/01.yaml",
    "data/progress/2023/商务局/02.yaml",
    "data/progress/2023/金融办/01.yaml",
)
PLANS = (
    "data/targets/2023/商务局/01.yaml",
    "data/targets/2023/商务局/02.yaml",
    "data/targets/2023/金融办/01.yaml",
)
STEPS = st.one_of(
    st.tuples(st.just("entries"), st.sampled_from(PROGRESS), st.integers(1, 9), st.integers(0, 2)),
    st.tuples(st.just("remove"), st.sampled_from((*PROGRESS, *PLANS))),
    st.tuples(st.just("swap"), st.sampled_from(PROGRESS), st.sampled_from(PROGRESS)),
    st.tuples(st.just("move"), st.sampled_from(PROGRESS), st.sampled_from(PROGRESS)),
    st.tuples(st.just("move"), st.sampled_from(PLANS), st.sampled_from((*PLANS, *PROGRESS))),
    st.tuples(st.just("plan"), st.sampled_from(PLANS[:2]), st.integers(1, 9)),
    st.tuples(st.just("break"), st.sampled_from((*PROGRESS, *PLANS))),
    st.tuples(st.just("rules"), st.integers(1, 9)),
    st.tuples(st.just("wait"), st.sampled_from((TICK // 3, TICK, REST, 10 * REST))),
    st.tuples(st.just("spoil"), st.integers(0, 4000)),
    st.tuples(st.just("day"), st.integers(1, 12)),
    st.tuples(st.just("department"), st.sampled_from(((), ("商务局",), ("金融办",)))),
)


def perform(disk: Disk, step: tuple[object, ...], folder: Path, asked: StatusRequest) -> StatusRequest:  # noqa: C901 - one case for each thing that can be done
    match step:
        case "entries", str(path), int(amount), int(more):
            lines = [entry(number, amount + number % 3) for number in range(1 + more)]
            disk.write(path, "".join(lines))
        case "remove", str(path):
            disk.remove(path)
        case "swap", str(first), str(second) if first != second:
            disk.swap(first, second)
        case "move", str(first), str(second) if first != second:
            disk.move(first, second)
        case "plan", str(path), int(goal):
            text = COMMERCE.replace("16 亿", f"1{goal} 亿").replace("资16亿", f"资1{goal}亿")
            disk.write(path, text.replace("商务局-01", f"商务局-{path[-7:-5]}"))
        case "break", str(path):
            disk.write(path, "- [坏了\n")
        case "rules", int(points):
            disk.write("data/ledger.yaml", CONFIG.replace("30", f"3{points}"))
        case "wait", int(span):
            disk.now += span
        case "spoil", int(place):
            for file in folder.rglob("*.json"):
                raw = bytearray(file.read_bytes())
                raw[place % len(raw)] ^= 1
                file.write_bytes(raw)
        case "day", int(month):
            return StatusRequest(date(2023, month, 28), asked.year, asked.departments)
        case "department", tuple(names):
            return StatusRequest(asked.as_of, asked.year, names)
    return asked


@example(
    [("department", ("商务局",)), ("move", PLANS[2], PLANS[0])]
)  # a folder with another department's file
@example([("move", PLANS[2], PLANS[1]), ("department", ("商务局",)), ("department", ("金融办",))])
@given(st.lists(STEPS, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_sequence_of_edits_makes_the_cache_answer_otherwise(steps: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        folder = Path(place, "cache")
        disk = Disk(Path(place, "账本"))
        patch.setattr(status_cache, "stat_of", disk.stat)
        disk.write("data/ledger.yaml", CONFIG)
        disk.write(PLANS[0], COMMERCE)
        disk.write(PLANS[2], FINANCE)
        asked = StatusRequest(date(2023, 6, 30))
        for step in steps:
            asked = perform(disk, step, folder, asked)
            assert answer(disk, asked, Cache(folder, disk.root)) == answer(disk, asked, None), step
            assert answer(disk, asked, Cache(folder, disk.root)) == answer(disk, asked, None), "asked twice"


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk(tmp_path / "账本")
    monkeypatch.setattr(status_cache, "stat_of", disk.stat)
    disk.write("data/ledger.yaml", CONFIG)
    for number in range(1, 30):
        disk.write(f"data/targets/2023/商务局/{number:02d}.yaml", COMMERCE.replace("-01", f"-{number:02d}"))
        disk.write(f"data/progress/2023/商务局/{number:02d}.yaml", entry(0, number))
    disk.now += 10 * REST
    return disk


@pytest.fixture
def reads(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of the ledger that were opened."""
    found: list[str] = []
    plain = Path.read_bytes

    def noted(self: Path) -> bytes:
        if self.is_relative_to(disk.root):
            found.append(self.relative_to(disk.root).as_posix())
        return plain(self)

    monkeypatch.setattr(Path, "read_bytes", noted)
    return found


def test_nothing_is_opened_where_nothing_changed_and_only_what_changed_is(
    disk: Disk, reads: list[str], tmp_path: Path
) -> None:
    cache, asked = Cache(tmp_path / "cache", disk.root), StatusRequest(date(2023, 6, 30))
    answer(disk, asked, cache)
    reads.clear()
    answer(disk, asked, cache)
    assert reads == []
    disk.write("data/progress/2023/商务局/07.yaml", entry(0, 99))
    disk.now += 10 * REST
    answer(disk, asked, cache)
    assert {read for read in reads if "/progress/" in read} == {"data/progress/2023/商务局/07.yaml"}
    assert {read for read in reads if "/targets/" in read} == {"data/targets/2023/商务局/07.yaml"}


def test_the_same_content_with_other_times_is_looked_at_but_not_judged_again(
    disk: Disk, reads: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, asked = Cache(tmp_path / "cache", disk.root), StatusRequest(date(2023, 6, 30))
    before = answer(disk, asked, cache)
    for path in list(disk.changed):
        disk.changed[path] = disk.now
    disk.now += 10 * REST
    monkeypatch.setattr(Ledger, "open", lambda _: pytest.fail("the ledger was opened"))
    assert answer(disk, asked, cache) == before


def test_a_folder_that_cannot_be_written_to_is_no_obstacle(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no folder").write_text("", encoding="utf-8")
    plain = world("status", "--no-cache")
    monkeypatch.setenv("LEDGER_CACHE", str(tmp_path / "no folder"))
    assert world("status") == plain
    monkeypatch.delenv("LEDGER_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME")
    assert world("status") == plain


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.replace("企业".encode(), "事业".encode()),
        lambda raw: b"0" + raw[1:],
        lambda raw: b"\x80\x04N.",
        lambda raw: b"[" * 100_000,
    ],
)
def test_a_damaged_cache_is_built_again(
    world: World, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    before = world("status", "--format", "json")
    (file,) = (tmp_path / "home" / "cache").rglob("*.json")
    file.write_bytes(spoil(file.read_bytes()))
    assert world("status", "--format", "json") == before
    assert world("status", "--format", "json", "--no-cache") == before
    assert file.stat().st_size > 1000


def test_edits_of_the_same_size_right_after_a_reading_are_noticed_on_a_real_disk(world: World) -> None:
    path = "data/progress/2023/商务局/01.yaml"
    for number in range(1, 7):
        file = world.write(path, entry(0, number))
        os.utime(file, (1_600_000_000, 1_600_000_000))
        warm = world("status", "--all", "--format", "csv").out
        assert warm == world("status", "--all", "--format", "csv", "--no-cache").out
        assert f"{number}亿美元" in warm


def test_the_cache_of_another_version_is_built_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world("status", "--format", "json")
    (file,) = (tmp_path / "home" / "cache").rglob("*.json")
    ours = file.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(cache_module, "__version__", "0.0.1")
        assert world("status", "--format", "json") == before
        theirs = file.read_bytes()
    assert theirs.partition(b"\n")[0] != ours.partition(b"\n")[0]
    assert Cache(file.parent.parent, world.root).read(file.stem) is None
    assert world("status", "--format", "json") == before
    assert file.read_bytes().partition(b"\n")[0] == ours.partition(b"\n")[0]


def test_a_writer_killed_half_way_leaves_the_old_answer_and_no_harm(world: World, tmp_path: Path) -> None:
    before = world("status", "--format", "json")
    (file,) = (tmp_path / "home" / "cache").rglob("*.json")
    file.with_name(f"{file.stem}.1.tmp").write_bytes(file.read_bytes()[:100])
    assert world("status", "--format", "json") == before
    world.write("data/progress/2023/商务局/01.yaml", entry(0, 5))
    assert world("status", "--format", "json") == world("status", "--format", "json", "--no-cache") != before


def test_two_ledgers_and_two_years_do_not_share_an_answer(world: World) -> None:
    before = world("status", "--all", "--format", "csv").out
    world.write("data/targets/2024/商务局/01.yaml", COMMERCE.replace("2023", "2024"))
    assert world("--year", "2024", "status", "--all", "--format", "csv").out != before
    assert world("--year", "2024", "status", "--all", "--format", "csv").out.count("商务局-01") == 2
    assert world("status", "--all", "--format", "csv").out == before


def test_the_cache_lies_outside_the_ledger_and_holds_no_pickle(world: World, tmp_path: Path) -> None:
    world("status")
    assert world.git("status", "--porcelain", "--ignored") == ""
    files = [path for path in (tmp_path / "home" / "cache").rglob("*") if path.is_file()]
    assert [file.suffix for file in files] == [".json"]
    if os.name == "posix":
        assert files[0].parent.stat().st_mode & 0o077 == 0


def test_readers_at_the_same_time_all_get_the_answer(world: World) -> None:
    plain = world("status", "--all", "--format", "csv", "--no-cache").out
    command = [sys.executable, "-m", "ledger", "status", "--all", "--format", "csv"]
    for _ in range(2):
        readers = [
            subprocess.Popen(command, cwd=world.root, stdout=subprocess.PIPE, encoding="utf-8")
            for _ in range(4)
        ]
        assert [reader.communicate()[0] for reader in readers] == [plain] * 4
