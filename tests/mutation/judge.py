"""Judges mutants inside one run of pytest: each in a fork in which one function is changed and the tests that reach it run."""

from __future__ import annotations

import functools
import gc
import hashlib
import json
import math
import os
import resource
import select
import shutil
import signal
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.mutation.children import sitecustomize
from tests.mutation.mutants import ALIVE, KILLED, SURVIVED, TIMED_OUT, UNREACHED, Mutant

EXAMPLES = 60
"""Of each property, so that a survivor costs seconds; the gate itself runs more of them."""
PATIENCE = 30
"""Seconds of processor time beyond three times what its tests need, after which a mutant is taken to run for ever."""
WAITING = 10
"""How many times longer by the clock: tests wait for processes, and the machine may be busy."""


@dataclass
class Reach:
    """The processor time that a test takes, and which of the functions to be changed it calls, here and in processes it starts."""

    seconds: float
    functions: list[str]


@dataclass(eq=False)  # pytest keeps its plugins in sets
class Judge:
    """A pytest plugin that judges the mutants in place of running the tests once."""

    mutants: Sequence[Mutant]
    say: Callable[[str], None]
    keep: Callable[[Mutant], None]
    quick: float = math.inf
    budget: float = math.inf
    """Seconds of processor time that the tests of one mutant may take together."""
    memory: Path | None = None
    """Keeps what each test reaches until its file changes."""
    measured: Sequence[Mutant] = ()
    """Of the functions of these it is found out which tests reach them; of those to be judged where it is empty."""
    reach: dict[int, Reach] = field(default_factory=dict)
    kills: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    current: int = -1
    failed: set[int] = field(default_factory=set)
    preparing: bool = True
    measuring: bool = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge all mutants, each in a process of its own."""
        self.items = [item for item in session.items if not item.get_closest_marker("slow")]
        for item in self.items:
            _limit_examples(item)
        self.factory = session.config._tmp_path_factory  # type: ignore[attr-defined]
        self.base = Path(self.factory.getbasetemp())
        here = str(Path(sitecustomize.__file__).parent)
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
        self.folder = self.base / "mutation"
        self.folder.mkdir()
        os.environ[sitecustomize.FOLDER] = str(self.folder)
        self.caches = _caches()
        self._prepare()
        gc.freeze()  # after which the collector shows them no longer
        self._measure()
        for number, mutant in enumerate(self.mutants):
            if number % 50 == 0:
                self.say(f"{number}/{len(self.mutants)}  {time.strftime('%H:%M:%S')}")
            self._judge(mutant)
            self.keep(mutant)
            if mutant.status in ALIVE:
                self.say(f"{mutant.name}: {mutant.status}\n{mutant.diff()}\n")
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Stop at the first failure."""
        if report.failed:
            if self.preparing:
                return
            if self.measuring:
                self.failed.add(self.current)
            else:
                self._leave(1, str(self.current))

    def _forget(self) -> None:
        """Empty what the program remembers between calls: an answer given before a mutant would hide it."""
        for cached in self.caches:
            cached.cache_clear()

    def _prepare(self) -> None:
        """Make here, once, what tests of a whole session share; every fork then has it."""
        made: set[str] = set()
        for item in self.items:
            fixtures = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
            shared = {
                name for name, found in fixtures.items() if found[-1].scope == "session" and found[-1].baseid
            }
            if shared - made:
                made |= shared
                # Only what stands above all tests may stay set up: any test can be the next.
                elsewhere = next((other for other in self.items if _folder(other) != _folder(item)), None)
                item.ihook.pytest_runtest_protocol(item=item, nextitem=elsewhere)
        self.preparing = False

    def _measure(self) -> None:
        """Find out, file by file, which functions each test reaches; tests that fail without any mutant are left out."""
        known = json.loads(self.memory.read_text("utf-8")) if self.memory and self.memory.exists() else {}
        targets = {mutant.reach_name: mutant.instrumented for mutant in self.measured or self.mutants}
        sitecustomize.write_targets(self.folder / "all", targets.values())
        files: dict[Path, list[int]] = defaultdict(list)
        for index, item in enumerate(self.items):
            files[item.path].append(index)
        for file, indices in files.items():
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            name = file.relative_to(self.items[indices[0]].session.path).as_posix()
            kept = known.get(name, {"digest": "", "targets": []})
            if kept["digest"] != digest or not targets.keys() <= set(kept["targets"]):
                tests = self._measured(indices)
                known[name] = {"digest": digest, "targets": sorted(targets), "tests": tests}
                if self.memory:
                    self.memory.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
            for index in indices:
                reach = known[name]["tests"].get(self.items[index].nodeid)
                if reach:
                    self.reach[index] = Reach(*reach)
        self.say(
            f"{len(self.reach)} tests of {len(self.items)}, {sum(r.seconds for r in self.reach.values()):.0f} s"
        )

    def _measured(self, indices: Sequence[int]) -> dict[str, tuple[float, list[str]]]:
        targets_file = self.folder / sitecustomize.TARGETS
        (self.folder / "all").rename(targets_file)

        def measured() -> None:
            reach_file = self.folder / sitecustomize.REACH
            recorder = sitecustomize.Recorder(str(reach_file))
            for module, targets in sitecustomize.read_targets(targets_file).items():
                sitecustomize.put_in(module, targets)
            self.measuring = True
            results = {}
            for index in indices:
                self._forget()  # or what an earlier test has read would hide that this one reads it too
                recorder.forget()
                start = _processor_time()
                self._run([index])
                seconds = _processor_time() - start
                names = set(reach_file.read_text("utf-8").split("\n")) - {""}
                os.truncate(reach_file, 0)
                if index not in self.failed:
                    results[self.items[index].nodeid] = (seconds, sorted(names))
            self._leave(0, json.dumps(results, ensure_ascii=False))

        code, answer = self._forked(measured, 1800)
        targets_file.rename(self.folder / "all")
        if code:
            self.say(f"cannot be measured (exit {code}): {self.items[indices[0]].path}\n{answer}")
            return {}
        results: dict[str, tuple[float, list[str]]] = json.loads(answer)
        for index in indices:
            if self.items[index].nodeid not in results:
                self.say(f"fails without any mutant: {self.items[index].nodeid}")
        return results

    def _chosen(self, mutant: Mutant) -> list[int]:
        """The tests that reach the function, as many as the budget allows: those that killed its other mutants, then one of each file in turn.

        Those that killed run first, then the others, file by file and the quickest first.
        """
        reaching = (index for index, reach in self.reach.items() if mutant.reach_name in reach.functions)
        tests = [index for index in reaching if self.reach[index].seconds <= self.quick]
        kills = self.kills[mutant.reach_name]
        seconds = {index: self.reach[index].seconds for index in tests}
        tests.sort(key=seconds.__getitem__)
        turns: Counter[Path] = Counter()
        turn = {}
        for index in tests:
            turn[index] = turns[self.items[index].path]
            turns[self.items[index].path] += 1
        chosen, total = [], 0.0
        for index in sorted(tests, key=lambda index: (-kills[index], turn[index], seconds[index])):
            total += seconds[index]
            if total <= self.budget or not chosen:
                chosen.append(index)
        first = {self.items[index].path: place for place, index in reversed(list(enumerate(chosen)))}
        return sorted(
            chosen, key=lambda index: (-kills[index], first[self.items[index].path], seconds[index])
        )

    def _judge(self, mutant: Mutant) -> None:
        tests = self._chosen(mutant)
        if not tests:
            mutant.status = UNREACHED
            return

        def judged() -> None:
            self._forget()
            try:
                sitecustomize.swap(mutant.change)
            except Exception as error:
                self._leave(2, repr(error))
            self._run(tests)

        (self.folder / sitecustomize.MUTANT).write_text(json.dumps(mutant.change), "utf-8")
        expected = sum(self.reach[index].seconds for index in tests)
        exit_code, answer = self._forked(judged, expected)
        assert exit_code in {0, 1} or exit_code < 0, f"{mutant.name} cannot be judged: {answer}"
        mutant.status = {0: SURVIVED, 1: KILLED}.get(exit_code, TIMED_OUT)
        if mutant.status == KILLED:
            self.kills[mutant.reach_name][int(answer)] += 1
            mutant.killer = self.items[int(answer)].nodeid

    def _run(self, tests: Sequence[int]) -> None:
        order = [self.items[index] for index in tests]
        for index, item, following in zip(tests, order, [*order[1:], None], strict=True):
            self.current = index
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)

    def _forked(self, work: Callable[[], None], expected: float) -> tuple[int, str]:
        """The exit code of a process that does the work, and what it left behind; -n for a signal."""
        patience = PATIENCE + 3 * math.ceil(expected)
        reader, self.writer = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.setsid()  # with all it starts, it can be ended at once
                os.close(reader)
                self.factory._basetemp = self.base / str(os.getpid())
                self.factory._basetemp.mkdir()
                resource.setrlimit(resource.RLIMIT_CPU, (patience, patience))
                quiet = os.open(os.devnull, os.O_RDWR)
                for stream in (0, 1, 2):
                    os.dup2(quiet, stream)
                work()
                self._leave(0, "")
            except BaseException:
                self._leave(2, traceback.format_exc())
        os.close(self.writer)
        answer = _read(reader, WAITING * patience)
        if answer is None:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)  # what a test left running
        shutil.rmtree(self.base / str(child), ignore_errors=True)
        return os.waitstatus_to_exitcode(status), answer or ""

    def _leave(self, code: int, answer: str) -> None:
        with os.fdopen(self.writer, "w", encoding="utf-8") as pipe:
            pipe.write(answer)
        os._exit(code)


def _processor_time() -> float:
    """Seconds of processor time of this process and those it has waited for; the clock would tell how busy the machine is."""
    waited_for = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + waited_for.ru_utime + waited_for.ru_stime


def _read(reader: int, seconds: float) -> str | None:
    """All that is written into a pipe until its other end is closed; None when that takes too long."""
    until = time.monotonic() + seconds
    parts = []
    with os.fdopen(reader, "rb") as pipe:
        while True:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                return None
            part = os.read(pipe.fileno(), 1 << 16)
            if not part:
                return b"".join(parts).decode()
            parts.append(part)


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(item.session.path).parts[1]


def _limit_examples(item: pytest.Item) -> None:
    """Fewer examples, no shrinking, no clock: only whether a property fails is asked."""
    test = getattr(item, "obj", None)
    given = getattr(test, "_hypothesis_internal_use_settings", None)
    if given is None and not hasattr(test, "hypothesis"):
        return
    given = given or settings()
    vars(getattr(test, "__func__", test))["_hypothesis_internal_use_settings"] = settings(
        given,
        max_examples=min(given.max_examples, EXAMPLES),
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        database=None,
    )


def _caches() -> list[Any]:
    """What the program remembers answers in."""
    cached = (value for value in gc.get_objects() if isinstance(value, functools._lru_cache_wrapper))
    return [value for value in cached if value.__module__.startswith("ledger")]
