"""What the pages on trust promise: beside each paragraph, item and table stand the tests that show it, in a comment that no reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.paths import REPOSITORY

PAGES = (
    "docs/reference/audit.md",
    "docs/reference/corrections.md",
    "docs/internals/threat-model.md",
    "docs/internals/writes.md",
)
_ITEM = re.compile(r"- |\d+\. ")
_MARK = re.compile(r"<!-- (?:tests:(?P<tests>[^>]+)|no promise) -->")


_NAMED = re.compile(r"`tests/(?P<tests>[^`]+)`")


def blocks(text: str) -> Iterator[str]:
    """Yield paragraphs, items of lists and tables; a comment that stands apart belongs to the table above it."""
    lines: list[str] = []
    fenced = False
    for line in (*text.split("\n"), ""):
        if line.startswith("```"):
            fenced = not fenced
        if fenced or line.startswith("```"):
            continue
        if lines and (not line.strip() or line.startswith("#") or _ITEM.match(line)):
            yield "\n".join(lines)
            lines = []
        if line.strip() and not line.startswith("#"):
            lines.append(line)


def promises(page: str) -> list[str]:
    made: list[str] = []
    for block in blocks((REPOSITORY / page).read_text(encoding="utf-8")):
        if block.startswith("<!--") and made[-1].startswith("|"):
            made[-1] += f"\n{block}"
        else:
            made.append(block)
    return made


@pytest.mark.parametrize("page", PAGES)
def test_every_sentence_has_its_tests(page: str) -> None:
    """In the comment, or in the sentence itself; a paragraph that promises nothing says so: `<!-- no promise -->`."""
    made = promises(page)
    assert len(made) > 10
    assert [block for block in made if not _MARK.search(block) and not _NAMED.search(block)] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_tests_exist(page: str) -> None:
    names = [
        name
        for block in promises(page)
        for mark in (*_MARK.finditer(block), *_NAMED.finditer(block))
        for name in (mark["tests"] or "").split()
    ]
    assert names
    for name in names:
        path, _, function = name.partition("::")
        file = REPOSITORY / "tests" / path
        assert file.exists(), name
        if function:
            text = file.read_text(encoding="utf-8")
            assert re.search(rf"^(?:    )?(?:def|class) {function}\b", text, re.MULTILINE), name
