"""Generates the JSON schemas of the files from the models: `python -m ledger.models.schemas schemas`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from ledger.models.config import LedgerConfig
from ledger.models.drafts import DraftCommitment
from ledger.models.entries import Entry
from ledger.models.targets import Commitment

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """Leaves out what is meant for developers: class docstrings and titles made from Python names."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def schemas() -> dict[str, dict[str, Any]]:
    """Return each schema under its file name."""
    return {
        "ledger.schema.json": _schema(LedgerConfig, "账本规则 data/ledger.yaml"),
        "commitment.schema.json": _schema(Commitment, "承诺事项 data/targets/年/部门/序号.yaml"),
        "draft.schema.json": _schema(DraftCommitment, "承诺事项草稿 data/drafts/年/部门/序号.yaml"),
        "progress.schema.json": _list_schema(Entry, "进度记录 data/progress/年/部门/序号.yaml"),
    }


def write(folder: Path) -> None:
    """Write every schema into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    body = _without_docstrings(model.model_json_schema(schema_generator=_Generator))
    return {
        "$schema": DIALECT,
        "title": title,
        **{key: value for key, value in body.items() if key != "title"},
    }


def _list_schema(model: type[BaseModel], title: str) -> dict[str, Any]:
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


def _without_docstrings(schema: dict[str, Any]) -> dict[str, Any]:
    for one in (schema, *schema.get("$defs", {}).values()):
        one.pop("description", None)
        one.pop("title", None)
    return schema


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "schemas"))
