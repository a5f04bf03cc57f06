"""Mutation testing of the arithmetic: changes one thing at a time in a function and sees whether a test fails.

    python -m tests.mutation                    all mutants of the three packages, with a table at the end
    python -m tests.mutation --sample 1000      as many, drawn evenly from all modules with a fixed seed
    python -m tests.mutation --only '*pace*'    the mutants whose name matches

mutmut writes the mutants, pytest collects the tests once, and each mutant is judged in a fork of that process: the code of the one
function is replaced there and the tests that reach it run until one fails. No file is changed. What is left alive is printed as it
is found. Every 500 mutants all tests run without one, and must pass. Needs fork, so not Windows.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import fnmatch
import functools
import gc
import importlib
import inspect
import json
import os
import random
import re
import resource
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from mutmut.mutation.file_mutation import mutate_file_contents

PACKAGES = ("ledger/core/quantity", "ledger/core/progress", "ledger/rules/check")
TESTS = ("tests/core/quantity", "tests/core/progress", "tests/rules/check", "tests/commands/test_roles.py")
EXAMPLES = 60
"""Of each property, so that a survivor costs seconds; the gate itself runs more of them."""
PATIENCE = 30
"""Seconds of processor time after which a mutant is taken to run for ever; all tests together take less."""
_MUTANT = re.compile(r"(?:x_|xǁ(?P<cls>\w+?)ǁ)(?P<function>\w+)__mutmut_(?P<number>orig|\d+)")
KILLED, SURVIVED, UNREACHED, TIMED_OUT = "killed", "survived", "unreached", "timed out"
ALIVE = {SURVIVED, UNREACHED}


@dataclass
class Mutant:
    """One changed function."""

    package: str
    name: str
    function: FunctionType
    owner: type | None
    original: str
    changed: str
    status: str = ""
    killer: str = ""

    def apply(self) -> None:
        """Put the changed code in place of the function's own, for every caller at once."""
        new = _made(self.changed, self.function.__globals__, self.owner)
        self.function.__code__ = new.__code__
        self.function.__defaults__ = new.__defaults__
        self.function.__kwdefaults__ = new.__kwdefaults__

    def diff(self) -> str:
        """The lines that differ."""
        before, after = (text.splitlines()[1:] for text in (self.original, self.changed))
        lines = difflib.unified_diff(before, after, n=0, lineterm="")
        return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def _made(text: str, names: dict[str, Any], owner: type | None) -> FunctionType:
    """The function of a definition; made inside another, whose `__class__` serves a `super()`."""
    [inner] = ast.parse(text).body
    assert isinstance(inner, ast.FunctionDef)
    [outer] = ast.parse("def make(__class__):\n    pass").body
    assert isinstance(outer, ast.FunctionDef)
    outer.body = [inner, ast.Return(ast.Name(inner.name, ast.Load()))]
    module = ast.fix_missing_locations(ast.Module([outer], []))
    space: dict[str, Any] = {}
    exec(compile(module, "<mutant>", "exec", annotations.compiler_flag), names, space)
    made = space["make"](owner)
    assert isinstance(made, FunctionType)
    return made


def mutants(only: str) -> Iterator[Mutant]:
    """Every mutant of a matching name; mutmut leaves alone what is decorated and what is outside of functions."""
    fixed = re.split(r"[*?\[]", only)[0]
    for package in PACKAGES:
        whole = importlib.import_module(package.replace("/", "."))
        for name in getattr(
            whole, "__all__", ()
        ):  # before its modules, two of which are called like what they offer
            getattr(whole, name)
        for path in sorted(Path(package).rglob("*.py")):
            module_name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
            if module_name.startswith(fixed) or fixed.startswith(f"{module_name}."):
                found = _mutants_of(package, module_name, path)
                yield from (one for one in found if fnmatch.fnmatchcase(one.name, only))


def _mutants_of(package: str, module_name: str, path: Path) -> Iterator[Mutant]:
    module = importlib.import_module(module_name)
    tree = ast.parse(mutate_file_contents(str(path), path.read_text(encoding="utf-8")).code)
    texts = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and _MUTANT.fullmatch(node.name):
            node.decorator_list = []
            texts[node.name] = ast.unparse(node)
    for name, text in texts.items():
        found = _MUTANT.fullmatch(name)
        assert found is not None
        if found["number"] == "orig":
            continue
        owner = getattr(module, found["cls"]) if found["cls"] else None
        function = inspect.getattr_static(owner or module, found["function"])
        function = getattr(function, "__func__", function)
        where = found["function"] if owner is None else f"{owner.__name__}.{found['function']}"
        original = texts[name.rpartition("_")[0] + "_orig"]
        yield Mutant(package, f"{module_name}.{where}.{found['number']}", function, owner, original, text)


@dataclass
class Judge:
    """A pytest plugin that judges the mutants in place of running the tests once."""

    mutants: list[Mutant]
    say: Callable[[str], None]
    quick: float = float("inf")
    reach: dict[CodeType, list[int]] = field(default_factory=dict)
    taken: dict[int, float] = field(default_factory=dict)
    kills: dict[CodeType, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    current: int = -1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge all mutants, each in a process of its own."""
        self.items = [item for item in session.items if not item.get_closest_marker("slow")]
        for item in self.items:
            _bound(item)
        self.base = Path(session.config._tmp_path_factory.getbasetemp())  # type: ignore[attr-defined]
        self.factory = session.config._tmp_path_factory  # type: ignore[attr-defined]
        self.caches = _caches()
        gc.freeze()  # after which the collector shows them no longer
        self._forget()
        self._measure()
        for number, mutant in enumerate(self.mutants):
            if number % 500 == 0:
                code, _ = self._forked(lambda: self._run(range(len(self.items))))
                assert code == 0, f"the tests fail without any mutant (exit {code})"
                self.say(f"{number}/{len(self.mutants)}")
            self._judge(mutant)
            if mutant.status in ALIVE:
                self.say(f"{mutant.name}: {mutant.status}\n{mutant.diff()}\n")
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Stop at the first failure."""
        if report.failed:
            self._leave(1, str(self.current))

    def _forget(self) -> None:
        """Empty what the program remembers between calls: an answer given before a mutant would hide it."""
        for one in self.caches:
            one.cache_clear()

    def _measure(self) -> None:
        """Which tests reach which function, and how long each takes."""
        targets = {one.function.__code__ for one in self.mutants}
        numbers = {code: number for number, code in enumerate(targets)}

        def measured() -> None:
            reached: dict[int, list[int]] = {number: [] for number in numbers.values()}
            taken = []
            for index in range(len(self.items)):
                met: set[CodeType] = set()
                self._forget()  # or a figure read by an earlier test would hide that this one reads it too
                start = time.perf_counter()
                sys.setprofile(
                    lambda frame, event, _, met=met: met.add(frame.f_code) if event == "call" else None
                )
                self._run([index])
                sys.setprofile(None)
                taken.append(time.perf_counter() - start)
                for code in met & targets:
                    reached[numbers[code]].append(index)
            self._leave(0, json.dumps([reached, taken]))

        code, said = self._forked(measured, patience=600)
        assert code == 0, f"the tests fail without any mutant: {self.items[int(said or 0)].nodeid}"
        reached, taken = json.loads(said)
        self.reach = {code: reached[str(number)] for code, number in numbers.items()}
        self.taken = dict(enumerate(taken))

    def _judge(self, mutant: Mutant) -> None:
        code = mutant.function.__code__
        kills = self.kills[code]
        tests = [one for one in self.reach[code] if self.taken[one] <= self.quick]
        tests = sorted(tests, key=lambda one: (-kills[one], self.taken[one]))
        if not tests:
            mutant.status = UNREACHED
            return

        def judged() -> None:
            try:
                mutant.apply()
            except Exception as error:
                self._leave(2, repr(error))
            self._run(tests)

        exit_code, said = self._forked(judged)
        assert exit_code in {0, 1} or exit_code < 0, f"{mutant.name} cannot be judged: {said}"
        mutant.status = {0: SURVIVED, 1: KILLED}.get(exit_code, TIMED_OUT)
        if mutant.status == KILLED:
            kills[int(said)] += 1
            mutant.killer = self.items[int(said)].nodeid

    def _run(self, tests: Any) -> None:
        order = [self.items[one] for one in tests]
        for index, item, following in zip(tests, order, [*order[1:], None], strict=True):
            self.current = index
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)

    def _forked(self, work: Callable[[], None], patience: int = PATIENCE) -> tuple[int, str]:
        """The exit code of a process that does the work, and what it said when it left; -n for a signal."""
        reader, self.writer = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.close(reader)
                self.factory._basetemp = self.base / str(os.getpid())
                self.factory._basetemp.mkdir()
                resource.setrlimit(resource.RLIMIT_CPU, (patience, patience))
                quiet = os.open(os.devnull, os.O_WRONLY)
                os.dup2(quiet, 1)
                os.dup2(quiet, 2)
                work()
                self._leave(0, "")
            except BaseException:
                self._leave(1, str(max(self.current, 0)))
        os.close(self.writer)
        with os.fdopen(reader, encoding="utf-8") as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        shutil.rmtree(self.base / str(child), ignore_errors=True)
        return os.waitstatus_to_exitcode(status), said

    def _leave(self, code: int, said: str) -> None:
        with os.fdopen(self.writer, "w", encoding="utf-8") as pipe:
            pipe.write(said)
        os._exit(code)


def _bound(item: pytest.Item) -> None:
    """Fewer examples, no shrinking, no clock: only whether a property fails is asked."""
    test = getattr(item, "obj", None)
    own = getattr(test, "_hypothesis_internal_use_settings", None)
    if own is None and not hasattr(test, "hypothesis"):
        return
    own = own or settings()
    vars(getattr(test, "__func__", test))["_hypothesis_internal_use_settings"] = settings(
        own,
        max_examples=min(own.max_examples, EXAMPLES),
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        database=None,
    )


def _caches() -> list[Any]:
    """What the program remembers answers in."""
    cached = (one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper))
    return [one for one in cached if one.__module__.startswith("ledger")]


def drawn(found: list[Mutant], size: int, seed: int) -> list[Mutant]:
    """As many mutants, the same share of each module."""
    modules: dict[str, list[Mutant]] = defaultdict(list)
    for one in found:
        modules[one.function.__module__].append(one)
    choose = random.Random(seed)
    share = min(1.0, size / len(found))
    return [
        one for group in modules.values() for one in choose.sample(group, max(1, round(len(group) * share)))
    ]


def table(judged: list[Mutant], total: Counter[str]) -> str:
    """The figures of each package."""
    lines = [
        "| package | mutants | judged | killed | timed out | survived | unreached | score |",
        "|---|" + "---:|" * 7,
    ]
    for package in (*PACKAGES, ""):
        found = Counter(one.status for one in judged if one.package.startswith(package))
        every = sum(count for name, count in total.items() if name.startswith(package))
        score = (found[KILLED] + found[TIMED_OUT]) / max(1, found.total())
        figures = (every, found.total(), *(found[one] for one in (KILLED, TIMED_OUT, SURVIVED, UNREACHED)))
        lines.append(f"| {package or 'together'} | {' | '.join(map(str, figures))} | {score:.1%} |")
    return "\n".join(lines)


def main() -> int:
    """Judge, and print the table. Exit code 1 where the score is below --floor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, help="how many mutants to judge; all without it")
    parser.add_argument("--seed", type=int, default=2023)
    parser.add_argument("--only", default="*", help="judge the mutants whose name matches")
    parser.add_argument(
        "--again", type=Path, help="judge only what is left alive in this file of an earlier --out"
    )
    parser.add_argument(
        "--quick", type=float, default=float("inf"), help="leave out tests that take more seconds"
    )
    parser.add_argument("--out", type=Path, help="write every verdict to this file, one JSON object per line")
    parser.add_argument("--floor", type=float, default=0, help="the least score in percent")
    given = parser.parse_args()
    chosen = list(mutants(given.only))
    total = Counter(one.package for one in chosen)
    if given.again:
        rows = map(json.loads, given.again.read_text(encoding="utf-8").splitlines())
        alive = {row["name"] for row in rows if row["status"] in ALIVE}
        chosen = [one for one in chosen if one.name in alive]
    if given.sample:
        chosen = drawn(chosen, given.sample, given.seed)
    shown = os.fdopen(os.dup(2), "w", encoding="utf-8")
    judge = Judge(chosen, lambda text: print(text, file=shown, flush=True), given.quick)
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
    pytest.main([*options, *TESTS], plugins=[judge])
    if given.out:
        rows = (
            {"name": one.name, "status": one.status, "killer": one.killer, "diff": one.diff()}
            for one in chosen
        )
        given.out.write_text(
            "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
        )
    alive = [one for one in chosen if one.status in ALIVE]
    print(table(chosen, total))
    return int((len(chosen) - len(alive)) * 100 < given.floor * len(chosen))


if __name__ == "__main__":
    sys.exit(main())
