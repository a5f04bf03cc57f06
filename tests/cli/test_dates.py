"""A date or a month is read as people write it by every option alike; what has two readings is refused with both."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import World

DAYS = ("2023-05-31", "2023/5/31", "20230531", "2023年5月31日", "5月31日", "5月底", "上月底", "五月底")
MONTHS = ("2023-05", "2023年5月", "202305", "5月", "五月", "上月")
WITH_DAY = (
    "status --as-of {}",
    "show 金融办-01 --as-of {}",
    "rank --as-of {}",
    "why 金融办-01 --as-of {}",
    "plot 金融办-01 --as-of {}",
    "changes --from {}",
    "log 金融办 loans 3亿元 --on {} --dry-run",
    "judge 金融办-01/front 达到 --evidence 文件 --on {} --dry-run",
    "amend 金融办-01/listed --weight 2 --from {} --reason 会议 --dry-run",
    "amend 金融办-01/listed --due {} --reason 会议 --dry-run",
    "dept rename 金融办 金融局 --on {} --reason 改革 --dry-run",
    "transfer 金融办-01 商务局 --on {} --reason 改革 --dry-run",
)
WITH_MONTH = (
    "due --month {}",
    "doubts --month {}",
    "changes --from {}",
    "correct 金融办 listed 3家 --month {} --reason 少计 --dry-run",
    "void 金融办 listed --month {} --reason 重复 --dry-run",
    "seal {} --local --dry-run",
    "bulletin --month {} -o 通报.md --dry-run",
    "sheet export --dept 金融办 --month {} -o 表.xlsx --dry-run",
)


@pytest.fixture
def reported(world: World) -> World:
    assert world("log", "金融办", "listed", "2家", "--on", "2023-05-31").code == 0
    return world


@pytest.mark.parametrize("line", WITH_DAY)
def test_a_day_is_read_in_every_way(reported: World, line: str) -> None:
    answers = {(done.code, done.out) for day in DAYS for done in [reported(*line.format(day).split())]}
    assert len(answers) == 1
    assert next(iter(answers))[0] == 0


@pytest.mark.parametrize("line", WITH_MONTH)
def test_a_month_is_read_in_every_way(reported: World, line: str, scrub: Callable[[str], str]) -> None:
    answers = {
        (done.code, scrub(done.out)) for month in MONTHS for done in [reported(*line.format(month).split())]
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] in {0, 1}


@pytest.mark.parametrize("line", WITH_DAY)
def test_a_day_of_two_readings_is_refused_with_both(reported: World, line: str) -> None:
    done = reported(*line.format("6/7").split())
    assert done.code in {1, 2}
    assert done.out == ""
    assert "2023-06-07 或 2023-07-06" in done.err


def test_a_day_at_the_ends_of_the_calendar_is_refused(reported: World) -> None:
    """Days are counted from them, and months: beyond the first and the last that can be represented."""
    for line in dict.fromkeys((*WITH_DAY, *WITH_MONTH)):
        for day in ("0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"):
            done = reported(*line.format(day if line in WITH_DAY else day[:7]).split())
            assert (done.code in {1, 2}, done.out) == (True, ""), (line, day)
            told = "--known 写得不对" if line.startswith("changes") else "年份要在 1900 到 2999 之间"
            assert told in done.err, (line, day, done.err)
