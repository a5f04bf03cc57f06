"""What the walk and the audit remember: who wrote which line, and how far the last audit came."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ledger.core.findings import Finding, Origin, Place
from ledger.core.structs import replace
from ledger.git import FileChange
from ledger.rules.audit import checkpoint
from ledger.rules.audit.authors import Author, Authors
from ledger.rules.audit.checkpoint import Checkpoint, Totals
from tests.rules.audit.city import ADMIN, ZHANG, City
from tests.rules.audit.contexts import NOTHING, Store

TARGETS, CONFIG = "data/targets/2023/金融办/01.yaml", "data/ledger.yaml"
ONE, TWO, THREE = (Author(f"{n}" * 40, f"{n}", f"{n}@x", 1687233600 + n, "+0800") for n in (1, 2, 3))


def remembered(*versions: str | None, path: str = TARGETS) -> tuple[Authors, Store]:
    store, authors, before = Store(), Authors(), NOTHING
    for author, text in zip((ONE, TWO, THREE), versions, strict=False):
        name = store.add(text)
        authors.add(
            author, [FileChange(path, "M", "100644", "000000" if text is None else "100644", before, name)]
        )
        before = name
    return authors, store


@pytest.mark.parametrize("path", [TARGETS, CONFIG])
def test_a_line_is_his_who_put_it_there(path: str) -> None:
    authors, blobs = remembered("a\nb\n", "a\nc\n", "a\nc\nd\n", path=path)
    found = [authors.of_line(path, line, blobs) for line in (0, 1, 2, 3)]  # type: ignore[arg-type]
    assert found == [THREE, ONE, TWO, THREE]


def test_a_line_that_was_gone_is_his_who_brought_it_back() -> None:
    authors, blobs = remembered("a\nb\n", "b\n", "a\nb\n")
    assert authors.of_line(TARGETS, 1, blobs) == THREE  # type: ignore[arg-type]
    assert authors.of_line(TARGETS, 2, blobs) == ONE  # type: ignore[arg-type]


def test_a_line_that_moved_is_still_his() -> None:
    authors, blobs = remembered("a\n", "x\na\n")
    assert authors.of_line(TARGETS, 2, blobs) == ONE  # type: ignore[arg-type]


def test_a_line_behind_the_end_is_his_who_wrote_the_end() -> None:
    authors, blobs = remembered("a\n", "a", "a\n")
    assert authors.of_line(TARGETS, 9, blobs) == THREE  # type: ignore[arg-type]


def test_a_file_that_was_removed_and_one_nobody_touched() -> None:
    authors, blobs = remembered("a\n", None)
    assert authors.of_line(TARGETS, 0, blobs) == TWO  # type: ignore[arg-type]
    assert authors.of_line("data/targets/2023/商务局/01.yaml", 1, blobs) is None  # type: ignore[arg-type]


def test_of_other_files_only_the_last_change_is_kept() -> None:
    path = "data/progress/2023/金融办/01.yaml"
    authors, blobs = remembered("a\n", "a\nb\n", path=path)
    assert authors.of_line(path, 1, blobs) == TWO  # type: ignore[arg-type]
    assert authors.versions == {}


def test_how_an_author_is_shown() -> None:
    assert ONE.origin == Origin("1" * 40, "1", "1@x", "2023-06-20T12:00:01+08:00")
    assert ONE._replace(zone="").origin.date == ""


@pytest.mark.parametrize("later", ["title: 企业上市板块扩容提质", "name: 贷款余额"])
def test_a_fault_of_the_plan_is_told_of_the_commit_that_brought_it(city: City, later: str) -> None:
    city.be(ADMIN, "管理员")
    city.change(TARGETS, "quote: 年末贷款余额突破3650亿元", "quote: 年末贷款余额突破3,651亿元")
    fault = city.commit("改摘句")
    line = city.read(TARGETS).splitlines().index("    quote: 年末贷款余额突破3,651亿元") + 1
    city.change(TARGETS, later, f"{later}一")
    city.commit("改别处")
    found = {
        (item["commit"], item["path"], item["line"])
        for item in city.audit(cwd=city.clone)
        if item["rule"] == "quote"
    }
    assert found == {(fault, TARGETS, line)}


FINDING = Finding(
    "edited", "第 2 行被改", "看原样", Place("a.yaml", 2, 5), origin=Origin("c" * 40, "张三", "z@x", "2023")
)
WHOLE = Checkpoint(
    "t" * 40, "digest", {"seal/2023-05": "s" * 40}, (FINDING,), (FINDING, FINDING), Totals(3, 4, 5, True)
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    for kept in (WHOLE, Checkpoint()):
        checkpoint.write_checkpoint(tmp_path, kept)
        assert checkpoint.read_checkpoint(tmp_path) == kept
    assert [file.name for file in (tmp_path / "ledger").iterdir()] == ["audit.json"]


@pytest.mark.parametrize("version", [checkpoint.VERSION - 1, checkpoint.VERSION + 1, str(checkpoint.VERSION)])
def test_of_another_version_only_the_tip_and_the_seals_count(tmp_path: Path, version: object) -> None:
    checkpoint.write_checkpoint(tmp_path, WHOLE)
    file = tmp_path / "ledger" / "audit.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"version": version}))
    assert checkpoint.read_checkpoint(tmp_path) == Checkpoint(WHOLE.tip, seals=WHOLE.seals)


@pytest.mark.parametrize("key", ["version", "tip", "proven_with", "seals", "history", "content", "totals"])
def test_what_is_not_whole_is_nothing(tmp_path: Path, key: str) -> None:
    checkpoint.write_checkpoint(tmp_path, WHOLE)
    file = tmp_path / "ledger" / "audit.json"
    stored = json.loads(file.read_text())
    del stored[key]
    file.write_text(json.dumps(stored))
    assert checkpoint.read_checkpoint(tmp_path) == Checkpoint()


@pytest.mark.parametrize("text", ["", "{", "[]", "1", '{"seals": []}', '{"seals": 1}', "\x00"])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, text: str) -> None:
    assert checkpoint.read_checkpoint(tmp_path) == Checkpoint()
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "audit.json").write_text(text)
    assert checkpoint.read_checkpoint(tmp_path) == Checkpoint()


def _walked(city: City) -> tuple[int, list[str]]:
    """Return how many commits an audit walked, and the rules of its findings."""
    answer = json.loads(city.ledger("audit", "--format", "json", cwd=city.auditor).out)
    return answer["proved"]["walked"], [finding["rule"] for finding in answer["findings"]]


def test_what_another_program_found_is_looked_for_again_once(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finding that only an older program made goes with it; one that it overlooked is found."""
    commits = int(city.git("rev-list", "--count", "HEAD"))
    folder = city.auditor / ".git"
    assert _walked(city) == (0, [])
    checkpoint.write_checkpoint(folder, replace(checkpoint.read_checkpoint(folder), history=(FINDING,)))
    assert _walked(city) == (0, ["edited"])
    monkeypatch.setattr("ledger.files.cache.program", lambda: "newer")
    assert _walked(city) == (commits, [])
    assert _walked(city) == (0, [])


@pytest.mark.parametrize("version", [checkpoint.VERSION, checkpoint.VERSION - 1])
def test_a_history_rewritten_before_an_upgrade_is_found_after_it(
    city: City, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    file = city.auditor / ".git" / "ledger" / "audit.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"version": version}))
    city.git("reset", "--quiet", "--hard", "HEAD~1", cwd=city.auditor)
    monkeypatch.setattr("ledger.files.cache.program", lambda: "newer")
    for _ in range(2):
        assert "rewritten" in _walked(city)[1]


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("x")
    checkpoint.write_checkpoint(tmp_path, WHOLE)
    assert checkpoint.read_checkpoint(tmp_path) == Checkpoint()


def test_totals() -> None:
    assert Totals(1, 2, 3, False).plus(Totals(10, 20, 30, True)) == Totals(11, 22, 33, True)
    assert Totals(1, 2, 3, False).plus(Totals()) == Totals(1, 2, 3, False)


def test_counts_of_audits_that_go_on_are_those_of_one(city: City) -> None:
    """What was proven before is added up; a rule that asks for signatures anywhere is remembered."""
    for amount in ("1家", "2家"):
        city.be(ZHANG, "张三")
        assert city.ledger("log", "金融办", "listed", amount, "--on", "2023-06-20").code == 0
        city.audit(cwd=city.clone)
    on = json.loads(city.ledger("audit", "--format", "json").out)["proved"]
    whole = json.loads(city.ledger("audit", "--full", "--format", "json").out)["proved"]
    assert (on.pop("walked"), whole.pop("walked")) == (0, 7)
    assert on == whole
    assert (whole["commits"], whole["entries"]) == (7, 6)


def test_other_settings_prove_all_again(city: City) -> None:
    """The digest of what was proven with: another list of signers is another proof."""
    signers = city.folder / "signers"
    signers.write_text(f"{ZHANG} ssh-ed25519 AAAA\n")
    first = json.loads(city.ledger("audit", "--format", "json", cwd=city.auditor).out)["proved"]
    other = city.ledger("audit", "--format", "json", "--signers", os.fspath(signers), cwd=city.auditor)
    assert first["walked"] == 0
    assert json.loads(other.out)["proved"]["walked"] == 5
