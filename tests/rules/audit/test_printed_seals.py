"""A paper names a seal only if the server has it; offline, what was last fetched counts and the paper says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rules.audit.city import ADMIN, City


@dataclass
class Paper:
    """What was written on a paper, and what was said beside it."""

    text: str
    notices: str


PAPERS = {
    "bulletin": ("bulletin", "--month", "2023-05", "-o", "纸.md"),
    "report": ("report", "--as-of", "2023-05-31", "-o", "纸.html"),
}


@pytest.fixture(params=PAPERS)
def kind(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture
def guarded(city: City) -> City:
    city.guard()
    city.be(ADMIN, "管理员")
    assert city.ledger("sync").code == 0
    return city


def write(city: City, kind: str, cwd: Path | None = None) -> Paper:
    done = city.ledger(*PAPERS[kind], cwd=cwd)
    assert done.code == 0, done.err
    folder = cwd or city.clone
    return Paper((folder / PAPERS[kind][-1]).read_text(encoding="utf-8"), done.err)


def number(city: City, month: str = "2023-05", cwd: Path | None = None) -> str:
    return city.git("rev-parse", f"refs/tags/seal/{month}", cwd=cwd)[:12]


def test_a_seal_that_the_server_has_is_printed(guarded: City, kind: str) -> None:
    assert guarded.ledger("seal", "2023-05").code == 0
    paper = write(guarded, kind)
    assert number(guarded) in paper.text
    assert "封账" not in paper.notices.replace("按 2023-05 封账时的账", "")


def test_a_seal_that_only_this_machine_has_is_told_of_and_not_printed(guarded: City, kind: str) -> None:
    assert guarded.seal_unsent("2023-05").code == 0
    paper = write(guarded, kind)
    assert number(guarded) not in paper.text
    assert number(guarded) in paper.notices
    assert "服务器上没有" in paper.notices
    refused = guarded.ledger("seal", "2023-05")
    assert "git tag -d seal/2023-05" in refused.err
    guarded.git("tag", "-d", "seal/2023-05")
    assert guarded.ledger("seal", "2023-05").code == 0
    assert number(guarded) in write(guarded, kind).text


def test_offline_the_last_fetch_counts_and_the_paper_says_so(guarded: City, kind: str) -> None:
    assert guarded.ledger("seal", "2023-05").code == 0
    other = guarded.folder / "other"
    guarded.git("clone", "--quiet", str(guarded.server), str(other), cwd=guarded.folder)
    for clone in (guarded.clone, other):
        guarded.git("config", "remote.origin.url", "git://127.0.0.1:9/x", cwd=clone)
    paper = write(guarded, kind)
    assert number(guarded) in paper.text
    assert "以最近一次同步所得为准" in paper.text
    assert "没有连上服务器" in paper.notices
    # A tag that came by other ways than a fetch of ours proves nothing.
    paper = write(guarded, kind, other)
    assert number(guarded) not in paper.text
    assert "上次同步时服务器上没有" in paper.notices


def test_a_month_opened_again_by_others_is_not_printed_as_sealed(guarded: City, kind: str) -> None:
    assert guarded.ledger("seal", "2023-05").code == 0
    other = guarded.folder / "other"
    guarded.git("clone", "--quiet", str(guarded.server), str(other), cwd=guarded.folder)
    assert guarded.ledger("sync", cwd=other).code == 0
    reopened = guarded.ledger("seal", "2023-05", "--reopen", "--reason", "金融办漏报")
    assert reopened.code == 0
    paper = write(guarded, kind, other)
    assert number(guarded, cwd=other) not in paper.text
    assert "本机还没有的封账或重开：2023-05-reopened" in paper.notices
    assert guarded.ledger("sync", cwd=other).code == 0
    assert "本机还没有" not in write(guarded, kind, other).notices


def test_a_seal_on_this_machine_alone_is_refused_where_there_is_a_server(guarded: City) -> None:
    refused = guarded.ledger("seal", "2023-05", "--local")
    assert refused.code == 1
    assert "ledger seal 2023-05" in refused.err


def test_a_server_that_is_silent_is_not_waited_for_long(
    guarded: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.rules.sealed.PATIENCE", 1)
    assert guarded.ledger("seal", "2023-05").code == 0
    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\nexec sleep 30\n")
    ssh.chmod(0o755)
    guarded.git("config", "core.sshCommand", str(ssh))
    guarded.git("config", "remote.origin.url", "ssh://server.example/x.git")
    paper = write(guarded, "bulletin")
    assert number(guarded) in paper.text
    assert "没有连上服务器" in paper.notices
