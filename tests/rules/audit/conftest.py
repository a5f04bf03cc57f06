"""A small city for auditors: a server with and without a guard, a clerk who attacks, and an auditor who saw it clean before."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from ledger.core.findings import Finding
from tests.conftest import COMMERCE, FINANCE, for_children
from tests.numbering import numbered, objects_in
from tests.rules.audit.city import ADMIN, ATTRIBUTES, LI, RULES, ZHANG, City, Done


def environ(home: Path) -> dict[str, str]:
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    kept |= {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    return (
        kept
        | for_children()
        | {
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "LEDGER_TODAY": "2023-07-10",
            "PYTHONUTF8": "1",
        }
    )


def key(folder: Path, name: str) -> str:
    """Make an SSH key without a passphrase and return its public line."""
    file = folder / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(file)],
        check=True,
        capture_output=True,
    )
    return " ".join((folder / f"{name}.pub").read_text().split()[:2])


def seed_city(city: City, rules: str, prepare: Callable[[], None] = lambda: None) -> City:
    """Make a server with a plan, three entries, one seal and one entry after it; everything honest."""
    folder = city.folder
    folder.mkdir(parents=True, exist_ok=True)
    city.git("init", "--quiet", "--bare", "--initial-branch=main", str(city.server), cwd=folder)
    city.git("clone", "--quiet", str(city.server), "clone", cwd=folder)
    city.git("switch", "--quiet", "--create", "main")
    prepare()
    city.be(ADMIN, "管理员")
    city.write("data/ledger.yaml", rules)
    city.write("data/targets/2023/金融办/01.yaml", FINANCE)
    city.write("data/targets/2023/商务局/01.yaml", COMMERCE)
    city.write(".gitattributes", ATTRIBUTES)
    city.commit("建立账本")
    city.be(ZHANG, "张三")
    for month, amount in (("01", "1家"), ("02", "2家")):
        assert city.ledger("log", "金融办", "listed", amount, "--on", f"2023-{month}-20").code == 0
    city.be(LI, "李四")
    assert city.ledger("log", "商务局", "overseas", "1亿美元", "--on", "2023-02-20").code == 0
    city.be(ZHANG, "张三")
    city.git("push", "--quiet", "--set-upstream", "origin", "main")
    city.be(ADMIN, "管理员")
    for month in ("2023-01", "2023-02"):
        sealed = city.ledger("seal", month)
        assert sealed.code == 0, sealed.err
    city.be(ZHANG, "张三")
    assert city.ledger("log", "金融办", "listed", "1家", "--on", "2023-05-20").code == 0
    city.git("push", "--quiet", "origin", "main")
    city.git("clone", "--quiet", str(city.server), "auditor", cwd=folder)
    assert city.audit() == []
    return city


def copy_city(seed: City, folder: Path) -> City:
    shutil.copytree(seed.folder, folder)
    city = City(folder, seed.keys, seed.environ)
    for clone in (city.clone, city.auditor):
        city.git("remote", "set-url", "origin", str(city.server), cwd=clone)
    return city


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> City:
    home = tmp_path_factory.mktemp("seed")
    return seed_city(City(home / "city", home, environ(home / "home")), RULES)


@pytest.fixture(scope="session")
def signed_seed(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The same city, whose rules ask for signatures; 张三's old key ended with 2022."""
    home = tmp_path_factory.mktemp("signed")
    city = City(home / "city", home, environ(home / "home"))
    lines = _signers(home)
    (home / "allowed_signers").write_text("\n".join(lines) + "\n")

    def prepare() -> None:
        city.write("keys/allowed_signers", "\n".join(lines) + "\n")
        for name, value in (("gpg.format", "ssh"), ("commit.gpgsign", "true")):
            city.git("config", name, value)

    return seed_city(city, RULES + "signatures: required\n", prepare)


def _signers(home: Path) -> Sequence[str]:
    return [
        f"{ZHANG} {key(home, 'zhang')}",
        f'{ZHANG} valid-before="20230101" {key(home, "old")}',
        f"{LI} {key(home, 'li')}",
        f"{ADMIN} {key(home, 'admin')}",
    ]


@pytest.fixture
def city(seed: City, tmp_path: Path) -> City:
    return copy_city(seed, tmp_path / "city")


@pytest.fixture
def signed_city(signed_seed: City, tmp_path: Path) -> City:
    return copy_city(signed_seed, tmp_path / "city")


@pytest.fixture
def told_findings(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> Iterator[None]:
    """All findings that a module's `findings_of` returns in a test, whole. `--snapshot-update` accepts a change."""
    said: list[str] = []
    findings_of = request.module.findings_of

    def listed(*arguments: object, **options: object) -> list[Finding]:
        findings: list[Finding] = findings_of(*arguments, **options)
        said.extend(
            "\n".join(
                filter(None, (f"{item.code} {item.place} {item.origin.email}", item.message, item.hint))
            )
            for item in findings
        )
        return findings

    monkeypatch.setattr(request.module, "findings_of", listed)
    yield
    assert numbered("\n".join(said), {}) == snapshot


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion) -> Iterator[list[str]]:
    """All that audits and guards say in a test, whole: codes, authors, places, messages and hints. `--snapshot-update` accepts a change."""
    said: list[str] = []
    folders: dict[str, str] = {}
    audit, push = City.audit, City.push

    def audited(city: City, *options: str, cwd: Path | None = None) -> list[dict[str, object]]:
        findings = audit(city, *options, cwd=cwd)
        folders[str(city.folder)] = "<city>"
        rows = ({name: value for name, value in finding.items() if value} for finding in findings)
        said.append("\n".join(["audit", *(json.dumps(row, ensure_ascii=False, indent=1) for row in rows)]))
        return findings

    def pushed(city: City, *specs: str) -> Done:
        done = push(city, *specs)
        folders[str(city.folder)] = "<city>"
        lines = [line.strip() for line in done.err.splitlines() if line.startswith("remote:")]
        said.append("\n".join([f"push {done.code}", *lines]))
        return done

    monkeypatch.setattr(City, "audit", audited)
    monkeypatch.setattr(City, "push", pushed)
    yield said
    repositories = [Path(folder) / name for folder in folders for name in ("clone", "server.git", "auditor")]
    known = [name for folder in repositories if folder.is_dir() for name in objects_in(folder)]
    assert numbered("\n".join(said), folders, known=known) == snapshot
