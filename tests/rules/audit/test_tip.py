"""The content at the tip: which files are not opened, and that a change of the rules checks all of them again."""

from __future__ import annotations

import pytest

from ledger.git.blobs import ObjectTooLargeError
from ledger.git.trees import TreeEntry
from ledger.rules.audit import head
from ledger.rules.audit.head import _unfit
from tests.rules.audit.city import ADMIN, COMMERCE_FILE, LI, City

TARGETS, PROGRESS = "data/targets/2023/金融办/01.yaml", "data/progress/2023/金融办/01.yaml"


def unfit(path: str, mode: str = "100644", size: int = 1) -> tuple[str, str] | None:
    finding = _unfit(path, TreeEntry(mode, "01.yaml", "a" * 40), lambda _: b"x" * size)  # type: ignore[arg-type]
    if finding is None:
        return None
    assert (finding.code, finding.place.line) == ("file", 0)
    return finding.place.path, finding.message


@pytest.mark.parametrize("mode", ["120000", "160000", "040000", "100664"])
@pytest.mark.parametrize("path", [TARGETS, PROGRESS])
def test_only_plain_files_are_opened(path: str, mode: str) -> None:
    assert unfit(path, mode) == (path, "不是普通文件（符号链接或子模块）")


@pytest.mark.parametrize("mode", ["100644", "100755"])
def test_plain_files(mode: str) -> None:
    assert unfit(TARGETS, mode) is None
    assert unfit(PROGRESS, mode) is None


@pytest.mark.parametrize("path", ["data/../x", "data/con", "data/x.", "/data/x"])
def test_a_name_that_leads_elsewhere(path: str) -> None:
    assert unfit(path) == (path, "文件名不能用")


def test_what_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head, "MAX_BYTES", 9)
    assert unfit(TARGETS, size=9) is None
    assert unfit(TARGETS, size=10) == (TARGETS, "文件有 10 字节，超过上限 9 字节")
    assert unfit(PROGRESS, size=10) is None, "progress files have a limit of their own"

    def too_large(_: str) -> bytes:
        raise ObjectTooLargeError("a" * 40, 10**9)

    for path in (TARGETS, PROGRESS):
        finding = _unfit(path, TreeEntry("100644", "01.yaml", "a" * 40), too_large)  # type: ignore[arg-type]
        assert finding is not None
        assert finding.place.path == path
        assert "1000000000 字节" in finding.message


def test_a_change_of_the_rules_checks_every_file_again(city: City) -> None:
    """A file that nobody touched since the last audit breaks a rule that is new."""
    city.be(ADMIN, "管理员")
    assert city.audit(cwd=city.clone) == []
    city.change("data/ledger.yaml", f"  - {{name: 商务局, reporters: [{LI}]}}\n", "")
    commit = city.commit("撤掉商务局")
    found = {(one["path"], one["rule"]) for one in city.audit(cwd=city.clone) if one["rule"] != "policy"}
    assert "data/targets/2023/商务局/01.yaml" in {path for path, _ in found}
    walked = city.ledger("audit", "--format", "json", cwd=city.clone).out
    assert '"walked": 0' in walked
    assert commit in walked
    assert COMMERCE_FILE not in {path for path, rule in found if rule == "edited"}
