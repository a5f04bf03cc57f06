"""Every example of docs/reference/kinds.md is executed and its printed result compared."""

from __future__ import annotations

import re

import pytest

from tests.paths import REPOSITORY

from .printed import run
from .world import read

PAGE = REPOSITORY / "docs" / "reference" / "kinds.md"
KINDS = {"accumulate", "level", "change", "rank", "compare", "milestone", "judgement"}


def examples() -> list[tuple[str, str]]:
    """Each YAML block with the text block that follows it."""
    found = re.findall(
        r"```yaml\n(.*?)```\n\n```text\n(.*?)```\n", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    return [(example, printed) for example, printed in found]


@pytest.mark.parametrize(("example", "printed"), examples())
def test_the_page_shows_what_the_program_computes(example: str, printed: str) -> None:
    assert run(read(example)) + "\n" == printed


def test_every_example_has_a_result_and_every_kind_an_example() -> None:
    assert PAGE.read_text(encoding="utf-8").count("```yaml") == len(examples())
    assert {read(one)["target"]["kind"] for one, _ in examples() if one.startswith("target:")} == KINDS
