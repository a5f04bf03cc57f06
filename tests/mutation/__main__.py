"""Mutation testing: changes one thing at a time in a function and sees whether a test fails.

    python -m tests.mutation arithmetic                    all mutants of three packages, with a table at the end
    python -m tests.mutation records --sample 250          as many, drawn evenly from all modules with a fixed seed
    python -m tests.mutation records --only '*.seals.*'    the mutants whose name matches

mutmut writes the mutants, pytest collects the tests once, and each mutant is judged in a fork of that process: the code of the one
function is replaced there, and in every Python process that a test starts, and the tests that reach it run until one fails. No file
is changed. What is left alive is printed as it is found. Needs fork, so not Windows.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import ledger
from tests.mutation.judge import Judge
from tests.mutation.mutants import ALIVE, KILLED, SURVIVED, TIMED_OUT, UNREACHED, Mutant, draw, make_mutants


@dataclass(frozen=True)
class Suite:
    """Packages and modules that are changed, and the folders of tests that judge the changes."""

    packages: Sequence[str]
    tests: Sequence[str]


_WRITING = [
    "amend",
    "close",
    "correct",
    "doctor",
    "guard",
    "init",
    "judge",
    "log",
    "plan_carry",
    "plan_import",
    "rate",
    "reorganise",
    "redo",
    "remark",
    "seal",
    "sync",
    "verify",
    "void",
]
SUITES = {
    "arithmetic": Suite(
        ("ledger/core/quantity", "ledger/core/progress", "ledger/rules/check"),
        ("tests/core/quantity", "tests/core/progress", "tests/rules/check", "tests/commands/test_roles.py"),
    ),
    "records": Suite(
        (
            "ledger/rules/audit",
            *(
                f"ledger/rules/{name}"
                for name in ("effect", "gate", "paths", "permissions", "reasons", "sealed")
            ),
            "ledger/files",
            "ledger/git",
            "ledger/commands/sheet",
            *(f"ledger/commands/{name}" for name in _WRITING),
            "ledger/core/progress/reviews",
            "ledger/core/models/departments",
            "ledger/cli/answers",
        ),
        (
            "tests/rules/audit",
            "tests/rules/test_gate.py",
            "tests/files",
            "tests/git",
            "tests/commands",
            "tests/core/progress/test_reviews.py",
            "tests/core/test_departments.py",
            "tests/cli",
            "tests/flows",
        ),
    ),
}


def table(judged: Sequence[Mutant], wording: Counter[str], total: Counter[str]) -> str:
    """The figures of each part of the program."""
    lines = [
        "| part | mutants | of these wording | judged | killed | timed out | survived | unreached | score |",
        "|---|" + "---:|" * 8,
    ]
    for part in (*dict.fromkeys(map(_part, total)), ""):
        found = Counter(mutant.status for mutant in judged if part in {"", _part(mutant.package)})
        every, words = (
            sum(count for package, count in counts.items() if part in {"", _part(package)})
            for counts in (total, wording)
        )
        score = (found[KILLED] + found[TIMED_OUT]) / max(1, found.total())
        statuses = (KILLED, TIMED_OUT, SURVIVED, UNREACHED)
        figures = (every, words, found.total(), *(found[status] for status in statuses))
        lines.append(f"| {part or 'together'} | {' | '.join(map(str, figures))} | {score:.1%} |")
    return "\n".join(lines)


def _part(package: str) -> str:
    """The row of the table; the modules of the commands and those beside the audit share one each."""
    for shared in ("ledger/commands", "ledger/rules"):
        if package.startswith(shared) and package not in {"ledger/rules/audit", "ledger/rules/check"}:
            return shared
    return package


def main() -> int:
    """Judge, and print the table. Exit code 1 where the score is below --floor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("--sample", type=int, help="how many mutants to judge; all without it")
    parser.add_argument("--each", type=int, help="how many mutants to judge of each part")
    parser.add_argument("--seed", type=int, default=2023)
    parser.add_argument("--only", default="*", help="judge the mutants whose name matches")
    parser.add_argument(
        "--wording", action="store_true", help="judge also what only words a text differently"
    )
    parser.add_argument(
        "--again", type=Path, help="judge only what is left alive in this file of an earlier --out"
    )
    parser.add_argument(
        "--quick", type=float, default=float("inf"), help="leave out tests that take more seconds"
    )
    parser.add_argument("--budget", type=float, default=float("inf"), help="seconds of tests for each mutant")
    parser.add_argument("--reach", type=Path, help="keep in this file which test reaches what")
    parser.add_argument("--out", type=Path, help="write every verdict to this file, one JSON object per line")
    parser.add_argument("--tests", nargs="+", help="judge by these files or folders instead of the suite's")
    parser.add_argument("--floor", type=float, default=0, help="the least score in percent")
    given = parser.parse_args()
    suite = SUITES[given.suite]
    for module in pkgutil.walk_packages(ledger.__path__, "ledger."):
        if not module.name.endswith("__main__"):
            importlib.import_module(
                module.name
            )  # before a test does, whose modules would be changed twice or not at all
    alive = None
    if given.again:
        rows = map(json.loads, given.again.read_text(encoding="utf-8").splitlines())
        alive = {row["name"]: row["module"] for row in rows if row["status"] in ALIVE}
    mutants = list(make_mutants(suite.packages, given.only, alive and set(alive.values())))
    total = Counter(mutant.package for mutant in mutants)
    wording = Counter(mutant.package for mutant in mutants if mutant.is_wording)
    chosen = [mutant for mutant in mutants if given.wording or not mutant.is_wording]
    if alive is not None:
        chosen = [mutant for mutant in chosen if mutant.name in alive]
    if given.each:
        parts = dict.fromkeys(_part(mutant.package) for mutant in chosen)
        groups = ([mutant for mutant in chosen if _part(mutant.package) == part] for part in parts)
        chosen = [mutant for group in groups for mutant in draw(group, given.each, given.seed)]
    if given.sample:
        chosen = draw(chosen, given.sample, given.seed)
    shown = os.fdopen(os.dup(2), "w", encoding="utf-8")
    if given.out:
        given.out.write_text("", encoding="utf-8")

    def keep(mutant: Mutant) -> None:
        if given.out:
            with given.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(verdict(mutant), ensure_ascii=False) + "\n")

    judge = Judge(
        chosen,
        lambda text: print(text, file=shown, flush=True),
        keep,
        given.quick,
        given.budget,
        given.reach,
        mutants if given.reach else (),
    )
    options = [
        "-q",
        "-s",
        "--tb=no",
        "--assert=plain",
        "-p",
        "no:cacheprovider",
        "-o",
        "addopts=-p tests.offline",
    ]
    pytest.main([*options, *(given.tests or suite.tests)], plugins=[judge])
    print(table(chosen, wording, total))
    dead = [mutant for mutant in chosen if mutant.status not in ALIVE]
    return int(len(dead) * 100 < given.floor * len(chosen))


def verdict(mutant: Mutant) -> dict[str, str]:
    """What is kept of a judged mutant."""
    return {
        "name": mutant.name,
        "module": mutant.module,
        "status": mutant.status,
        "killer": mutant.killer,
        "diff": mutant.diff(),
    }


if __name__ == "__main__":
    sys.exit(main())
