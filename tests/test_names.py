"""One name means one thing: no two classes of the program have the same name."""

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
