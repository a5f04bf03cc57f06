"""What is kept beside the ledger or copied into it: fingerprints, copies of old commits, evidence files, answers of a walk."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from ledger.files import checkout
from ledger.files.checkout import NoLedgerInCommitError, SharedFolderError, check_out
from ledger.files.evidence import (
    Attachment,
    EvidenceTooLargeError,
    MissingEvidenceError,
    read_evidence,
    sha256_of,
    store,
)
from ledger.files.fingerprint import REST, blob_id, mark_of, same_stat, stat_of
from ledger.files.saved_answers import Answer, SavedAnswers
from ledger.git import Repo
from tests.conftest import World

RAW = b"a\nb\n"


class TestFingerprints:
    STAT = (len(RAW), 5, 7, 9)

    @pytest.mark.parametrize(
        ("stat", "now", "rested"),
        [
            (STAT, 7 + REST, True),
            (STAT, 6 + REST, False),
            ((len(RAW), 7, 5, 9), 7 + REST, True),
            ((len(RAW), 7, 5, 9), 6 + REST, False),
            ((len(RAW) + 1, 5, 7, 9), 7 + REST, False),
        ],
    )
    def test_a_stat_is_kept_of_a_file_that_has_rested(
        self, stat: tuple[int, int, int, int], now: int, rested: bool
    ) -> None:
        mark = mark_of(stat, RAW, now)
        assert mark == [list(stat) if rested else [], blob_id(RAW)]
        assert same_stat(mark, stat) == rested
        for place in range(4):
            other = tuple(value + (number == place) for number, value in enumerate(stat))
            assert not same_stat(mark, other)  # type: ignore[arg-type]

    def test_of_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "x"
        assert stat_of(file) is None
        assert stat_of(file / "y") is None
        file.write_bytes(RAW)
        status = file.stat()
        assert stat_of(file) == (4, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        assert stat_of(file / "y") is None

    def test_ids_are_gits(self) -> None:
        assert blob_id(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
        assert blob_id(RAW) == hashlib.sha1(b"blob 4\0" + RAW).hexdigest()
        assert blob_id(RAW, 64) == hashlib.sha256(b"blob 4\0" + RAW).hexdigest()


class TestCopies:
    def test_the_data_of_a_commit_and_nothing_else(self, world: World, tmp_path: Path) -> None:
        base = tmp_path / "copies"
        world.write("说明.txt", "x")
        (world.root / "data" / "link.yaml").symlink_to("ledger.yaml")
        world.commit_all("改")
        commit = world.git("rev-parse", "HEAD").strip()
        before = world.read("data/ledger.yaml")
        world.write("data/ledger.yaml", before + "# 改\n")
        copy = check_out(Repo.open(world.root), world.root, commit, base)
        assert copy == base / commit
        assert {str(file.relative_to(copy)) for file in copy.rglob("*") if file.is_file()} == {
            "data/ledger.yaml",
            "data/targets/2023/金融办/01.yaml",
            "data/targets/2023/商务局/01.yaml",
        }
        assert (copy / "data/ledger.yaml").read_text("utf-8") == before
        assert (base.stat().st_mode & 0o777) == 0o700
        (copy / "data/ledger.yaml").write_text("x")
        os.utime(copy, (0, 0))
        assert check_out(Repo.open(world.root), world.root, commit, base) == copy
        assert (copy / "data/ledger.yaml").read_text() == "x", "made once"
        assert copy.stat().st_mtime > 10**9, "and marked as used"
        assert [file.name for file in base.iterdir()] == [commit]

    def test_the_copies_unused_for_longest_go(
        self, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(checkout, "KEPT", 3)
        base = tmp_path / "copies"
        base.mkdir(mode=0o700)
        for number in (3, 1, 4, 2):
            folder = base / (str(number) * 40)
            folder.mkdir()
            os.utime(folder, (number, number))
        (base / "other").mkdir()
        commit = world.git("rev-parse", "HEAD").strip()
        check_out(Repo.open(world.root), world.root, commit, base)
        assert {file.name for file in base.iterdir()} == {commit, "4" * 40, "3" * 40, "other"}

    def test_what_is_refused(self, world: World, tmp_path: Path) -> None:
        repo, commit = Repo.open(world.root), world.git("rev-parse", "HEAD").strip()
        shared = tmp_path / "shared"
        shared.mkdir()
        shared.chmod(0o777)
        with pytest.raises(SharedFolderError):
            check_out(repo, world.root, commit, shared)
        world.git("mv", "data", "else")
        world.git("commit", "--quiet", "--message", "搬")
        (world.root / "else" / "in").mkdir()
        for root, tip in ((world.root, "HEAD"), (world.root / "else" / "in", "HEAD~1")):
            moved = world.git("rev-parse", tip).strip()
            with pytest.raises(NoLedgerInCommitError) as stopped:
                check_out(repo, root, moved, tmp_path / "copies")
            assert moved[:8] in stopped.value.message
        assert list((tmp_path / "copies").iterdir()) == []


class TestEvidence:
    def test_a_file_is_named_by_its_hash_and_its_name(self, tmp_path: Path) -> None:
        letter = tmp_path / "批 复?.PDF"
        letter.write_bytes(RAW)
        attachment = read_evidence(" 批 复?.PDF ", tmp_path, 2023, 1)
        name = f"{hashlib.sha256(RAW).hexdigest()}-批 复_.PDF"
        assert attachment == Attachment(letter, PurePosixPath("data/evidence/2023") / name)
        assert sha256_of(letter) == name[:64]

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("x" * 200 + ".pdf", "x" * 116 + ".pdf"),
            ("长" * 60 + ".docx", "长" * 38 + ".docx"),
            ("....pdf", "pdf"),
            ("a.tar.gz", "a.tar.gz"),
            ("x.notanending", "x.notanending"),
            ("x .pdf", "x.pdf"),
            ('ab\\c:d*"<>|\x01.txt', "ab_c_d______.txt"),
        ],
    )
    def test_names_that_every_system_holds(self, tmp_path: Path, name: str, kept: str) -> None:
        file = tmp_path / name
        file.write_bytes(b"x")
        attachment = read_evidence(f"./{name}", tmp_path, 2023, 1)
        assert isinstance(attachment, Attachment)
        assert attachment.path.name[65:] == kept

    @pytest.mark.parametrize(
        "text",
        [
            "湖政发〔2023〕9号",
            "https://x/y.pdf",
            f"data/evidence/2023/{'0' * 64}-x.pdf",
            "统计局快报",
            "3.5",
            "x\0y",
        ],
    )
    def test_any_other_text_stays_a_text(self, tmp_path: Path, text: str) -> None:
        assert read_evidence(text, tmp_path, 2023, 1) == text

    @pytest.mark.parametrize(
        "text", ["a.pdf", "./a", "../a", "~/a", "/a", "C:\\a", "A.DOCX", "图.jpeg", "a.et"]
    )
    def test_what_looks_like_a_file_must_be_one(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "in").mkdir()
        with pytest.raises(MissingEvidenceError):
            read_evidence(text, tmp_path / "in", 2023, 1)

    def test_the_limit(self, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").write_bytes(b"x" * 1024 * 1024)
        assert isinstance(read_evidence("a.pdf", tmp_path, 2023, 1), Attachment)
        (tmp_path / "a.pdf").write_bytes(b"x" * (1024 * 1024 + 1))
        with pytest.raises(EvidenceTooLargeError) as stopped:
            read_evidence("a.pdf", tmp_path, 2023, 1)
        assert "1.0 MiB，超过上限 1 MiB" in stopped.value.message

    def test_what_is_there_already_is_not_written_again(self, tmp_path: Path) -> None:
        for name in "ab":
            (tmp_path / f"{name}.txt").write_text(name)
        files = [read_evidence(f"{name}.txt", tmp_path, 2023, 1) for name in "ab"]
        attachments = [file for file in files if isinstance(file, Attachment)]
        root = tmp_path / "账本"
        paths = [root / one.path for one in attachments]
        assert store(root, attachments) == paths
        assert [file.read_text() for file in paths] == ["a", "b"]
        os.utime(paths[0], (5, 5))
        paths[1].write_text("改过")
        assert store(root, attachments) == [paths[1]]
        assert paths[0].stat().st_mtime == 5
        assert paths[1].read_text() == "b"


class TestSavedAnswers:
    ANSWERS = (Answer("金融办-01/listed", "3家", note="注"), Answer("金融办-01/loans", unavailable="年报"))

    def saved(self, tmp_path: Path) -> SavedAnswers:
        return SavedAnswers.of(tmp_path, "金融办", date(2023, 6, 30))

    def test_what_is_kept_is_found_again(self, tmp_path: Path) -> None:
        saved = self.saved(tmp_path)
        assert saved.path == tmp_path / "ledger-answers-金融办-2023-06.json"
        assert saved.load() == ([], set())
        saved.save(self.ANSWERS, {"b", "a"})
        assert saved.load() == (list(self.ANSWERS), {"a", "b"})
        saved.save((), {"a"})
        assert saved.load() == ([], {"a"})
        saved.save(self.ANSWERS)
        assert saved.load() == (list(self.ANSWERS), set())
        saved.save(())
        saved.save(())
        assert list(tmp_path.iterdir()) == []

    def test_a_list_of_an_earlier_version(self, tmp_path: Path) -> None:
        saved = self.saved(tmp_path)
        saved.path.write_text(json.dumps([{"ref": "x", "amount": 3}]))
        assert saved.load() == ([Answer("x", "3")], set())

    @pytest.mark.parametrize(
        "text", ["", "{", "1", '{"answers": []}', '[{"x": 1}]', "[1]", '{"answers": [], "skipped": 1}']
    )
    def test_what_is_damaged_is_nothing(self, tmp_path: Path, text: str) -> None:
        saved = self.saved(tmp_path)
        saved.path.write_text(text)
        assert saved.load() == ([], set())
