"""One word for one thing: what users read has no deprecated Chinese word and no English field name.

The glossary is docs/reference/glossary.md. Strings that people wrote elsewhere and the program recognises are not looked at.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.core.models.base import fields_of
from ledger.core.models.config import LedgerConfig
from ledger.core.models.entries import Entry
from ledger.core.models.targets import Commitment, Target
from tests.paths import REPOSITORY

PACKAGE = REPOSITORY / "ledger"
CHINESE = re.compile("[\u4e00-\u9fff]")
RECOGNISES = ("extract", "documents", "core/quantity")
"""Packages that hold the words of others, in which goals and tables are written."""

WORDS = {
    "可报可不报": "选报",
    "多写了": "多出内容",
    "读懂": "未能识别",
    "读不懂": "未能识别",
    "名次": "位次",
    "已被更正或作废": "已更正 / 已作废",
    "薄弱处": "表述不清之处",
    "到期再定": "待期满认定",
    "今后须": "剩余月份月均需",
    "以往最快": "此前单月最高",
    "来不及": "年底前已难以完成",
    "还须": "尚待完成",
    "争取值": "争取目标",
    "由内容推断": "系初步认定，待核实",
    "没有数据不等于零": "未报送的不按零计",
    "还没有报": "未报送",
    "没有报过": "未报送",
    "以后报的为准": "拒绝记入：累计数小于上次所报",
    "要报的": "应报",
    "没有记：": "未记入：",
}
FIELDS = sorted(
    {
        name
        for kind in (Entry, LedgerConfig, Commitment, *Target.__args__)
        for name in fields_of(kind)
        if len(name) > 2 and name.isascii()
    }
    - {"name", "note", "year", "unit", "units", "text", "title", "step", "rate", "base", "plan", "data"}
)
"""Names of fields in the files; those that are also common words of commands are left out."""
FIELD = re.compile(rf"(?<![\w./{{<\"-])(?:{'|'.join(FIELDS)})(?![\w/=(])")

COMMAND = re.compile(r"ledger [\x20-\x7e]+|--[a-z-]+|data/[\w./]+|git [\x20-\x7e]+")
"""What is to be typed."""

KEYS_ARE_EDITED = {
    "core/models": "the schemas and the validation of the YAML files name the key that is to be edited",
    "rules/check/plan.py": "a finding about a key of a plan that somebody edits",
    "rules/check/trace.py": "a finding about a key of a plan that somebody edits",
    "rules/check/lint.py": "says which key answers the question",
    "rules/check/region.py": "says which key of data/ledger.yaml is to be corrected",
    "rules/audit": "a finding about a key of a file that a commit changed",
    "commands/check.py": "says which key of data/ledger.yaml chooses the rules",
    "commands/init.py": "the text of a new data/ledger.yaml",
    "commands/rate.py": "tells the administrator which key of data/ledger.yaml to write",
    "commands/reorganise.py": "says in which key of data/ledger.yaml the facts stand",
    "commands/rollup.py": "says which keys of data/ledger.yaml to write",
    "cli/commands/rollup.py": "the words that are typed for --by",
    "files/evidence.py": "tells the administrator which key of data/ledger.yaml to raise",
    "files/ledger.py": "says which key of data/ledger.yaml to add to",
    "export/schema.py": "describes the columns of tables for other programs",
}
"""Where a field's name is part of what is said, and why."""


def strings(file: Path, *, helps: bool) -> Iterator[tuple[int, str]]:
    """Every Chinese string of a module with its line; docstrings are for developers, but those that are help pages."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documents = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or (id(node) in documents and not helps):
            continue
        if isinstance(node.value, str) and CHINESE.search(node.value):
            yield node.lineno, node.value


def shown() -> Iterator[tuple[str, int, str]]:
    """Every piece of text that a user may read: path within the package, line, text."""
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE).as_posix()
        if not path.startswith(RECOGNISES):
            helps = path.startswith("cli/commands/")
            yield from ((path, line, text) for line, text in strings(file, helps=helps))
    for file in sorted(
        file for ending in ("html", "js", "css", "txt") for file in PACKAGE.rglob(f"*.{ending}")
    ):
        if file.relative_to(PACKAGE).as_posix().startswith(RECOGNISES):
            continue
        path = file.relative_to(PACKAGE).as_posix()
        yield from (
            (path, number, line)
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        )


TEXTS = list(shown())

RECOGNISED: dict[str, dict[str, str]] = {
    "名次": {
        "cli/review.py": "typed for the kind 位次",
        "commands/draft/review.py": "typed for the kind 位次",
        "commands/draft/sheet.py": "typed for the kind 位次",
        "render/views/plan_diff.py": "in the JSON of plan diff, which programs read",
    },
    "争取值": {
        "export/schema.py": "describes the column `stretch` of exported tables, which programs read",
        "render/views/status.py": "heads a column of CSV and Excel files, which programs read",
    },
}
"""Where an old word stays, and why: it is read, not written, or stands in a format that programs read."""


@pytest.mark.parametrize("word", WORDS)
def test_deprecated_words(word: str) -> None:
    holding = {path for path, _, text in TEXTS if word in text}
    assert holding <= RECOGNISED.get(word, {}).keys(), f"“{word}”应写作“{WORDS[word]}”"


def test_english_field_names() -> None:
    holding = {
        path: text
        for path, line, text in TEXTS
        if path.endswith((".py", ".txt"))
        and (line, path.partition("/help_topics/")[1]) != (1, "/help_topics/")  # the words of a topic
        and CHINESE.search(text)
        and FIELD.search(COMMAND.sub("", text))
        and not path.startswith(tuple(KEYS_ARE_EDITED))
    }
    assert holding == {}


def test_the_texts_are_found() -> None:
    assert len(TEXTS) > 1000
    assert {path.partition("/")[0] for path, _, _ in TEXTS} >= {
        "cli",
        "render",
        "commands",
        "rules",
        "files",
        "core",
    }
