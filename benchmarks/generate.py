"""Writes a made-up ledger and the same entries as journals of hledger, ledger-cli and beancount; the same for one seed, always.

Every target adds up and has a yearly goal, because that is what all four programs can be asked. The figures are 模拟数据.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

YEAR = 2023
TARGETS_PER_COMMITMENT = 5
STEMS = "甲乙丙丁戊"
COMMITMENTS_PER_DEPARTMENT = 10
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
UNIT, CODE = "万元", "WAN"
"""One unit for all: ledger-cli cannot total a budget of two."""
JOURNALS = ("hledger", "ledger", "beancount")


@dataclass(frozen=True)
class Size:
    """How many entries over how many targets."""

    entries: int
    targets: int

    @property
    def label(self) -> str:
        return f"{self.entries} × {self.targets}"

    @property
    def folder(self) -> str:
        return f"{self.entries}x{self.targets}"


@dataclass(frozen=True)
class Account:
    """One target: its department, its commitment's number, its key and its goal."""

    department: int
    commitment: int
    number: int
    goal: int

    @property
    def owner(self) -> str:
        return f"部门{self.department:03d}"

    @property
    def id(self) -> str:
        return f"{self.owner}-{self.commitment:02d}"

    @property
    def key(self) -> str:
        return f"t{self.number}"

    @property
    def title(self) -> str:
        """The target's name; a figure in it would have to be accounted for by `check`."""
        return f"{STEMS[self.number - 1]}项工作"

    @property
    def name(self) -> str:
        """The account's name in the journals of the others."""
        return f"D{self.department:03d}:C{self.commitment:02d}:T{self.number}"


@dataclass(frozen=True)
class Line:
    """One report."""

    id: str
    on: date
    account: Account
    amount: str


def accounts(size: Size) -> list[Account]:
    chance = random.Random(f"accounts {size.targets}")
    found = []
    for index in range(size.targets):
        commitment, number = divmod(index, TARGETS_PER_COMMITMENT)
        department, own = divmod(commitment, COMMITMENTS_PER_DEPARTMENT)
        found.append(Account(department + 1, own + 1, number + 1, chance.randrange(50, 5000) * 10))
    return found


def lines(size: Size, own: list[Account]) -> Iterator[Line]:
    """Yield the entries commitment by commitment, in each by date, as they stand in our files."""
    chance = random.Random(f"lines {size.entries} {size.targets}")
    commitments = len(own) // TARGETS_PER_COMMITMENT
    written = 0
    for index in range(commitments):
        here = own[index * TARGETS_PER_COMMITMENT : (index + 1) * TARGETS_PER_COMMITMENT]
        upto = size.entries * (index + 1) // commitments
        days = sorted(chance.randrange(365) for _ in range(upto - written))
        for day in days:
            account = chance.choice(here)
            amount = (
                f"{chance.randrange(1, 3000)}.{chance.randrange(1, 10)}"
                if chance.random() < 0.5
                else f"{chance.randrange(1, 60)}"
            )
            yield Line(_id(written), date(YEAR, 1, 1) + timedelta(days=day), account, amount)
            written += 1


def _id(number: int) -> str:
    text = ""
    for _ in range(12):
        number, digit = divmod(number, 32)
        text = ALPHABET[digit] + text
    return f"01H0000000MMMM{text}"


def write(folder: Path, size: Size) -> None:
    """Write ledger and journals into `folder`."""
    own = accounts(size)
    root = folder / "city"
    _plan(root, own)
    with (root / "data" / "ledger.yaml").open("a", encoding="utf-8", newline="\n") as config:
        config.write(
            "rules: 2026\n"
        )  # as `ledger init` does; 0.1.0, which reads what `_plan` writes alone, does not know it
    with ExitStack() as stack:
        streams = {
            name: stack.enter_context((folder / f"journal.{name}").open("w", encoding="utf-8", newline="\n"))
            for name in JOURNALS
        }
        _headers(streams, own)
        current, block = "", []
        for line in lines(size, own):
            if line.account.id != current:
                _flush(root, current, block)
                current, block = line.account.id, []
            block.append(_entry(line))
            _transaction(streams, line)
        _flush(root, current, block)


def _entry(line: Line) -> str:
    row = {
        "id": line.id,
        "on": str(line.on),
        "target": line.account.key,
        "add": line.amount + UNIT,
        "by": "模拟文书",
    }
    return f"- {json.dumps(row | {'simulated': '模拟数据'}, ensure_ascii=False)}\n"


def renumbered(line: str, key: str) -> str:
    """Return an entry's line with another id, written as the program writes it."""
    row = json.loads(line.removeprefix("- "))
    return f"- {json.dumps(row | {'id': key}, ensure_ascii=False)}\n"


def _flush(root: Path, commitment: str, block: list[str]) -> None:
    if not block:
        return
    department, number = commitment.rsplit("-", 1)
    file = root / "data" / "progress" / str(YEAR) / department / f"{number}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(block), encoding="utf-8", newline="\n")


def _plan(root: Path, own: list[Account]) -> None:
    owners = list(dict.fromkeys(item.owner for item in own))
    departments = "".join(f"  - {{name: {name}}}\n" for name in owners)
    _put(
        root / "data" / "ledger.yaml",
        f"name: 模拟城市\nyear: {YEAR}\nsimulated: true\ndepartments:\n{departments}lights:\n  gap: points\n  bands:\n"
        "    - {light: 正常, to: 0}\n    - {light: 滞后, from: 0, to: 30}\n    - {light: 严重滞后, from: 30}\n",
    )
    groups: dict[str, list[Account]] = {}
    for item in own:
        groups.setdefault(item.id, []).append(item)
    for group in groups.values():
        quotes = [f"{item.title}完成{item.goal}{UNIT}" for item in group]
        targets = "".join(
            f"  - key: {item.key}\n    name: {item.title}\n    kind: accumulate\n"
            f"    goal: {{reach: {item.goal} {UNIT}}}\n    quote: {quote}\n"
            for item, quote in zip(group, quotes, strict=True)
        )
        first = group[0]
        _put(
            root / "data" / "targets" / str(YEAR) / first.owner / f"{first.commitment:02d}.yaml",
            f"id: {first.id}\ndepartment: {first.owner}\ntitle: 模拟承诺事项\nyear: {YEAR}\ndifficulty:\n"
            f"text: >-\n  {'，'.join(quotes)}。\ntargets:\n{targets}",
        )


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def _headers(streams: dict[str, object], own: list[Account]) -> None:
    goals = "".join(f"    {item.name}    {item.goal} {CODE}\n" for item in own)
    declared = "".join(f"account {item.name}\n" for item in own)
    streams["hledger"].write(
        f"commodity 1000.00 {CODE}\naccount Reported\naccount Planned\n{declared}\n~ yearly from {YEAR}-01-01 "
        f"to {YEAR + 1}-01-01\n{goals}    Planned\n\n"
    )
    streams["ledger"].write(
        f"commodity {CODE}\naccount Reported\naccount Planned\n{declared}payee 上报\n\n~ Yearly\n{goals}    Planned\n\n"
    )
    opened = "".join(f"{YEAR}-01-01 open Assets:{item.name}\n" for item in own)
    streams["beancount"].write(f"{YEAR}-01-01 open Equity:Reported\n{opened}\n")


def _transaction(streams: dict[str, object], line: Line) -> None:
    pair = f"    {line.account.name}    {line.amount} {CODE}\n    Reported\n\n"
    streams["hledger"].write(f"{line.on} * 上报\n{pair}")
    streams["ledger"].write(f"{line.on} * 上报\n{pair}")
    exact = f"{Decimal(line.amount):.1f}"  # beancount prints with the decimals that most figures have
    streams["beancount"].write(
        f'{line.on} * "上报"\n  Assets:{line.account.name}  {exact} {CODE}\n  Equity:Reported  -{exact} {CODE}\n\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("entries", type=int)
    parser.add_argument("targets", type=int)
    chosen = parser.parse_args()
    write(chosen.folder, Size(chosen.entries, chosen.targets))


if __name__ == "__main__":
    main()
