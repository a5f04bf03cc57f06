"""What git cannot read is no clean history: the audit ends with 3, says why, and remembers nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rules.audit.city import FINANCE_FILE, ZHANG, City

Deed = Callable[[City, Path], None]


def _ref_gone(city: City, folder: Path) -> None:
    city.git("pack-refs", "--all", cwd=folder)
    packed = folder / ".git" / "packed-refs"
    packed.write_text(
        "".join(line for line in packed.read_text().splitlines(True) if "heads/main" not in line)
    )


def _ref_empty(_: City, folder: Path) -> None:
    (folder / ".git" / "refs" / "heads").mkdir(parents=True, exist_ok=True)
    (folder / ".git" / "refs" / "heads" / "main").write_text("")


def _commit_missing(_: City, folder: Path) -> None:
    (folder / ".git" / "refs" / "heads" / "main").write_text("1" * 40 + "\n")


def _head_broken(_: City, folder: Path) -> None:
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/../../x\n")


def _config_broken(_: City, folder: Path) -> None:
    with (folder / ".git" / "config").open("a") as file:
        file.write("[core\n")


def _unknown_extension(_: City, folder: Path) -> None:
    with (folder / ".git" / "config").open("a") as file:
        file.write("[extensions]\n\tunknown = true\n[core]\n\trepositoryformatversion = 1\n")


def _orphan(city: City, folder: Path) -> None:
    city.git("checkout", "--quiet", "--orphan", "other", cwd=folder)


def _damaged(city: City, folder: Path) -> None:
    """Unpack the objects and spoil the tree of the first commit."""
    packs = list((folder / ".git" / "objects" / "pack").glob("*.pack"))
    for pack in packs:
        moved = folder / pack.name
        pack.rename(moved)
        pack.with_suffix(".idx").unlink()
        os.system(f"git -C '{folder}' unpack-objects -q < '{moved}'")
        moved.unlink()
    first = city.git("rev-list", "--max-parents=0", "HEAD", cwd=folder)
    tree = city.git("rev-parse", f"{first}^{{tree}}", cwd=folder)
    file = folder / ".git" / "objects" / tree[:2] / tree[2:]
    file.chmod(0o644)
    file.write_bytes(b"spoilt")


WAYS: dict[str, Deed] = {
    "the branch's ref is gone": _ref_gone,
    "the branch's ref is empty": _ref_empty,
    "the commit is missing": _commit_missing,
    "HEAD is broken": _head_broken,
    "a line of the settings is broken": _config_broken,
    "an unknown extension is set": _unknown_extension,
    "after checkout --orphan": _orphan,
    "an object is damaged": _damaged,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_history_that_cannot_be_read(city: City, way: str) -> None:
    state = city.auditor / ".git" / "ledger" / "audit.json"
    before = state.read_bytes()
    WAYS[way](city, city.auditor)
    done = city.ledger("audit", "--full", "--format", "json", cwd=city.auditor)
    assert (int(done.code), done.out) == (3, "")
    assert done.err
    assert state.read_bytes() == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user(city: City) -> None:
    for folder, _, files in os.walk(city.auditor):
        for name in (folder, *(os.path.join(folder, file) for file in files)):  # noqa: PTH118
            os.chown(name, 12345, 12345, follow_symlinks=False)
    done = city.ledger("audit", "--full", "--format", "json", cwd=city.auditor)
    assert (int(done.code), done.out) == (3, "")
    assert "safe.directory" in done.err


def test_no_commit_at_all(city: City, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    city.git("init", "--quiet", str(empty), cwd=tmp_path)
    (empty / "data").mkdir()
    (empty / "data" / "ledger.yaml").write_bytes((city.auditor / "data" / "ledger.yaml").read_bytes())
    done = city.ledger("audit", cwd=empty)
    assert (int(done.code), done.out) == (3, "")


@pytest.mark.parametrize(
    "setting",
    ["log.showRoot=false", "log.follow=true", "log.date=human", "diff.noprefix=true", "diff.renames=copies"],
)
def test_no_setting_hides_a_commit(city: City, setting: str) -> None:
    """The root commit holds the policy: without it nothing is restricted."""
    city.git("config", *setting.split("="), cwd=city.auditor)
    done = city.ledger("audit", "--full", "--format", "json", cwd=city.auditor)
    assert done.code == 0
    assert '"commits": 5' in done.out
    city.be(ZHANG)
    city.change("data/ledger.yaml", "year: 2023", "year: 2024")
    commit = city.commit()
    city.git("push", "--quiet", "origin", "main")
    city.fetch()
    assert city.places("policy", "--full") == [(commit, "data/ledger.yaml", None)]


def test_a_graft_hides_nothing(city: City) -> None:
    city.change(FINANCE_FILE, '"2家"', '"5家"')
    edit = city.commit()
    city.change(FINANCE_FILE, '"5家"', '"2家"')
    restored = city.commit()
    grafts = city.clone / ".git" / "info" / "grafts"
    grafts.parent.mkdir(exist_ok=True)
    grafts.write_text(f"{restored} {city.git('rev-parse', edit + '^')}\n")
    places = [(edit, FINANCE_FILE, 2), (restored, FINANCE_FILE, 2)]
    assert city.places("edited", cwd=city.clone) == places
    assert city.places("replace", cwd=city.clone) == [(None, None, None)]


@pytest.mark.parametrize("name", ["mailmap.file", "mailmap.blob"])
def test_mailmap_settings_are_told(city: City, name: str) -> None:
    city.git("config", name, "x", cwd=city.auditor)
    [finding] = city.audit()
    assert finding["rule"] == "mailmap"
    assert f"{name} = x" in str(finding["message"])


def test_findings_are_kept_by_the_next_audit(city: City) -> None:
    """An audit that goes on behind findings repeats them, and walks only what is new."""
    city.change(FINANCE_FILE, '"2家"', '"5家"')
    city.commit()
    first = city.audit(cwd=city.clone)
    city.be(ZHANG)
    city.commit("空")
    assert city.audit(cwd=city.clone) == first
    done = city.ledger("audit", "--format", "json", cwd=city.clone)
    assert '"walked": 0' in done.out
    assert city.audit("--full", cwd=city.clone) == first


def test_content_mended_later_is_no_finding_any_more(city: City) -> None:
    city.entry(FINANCE_FILE, target="nothing")
    assert city.places("target", cwd=city.clone) == [(city.git("rev-parse", "HEAD"), FINANCE_FILE, 4)]
    bad = city.read(FINANCE_FILE).rpartition('"id": "')[2][:26]
    city.entry(FINANCE_FILE, add=None, target="nothing", voids=bad, reason="记错")
    assert "target" not in city.rules(cwd=city.clone)
