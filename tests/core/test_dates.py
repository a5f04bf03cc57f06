"""Dates as people write them: read alike everywhere, and refused with the readings where there are two."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.dates import DateError, read_date, read_month

TODAY = date(2023, 7, 3)
NUMERALS = "〇一二三四五六七八九"


def chinese(number: int) -> str:
    """Write a number up to 99 as people do: 六, 十, 十二, 三十."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.dates(date(1901, 1, 1), date(2998, 1, 1)))
def test_a_whole_date_is_read_alike_in_every_form(day: date, today: date) -> None:
    year, month, number = day.year, day.month, day.day
    for text in (
        day.isoformat(),
        f"{year}/{month}/{number}",
        f"{year}.{month:02}.{number:02}",
        f"{day:%Y%m%d}",
        f"{year}年{month}月{number}日",
        f" {year} 年 {month} 月 {number} 号 ",
        f"{year}年{chinese(month)}月{chinese(number)}日",
    ):
        assert read_date(text, today) == day, text


@given(st.dates(date(1901, 1, 1), date(2999, 12, 31)), st.integers(0, 364))
def test_without_a_year_it_is_the_last_such_day_or_refused(today: date, ago: int) -> None:
    day = today - timedelta(days=ago)
    text = f"{day.month}月{day.day}日"
    if day.year == today.year:
        assert read_date(text, today) == day
    else:
        with pytest.raises(DateError) as caught:
            read_date(text, today)
        assert str(day) in caught.value.hint


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.dates(date(1901, 1, 1), date(2998, 1, 1)))
def test_a_month_is_its_last_day(day: date, today: date) -> None:
    end = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    for text in (f"{day:%Y-%m}", f"{day.year}/{day.month:02}", f"{day:%Y%m}", f"{day.year}年{day.month}月份"):
        assert read_month(text, today) == end
    assert read_date(f"{day.year}年{day.month}月底", today) == end


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("6月30日", "2023-06-30"),
        ("6月底", "2023-06-30"),
        ("六月末", "2023-06-30"),
        ("上月底", "2023-06-30"),
        ("月底", "2023-07-31"),
        ("去年底", "2022-12-31"),
        ("今天", "2023-07-03"),
        ("２０２３－０６－３０", "2023-06-30"),
        ("2月29日", "2020-02-29"),
    ],
)
def test_what_is_said_of_the_day_at_hand(text: str, day: str) -> None:
    if text == "2月29日":
        with pytest.raises(DateError, match="只有 28 天"):
            read_date(text, TODAY)
        return
    assert str(read_date(text, TODAY)) == day


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("6/7", "2023-06-07 或 2023-07-06"),
        ("7月4日", "2022-07-04 或 2023-07-04"),
        ("12月底", "2022-12-31 或 2023-12-31"),
        ("06-07-2023", "2023-06-07 或 2023-07-06"),
        ("23-06-05", "2023-06-05 或 2005-06-23"),
        ("6/30", "2023-06-30"),
        ("2023-06", "6月底"),
        ("2023-06-31", "2023-06-30"),
        ("2023-13-01", "2023-06-30"),
        ("0000-01-01", "2023-06-30"),
        ("昨天", "2023-06-30"),
        ("", "2023-06-30"),
    ],
)
def test_what_cannot_be_read_or_in_two_ways_is_refused(text: str, hint: str) -> None:
    with pytest.raises(DateError) as caught:
        read_date(text, TODAY)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "month"), [("6月", "2023-06-30"), ("上月", "2023-06-30"), ("7月份", "2023-07-31")]
)
def test_a_month_without_its_year(text: str, month: str) -> None:
    assert str(read_month(text, TODAY)) == month


@pytest.mark.parametrize("text", ["8月", "2023-13", "2023-06-30", "六", "", "20236"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        read_month(text, TODAY)
