"""Checks that all programs were asked the same: every target's total, as each of them prints it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from decimal import Decimal

from benchmarks.generate import CODE, UNIT, Size, accounts, lines

Totals = Mapping[str, Decimal]


def truth(size: Size) -> Totals:
    """Return the totals as they were generated."""
    found: dict[str, Decimal] = {}
    for line in lines(size, accounts(size)):
        found[line.account.name] = found.get(line.account.name, Decimal(0)) + Decimal(line.amount)
    return found


def ours(text: str, size: Size) -> Totals:
    names = {(account.id, account.key): account.name for account in accounts(size)}
    found = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["当前值"]:
            found[names[row["编号"], row["代号"]]] = _figure(row["当前值"])
    return found


def _figure(text: str) -> Decimal:
    for word, scale in (("亿元", 10**4), (UNIT, 1)):
        if text.endswith(word):
            return Decimal(text.removesuffix(word).replace(",", "")) * scale
    raise SystemExit(f"cannot read {text}")


def by_words(text: str) -> Totals:
    """Read `amount code … account` in any order of columns, as the three others print it without a tree."""
    found = {}
    for line in text.splitlines():
        words = line.replace('"', " ").replace(",", " ").split()
        name = next((word.removeprefix("Assets:") for word in words if word.count(":") >= 2), None)
        if name is not None and CODE in words:
            found[name] = Decimal(words[words.index(CODE) - 1])
    return found
