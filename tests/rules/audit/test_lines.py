"""The proof of one progress file: canonical lines at its end and nothing else, by lines and by entries."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.findings import Finding
from ledger.core.models import Entry
from ledger.files.entryfile import encode, read_canonical
from ledger.git import Commit
from ledger.rules.audit.authors import author_of
from ledger.rules.audit.lines import FileProof
from tests.rules.audit.contexts import Store, entry, lines

PATH = "data/progress/2023/金融办/01.yaml"
FIRST, SECOND, THIRD = entry(), entry(add="2家"), entry(add="3家")
BLOCK = f"- id: {FIRST.id}\n  on: 2023-06-15\n  target: listed\n  add: 1家\n  by: 张三\n"


def follow(*versions: str) -> tuple[list[list[Finding]], list[list[int]], FileProof]:
    """Follow a file through its versions; return the findings and the added lines of each step."""
    store = Store()
    names = [store.add(text) for text in versions]
    proof = FileProof(PATH, store(names[-1]), store)
    findings, added = [], []
    before = None
    for number, name in enumerate(names):
        diff = proof.step(before, name, author_of(Commit(f"{number}" * 40, "", email=f"{number}@x")))
        findings.append(list(diff.findings))
        added.append([line.number for line in diff.added])
        before = name
    return findings, added, proof


def codes(findings: list[list[Finding]]) -> list[list[tuple[str, int]]]:
    return [[(item.code, item.place.line) for item in step] for step in findings]


def test_lines_put_at_the_end() -> None:
    findings, added, proof = follow(lines(FIRST), lines(FIRST, SECOND), lines(FIRST, SECOND, THIRD))
    assert codes(findings) == [[], [], []]
    assert added == [[1], [2], [3]]
    assert [proof.author_of(line).email for line in (1, 2, 3)] == ["0@x", "1@x", "2@x"]  # type: ignore[union-attr]
    assert proof.author_of(4) is proof.author_of(5) is None


@given(st.lists(st.integers(1, 3), min_size=1, max_size=8))
def test_every_line_knows_who_appended_it(sizes: list[int]) -> None:
    every = [entry() for _ in range(sum(sizes))]
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    _, added, proof = follow(*(lines(*every[:end]) for end in ends))
    for number, numbers in enumerate(added):
        assert {proof.author_of(line).email for line in numbers} == {f"{number}@x"}  # type: ignore[union-attr]


@given(st.lists(st.integers(1, 4), min_size=2, max_size=8))
def test_every_step_back_is_told_though_all_versions_are_beginnings_of_the_last(counts: list[int]) -> None:
    every = [entry(id=f"01H0000000MMMM{number:012d}") for number in range(5)]
    findings, added, _ = follow(*(lines(*every[:count]) for count in (*counts, 5)))
    for step, (before, after) in enumerate(pairwise((0, *counts, 5))):
        lost = [("deleted", line) for line in range(after + 1, before + 1)]
        assert codes(findings)[step] == lost
        assert added[step] == list(range(before + 1, after + 1))


ODD = [
    ("# 说明\n", 2),
    ("\n", 2),
    ("  voids: x\n", 2),
    (encode(SECOND).removesuffix("\n"), 2),
    (encode(SECOND).replace("\n", "\r\n"), 2),
    (f'- {{"id": "{SECOND.id}"}}\n', 2),
    (BLOCK.replace(FIRST.id, SECOND.id), 2),
    (encode(SECOND).replace('"by"', '"by": "李四", "by"'), 2),
    (encode(SECOND).replace("- {", "-  {"), 2),
    (encode(SECOND).replace("张三", "\u2028"), 2),
]


@pytest.mark.parametrize(
    ("line", "at"), ODD, ids=range(10)
)  # the texts hold ids that differ from process to process
def test_anything_but_a_canonical_line(line: str, at: int) -> None:
    findings, _, _ = follow(lines(FIRST), lines(FIRST) + line)
    assert codes(findings)[0] == []
    assert ("form", at) in codes(findings)[1]


@pytest.mark.parametrize(
    "more",
    [
        *(line for line, _ in ODD),
        lines(SECOND),
        lines(SECOND) + "# 说明\n",
        lines(SECOND) + "\n",
        "\n\n" + lines(SECOND),
        "",
        "# " + "长" * 500,
    ],
    ids=range(16),
)
@pytest.mark.parametrize("below", ["", BLOCK], ids=["canonical", "block"])
def test_what_is_appended_is_told_the_same_where_an_edit_came_later(more: str, below: str) -> None:
    """A version that is no beginning of the tip is compared with the one before it: the same lines, words and places."""
    first = below + lines(THIRD)
    follows, lines_of, _ = follow(first, first + more)
    edited = lines(entry(id=THIRD.id, add="9家"))
    compared, compared_lines, _ = follow(first, first + more, edited)
    assert compared[1] == follows[1]
    assert compared_lines[1] == lines_of[1]


def test_a_line_below_a_block_entry_that_changes_it() -> None:
    """After the seal, an indented line withdraws what stands above: named by the commit that brought it, as a changed entry."""
    block = BLOCK.replace(FIRST.id, SECOND.id)
    findings, _, _ = follow(
        lines(FIRST) + block, lines(FIRST) + block + f"  voids: {FIRST.id}\n  reason: x\n"
    )
    assert {code for code, _ in codes(findings)[1]} == {"form", "edited"}
    assert ("edited", 2) in codes(findings)[1]


@pytest.mark.parametrize("newline", [True, False])
def test_lines_behind_a_version_that_is_gone(newline: bool) -> None:
    """What a later edit removed was followed line by line all the same, also behind a last line without its newline."""
    first = lines(FIRST) if newline else lines(FIRST).removesuffix("\n")
    edited = lines(entry(id=FIRST.id, add="9家"))
    findings, added, _ = follow(first, lines(FIRST, SECOND), lines(FIRST, SECOND, THIRD), edited)
    assert added[1:3] == [[2], [3]]
    assert codes(findings)[1:3] == [[], []]
    assert ("edited", 1) in codes(findings)[3]


def test_an_honest_entry_below_a_line_of_another_form_is_not_accused() -> None:
    findings, added, proof = follow(BLOCK, BLOCK + lines(SECOND), BLOCK + lines(SECOND, THIRD))
    assert codes(findings)[1:] == [[], []]
    assert added[1:] == [[6], [7]]
    assert [entry.id for entry in proof.whole.entries] == [FIRST.id, SECOND.id, THIRD.id]


def test_what_was_proven_before_is_not_added_again() -> None:
    store = Store()
    before, after = store.add(BLOCK + lines(SECOND)), store.add(BLOCK + lines(SECOND, THIRD))
    proof = FileProof(PATH, store(after), store)
    proof.step(before, after, author_of(Commit("a" * 40, "")))
    assert [entry.id for entry in proof.added.entries] == [THIRD.id]
    assert proof.added.lines == (7,)
    assert proof.before == store(before)


def test_a_rewriting_in_canonical_form_is_no_edit() -> None:
    findings, added, _ = follow(BLOCK + lines(SECOND), lines(FIRST, SECOND), lines(FIRST, SECOND, THIRD))
    assert codes(findings)[1:] == [[], []]
    assert added[1:] == [[], [3]]


def test_a_rewriting_that_changes_an_entry_is() -> None:
    findings, _, _ = follow(BLOCK + lines(SECOND), lines(entry(id=FIRST.id, add="9家"), SECOND))
    assert "edited" in {code for code, _ in codes(findings)[1]} or "deleted" in {
        code for code, _ in codes(findings)[1]
    }


def test_a_rewriting_that_leaves_one_out_is_an_edit() -> None:
    findings, _, _ = follow(BLOCK + lines(SECOND), lines(SECOND))
    assert codes(findings)[1] != []


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (lines(FIRST), [("deleted", 2)]),
        (lines(SECOND, FIRST), [("reordered", 1)]),
        (lines(FIRST, THIRD, SECOND), [("inserted", 2)]),
        (lines(FIRST, entry(id=SECOND.id, add="5家")), [("edited", 2)]),
        (lines(FIRST, SECOND).replace("\n", "\r\n"), [("edited", 1)]),
    ],
)
def test_what_was_there_is_touched(after: str, expected: list[tuple[str, int]]) -> None:
    findings, _, _ = follow(lines(FIRST, SECOND), after)
    assert codes(findings) == [[], expected]
    restored, _, _ = follow(lines(FIRST, SECOND), after, lines(FIRST, SECOND))
    assert codes(restored)[1] == expected, "a later restore does not clear it"


ENTRIES = st.builds(
    lambda add, note, by: entry(add=add, note=note, by=by),
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6),
    st.none() | st.text(st.characters(exclude_categories=("Cs",)), max_size=10),
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6),
)


@given(ENTRIES)
def test_what_the_program_writes_is_canonical(one: Entry) -> None:
    assert read_canonical(encode(one).encode()) == one


@given(st.binary(max_size=60), st.integers(0, 60))
def test_a_line_changed_anywhere_is_the_same_entry_or_none(junk: bytes, at: int) -> None:
    whole = encode(FIRST).encode()
    changed = whole[:at] + junk + whole[at + len(junk) :]
    read = read_canonical(changed)
    assert read is None or changed.count(b"\n") == 1
