"""A new ledger: what it holds, who may rule it, and that nothing stays of one that could not be made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledger.commands.init import CreateLedgerError, FolderInUseError, LedgerSetup, init, preview_ledger
from ledger.core.models import LedgerConfig
from ledger.files.ledger import Ledger
from ledger.git import Identity, MissingIdentityError, Repo

ATTRIBUTES = "* text=auto eol=lf\ndata/progress/** text eol=lf merge=union\n"


def made(folder: Path, **options: object) -> tuple[LedgerConfig, Repo]:
    """Make a ledger, and check that all of it is committed by the user in one commit."""
    maker = {name: options.pop(name) for name in ("author", "committed") if name in options}
    setup = LedgerSetup(**({"empty": True, "year": 2024} | options))  # type: ignore[arg-type]
    new = init(folder, setup, **maker)  # type: ignore[arg-type]
    assert new.root == folder
    repo = Repo.open(folder)
    [commit] = repo.log()
    assert commit.id.startswith(new.commit)
    assert repo.branch() == "main"
    assert repo.snapshot([folder]).changes == {}
    files = {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and ".git" not in file.parts
    }
    assert ".gitattributes" in files
    assert len([name for name in files if name.startswith("data/targets/")]) == new.commitments
    [identity] = commit.trailer("Ledger-Id")
    assert len(identity) == 26
    return Ledger.open(folder).config, repo


def test_an_empty_one(identity: None, tmp_path: Path) -> None:
    config, repo = made(tmp_path / "账 本")
    assert (config.name, config.year, config.city, config.simulated) == ("账 本", 2024, None, False)
    assert config.admins == ("zhang@example.gov.cn",)
    assert config.departments == ()
    assert config.roles.amend == ("reviewers", "admins")
    assert repo.log()[0].subject == "建立账本：空账本"
    assert (tmp_path / "账 本" / ".gitattributes").read_text() == ATTRIBUTES
    assert (tmp_path / "账 本" / "schemas" / "ledger.schema.json").is_file()


def test_of_a_city(identity: None, tmp_path: Path) -> None:
    config, _ = made(tmp_path / "账 本", city="湖州市")
    assert (config.name, config.city) == ("湖州市部门承诺", "湖州市")


def test_with_the_plan(identity: None, tmp_path: Path) -> None:
    config, repo = made(tmp_path / "a" / "b", empty=False, simulated=True)
    assert config.simulated
    assert config.admins == ("zhang@example.gov.cn",)
    assert repo.log()[0].subject == "建立账本：2023 年度部门承诺 80 项"
    assert len(Ledger.open(tmp_path / "a" / "b").load_plan(2023)) == 80


def test_by_somebody_else_at_another_time(identity: None, tmp_path: Path) -> None:
    author = Identity("李四", "li@example.gov.cn")
    config, repo = made(tmp_path / "x", author=author, committed="2023-01-05T09:00:00+08:00")
    [commit] = repo.log()
    assert (commit.author, commit.email, commit.date) == (
        "李四",
        "li@example.gov.cn",
        "2023-01-05T09:00:00+08:00",
    )
    assert config.admins == ("li@example.gov.cn",)


def test_two_made_at_the_same_moment_are_two(identity: None, tmp_path: Path) -> None:
    when = "2023-01-05T09:00:00+08:00"
    ids = {
        init(tmp_path / name / "x", LedgerSetup(empty=True, year=2024), committed=when).commit
        for name in "ab"
    }
    assert len(ids) == 2


def test_an_empty_folder_is_taken(identity: None, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    made(tmp_path / "x")


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_folder_in_use_is_left_alone(identity: None, tmp_path: Path, what: str) -> None:
    folder = tmp_path / "x"
    if what == "file":
        folder.write_text("x")
    else:
        folder.mkdir()
        (folder / "x").write_text("x")
    for make in (
        lambda: init(folder, LedgerSetup(empty=True, year=2024)),
        lambda: preview_ledger(folder, lambda copy: copy),
    ):
        with pytest.raises(FolderInUseError) as stopped:
            make()
        assert str(folder) in stopped.value.message
    assert (folder if what == "file" else folder / "x").read_text() == "x"
    assert not (folder / ".git").exists()


def test_nothing_stays_where_nobody_is_known(
    identity: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NAME", "EMAIL"):
        for role in ("AUTHOR", "COMMITTER"):
            monkeypatch.delenv(f"GIT_{role}_{name}")
    for existed in (False, True):
        if existed:
            (tmp_path / "x").mkdir()
        with pytest.raises(MissingIdentityError):
            init(tmp_path / "x", LedgerSetup(empty=True, year=2024))
        assert (tmp_path / "x").exists() == existed


def test_where_nothing_may_be_written(
    identity: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest folder that exists is asked for its permission; root has it everywhere."""
    locked = tmp_path / "locked"
    locked.mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: (path, mode) != (locked, os.W_OK))
    with pytest.raises(CreateLedgerError) as stopped:
        init(locked / "a" / "b", LedgerSetup(empty=True, year=2024))
    assert f"{locked} 不让写" in stopped.value.message
    assert list(locked.iterdir()) == []


def test_a_rehearsal_is_made_elsewhere(identity: None, tmp_path: Path) -> None:
    folder = tmp_path / "x"
    seen: list[Path] = []

    def make(copy: Path) -> int:
        seen.append(copy)
        return init(copy, LedgerSetup(empty=True, year=2024)).commitments

    assert preview_ledger(folder, make) == 0
    assert seen[0].name == "x"
    assert not seen[0].exists()
    assert not folder.exists()


def test_a_ledger_without_a_repository_is_committed_as_it_is(identity: None, tmp_path: Path) -> None:
    folder = tmp_path / "x"
    init(folder, LedgerSetup(empty=False, year=2023))
    before = (folder / "data" / "ledger.yaml").read_bytes()
    os.rename(folder / ".git", tmp_path / "gone")  # noqa: PTH104
    (folder / ".gitattributes").unlink()
    (folder / "私人.txt").write_text("x")
    assert (
        preview_ledger(folder, lambda copy: init(copy, LedgerSetup(empty=True, year=2024)).commitments) == 80
    )
    assert not (folder / ".git").exists()
    new = init(folder, LedgerSetup(empty=True, year=2024))
    assert (new.root, new.commitments) == (folder, 80)
    repo = Repo.open(folder)
    [commit] = repo.log()
    assert commit.subject == "建立账本：提交已有的文件"
    assert commit.id.startswith(new.commit)
    assert (folder / "data" / "ledger.yaml").read_bytes() == before
    assert (folder / ".gitattributes").read_text() == ATTRIBUTES
    assert set(repo.snapshot([folder]).changes) == {"私人.txt"}
