"""Tells apart mutants that only word a text for people differently."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_CHINESE = re.compile("[\u3400-\u9fff]")
_STRING_METHODS = {name for name in dir(str) if not name.startswith("_")}
_SHOWN = {"message", "hint"}
"""Variables that hold text for people."""


def is_wording(original: str, changed: str) -> bool:
    """Whether two definitions differ in nothing but Chinese text for people.

    Text that is compared, is a key or is matched by a method of `str` is data, and so is what a formatted text computes.
    """
    # Of a formatted text, the constant parts are compared one by one, and what it computes as any other code.
    pairs = list(_differences(ast.parse(original).body[0], ast.parse(changed).body[0], ()))
    return bool(pairs) and all(
        _is_worded(node, above[-1]) and not _is_data(node, above) for node, above in pairs
    )


def _is_worded(node: ast.AST, parent: ast.AST) -> bool:
    """Whether a node is text for people, or a constant part of one that is formatted."""
    is_part = isinstance(node, ast.Constant) and isinstance(parent, ast.JoinedStr)
    return _is_text(parent if is_part else node)


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
