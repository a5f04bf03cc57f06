"""Introspection of the models' types, for validation and for the JSON schemas."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from msgspec import inspect


@lru_cache(maxsize=32)
def shape_of(kind: Any) -> Any:
    """Return the description of a type, with the choices of a literal in the order in which they are written."""
    node = inspect.type_info(kind)
    _in_order(node, (), set())
    return node


def keys_of(node: inspect.StructType) -> tuple[str, ...]:
    """Return the keys that a file may have here: what all of its sort have, what tells the sort, what only this one has."""
    keys = tuple(field.encode_name for field in node.fields)
    if not (node.tag_field and node.tag):
        return keys
    shared = len(node.cls.__base__.__struct_fields__)  # type: ignore[union-attr]
    return (*keys[:shared], node.tag_field, *keys[shared:])


def _in_order(node: Any, written: tuple[Any, ...], seen: set[type]) -> None:
    """Undo that msgspec sorts choices: people read them from the best to the worst. `written` are the types they stand in."""
    if isinstance(node, inspect.LiteralType):
        node.values = next(
            choices for choices in map(get_args, _literals(written)) if set(choices) == set(node.values)
        )
    elif isinstance(node, inspect.StructType):
        if node.cls not in seen:
            seen.add(node.cls)
            hints = get_type_hints(node.cls, include_extras=True)
            for field in node.fields:
                _in_order(field.type, (hints[field.name],), seen)
    else:
        within = (getattr(node, name, None) for name in ("type", "item_type", "key_type", "value_type"))
        for inner in (*within, *getattr(node, "types", ()), *getattr(node, "item_types", ())):
            if inner is not None:
                _in_order(inner, written, seen)


def _literals(written: tuple[Any, ...]) -> list[Any]:
    literals = []
    for annotation in written:
        literals += [annotation] if get_origin(annotation) is Literal else _literals(get_args(annotation))
    return literals
