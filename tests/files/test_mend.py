"""What doctor finds and puts right: whole lines and fragments are moved aside, edits left to the person."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.core.findings import Finding
from ledger.files.entryfile import encode
from ledger.files.repair import FIXABLE, diagnose, mend, read_unclaimed
from tests.files.conftest import FINANCE, Place, entry
from tests.files.test_recover import killed


def kinds(found: tuple[Finding, ...]) -> list[tuple[str, bool]]:
    return [(item.code, item.code in FIXABLE) for item in found]


def write(place: Place, text: str) -> None:
    (place.root / FINANCE).parent.mkdir(parents=True, exist_ok=True)
    (place.root / FINANCE).write_text(text, encoding="utf-8")


def mended(place: Place) -> tuple[list[str], tuple[Finding, ...]]:
    told: list[str] = []
    left = mend(place.repo, place.root, lambda one: told.append(str(one)))
    return told, left


def test_nothing_is_wrong(place: Place) -> None:
    place.append(entry())
    before = place.state()
    assert diagnose(place.repo, place.root) == ()
    assert mended(place) == ([], ())
    assert place.state() == before


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize("newline", [True, False])
@pytest.mark.parametrize("staged", [True, False])
def test_whole_entries_of_unknown_authors_are_moved_aside(
    place: Place, existing: bool, newline: bool, staged: bool
) -> None:
    before = None
    if existing:
        place.append(entry())
        before = place.text()
    one, two = entry(), entry()
    lines = encode(one) + encode(two)
    write(place, (before or "") + (lines if newline else lines[:-1]))
    if staged:
        place.git("add", FINANCE)
    head = place.git("rev-parse", "HEAD")
    assert kinds(diagnose(place.repo, place.root)) == [("uncommitted", True)]
    told, left = mended(place)
    assert kinds(left) == [("unclaimed", False)]
    assert len(told) == 1
    assert (place.text() if (place.root / FINANCE).exists() else None) == before
    assert place.git("status", "--porcelain") == ""
    assert place.git("rev-parse", "HEAD") == head
    (kept,) = read_unclaimed(place.repo)
    assert (kept.path, kept.entries) == (FINANCE, (one, two))
    assert str(kept.file) in told[0]
    assert encode(one) in kept.file.read_text(encoding="utf-8")


SHOWN = {
    "2 家": entry("2 家"),
    "9 家": entry(add=None, total="9 家"),
    "1.5 %": entry(add=None, value="1.5 %"),
    "3": entry(add=None, rank=3, of=11),
    "done": entry(add=None, step="done"),
    "met": entry(add=None, verdict="met"),
    "": entry(add=None, note="只有说明"),
}


@pytest.mark.parametrize("figure", SHOWN)
def test_lines_of_unknown_authors_are_shown_by_their_figure_if_they_have_one(
    place: Place, figure: str
) -> None:
    write(place, encode(SHOWN[figure]))
    [finding] = diagnose(place.repo, place.root)
    shown = f"2023-03-31 listed {figure}".rstrip()
    assert finding.message == f"有 1 条完整的记录还没有提交，不知道是谁写的：{shown}（张三）"
    _, [left] = mended(place)
    assert left.message == f"有 1 条移到一边的记录，不知道是谁写的：{shown}（张三）"


@pytest.mark.parametrize("cut", [1, 5, 60])
def test_a_torn_fragment_is_moved_aside_not_deleted(place: Place, cut: int) -> None:
    place.append(entry())
    before, one = place.text(), entry()
    fragment = encode(entry())[:cut]
    write(place, before + encode(one) + fragment)
    assert kinds(diagnose(place.repo, place.root)) == [("uncommitted", True), ("torn", True)]
    told, left = mended(place)
    assert place.text() == before
    assert place.git("status", "--porcelain") == ""
    assert kinds(left) == [("unclaimed", False), ("aside", False)]
    (kept,) = (place.root / ".git" / "ledger" / "set-aside").glob("*.txt")
    assert kept.read_text(encoding="utf-8") == fragment
    assert str(kept) in told[1]
    assert read_unclaimed(place.repo)[0].entries == (one,)
    place.append(entry())


def _edited(text: str) -> str:
    return text.replace("2 家", "9 家")


def _cut(text: str) -> str:
    return text[:-10]


def _inserted(text: str) -> str:
    return encode(entry()) + text


def _nonsense(text: str) -> str:
    return text + "随手写的\n"


def _bad_entry(text: str) -> str:
    return text + encode(entry()).replace('"by"', '"bye"')


@pytest.mark.parametrize("change", [_edited, _cut, _inserted, _nonsense, _bad_entry])
def test_what_a_person_changed_is_left_to_the_person(place: Place, change: object) -> None:
    place.append(entry())
    write(place, change(place.text()))  # type: ignore[operator]
    before = place.state()
    found = diagnose(place.repo, place.root)
    assert kinds(found) == [("changed", False)]
    assert f"git diff HEAD -- {FINANCE}" in found[0].hint
    assert mended(place) == ([], found)
    assert place.state() == before


def test_a_deleted_file_is_left_to_the_person(place: Place) -> None:
    place.append(entry())
    (place.root / FINANCE).unlink()
    assert kinds(mended(place)[1]) == [("changed", False)]
    assert not (place.root / FINANCE).exists()


def test_a_killed_command_is_named_and_finished(place: Place) -> None:
    text = killed(place, entry(), written=20)
    assert ("killed", True) in kinds(diagnose(place.repo, place.root))
    told, left = mended(place)
    assert left == ()
    assert place.text() == text
    assert "已补记" in told[0]


def test_a_lock_is_named_with_its_age(place: Place) -> None:
    lock = place.root / ".git" / "index.lock"
    lock.touch()
    found = diagnose(place.repo, place.root)
    assert kinds(found) == [("lock", False)]
    assert found[0].place.path == str(lock)
    assert "秒" in found[0].message


def test_other_files_are_none_of_its_business(place: Place) -> None:
    place.append(entry())
    (place.root / "说明.txt").write_text("改\n", encoding="utf-8")
    (place.root / Path(FINANCE).parent / "README.md").write_text("改\n", encoding="utf-8")
    assert diagnose(place.repo, place.root) == ()
