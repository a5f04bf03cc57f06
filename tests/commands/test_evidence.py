"""Evidence files: copied into the ledger under hash and name, in the commit of their entry, and verified ever after."""

from __future__ import annotations

import hashlib
import html
import json
import re
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from tests.conftest import World

PROGRESS = "data/progress/2023/金融办/01.yaml"
LOG = ("log", "金融办", "listed", "2家", "--on", "2023-06-20")


@pytest.fixture
def letter(world: World, tmp_path: Path) -> Path:
    path = tmp_path / "批复 上市.pdf"
    path.write_bytes(b"%PDF-1.7 \x00\xff " + "批复".encode())
    return path


def evidence(world: World) -> list[str]:
    return [
        text
        for line in world.read(PROGRESS).splitlines()
        for text in json.loads(line[2:]).get("evidence", ())
    ]


def test_a_file_is_copied_under_its_hash_in_the_same_commit(world: World, letter: Path) -> None:
    done = world(*LOG, "--evidence", str(letter), "--evidence", "浙证监函〔2023〕15号")
    assert done.code == 0, done.err
    digest = hashlib.sha256(letter.read_bytes()).hexdigest()
    path = f"data/evidence/2023/{digest}-批复 上市.pdf"
    assert evidence(world) == [path, "浙证监函〔2023〕15号"]
    assert (world.root / path).read_bytes() == letter.read_bytes()
    touched = world.git("-c", "core.quotePath=false", "show", "--format=", "--name-only", "HEAD").splitlines()
    assert sorted(touched) == sorted([path, PROGRESS])
    assert world.git("status", "--porcelain") == ""
    assert world("check").code == 0
    assert world("audit").code == 0
    assert digest not in done.out
    assert "批复 上市.pdf" in done.out


@pytest.mark.parametrize("text", ["没有的.pdf", "./没有的", "/没有/的"])
def test_a_path_that_is_not_there_is_an_error(world: World, text: str) -> None:
    head = world.git("rev-parse", "HEAD")
    done = world(*LOG, "--evidence", text)
    assert done.code == 1
    assert "不存在" in done.err
    assert world.git("rev-parse", "HEAD") == head


@pytest.mark.parametrize(
    "text", ["湖政办发〔2023〕9号", "https://example.gov.cn/2023/6.pdf", "6/30 会议纪要"]
)
def test_a_text_stays_a_text(world: World, text: str) -> None:
    assert world(*LOG, "--evidence", text).code == 0
    assert evidence(world) == [text]


def test_a_file_beyond_the_limit_is_refused(world: World, letter: Path) -> None:
    config = world.read("data/ledger.yaml")
    world.write("data/ledger.yaml", config + "evidence_limit: 1\n")
    world.commit_all("上限")
    letter.write_bytes(b"x" * (1024 * 1024 + 1))
    done = world(*LOG, "--evidence", str(letter))
    assert done.code == 1
    assert "超过上限 1 MiB" in done.err
    assert world.git("status", "--porcelain") == ""


def test_a_refused_entry_leaves_no_file(world: World, letter: Path) -> None:
    done = world("log", "金融办", "listed", "2亿元", "--evidence", str(letter))
    assert done.code == 1
    assert not (world.root / "data/evidence").exists()
    assert world(*LOG, "--evidence", str(letter), "--dry-run").code == 0
    assert not (world.root / "data/evidence").exists()


def test_a_changed_or_missing_file_is_found(world: World, letter: Path) -> None:
    assert world(*LOG, "--evidence", str(letter)).code == 0
    file = world.root / evidence(world)[0]
    file.write_bytes(b"%PDF other")
    codes = {row["rule"] for row in json.loads(world("check", "--format", "json").out)}
    assert "evidence-hash" in codes
    world.commit_all("换掉佐证")
    found = json.loads(world("audit", "--format", "json").out)
    assert "evidence-changed" in {finding["rule"] for finding in found["findings"]}
    file.unlink()
    (missing,) = json.loads(world("check", "--format", "json").out)
    assert (missing["rule"], missing["path"], missing["line"]) == (
        "evidence-missing",
        "data/progress/2023/金融办/01.yaml",
        1,
    )


def test_the_evidence_of_a_closing_is_copied_with_it(world: World, letter: Path) -> None:
    words = ("close", "金融办-01/listed", "--reason", "并入明年")
    head = world.git("rev-parse", "HEAD")
    refused = world(*words, "--evidence", "没有的.pdf")
    assert (refused.code, world.git("rev-parse", "HEAD")) == (1, head)
    assert world(*words, "--evidence", str(letter), "--dry-run").code == 0
    assert not (world.root / "data/evidence").exists()
    done = world(*words, "--evidence", str(letter))
    assert done.code == 0, done.err
    digest = hashlib.sha256(letter.read_bytes()).hexdigest()
    path = f"data/evidence/2023/{digest}-批复 上市.pdf"
    touched = world.git("-c", "core.quotePath=false", "show", "--format=", "--name-only", "HEAD").splitlines()
    assert sorted(touched) == sorted([path, "data/targets/2023/金融办/01.yaml"])
    assert (world("check").code, world("audit").code) == (0, 0)
    assert "批复 上市.pdf（文件 " in world("show", "金融办-01/listed").out
    (world.root / path).unlink()
    findings = json.loads(world("check", "--format", "json").out)
    assert ("evidence-missing", "data/targets/2023/金融办/01.yaml") in {
        (finding["rule"], finding["path"]) for finding in findings
    }


def test_the_report_links_files_and_web_pages(world: World, letter: Path, tmp_path: Path) -> None:
    address = "https://example.gov.cn/2023/6.html"
    texts = (str(letter), "浙证监函〔2023〕15号", address, "javascript:alert(1)", "https://x y")
    assert world(*LOG, *(word for text in texts for word in ("--evidence", text))).code == 0
    assert world("report", "-o", str(tmp_path / "报告.html")).code == 0
    page = (tmp_path / "报告.html").read_text("utf-8")
    links = [html.unescape(link) for link in re.findall(r"<td>[^\n]*", page) if "浙证监函" in link]
    (cell,) = links
    assert re.findall(r'<a href="([^"]+)">', cell) == [
        f"{quote(world.root.name)}/{quote(evidence(world)[0])}",
        address,
    ]
    assert (
        tmp_path / unquote(re.findall(r'<a href="([^"]+)">', cell)[0])
    ).read_bytes() == letter.read_bytes()
    assert "批复 上市.pdf（文件 " in cell
