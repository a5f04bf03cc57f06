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

KILLED, SURVIVED, UNREACHED, TIMED_OUT = "killed", "survived", "unreached", "timed out"
ALIVE = {SURVIVED, UNREACHED}
_MUTANT = re.compile(r"(?:x_|xǁ(?P<owner>\w+?)ǁ)(?P<function>\w+)__mutmut_(?P<number>orig|\d+)")
_CHINESE = re.compile("[\u3400-\u9fff]")
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
_STRING_METHODS = {name for name in dir(str) if not name.startswith("_")}
_SHOWN = {"message", "hint"}
"""Variables that hold text for people."""


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


def is_wording(original: str, changed: str) -> bool:
    """Whether two definitions differ in nothing but Chinese text for people.

    Text that is compared, is a key or is matched by a method of `str` is data, and so is what a formatted text computes.
    """
    # Of a formatted text, the constant parts are compared one by one, and what it computes as any other code.
    pairs = list(_differences(ast.parse(original).body[0], ast.parse(changed).body[0], ()))
    return bool(pairs) and all(
        (_is_text(node) or _is_text(above[-1])) and not _is_data(node, above) for node, above in pairs
    )


def _differences(
    old: ast.AST, new: ast.AST | None, above: tuple[ast.AST, ...]
) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """The smallest parts of the old tree that are not in the new one, each with what it stands in."""
    if new is None or type(old) is not type(new) or isinstance(old, ast.Constant):
        if new is None or ast.dump(old) != ast.dump(new):
            yield old, above
        return
    path = (*above, old)
    for name, value in ast.iter_fields(old):
        other = getattr(new, name)
        if isinstance(value, ast.AST):
            if isinstance(other, ast.AST):
                yield from _differences(value, other, path)
            else:
                yield value, path
        elif isinstance(value, list) and value and isinstance(value[0], ast.AST):
            yield from _differences_of_lists(value, other, path)
        elif value != other and name != "name":
            yield old, above


def _differences_of_lists(
    old: list[ast.AST], new: list[ast.AST], path: tuple[ast.AST, ...]
) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    if len(old) == len(new):
        for before, after in zip(old, new, strict=True):
            yield from _differences(before, after, path)
        return
    kept = {ast.dump(node) for node in new}
    yield from ((node, path) for node in old if ast.dump(node) not in kept)


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(_CHINESE.search(node.value))
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and _is_text(part) for part in node.values)
    if isinstance(node, ast.IfExp):
        return _is_text(node.body) and _is_text(node.orelse)
    if isinstance(node, ast.Name):
        return node.id in _SHOWN
    if isinstance(node, ast.keyword):
        return _is_text(node.value)
    return False


def _is_data(node: ast.AST, above: tuple[ast.AST, ...]) -> bool:
    """Whether text is compared, looked up or matched where it stands."""
    parent = above[-1]
    if isinstance(parent, ast.Compare | ast.Subscript | ast.Dict | ast.Set | ast.MatchValue):
        return True
    return (
        isinstance(parent, ast.Call)
        and isinstance(parent.func, ast.Attribute)
        and node in parent.args
        and (
            parent.func.attr in _STRING_METHODS
            or (isinstance(parent.func.value, ast.Name) and parent.func.value.id == "re")
        )
    )


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
