"""The plan in `data/` is the source, character for character, and says nothing that the source does not."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.plan import real

SOURCE = Path(__file__).with_name("huzhou-2023.txt")
HEADER = " 部门 承诺事项 年度目标 评定难度"
DEPARTMENTS = [
    "商务局", "国资委", "金融办", "统计局", "合作交流办", "供销社", "城市集团", "交通集团",
    "产业集团", "湖州银行", "教育局", "科技局", "民政局", "人社局", "文旅局", "卫健委",
]  # fmt: skip


def source_lines() -> list[str]:
    """The lines of the source without its header; of each, only the blanks it begins with are dropped."""
    header, *lines = SOURCE.read_text(encoding="utf-8").split("\n")
    assert header == HEADER
    return [line.lstrip(" ") for line in lines]


def in_source_order() -> list[tuple[str, str]]:
    """(id and part, words): of each page first its forty titles, then its forty paragraphs."""
    plan = real.commitments()
    pages = plan[:40], plan[40:]
    return [
        (f"{item.id} {part}", getattr(item, part))
        for page in pages
        for part in ("title", "text")
        for item in page
    ]


def test_titles_and_texts_give_back_every_character_of_the_source() -> None:
    assert "".join(words for _, words in in_source_order()) == "".join(source_lines())


def test_titles_and_texts_begin_and_end_where_lines_of_the_source_do() -> None:
    """Equal characters alone would allow one to slip from the end of a text to the next title."""
    begins, ends, at = set(), set(), 0
    for line in source_lines():
        begins.add(at)
        at += len(line)
        ends.add(at)
    at = 0
    for name, words in in_source_order():
        assert at in begins, f"{name} begins inside a line"
        at += len(words)
        assert at in ends, f"{name} ends inside a line"


def test_every_text_ends_as_a_paragraph_and_no_title_does() -> None:
    for commitment in real.commitments():
        assert commitment.text.endswith("。"), commitment.id
        assert "。" not in commitment.title, commitment.id


def test_sixteen_departments_have_five_commitments_each() -> None:
    plan = real.commitments()
    assert [item.id for item in plan] == [
        f"{department}-{number:02d}" for department in DEPARTMENTS for number in range(1, 6)
    ]
    assert [item.department for item in plan] == [department for department in DEPARTMENTS for _ in range(5)]
    assert Counter(item.year for item in plan) == {2023: 80}
    assert len(list((real.ROOT / "data" / "targets").rglob("*.*"))) == 80


def test_departments_are_marked_as_inferred_but_the_two_that_users_confirmed() -> None:
    config = real.ledger().config
    assert [department.name for department in config.departments] == DEPARTMENTS
    assert [department.name for department in config.departments if not department.inferred] == [
        "国资委",
        "金融办",
    ]


def test_nothing_is_stated_that_the_source_does_not_state() -> None:
    """No difficulty, baseline, pace, weight or deadline: the source has none of them."""
    assert {commitment.difficulty for commitment in real.commitments()} == {None}
    foreign = re.compile(r"^ *(?:- )?(?:baseline|plan|weight|due|from|to|review):", re.MULTILINE)
    for source in real.sources():
        assert foreign.search(real.text_of(source)) is None, source.path


def test_no_progress_is_made_up() -> None:
    folder = real.ROOT / "data" / "progress"
    assert [file.name for file in folder.rglob("*") if file.is_file()] == ["README.md"]
