"""Generates the JSON schemas of the files from the models: `python -m ledger.core.models.schemas schemas`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT, inspect

from ledger.core.models.base import Model, Schema, dumped, to_json
from ledger.core.models.config import LedgerConfig
from ledger.core.models.drafts import DraftCommitment
from ledger.core.models.entries import Entry
from ledger.core.models.shapes import keys_of, shape_of
from ledger.core.models.targets import Commitment

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, Schema]:
    """Return each schema under its file name."""
    return {
        "ledger.schema.json": _schema(LedgerConfig, "账本规则 data/ledger.yaml"),
        "commitment.schema.json": _schema(Commitment, "承诺事项 data/targets/年/部门/序号.yaml"),
        "draft.schema.json": _schema(DraftCommitment, "承诺事项草稿 data/drafts/年/部门/序号.yaml"),
        "progress.schema.json": _list_schema(Entry, "进度记录 data/progress/年/部门/序号.yaml"),
    }


def write_schemas(folder: Path) -> None:
    """Write every schema into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _schema(model: type[Model], title: str) -> Schema:
    node = shape_of(model)
    definitions: dict[str, Schema] = {}
    body = _object(node, definitions)
    named = {"$defs": dict(sorted(definitions.items()))} if definitions else {}
    return {"$schema": DIALECT, "title": title, **named, **body}


def _list_schema(model: type[Model], title: str) -> Schema:
    body = _schema(model, title)
    definitions = body.pop("$defs", {})
    item = {key: value for key, value in body.items() if key not in {"$schema", "title"}}
    return {
        "$schema": DIALECT,
        "title": title,
        "description": "一行一条，只在末尾添加；不改、不删，更正和作废都另记一条",
        "type": "array",
        "items": item,
        **({"$defs": definitions} if definitions else {}),
    }


def _object(node: inspect.StructType, definitions: dict[str, Schema]) -> Schema:
    """Return a Struct's schema; what it holds is added to `definitions`."""
    properties: dict[str, Schema] = {}
    required = []
    fields = {field.encode_name: field for field in node.fields}
    for key in keys_of(node):
        if (field := fields.get(key)) is None:
            description = node.cls.description  # type: ignore[attr-defined]
            properties[key] = {"description": description, "type": "string", "const": node.tag}
            required.append(key)
            continue
        shown = properties[key] = _of(field.type, definitions)
        default = field.default_factory() if field.default_factory is not NODEFAULT else field.default
        if field.required:
            required.append(key)
        elif default is not NODEFAULT:
            shown["default"] = to_json(dumped(default))
    whole = {"type": "object", "additionalProperties": False, "properties": properties}
    extra: Schema = getattr(node.cls, "schema", {})
    return {**extra, **whole, **({"required": required} if required else {})}


def _of(node: Any, definitions: dict[str, Schema]) -> Schema:
    """Return the schema of a value, `description` first."""
    if isinstance(node, inspect.Metadata):
        inner = node.type
        if node.extra:  # its pattern is more than an editor can say in words
            inner = inspect.StrType(min_length=node.type.min_length)  # type: ignore[attr-defined]
        return {**(node.extra_json_schema or {}), **_of(inner, definitions)}
    if isinstance(node, inspect.StructType):
        name = node.cls.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _object(node, definitions)
        return {"$ref": f"#/$defs/{name}"}
    if isinstance(node, inspect.UnionType):
        return _one_of(node, definitions)
    if isinstance(node, inspect.VarTupleType):
        least = {} if node.min_length is None else {"minItems": node.min_length}
        return {"type": "array", "items": _of(node.item_type, definitions), **least}
    if isinstance(node, inspect.TupleType):
        count = len(node.item_types)
        each = [_of(item_type, definitions) for item_type in node.item_types]
        return {"type": "array", "prefixItems": each, "minItems": count, "maxItems": count}
    if isinstance(node, inspect.DictType):
        key, value = _of(node.key_type, definitions), _of(node.value_type, definitions)
        if "pattern" in key:
            return {
                "type": "object",
                "patternProperties": {key["pattern"]: value},
                "additionalProperties": False,
            }
        return {"type": "object", "additionalProperties": value}
    return _plain(node)


def _one_of(node: inspect.UnionType, definitions: dict[str, Schema]) -> Schema:
    options = [_of(option, definitions) for option in node.types if not isinstance(option, inspect.NoneType)]
    if not node.includes_none:
        refs = {choice.tag: shown["$ref"] for choice, shown in zip(node.types, options, strict=True)}  # type: ignore[attr-defined]
        field = node.types[0].tag_field  # type: ignore[attr-defined]
        return {"discriminator": {"propertyName": field, "mapping": refs}, "oneOf": options}
    (only,) = options
    return {"anyOf": [*only.get("anyOf", [only]), {"type": "null"}]}


def _plain(node: Any) -> Schema:
    if isinstance(node, inspect.CustomType):
        return dict(node.cls.schema)  # type: ignore[attr-defined]
    if isinstance(node, inspect.LiteralType):
        (kind,) = {type(value) for value in node.values}
        choice = {"const": node.values[0]} if len(node.values) == 1 else {"enum": list(node.values)}
        return {"type": {str: "string", int: "integer"}[kind], **choice}
    if isinstance(node, inspect.StrType):
        pattern = None if node.pattern is None else node.pattern.replace(r"\Z", "$")
        return _given("string", minLength=node.min_length, pattern=pattern)
    if isinstance(node, inspect.IntType):
        return _given("integer", minimum=node.ge, maximum=node.le)
    if isinstance(node, inspect.DateType):
        return {"type": "string", "format": "date"}
    if isinstance(node, inspect.BoolType):
        return {"type": "boolean"}
    raise AssertionError(node)


def _given(kind: str, **bounds: Any) -> Schema:
    return {"type": kind, **{name: bound for name, bound in bounds.items() if bound is not None}}


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1] if len(sys.argv) > 1 else "schemas"))
