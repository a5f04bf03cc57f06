"""Times that a plan names: deadlines, quarters, and years other than the plan's own."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

MonthDay = tuple[int, int]

_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER = r"(?:第?(?P<q>[一二三四1-4])季度|(?P<half>上半年|前三季度|前三个季度))"
_ENDING = r"(?:底|末|内)?(?:之前|以前|前)?"
_DATED = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?<![\d-])(?P<month>1[0-2]|0?[1-9])月(?:份)?(?:(?P<day>3[01]|[12]\d|0?[1-9])日|(?P<part>上旬|中旬|下旬))?"
    r"(?P<end>(?:底|末)?(?:之前|以前|前)|底|末)"
)
_BARE_MONTH = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?<![\d-])(?P<month>1[0-2]|0?[1-9])月(?:份)?(?:(?P<day>3[01]|[12]\d|0?[1-9])日)?"
)
_ISO = re.compile(
    r"(?P<year>20\d\d)[-./](?P<month>1[0-2]|0?[1-9])(?:[-./](?P<day>3[01]|[12]\d|0?[1-9]))?(?![\d])"
)
_QUARTERS = re.compile(rf"{_QUARTER}(?P<before>{_ENDING})")
_RESET = re.compile(r"全年|年内|年底|年末|年终|今年底|本年度")
_STARTS = re.compile(r"[起开自从]")
_GROWTH_BEFORE = re.compile(r"(?:较|比|同比|去年|上年)$")
_HALVES = {"上半年": 6, "前三季度": 9, "前三个季度": 9}

PERIOD = re.compile(
    r"(?:到|至|截至)?(?:第?(?P<quarter>[一二三四1-4])季度|(?P<half>上半年|前三季度|前三个季度)"
    r"|(?:1-)?(?P<month>1[0-2]|[1-9])月(?:份)?|(?P<year>全年|年底|年末|年度|下半年))(?:底|末|前)*"
)
_OPENS_WITH_YEAR = re.compile(
    r"(?:^|[，：；])(?:截至|到|至)?(?P<year>20[12]\d)年(?:度|\d{1,2}月)?(?:底|末)?(?:，|全[市县区省州乡镇校院年]|我[市县区省州]|[上下]半年|前三季度)"
)
_PAST_YEARS = re.compile(
    r"(?:^|[，：；])(?:在)?(?:过去|刚刚过去|即将过去)的?[一二三四五]年|(?:^|[，：；])[一二三四五]年来，"
)
_NOW = re.compile(r"今年|本年|20\d\d年")
_YEARS = re.compile(
    r"(?P<to>到|至|截至|截止)?(?P<year>20[2-4]\d)年(?:度)?(?P<end>底|末)?(?!\d)(?![一-鿿]{0,2}基础上)"
    r"|(?P<plan>“?十[四五六]五”?(?:时期|期)?(?:末|期间|期内))|(?P<now>今年|本年|当年|全年|年内|年度内)"
)


def last_day(month: int, year: int = 2023) -> MonthDay:
    """Return the last day of a month; February has 28 days unless the year says otherwise."""
    return month, monthrange(year, month)[1]


def quarter_end(match: re.Match[str]) -> MonthDay | None:
    """Return the day a period ends, of a match of `PERIOD`; None for the whole year."""
    if match["quarter"]:
        return last_day(3 * _NUMERALS[match["quarter"]])
    if match["half"]:
        return last_day(_HALVES[match["half"]])
    return last_day(int(match["month"])) if match["month"] else None


def deadline(words: str, *, bare: bool = False) -> MonthDay | None:
    """Return the last deadline that words name: 6月底前, 10月1日前, 三季度, 上半年.

    With `bare`, a month or a date alone counts too, as in a column of deadlines. A later 全年 or 年底 takes it back.
    """
    latest: tuple[int, MonthDay | None] = (-1, None)
    for match in _RESET.finditer(words):
        latest = max(latest, (match.start(), None), key=lambda pair: pair[0])
    for match in _DATED.finditer(words):
        if _GROWTH_BEFORE.search(words[: match.start()]):
            continue
        day = _day(match)
        if day is not None and match.start() >= latest[0]:
            latest = match.start(), day
    for match in _QUARTERS.finditer(words):
        if (
            match.start() < latest[0]
            or _STARTS.match(words, match.end())
            or _GROWTH_BEFORE.search(words[: match.start()])
        ):
            continue
        month = 3 * _NUMERALS[match["q"]] if match["q"] else _HALVES[match["half"]]
        if match["q"] and match["before"] in {"前", "之前", "以前"}:
            month -= 3
        if month:
            latest = match.start(), last_day(month)
    if bare and latest[1] is None:
        return _bare(words)
    return latest[1]


def due_date(due: MonthDay | None, year: int) -> date | None:
    """Return the day of a deadline in a year."""
    if due is None:
        return None
    month, day = due
    return date(
        year, month, min(day, monthrange(year, month)[1]) if due != (2, 28) else monthrange(year, 2)[1]
    )


def _bare(words: str) -> MonthDay | None:
    match = _ISO.search(words) or _BARE_MONTH.search(words)
    return _day(match) if match else None


def _day(match: re.Match[str]) -> MonthDay | None:
    month = int(match["month"])
    groups = match.groupdict()
    if groups.get("day"):
        day = int(groups["day"])
        return (month, day) if day <= 29 or day <= last_day(month)[1] else None
    part = groups.get("part")
    if part in {"上旬", "中旬"}:
        return month, 10 if part == "上旬" else 20
    return last_day(month)


def past_year(words: str, year: int | None) -> bool:
    """Return whether a sentence up to its figure begins with a year gone: 2024年，全区完成186亿元 in the plan of 2025."""
    if (opening := _PAST_YEARS.search(words)) and not _NOW.search(words, opening.end()):
        return True
    openings = list(_OPENS_WITH_YEAR.finditer(words))
    return (
        year is not None
        and bool(openings)
        and int(openings[-1]["year"]) < year
        and not _NOW.search(words, openings[-1].end())
    )


def other_year(words: str, sentence: str, year: int | None) -> bool:
    """Return whether the last time that `words` name in front of a figure is not the plan's year.

    `sentence` is the one they stand in. Without a `year`, what is to be reached 到20××年 is taken for another year's goal, and
    so is a year that stands beside 今年.
    """
    last = None
    for match in _YEARS.finditer(words):
        last = match
    if last is None or last["now"]:
        return False
    if last["plan"]:
        return True
    named = int(last["year"])
    return named > year if year is not None else bool(last["to"]) or "今年" in sentence
