"""Makes the mutants of a package: mutmut changes one thing at a time in a function; what only words it differently is told apart."""

from __future__ import annotations

import ast
import difflib
import fnmatch
import random
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from mutmut.mutation.file_mutation import mutate_file_contents

from tests.mutation.wording import is_wording

KILLED, SURVIVED, UNREACHED, TIMED_OUT = "killed", "survived", "unreached", "timed out"
ALIVE = {SURVIVED, UNREACHED}
_MUTANT = re.compile(r"(?:x_|xǁ(?P<owner>\w+?)ǁ)(?P<function>\w+)__mutmut_(?P<number>orig|\d+)")
_DECORATORS = {
    "property",
    "cached_property",
    "classmethod",
    "staticmethod",
    "contextmanager",
    "cache",
    "lru_cache",
}
"""Those whose function can be reached and changed behind them; mutmut leaves alone whatever is decorated."""


@dataclass
class Mutant:
    """One changed function."""

    package: str
    module: str
    owner: str
    function: str
    number: str
    original: str
    changed: str
    status: str = ""
    killer: str = ""

    @property
    def name(self) -> str:
        """Module, class, function and number, which stay the same while the function does."""
        return ".".join(filter(None, (self.module, self.owner, self.function, self.number)))

    @property
    def reach_name(self) -> str:
        """Module, class and function."""
        return self.name.rpartition(".")[0]

    @property
    def change(self) -> dict[str, str]:
        """What a process needs to make the change."""
        return {"module": self.module, "owner": self.owner, "function": self.function, "text": self.changed}

    @property
    def instrumented(self) -> dict[str, str]:
        """What a process needs to make the function tell that it is called."""
        return self.change | {"text": self.original, "reach_name": self.reach_name}

    def diff(self) -> str:
        """The lines that differ."""
        before, after = (text.splitlines()[1:] for text in (self.original, self.changed))
        lines = difflib.unified_diff(before, after, n=0, lineterm="")
        return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))

    @property
    def is_wording(self) -> bool:
        """Whether nothing but Chinese text differs that is shown to people, and neither compared nor looked up."""
        return is_wording(self.original, self.changed)


def make_mutants(
    packages: Sequence[str], only: str, modules: Collection[str] | None = None
) -> Iterator[Mutant]:
    """Every mutant of a matching name, or of these modules alone."""
    fixed = re.split(r"[*?\[]", only)[0]
    for package in packages:
        for path in _files(package):
            module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
            if modules is not None and module not in modules:
                continue
            if module.startswith(fixed) or fixed.startswith(f"{module}."):
                made = _mutants_of(package, module, path)
                yield from (mutant for mutant in made if fnmatch.fnmatchcase(mutant.name, only))


def _files(package: str) -> list[Path]:
    path = Path(package)
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def _mutants_of(package: str, module_name: str, path: Path) -> Iterator[Mutant]:
    source = cst.parse_module(path.read_text(encoding="utf-8")).visit(_Undecorated()).code
    tree = ast.parse(mutate_file_contents(str(path), source).code)
    texts = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and _MUTANT.fullmatch(node.name):
            node.decorator_list = []
            texts[node.name] = ast.unparse(node)
    for name, text in texts.items():
        matched = _MUTANT.fullmatch(name)
        assert matched is not None
        if matched["number"] == "orig":
            continue
        owner = matched["owner"] or ""
        original = texts[name.rpartition("_")[0] + "_orig"]
        yield Mutant(package, module_name, owner, matched["function"], matched["number"], original, text)


class _Undecorated(cst.CSTTransformer):
    """Takes off the decorators behind which a function can be changed."""

    def leave_FunctionDef(self, _: cst.FunctionDef, function: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        names = [_decorator_name(decorator.decorator) for decorator in function.decorators]
        if function.decorators and _DECORATORS.issuperset(names):
            return function.with_changes(decorators=())
        return function


def _decorator_name(expression: cst.BaseExpression) -> str:
    called = expression.func if isinstance(expression, cst.Call) else expression
    return called.attr.value if isinstance(called, cst.Attribute) else getattr(called, "value", "")


def draw(mutants: Sequence[Mutant], size: int, seed: int) -> list[Mutant]:
    """As many mutants, the same share of each module."""
    modules: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        modules[mutant.module].append(mutant)
    choose = random.Random(seed)
    share = min(1.0, size / max(1, len(mutants)))
    return [
        mutant
        for group in modules.values()
        for mutant in choose.sample(group, max(1, round(len(group) * share)))
    ]
