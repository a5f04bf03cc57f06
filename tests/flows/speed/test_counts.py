"""What a command costs, by counts that are the same on every machine: files opened, lines read, commands built. Never by seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.cli.chinese import ChineseCommand
from ledger.core.quantity import QuantityError, parse_amount, plain_amount, plain_sum
from ledger.core.units import default_units
from tests.conftest import COMMERCE, World

WATCH = """
import json, os, sys, time
now = time.time_ns
time.time_ns = lambda: now() + 10**10  # ten seconds later: every file has rested, and its stat is trusted
root, rest = os.path.realpath(sys.argv[1]), sys.argv[2:]
opened, calls = [], 0
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        name = os.path.realpath(arguments[0])
        if name.startswith(root + "/data/"):
            opened.append(name[len(root) + 1:])
from ledger.__main__ import run
from ledger.files import parallel
parallel.MAX_PROCESSES = 1  # what a helper opens is not seen here
sys.addaudithook(hook)
def count(frame, event, argument):
    global calls
    file = frame.f_code.co_filename
    if event == "call" and "/ledger/" in file and "/ledger/git/" not in file:  # waiting for git takes any number of calls
        calls += 1
sys.setprofile(count)
code = run(rest)
sys.setprofile(None)
sys.stdout.flush()
print("\\n" + json.dumps([code, opened, calls]), file=sys.stderr)
"""


@dataclass(frozen=True)
class Cost:
    """What one command opened of the ledger's data, in order, and how many of the program's own functions it called."""

    opened: list[str]
    calls: int

    def under(self, folder: str) -> list[str]:
        return [name for name in self.opened if name.startswith(f"data/{folder}/") and name.endswith(".yaml")]


@pytest.fixture
def cost(world: World) -> Callable[..., Cost]:
    def call(*arguments: str) -> Cost:
        done = subprocess.run(
            [sys.executable, "-c", WATCH, str(world.root), *arguments],
            cwd=world.root,
            # Measuring coverage would take the place of the counter.
            env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        code, opened, calls = json.loads(done.stderr.splitlines()[-1])
        assert code == 0, done.stderr
        return Cost(opened, calls)

    return call


def entries(first: int, count: int) -> str:
    rows = []
    for number in range(first, first + count):
        on = date(2023, 1, 1) + timedelta(days=number % 180)
        rows.append(
            f'- {{"id": "01H0000000MMMM{number:012d}", "on": "{on}", "target": "foreign-capital", '
            f'"add": "{1 + number % 7}亿美元", "by": "张三"}}\n'
        )
    return "".join(rows)


def plan(world: World, *, commitments: int, each: int) -> None:
    """Write a plan of the department 商务局 with `each` entries per commitment."""
    for number in range(1, commitments + 1):
        world.write(f"data/targets/2023/商务局/{number:02d}.yaml", COMMERCE.replace("-01", f"-{number:02d}"))
        world.write(f"data/progress/2023/商务局/{number:02d}.yaml", entries(number * 1000, each))


ONE = "data/progress/2023/商务局/01.yaml"


def after_one_change(world: World, cost: Callable[..., Cost], each: int) -> Cost:
    """Return the cost of a status after one entry was added to a file of five, the other eleven files having `each`."""
    plan(world, commitments=12, each=each)
    world.write(ONE, entries(0, 5))
    cost("status")
    assert cost("status").under("progress") == [], "nothing changed, so nothing is read"
    world.write(ONE, entries(0, 6))
    return cost("status")


def test_after_one_change_the_cost_does_not_depend_on_the_other_entries(
    world: World, cost: Callable[..., Cost]
) -> None:
    few = after_one_change(world, cost, 3)
    many = after_one_change(world, cost, 300)
    assert set(few.under("progress")) == set(many.under("progress")) == {ONE}
    assert set(many.under("targets")) == {"data/targets/2023/商务局/01.yaml"}
    assert many.calls < few.calls * 1.02


def test_log_reads_one_progress_file_and_its_cost_does_not_depend_on_the_others(
    world: World, cost: Callable[..., Cost]
) -> None:
    report = ("log", "金融办", "新增上市公司", "1家", "--on", "2023-06-30")
    plan(world, commitments=12, each=3)
    world.commit_all("少")
    few = cost(*report)
    plan(world, commitments=12, each=300)
    world.git("rm", "-q", "data/progress/2023/金融办/01.yaml")
    world.commit_all("多")
    many = cost(*report)
    assert set(many.under("progress")) == set(few.under("progress")) <= {"data/progress/2023/金融办/01.yaml"}
    assert many.calls < few.calls * 1.02


def test_a_sheet_opens_the_files_of_its_department_once(world: World, cost: Callable[..., Cost]) -> None:
    plan(world, commitments=3, each=3)
    world.commit_all("三项")
    export = cost("sheet", "export", "--dept", "商务局", "--month", "2023-05", "-o", "表.xlsx")
    for folder in ("targets", "progress"):
        opened = [name for name in export.under(folder) if "/商务局/" in name]
        assert opened == [f"data/{folder}/2023/商务局/{number:02d}.yaml" for number in (1, 2, 3)]


def test_a_check_that_compares_two_versions_of_the_rules_reads_the_plan_no_third_time(
    world: World, cost: Callable[..., Cost]
) -> None:
    """A ledger that names no version is told where the current one answers otherwise; besides, files are searched for evidence."""
    config = world.read("data/ledger.yaml")
    world.write("data/ledger.yaml", "".join(line for line in config.splitlines(True) if "rules:" not in line))
    plan(world, commitments=3, each=3)
    world.commit_all("三项")
    opened = cost("check").under("targets")
    assert sorted(opened) == sorted(2 * list(set(opened)))


def test_a_cold_reading_opens_every_file_once_and_calls_little_for_a_line(
    world: World, cost: Callable[..., Cost]
) -> None:
    plan(world, commitments=2, each=200)
    few = cost("status")
    world.write(ONE, entries(0, 600))
    many = cost("status", "--no-cache")
    fewer = cost("status", "--no-cache")
    assert many.calls == fewer.calls, "the count is the same each time"
    assert len(few.under("progress")) == len(set(few.under("progress"))) == 2
    assert len(few.under("targets")) == len(set(few.under("targets"))) == 3
    world.write(ONE, entries(0, 200))
    less = cost("status", "--no-cache")
    assert (many.calls - less.calls) / 400 <= 3, "a line costs more than its reading, its amount and its date"


def test_a_rollup_reads_every_file_once_to_check_and_to_sum_up(
    world: World, cost: Callable[..., Cost]
) -> None:
    plan(world, commitments=6, each=30)
    world.commit_all("计划")
    costs = cost("rollup", str(world.root), "--as-of", "2023-06-30", "--format", "json")
    # Once more than they are read: `check` looks for the names of evidence files in all bytes, whether they can be read or not.
    for folder in ("targets", "progress"):
        opened = Counter(name for name in costs.under(folder) if "商务局" in name)
        assert len(opened) == 6
        assert set(opened.values()) == {2}


def test_the_rules_of_two_versions_are_compared_without_reading_anything_again(
    world: World, cost: Callable[..., Cost]
) -> None:
    plan(world, commitments=6, each=30)
    named = cost("check").under("progress")
    config = world.read("data/ledger.yaml")
    world.write("data/ledger.yaml", config.replace("rules: 2026\n", ""))
    assert cost("check").under("progress") == named


@pytest.mark.parametrize("command", ["show", "plot", "history"])
def test_one_commitment_is_answered_from_its_own_files(
    world: World, cost: Callable[..., Cost], command: str
) -> None:
    plan(world, commitments=12, each=3)
    world.commit_all("计划")
    for reference in ("商务局-07", "商务局-07/overseas"):
        opened = cost(command, reference)
        assert set(opened.under("targets")) == {"data/targets/2023/商务局/07.yaml"}
        assert set(opened.under("progress")) == {"data/progress/2023/商务局/07.yaml"}


def test_a_warm_status_calls_little_for_a_commitment(world: World, cost: Callable[..., Cost]) -> None:
    calls = []
    for commitments in (5, 25):
        plan(world, commitments=commitments, each=2)
        cost("status")
        calls.append(cost("status").calls)
    assert (calls[1] - calls[0]) / 20 <= 60


@pytest.mark.parametrize(
    ("arguments", "built"),
    [
        (("status", "--help"), 1),
        (("log", "--help"), 1),
        (("statsu",), 20),
        (("plan", "--help"), 20),
        (("--year=2023", "status"), 20),
        (("--year", "2023", "status"), 0),
        (("status",), 0),
        (("help", "status"), 20),
        (("help",), 0),
        (("help", "日期"), 0),
        (("show", "金融办-01"), 0),
        ((), 20),
    ],
)
def test_only_the_command_asked_for_is_built(
    world: World, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], built: int
) -> None:
    made = []
    plain = ChineseCommand.__init__

    def noted(self: ChineseCommand, *args: Any, **options: Any) -> None:
        made.append(self)
        plain(self, *args, **options)

    monkeypatch.setattr(ChineseCommand, "__init__", noted)
    world(*arguments)
    assert len(made) == built if built < 20 else len(made) >= built


FIGURES = r"(0|[1-9][0-9]{0,6})([.][0-9]{1,4})? ?(万|亿|万亿)?"
UNIT_NAMES = sorted({unit.spelling for unit in default_units()} | {"$", "pp", "㎏", "吨标煤", "人次"})


@given(
    st.builds(
        lambda figures, above, slash, below: f"{figures}{above}{slash}{below if slash else ''}",
        st.from_regex(FIGURES, fullmatch=True),
        st.sampled_from(["元", "家", "%", "年", "起", "斤", "", *UNIT_NAMES]),
        st.sampled_from(["", "/"]),
        st.sampled_from(["人", "年", "起", *UNIT_NAMES]),
    )
)
@settings(max_examples=400, deadline=None)
def test_a_plain_amount_is_what_the_full_reading_gives_or_is_left_to_it(text: str) -> None:
    plain = plain_amount(text, default_units())
    try:
        full = parse_amount(text)
    except QuantityError:
        assert plain is None
        return
    assert plain in (None, (full.value, full.unit))


SUMMANDS = st.from_regex(r"(0|[1-9][0-9]{0,17})([.][0-9]{1,12})? ?(万|亿)?元?\n?", fullmatch=True)


@given(st.lists(SUMMANDS | st.sampled_from(["3万元", "0.5万元", "3", "1万元\n2万元"]), max_size=6))
@settings(max_examples=300, deadline=None)
def test_texts_summed_up_at_once_give_what_each_gives_or_are_left_to_it(texts: list[str]) -> None:
    at_once = plain_sum(texts, default_units())
    if at_once is not None:
        amounts = [plain_amount(text, default_units()) for text in texts]
        assert {amount and amount[1] for amount in amounts} == {at_once[1]}
        assert sum(Fraction(amount[0]) for amount in amounts if amount) == at_once[0]


@given(st.lists(st.integers(0, 10**18 - 1), min_size=1), st.integers(1, 12))
@settings(max_examples=100, deadline=None)
def test_what_differs_in_its_digits_alone_is_summed_up_at_once_and_exactly(
    numbers: list[int], places: int
) -> None:
    texts = [f"{number}.{number % 10**places:0{places}d}万元" for number in numbers]
    exact = sum(Fraction(text.removesuffix("万元")) for text in texts) * 10**4
    assert plain_sum(texts, default_units()) == (exact, "元")


@pytest.mark.parametrize(
    ("text", "value"),
    [("1968.1万元", 19_681_000), ("0.5家", Fraction(1, 2)), ("7%", 7), ("4.5 个/千人", Fraction(9, 2))],
)
def test_the_usual_amounts_take_the_short_way(text: str, value: Fraction | int) -> None:
    found = plain_amount(text, default_units())
    assert found is not None
    assert found[0] == value


@pytest.mark.parametrize("text", ["≥6家", "约6家", "6年", "50万起", "六家", "6 斗半", ""])
def test_whatever_is_not_plain_is_left_to_the_full_reading(text: str) -> None:
    assert plain_amount(text, default_units()) is None
