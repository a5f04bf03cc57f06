"""The guard's own footing: the server's settings, its file, what git tells the hook, a ledger in a subfolder, a second root, limits."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.commands.guard import MAX_PUSH, MissingGuardConfigError, read_config
from ledger.core.models.guard import GuardConfig
from ledger.git import Repo
from ledger.rules.audit import pushed
from ledger.rules.audit.push import judge
from ledger.rules.audit.pushed import PushLineError, read_moves
from tests.rules.audit.city import ADMIN, ATTRIBUTES, FINANCE_FILE, RULES, ZHANG, City


def test_the_servers_settings(city: City) -> None:
    city.guard()
    listed = city.git("config", "--local", "--list", cwd=city.server).splitlines()
    settings = dict(line.split("=", 1) for line in listed)
    assert settings["receive.denynonfastforwards"] == "true"
    assert settings["receive.denydeletes"] == "true"
    assert settings["receive.denycurrentbranch"] == "refuse"
    assert settings["receive.fsckobjects"] == "true"
    assert settings["transfer.fsckobjects"] == "true"
    assert settings["receive.maxinputsize"] == str(MAX_PUSH)
    assert settings["core.logallrefupdates"] == "true"
    assert settings["gc.reflogexpire"] == settings["gc.reflogexpireunreachable"] == "never"
    assert settings["core.fsync"] == "committed"
    assert settings["core.hookspath"] == str(city.server / "hooks")


@pytest.mark.parametrize("specs", [("+HEAD~1:main",), (":main",)], ids=["forced", "deleted"])
def test_git_refuses_before_the_hook_is_asked(city: City, specs: tuple[str, ...]) -> None:
    city.guard()
    (city.server / "hooks" / "pre-receive").unlink()
    before = city.refs()
    assert city.push(*specs).code != 0
    assert city.refs() == before


@pytest.mark.parametrize(
    "text",
    [
        "admins: [",
        "admin: [x]\n",
        "signatures: true\n",
        "signers: nothing\n",
        "- x\n",
        "branch: 1\n",
        "signatures: perhaps\n",
    ],
)
def test_a_guard_file_that_is_wrong_accepts_nothing(city: City, text: str) -> None:
    city.guard()
    (city.server / "ledger-guard.yaml").write_text(text, "utf-8")
    with pytest.raises(MissingGuardConfigError):
        read_config(city.server)
    city.entry(FINANCE_FILE)
    before = city.refs()
    assert city.push().code != 0
    assert city.refs() == before


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x",
        "0" * 40,
        f"{'0' * 40} {'1' * 40}",
        f"{'0' * 39} {'1' * 40} refs/x",
        f"{'0' * 40} {'g' * 40} refs/x",
        f"{'0' * 40}  {'1' * 40} refs/x",
    ],
)
def test_what_git_says_and_nobody_understands_is_refused(line: str) -> None:
    with pytest.raises(PushLineError):
        read_moves([f"{line}\n"])
    with pytest.raises(PushLineError):
        read_moves([f"{'0' * 40} {'1' * 40} refs/heads/main\n", f"{line}\n"])


def test_no_line_is_no_push() -> None:
    with pytest.raises(PushLineError):
        read_moves([])


def test_moves() -> None:
    [move] = read_moves([f"{'0' * 40} {'1' * 40} refs/heads/主 线\n"])
    assert (move.creates, move.deletes, move.name) == (True, False, "refs/heads/主 线")


def _judged(city: City, **config: object) -> list[tuple[str, str]]:
    """Judge the clerk's tip against the server's, in this process."""
    old = city.git("rev-parse", "main", cwd=city.server)
    city.git("fetch", "--quiet", str(city.clone), "main", cwd=city.server)
    new = city.git("rev-parse", "FETCH_HEAD", cwd=city.server)
    settings = GuardConfig(admins=(ADMIN,), **config)  # type: ignore[arg-type]
    moves = read_moves([f"{old} {new} refs/heads/main\n"])
    found = judge(Repo.open_bare(city.server, city.environ), settings, moves, datetime.now(UTC))
    return [(item.code, item.message) for item in found]


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [("MAX_COMMITS", 2, "提交"), ("MAX_PATHS", 3, "路径"), ("MAX_TREES", 2, "目录"), ("MAX_DEPTH", 2, "层")],
)
def test_a_push_beyond_a_limit(
    city: City, monkeypatch: pytest.MonkeyPatch, name: str, value: int, word: str
) -> None:
    for _ in range(3):
        city.entry(FINANCE_FILE)
    assert _judged(city) == []
    monkeypatch.setattr(pushed, name, value)
    [(code, message)] = _judged(city)
    assert code == "ref"
    assert word in message


def test_a_ledger_in_a_subfolder(city: City, tmp_path: Path) -> None:
    """Everything is judged inside the folder; what lies above it is not the ledger's, but for what sets attributes."""
    server, clone = tmp_path / "sub.git", tmp_path / "sub"
    city.git("init", "--quiet", "--bare", "--initial-branch=main", str(server), cwd=tmp_path)
    city.git("clone", "--quiet", str(server), str(clone), cwd=tmp_path)
    inner = City(tmp_path, city.keys, city.environ)
    inner.git("switch", "--quiet", "--create", "main", cwd=clone)

    def write(path: str, text: str) -> None:
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_bytes(text.encode())

    def commit(email: str, message: str = "改动") -> str:
        inner.git("add", "--all", cwd=clone)
        inner.git(
            "-c",
            "user.name=x",
            "-c",
            f"user.email={email}",
            "commit",
            "--quiet",
            "--message",
            message,
            cwd=clone,
        )
        return inner.git("rev-parse", "HEAD", cwd=clone)

    write("账本/data/ledger.yaml", RULES)
    write("账本/.gitattributes", ATTRIBUTES)
    write("账本/data/targets/2023/金融办/01.yaml", city.read("data/targets/2023/金融办/01.yaml"))
    write("readme", "x")
    commit(ADMIN)
    write(f"账本/{FINANCE_FILE}", city.read(FINANCE_FILE))
    commit(
        ZHANG,
        "记一笔\n\n"
        + "".join(
            f"Ledger-Entry: {part[:26]}\nLedger-Target: 金融办-01/listed\n"
            for part in city.read(FINANCE_FILE).split('"id": "')[1:]
        ),
    )
    write("readme", "y")
    commit(ZHANG)
    assert inner.audit(cwd=clone / "账本") == []
    write(f"账本/{FINANCE_FILE}", city.read(FINANCE_FILE).replace("2家", "5家"))
    edit = commit(ZHANG)
    write("notes.md", "x")
    commit(ZHANG)
    write(".gitattributes", "* -diff\n")
    attributes = commit(ZHANG)
    found = {(item["rule"], item["commit"], item["path"]) for item in inner.audit(cwd=clone / "账本")}
    assert ("edited", edit, FINANCE_FILE) in found
    assert ("policy", attributes, ".gitattributes") in found
    assert {item[1] for item in found} == {edit, attributes}


def test_a_second_root(city: City) -> None:
    city.git("checkout", "--quiet", "--orphan", "other")
    root = city.commit("另一个开头")
    city.git("switch", "--quiet", "main")
    city.git(
        "merge",
        "--quiet",
        "--allow-unrelated-histories",
        "--no-ff",
        "--message",
        "并",
        "--strategy=ours",
        "other",
    )
    found = {item["commit"] for item in city.audit(cwd=city.clone) if item["rule"] == "merge"}
    roots = set(city.git("rev-list", "--max-parents=0", "HEAD").split())
    assert root in roots
    assert city.git("rev-parse", "HEAD") in found
    assert len(roots & found) == 1, "the one that git lists first is taken for the beginning"


def test_the_first_push_to_an_empty_server_sets_the_rules(city: City, tmp_path: Path) -> None:
    empty = tmp_path / "empty.git"
    city.git("init", "--quiet", "--bare", "--initial-branch=main", str(empty), cwd=tmp_path)
    assert city.ledger("guard", "install", str(empty), "--admin", "other@example.gov.cn").code == 0
    done = city.run("git", "push", "--quiet", str(empty), "main")
    assert done.code == 0, done.err
    city.be(ADMIN)
    city.write("data/ledger.yaml", city.read("data/ledger.yaml") + "late_days: 30\n")
    city.commit()
    refused = city.run("git", "push", "--quiet", str(empty), "main")
    assert "[policy]" in refused.err, "an admin of the repository is none of the server's"


def test_a_repository_of_sha256(city: City, tmp_path: Path) -> None:
    clone = tmp_path / "sha256"
    city.git("init", "--quiet", "--initial-branch=main", "--object-format=sha256", str(clone), cwd=tmp_path)
    for path in ("data/ledger.yaml", ".gitattributes", "data/targets/2023/金融办/01.yaml"):
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_bytes((city.clone / path).read_bytes())
    city.git("config", "user.name", "x", cwd=clone)
    city.git("config", "user.email", ZHANG, cwd=clone)
    city.git("add", "--all", cwd=clone)
    city.git("commit", "--quiet", "--message", "建立账本", cwd=clone)
    for amount in ("1家", "2家"):
        assert city.ledger("log", "金融办", "listed", amount, "--on", "2023-05-20", cwd=clone).code == 0
    assert city.audit(cwd=clone) == []
    file = clone / FINANCE_FILE
    file.write_text(file.read_text("utf-8").replace("1家", "9家"), "utf-8")
    city.git("commit", "--quiet", "--all", "--message", "改动", cwd=clone)
    assert city.places("edited", cwd=clone) == [(city.git("rev-parse", "HEAD", cwd=clone), FINANCE_FILE, 1)]


@pytest.mark.parametrize(("hour", "over"), [(9, False), (10, True)])
def test_a_month_is_over_when_it_is_over_in_the_first_zone(city: City, hour: int, over: bool) -> None:
    """At 10 o'clock of Greenwich the next day has begun at UTC+14."""
    city.be(ADMIN)
    assert city.seal_unsent("2023-03").code == 0
    city.git("fetch", "--quiet", "--no-tags", str(city.clone), "refs/tags/seal/2023-03", cwd=city.server)
    seal = city.git("rev-parse", "refs/tags/seal/2023-03")
    moves = read_moves([f"{'0' * 40} {seal} refs/tags/seal/2023-03\n"])
    now = datetime(2023, 3, 31, hour, 0, tzinfo=UTC)
    found = judge(Repo.open_bare(city.server, city.environ), GuardConfig(admins=(ADMIN,)), moves, now)
    assert any("还没有过完，服务器的时间是 2023-03-31" in item.message for item in found) is not over
