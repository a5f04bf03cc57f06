"""Wording of official papers: Chinese dates and ordinals, and remarks without command lines."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(?:(?<=[\u4e00-\u9fff]) )?(\d{4})-(\d\d)-(\d\d)(?!\d)(?: (?=[\u4e00-\u9fff]))?")
"""A day with the blanks that set it off from Chinese words on a screen."""
_COMMAND = re.compile(r"[（(][^（）()]*\bledger [^（）()]*[）)]")
_DIGITS = "零一二三四五六七八九"


def chinese_day(on: date) -> str:
    """Return a day as official papers write it: 2023年6月30日."""
    return f"{on.year}年{on.month}月{on.day}日"


def chinese_number(number: int) -> str:
    """Return 1 to 99 in Chinese, as headings are numbered: 一, 十, 二十三."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones or not tens else "")


def format_official(text: str) -> str:
    """Return a remark without command lines in brackets, its ISO dates in Chinese."""
    text = _COMMAND.sub("", text)
    return _DAY.sub(lambda match: f"{int(match[1])}年{int(match[2])}月{int(match[3])}日", text)
