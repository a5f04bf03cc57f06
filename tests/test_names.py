"""One name means one thing: no two classes of the program have the same name, and variables say what they hold."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.paths import REPOSITORY


def test_no_two_classes_have_the_same_name() -> None:
    places = defaultdict(list)
    for path in (REPOSITORY / "ledger").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{path.relative_to(REPOSITORY)}:{node.lineno}")
    assert len(places) > 300
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_variables_say_what_they_hold() -> None:
    empty = {"one", "found", "said", "own", "told", "wanted"}
    places = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno} {name}"
        for path in (REPOSITORY / "ledger").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)) or isinstance(node, ast.arg)
        for name in (node.id if isinstance(node, ast.Name) else node.arg,)
        if name in empty
    ]
    assert places == []


def test_functions_say_what_they_read_and_write() -> None:
    bare = {"read", "write", "prepare", "preview", "load", "records"}
    places = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno} {node.name}"
        for path in (REPOSITORY / "ledger").rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name in bare
    ]
    assert places == []
