"""The wording of every error and every finding of the rules, in one snapshot file: an edit of the copy touches that file alone.

Other tests assert codes and places. `pytest tests/test_messages.py --snapshot-update` writes the file anew.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import ledger
from ledger.core.errors import ExitCode, LedgerError
from ledger.core.findings import Finding, Place
from ledger.files.ledger import Ledger
from ledger.files.lookup import TargetRef
from ledger.rules.check import check, lint
from tests.conftest import World
from tests.rules.check import test_lint, test_rules, test_small_plans
from tests.rules.check.world import ledger as small_ledger

FINDING = Finding("schema", "缺少 key", "补上 key", Place("data/targets/2023/金融办/01.yaml", 8, 5))
DAY = date(2023, 6, 30)
BY_NAME = {("OperationInProgressError", "operation"): "rebase", ("ForeignChangeError", "what"): "changed"}
"""Arguments that are one of a few words."""


def error_classes() -> list[type[LedgerError]]:
    """Every error of the package, in the order of their codes."""
    for module in pkgutil.walk_packages(ledger.__path__, "ledger."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return sorted(set(_subclasses(LedgerError)), key=lambda one: (one.code, one.__module__))


def _subclasses(kind: type[LedgerError]) -> Iterator[type[LedgerError]]:
    for item in kind.__subclasses__():
        if item.__module__.startswith("ledger."):
            yield item
        yield from _subclasses(item)


def samples(opened: Ledger) -> dict[str, Any]:
    """A value for each type that the constructors of errors take, by its annotation."""
    from ledger.commands.sheet.faults import InvalidCellsError
    from ledger.core.models import Entry
    from ledger.files.entry_lookup import FoundEntry
    from ledger.git.remote import Remote
    from ledger.rules.audit.seals import Seal
    from ledger.rules.doubts import Doubt

    sources = opened.load_plan(2023)
    found = [TargetRef(source, target) for source in sources for target in source.commitment.targets][:3]
    entry = Entry(id=f"01GZ{1:022d}", on=DAY, target="listed", add="2 家", by="张三")
    return {
        "int": 3,
        "float": 12.5,
        "bool": True,
        "object": 7,
        "date": DAY,
        "Path": Path("文件夹/文件"),
        "PurePosixPath": PurePosixPath("data/targets/2023/金融办/01.yaml"),
        "tuple[str, ...]": ("甲", "乙"),
        "Sequence[str]": ("甲", "乙"),
        "Collection[str]": ("甲", "乙"),
        "Sequence[tuple[str, str]]": (("第 3 行", "财政厅"),),
        "OSError": PermissionError(13, "Permission denied", "文件夹/文件"),
        "LedgerError": LedgerError("原因", "办法"),
        "Finding": FINDING,
        "Sequence[Finding]": (FINDING,),
        "tuple[Finding, ...]": (FINDING,),
        "LedgerConfig": opened.config,
        "Ledger": opened,
        "Target": found[0].target,
        "TargetRef": found[0],
        "Sequence[TargetRef]": found,
        "Sequence[Entry]": (entry,),
        "Sequence[FoundEntry]": (_made(FoundEntry, {"entry": entry, "source": sources[0]}),),
        "Remote": _made(Remote, {}),
        "Sequence[seals.Seal]": (_made(Seal, {}),),
        "Sequence[Doubt]": (_made(Doubt, {}),),
        "Sequence[InvalidCellsError]": (InvalidCellsError("«name»", (FINDING,)),),
        "Action": "log",
    }


def _made(kind: Any, given: dict[str, Any]) -> Any:
    """A value of a plain class, its fields filled by name."""
    values = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        annotation = inspect.formatannotation(parameter.annotation).rpartition(".")[2].strip("'")
        by_type = {"int": 3, "bool": False, "date": DAY, "Mapping[str, str]": {}}
        values[name] = given[name] if name in given else by_type.get(annotation, name)
    return kind(**values)


class Sample:
    """Stands for a value of any other class: each of its attributes is another, and shows where it comes from."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Sample:
        if name.startswith("__"):
            raise AttributeError(name)
        return Sample(f"{self._name}.{name}")

    def __getitem__(self, key: object) -> Sample:
        return self

    def __iter__(self) -> Iterator[Sample]:
        return iter((self,))  # by __getitem__ alone, iteration would never end

    def __format__(self, _: str) -> str:
        return f"«{self._name}»"

    def __str__(self) -> str:
        return f"«{self._name}»"


def construct(kind: type[LedgerError], values: dict[str, Any]) -> LedgerError:
    """An error with a sample for each of its arguments; one that is raised with a text of its own has none."""
    arguments = {}
    for name, parameter in list(inspect.signature(kind.__init__).parameters.items())[1:]:
        annotation = str(parameter.annotation).split(" | ")[0]
        sample = f"«{name}»" if annotation == "str" else Sample(name)
        arguments[name] = BY_NAME.get((kind.__name__, name), values.get(annotation, sample))
    return kind(**arguments)


def test_the_errors(world: World, snapshot: SnapshotAssertion) -> None:
    values = samples(Ledger.open(world.root))
    shown = []
    for kind in error_classes():
        error = construct(kind, values)
        exit_code = ExitCode(kind.exit_code)
        shown.append(
            f"{kind.code} [{exit_code.name}]\n  {error.message}\n  → {error.hint}".replace(
                str(world.root), "<账本>"
            )
        )
    assert "\n".join(shown) == snapshot


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in error_classes()]
    assert sorted(codes) == sorted(set(codes))
    assert all(code.replace("-", "").isalnum() and code.islower() for code in codes)


def worded(findings: Any) -> list[str]:
    return [f"[{finding.code}] {finding.message}\n  → {finding.hint}" for finding in sorted(findings)]


def test_the_rules_over_commitments_and_entries(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    shown: dict[str, None] = {}
    for number, case in enumerate((*test_rules.PLAN, *test_rules.TRACE, *test_rules.ENTRY)):
        build: Callable[..., Ledger] = test_rules.builder(tmp_path / str(number))
        if case in test_rules.ENTRY:
            built = build(journal=test_rules.ENTRIES.replace(case.old, case.new, 1))
        else:
            built = build(test_rules.GOOD.replace(case.old, case.new, 1), "")
        shown |= dict.fromkeys(worded(check(built, test_rules.TODAY)))
    for number, (text, _) in enumerate(test_small_plans.WRONG.values()):
        built = small_ledger(tmp_path / f"w{number}", text)
        shown |= dict.fromkeys(worded(check(built, test_small_plans.TODAY)))
    assert "\n".join(sorted(shown)) == snapshot


def test_the_rules_of_lint(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    shown: dict[str, None] = {}
    for number, (text, _) in enumerate(test_lint.WEAK.values()):
        built = small_ledger(tmp_path / str(number), text)
        shown |= dict.fromkeys(worded(lint.lint(built.read_plan(2023).sources, built.config, built.units)))
    assert "\n".join(sorted(shown)) == snapshot


@pytest.mark.parametrize("name", ["PLAN", "TRACE", "ENTRY"])
def test_the_cases_are_there(name: str) -> None:
    assert getattr(test_rules, name)
