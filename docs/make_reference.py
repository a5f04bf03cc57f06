"""Writes what the documentation can take from the code: docs/reference/cli.md, and the tables of formats.md and export.md between their marks.

python docs/make_reference.py            writes both
python docs/make_reference.py --check    says what has drifted, and writes nothing
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from ledger.cli.app import program
from ledger.cli.chinese import speak_chinese
from ledger.cli.helppage import plain_argument
from ledger.export.schema import ORIGIN, TABLES, ExportColumn

DOCS = Path(__file__).parent
SCHEMAS = DOCS.parent / "schemas"

ROLES = {
    "文书（每月记账）": (
        "targets",
        "log",
        "sheet",
        "remark",
        "due",
        "sync",
        "redo",
        "correct",
        "void",
        "doctor",
    ),
    "督查（看进度、写通报）": (
        "status",
        "changes",
        "why",
        "show",
        "plot",
        "report",
        "bulletin",
        "rank",
        "rate",
        "verify",
        "return",
        "judge",
        "close",
        "amend",
    ),
    "审计（核对来历）": ("audit", "history", "check", "seal"),
    "管理（建账、编计划、守服务器）": ("init", "draft", "lint", "plan", "guard", "demo", "quantity"),
}
"""Who mostly uses a command. One that is not named here is listed under 其他, so that nothing is left out."""

CLI_HEAD = """\
# 命令一览

本页由程序生成（`make reference`），与 `ledger 命令 --help` 同源；少一个命令、少一个选项，测试就不通过。

退出码：0 完成；1 有发现的问题，或输入有误；2 命令行写错；3 环境故障（git、磁盘）；130 被中断。
答案写在标准输出，提示和错误写在标准错误。所有列表都可以用 `--format table|json|csv` 换格式。
"""

NAMES = {
    "ledger.schema.json": "账本规则：`data/ledger.yaml`",
    "commitment.schema.json": "承诺事项：`data/targets/年/部门/序号.yaml`",
    "progress.schema.json": "进度记录：`data/progress/年/部门/序号.yaml`",
    "draft.schema.json": "草稿：`data/drafts/年/部门/序号.yaml`",
}


def main(arguments: list[str]) -> int:
    """Write the pages, or only compare them."""
    drifted = [page for page, text in pages().items() if page.read_text(encoding="utf-8") != text]
    for page in drifted:
        print(f"{'drifted' if '--check' in arguments else 'written'}: {page.relative_to(DOCS.parent)}")
    if "--check" in arguments:
        return int(bool(drifted))
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8", newline="\n")
    return 0


def pages() -> dict[Path, str]:
    """Return every page that is generated, wholly or in part, with the text it should have."""
    formats, export = DOCS / "reference" / "formats.md", DOCS / "reference" / "export.md"
    return {
        export: with_columns(export.read_text(encoding="utf-8")),
        DOCS / "reference" / "cli.md": cli_page(),
        formats: with_tables(formats.read_text(encoding="utf-8")),
    }


COLUMN_TYPES = {"text": "文字", "decimal": "小数", "integer": "整数", "date": "日期", "flag": "true / false"}


def with_columns(page: str) -> str:
    """Return the page on exports with the tables of columns between their marks."""
    parts = ["", "### 每张表开头的列", "", *_column_rows(ORIGIN)]
    for name, table in TABLES.items():
        key = "、".join(f"`{column}`" for column in table.key)
        own = [column for column in table.columns if column not in ORIGIN]
        parts += ["", f"### {name}", "", f"{table.about}。主键：{key}。", "", *_column_rows(own)]
    return re.sub(
        r"(<!-- generated: tables -->\n).*?(<!-- end -->)",
        lambda match: match[1] + "\n".join(parts) + "\n\n" + match[2],
        page,
        flags=re.DOTALL,
    )


def _column_rows(columns: Sequence[ExportColumn]) -> list[str]:
    rows = [
        f"| `{column.name}` | {COLUMN_TYPES[column.kind]} | {'是' if column.required else ''} | {column.about} |"
        for column in columns
    ]
    return ["| 列 | 类型 | 必填 | 意思 |", "|---|---|:-:|---|", *rows]


def cli_page() -> str:
    """Return the reference of every command, from the program's own description of itself."""
    speak_chinese()
    group: Any = typer.main.get_command(program())
    context = group.make_context("ledger", [], resilient_parsing=True)
    left = set(group.commands)
    parts = [CLI_HEAD]
    index = []
    for role, names in ROLES.items():
        have = [name for name in names if name in group.commands]
        left -= set(have)
        index.append(f"| {role} | {_links(have)} |")
    if left:
        index.append(f"| 其他 | {_links(sorted(left))} |")
    parts.append("\n".join(["| 谁常用 | 命令 |", "|---|---|", *index]) + "\n")
    parts.append("## 所有命令共有的选项\n\n" + _options(group, context))
    parts += [
        text for name, one in group.commands.items() for text in _command(one, f"ledger {name}", context)
    ]
    return "\n".join(parts)


def _links(names: list[str]) -> str:
    return " ".join(f"[{name}](#ledger-{name})" for name in names) or "—"


def _command(command: Any, path: str, parent: Any) -> Iterator[str]:
    """The sections of one command and of the commands below it."""
    context = type(parent)(command, info_name=path.rpartition(" ")[2], parent=parent)
    inside = getattr(command, "commands", {})
    usage = " ".join(command.collect_usage_pieces(context)).replace("OPTIONS", "选项")
    usage = usage.replace("COMMAND [ARGS]...", "命令 …")
    about = "\n\n".join(_plain(text) for text in (command.help, command.epilog) if text)
    tables = _options(command, context)
    yield f"## {path}\n\n{about}\n\n```text\n{path} {usage}\n```\n\n{tables}".rstrip("\n") + "\n"
    for name, one in inside.items():
        yield from _command(one, f"{path} {name}", context)


def _plain(text: str) -> str:
    r"""Help text as Markdown: a `\b` paragraph keeps its lines, so it becomes a block of its own."""
    parts = []
    for paragraph in text.replace("\f", "").split("\n\n"):
        if paragraph.startswith("\b"):
            parts.append("```text\n" + paragraph.lstrip("\b\n") + "\n```")
        else:
            parts.append(_escaped(" ".join(paragraph.split())))
    return "\n\n".join(part for part in parts if part)


def _options(command: Any, context: Any) -> str:
    """The table of a command's arguments and options, each with what it is for."""
    rows = []
    for one in command.get_params(context):
        record = one.get_help_record(context)
        if record is not None:
            names, about = record
            rows.append(
                f"| `{plain_argument(names.strip()).replace('|', chr(92) + '|')}` | {_escaped(about)} |"
            )
    return "\n".join(["| 写法 | 意思 |", "|---|---|", *rows]) + "\n"


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|").replace("<", "&lt;").replace("*", r"\*")


def with_tables(page: str) -> str:
    """Put the tables of the schemas in the places marked `<!-- generated: NAME -->` … `<!-- end -->`."""

    def table(match: re.Match[str]) -> str:
        return f"<!-- generated: {match[1]} -->\n\n{schema_tables(match[1])}\n<!-- end -->"

    return re.sub(r"<!-- generated: (\S+) -->\n.*?<!-- end -->", table, page, flags=re.DOTALL)


def schema_tables(name: str) -> str:
    """Describe one schema: a table for the file itself and one for every shape within it."""
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    stem = name.partition(".")[0]
    shapes = {NAMES[name]: schema.get("items", schema)}
    shapes |= {key: one for key, one in schema.get("$defs", {}).items() if "properties" in one}
    parts = []
    for title, shape in shapes.items():
        required = shape.get("required", ())
        heading = f"{stem} {title}" if title.isascii() else title  # gives the anchor that _type links to
        rows = [
            f"| `{field}` | {_type(one, stem)} | {'是' if field in required else ''} | {_escaped(one.get('description', ''))} |"
            for field, one in shape["properties"].items()
        ]
        parts.append(
            "\n".join([f"### {heading}", "", "| 字段 | 写什么 | 必填 | 意思 |", "|---|---|:-:|---|", *rows])
        )
    return "\n\n".join(parts) + "\n"


def _type(schema: dict[str, Any], stem: str) -> str:
    """What may be written for a field, in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{stem}-{name.lower()})"
    several = schema.get("anyOf") or schema.get("oneOf")
    if several:
        words = [_type(one, stem) for one in several if one.get("type") != "null"]
        return " 或 ".join(dict.fromkeys(words))
    if "const" in schema:
        return f"`{json.dumps(schema['const'], ensure_ascii=False)}`"
    if "enum" in schema:
        return " ".join(f"`{one}`" for one in schema["enum"])
    kind = schema.get("type")
    if kind == "array":
        return f"列表：{_type(schema.get('items', {}), stem)}"
    if kind == "object":
        inside = schema.get("additionalProperties")
        return f"名称 → {_type(inside, stem)}" if isinstance(inside, dict) else "键值"
    plain = "日期" if schema.get("format") == "date" else _PLAIN.get(str(kind), "文字")
    return f"{plain}，形如 `{_escaped(schema['pattern'])}`" if "pattern" in schema else plain


_PLAIN = {"string": "文字", "integer": "整数", "number": "数", "boolean": "`true` 或 `false`"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
