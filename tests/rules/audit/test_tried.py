"""Ways in that nobody had listed (docs/internals/attacks.md), each of which once passed."""

from __future__ import annotations

import subprocess

import pytest

from tests.rules.audit.city import ADMIN, FINANCE_FILE, City

ZERO_WIDTH = "\u200b"


def _found(city: City, *specs: str) -> tuple[tuple[object, ...], str]:
    """Push without a guard; return the rule, commit, path and line of the one finding, and what the audit says."""
    done = city.push(*specs)
    assert done.code == 0, done.err
    city.fetch()
    [finding] = city.audit()
    return tuple(finding[key] for key in ("rule", "commit", "path", "line")), str(finding["message"])


def _refused(city: City, rule: str, *specs: str) -> None:
    city.guard()
    pushed = city.push(*specs)
    assert pushed.code != 0
    assert f"[{rule}]" in pushed.err
    (city.server / "hooks" / "pre-receive").unlink()


def _make(city: City, kind: str, content: bytes) -> str:
    done = subprocess.run(
        ["git", "hash-object", "-t", kind, "-w", "--stdin", "--literally"],
        input=content,
        cwd=city.clone,
        env=city.environ,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def _seal(
    city: City,
    month: str,
    *,
    name: str = "",
    points_to: str = "HEAD",
    header: str = "",
    tagger: str = "管理员",
) -> str:
    """Make a seal by hand, all of whose facts are true of the tip, and return its ref."""
    name = name or f"seal/{month}"
    tip, tree = city.git("rev-parse", "HEAD"), city.git("rev-parse", "HEAD^{tree}")
    files = city.git("ls-files", "-z", "data/progress").split("\0")
    count = sum(len(city.read(path).splitlines()) for path in files if path)
    text = (
        f"object {city.git('rev-parse', points_to)}\ntype commit\ntag {name}\n"
        f"tagger {tagger} <{ADMIN}> {city.git('show', '-s', '--format=%ct')} +0800\n{header}\n{month} 封账\n\n"
        f"Ledger-Seal: {month}\nLedger-Previous: {city.git('rev-parse', 'refs/tags/seal/2023-02')}\n"
        f"Ledger-Tip: {tip}\nLedger-Tree: {tree}\n"
        f"Ledger-Commits: {city.git('rev-list', '--count', 'HEAD')}\nLedger-Entries: {count}\n"
    )
    city.git("update-ref", f"refs/tags/{name}", _make(city, "tag", text.encode()))
    return f"refs/tags/{name}"


def test_a_seal_made_by_hand_that_tells_the_truth(city: City) -> None:
    """What the others are compared with."""
    ref = _seal(city, "2023-03")
    city.guard()
    assert city.push(ref).code == 0


def test_a_seal_with_a_second_object(city: City) -> None:
    """Git follows the first header of a name."""
    ref = _seal(city, "2023-03", points_to="HEAD~1", header=f"object {city.git('rev-parse', 'HEAD')}\n")
    _refused(city, "ref", ref)
    place, message = _found(city, ref)
    assert place == ("seal", city.git("rev-parse", "HEAD~1"), None, None)
    assert "写的提交与它指向的提交不同" in message


def test_a_seal_whose_maker_is_called_like_a_header(city: City) -> None:
    tip = city.git("rev-parse", "HEAD")
    ref = _seal(city, "2023-03", points_to="HEAD~1", tagger=f"管\u2028object {tip}\u2028理")
    place, message = _found(city, ref)
    assert place == ("seal", city.git("rev-parse", "HEAD~1"), None, None)
    assert "写的提交与它指向的提交不同" in message


def test_a_seal_in_digits_that_look_alike(city: City) -> None:
    ref = _seal(city, "2023-03", name="seal/\uff12\uff10\uff12\uff13-03")
    _refused(city, "ref", ref)
    place, message = _found(city, ref)
    assert place == ("seal", city.git("rev-parse", "HEAD"), None, None)
    assert f"{ref} 不是 ledger seal 做的封账标签" in message


def test_a_seal_of_a_month_to_come(city: City) -> None:
    place, message = _found(city, _seal(city, "2099-12"))
    assert place == ("seal", city.git("rev-parse", "HEAD"), None, None)
    assert "2099-12 还没有过完" in message


def test_a_reason_that_nobody_can_see(city: City) -> None:
    entry = city.entry(FINANCE_FILE, on="2023-02-10", late=True, reason=ZERO_WIDTH)
    _refused(city, "sealed")
    place, message = _found(city)
    assert place == ("sealed", city.git("rev-parse", "HEAD"), FINANCE_FILE, 4)
    assert entry.id in message


@pytest.mark.parametrize("reason", [ZERO_WIDTH, "……"])
def test_the_program_asks_for_a_reason_that_can_be_read(city: City, reason: str) -> None:
    done = city.ledger("log", "金融办", "listed", "1家", "--on", "2023-02-10", "--late", "--reason", reason)
    assert done.code != 0
    assert "理由" in done.err


def test_no_month_is_opened_again_for_a_reason_that_nobody_can_see(city: City) -> None:
    """The next seal would hang on a link that the chain does not accept."""
    city.be(ADMIN, "管理员")
    before = city.refs()
    assert city.ledger("seal", "2023-02", "--reopen", "--reason", ZERO_WIDTH).code != 0
    assert city.refs() == before


def test_an_entry_called_simulated_in_a_ledger_that_is_not(city: City) -> None:
    entry = city.entry(FINANCE_FILE, commit=False, simulated="模拟数据")
    city.commit(city.message(FINANCE_FILE, entry), GIT_AUTHOR_DATE="2023-06-16T09:00:00+08:00")
    _refused(city, "clock")
    place, message = _found(city)
    assert place == ("clock", city.git("rev-parse", "HEAD"), FINANCE_FILE, 4)
    assert "2023-06-16T09:00:00+08:00" in message


def test_an_author_of_a_day_to_come(city: City) -> None:
    entry = city.entry(FINANCE_FILE, commit=False)
    city.commit(city.message(FINANCE_FILE, entry), GIT_AUTHOR_DATE="2093-06-16T09:00:00+08:00")
    _refused(city, "clock")
    place, message = _found(city)
    assert place == ("clock", city.git("rev-parse", "HEAD"), None, None)
    assert "2093-06-16 09:00:00" in message


def test_a_mode_that_git_reads_as_a_plain_one_locks_nobody_out(city: City) -> None:
    """Git shows no change from 100644 to 100664: a guard cannot refuse it, so the next honest push must not pay for it."""
    folder, _, name = FINANCE_FILE.rpartition("/")
    blob = city.git("rev-parse", f"HEAD:{FINANCE_FILE}")
    tree = _make(city, "tree", b"100664 " + name.encode() + b"\0" + bytes.fromhex(blob))
    while folder:
        folder, _, name = folder.rpartition("/")
        lines = city.git("-c", "core.quotePath=false", "ls-tree", f"HEAD:{folder}").splitlines()
        kept = [line for line in lines if not line.endswith(f"\t{name}")]
        text = "\n".join([*kept, f"040000 tree {tree}\t{name}"]) + "\n"
        done = subprocess.run(
            ["git", "mktree"],
            input=text.encode(),
            cwd=city.clone,
            env=city.environ,
            capture_output=True,
            check=True,
        )
        tree = done.stdout.decode().strip()
    city.git("update-ref", "HEAD", city.git("commit-tree", "-p", "HEAD", "-m", "改动", tree))
    city.guard()
    assert city.push().code == 0
    city.fetch()
    assert city.audit("--full") == []
    city.entry(FINANCE_FILE)
    done = city.push()
    assert done.code == 0, done.err
    city.fetch()
    assert city.audit() == []
