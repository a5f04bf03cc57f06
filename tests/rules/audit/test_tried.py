"""Ways in that nobody had listed (docs/internals/attacks.md), each of which once passed."""

from __future__ import annotations

import hashlib
import json
import subprocess

import pytest

from tests.rules.audit.city import ADMIN, FINANCE_FILE, LI, ZHANG, City

pytestmark = pytest.mark.usefixtures("told")

ZERO_WIDTH = "\u200b"


def _findings(city: City, *specs: str) -> list[dict[str, object]]:
    """Push without a guard and return the findings of the audit."""
    done = city.push(*specs)
    assert done.code == 0, done.err
    city.fetch()
    return city.audit()


def _place(finding: dict[str, object]) -> tuple[object, ...]:
    """The rule, commit, path and line of a finding."""
    return tuple(finding[key] for key in ("rule", "commit", "path", "line"))


def _only_finding(city: City, *specs: str) -> tuple[tuple[object, ...], str]:
    """Push without a guard; return the place and the message of the one finding of the audit."""
    [finding] = _findings(city, *specs)
    return _place(finding), str(finding["message"])


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
    email: str = ADMIN,
    change: tuple[str, str] = ("", ""),
) -> str:
    """Make a seal by hand, all of whose facts are true of the tip, and return its ref."""
    name = name or f"seal/{month}"
    tip, tree = city.git("rev-parse", "HEAD"), city.git("rev-parse", "HEAD^{tree}")
    files = city.git("ls-files", "-z", "data/progress").split("\0")
    count = sum(len(city.read(path).splitlines()) for path in files if path)
    text = (
        f"object {city.git('rev-parse', points_to)}\ntype commit\ntag {name}\n"
        f"tagger {tagger} <{email}> {city.git('show', '-s', '--format=%ct')} +0800\n{header}\n{month} 封账\n\n"
        f"Ledger-Seal: {month}\nLedger-Previous: {city.git('rev-parse', 'refs/tags/seal/2023-02')}\n"
        f"Ledger-Tip: {tip}\nLedger-Tree: {tree}\n"
        f"Ledger-Commits: {city.git('rev-list', '--count', 'HEAD')}\nLedger-Entries: {count}\n"
    )
    assert change[0] in text
    text = text.replace(*change, 1)
    city.git("update-ref", f"refs/tags/{name}", _make(city, "tag", text.encode()))
    return f"refs/tags/{name}"


def test_a_seal_made_by_hand_that_tells_the_truth(city: City) -> None:
    """What the others are compared with."""
    ref = _seal(city, "2023-03")
    city.guard()
    assert city.push(ref).code == 0


def _assert_points_elsewhere(city: City, findings: list[dict[str, object]]) -> None:
    """A seal that tells the truth of the tip and points to the commit before it: its tip and all its counts are wrong."""
    assert {_place(finding) for finding in findings} == {
        ("seal", city.git("rev-parse", "HEAD~1"), None, None)
    }
    parts = ("写的提交与它指向的提交不同", "写的 Tree 是", "写的 Commits 是", "写的 Entries 是")
    for finding, part in zip(findings, parts, strict=True):
        assert part in str(finding["message"])


def test_a_seal_with_a_second_object(city: City) -> None:
    """Git follows the first header of a name."""
    ref = _seal(city, "2023-03", points_to="HEAD~1", header=f"object {city.git('rev-parse', 'HEAD')}\n")
    _refused(city, "ref", ref)
    _assert_points_elsewhere(city, _findings(city, ref))


def test_a_seal_whose_maker_is_called_like_a_header(city: City) -> None:
    tip = city.git("rev-parse", "HEAD")
    ref = _seal(city, "2023-03", points_to="HEAD~1", tagger=f"管\u2028object {tip}\u2028理")
    _assert_points_elsewhere(city, _findings(city, ref))


def test_a_seal_in_digits_that_look_alike(city: City) -> None:
    ref = _seal(city, "2023-03", name="seal/\uff12\uff10\uff12\uff13-03")
    _refused(city, "ref", ref)
    place, message = _only_finding(city, ref)
    assert place == ("seal", city.git("rev-parse", "HEAD"), None, None)
    assert f"{ref} 不是 ledger seal 做的封账标签" in message


def test_a_seal_of_a_month_to_come(city: City) -> None:
    place, message = _only_finding(city, _seal(city, "2099-12"))
    assert place == ("seal", city.git("rev-parse", "HEAD"), None, None)
    assert "2099-12 还没有过完" in message


def test_a_reason_that_nobody_can_see(city: City) -> None:
    entry = city.entry(FINANCE_FILE, on="2023-02-10", late=True, reason=ZERO_WIDTH)
    _refused(city, "sealed")
    place, message = _only_finding(city)
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
    place, message = _only_finding(city)
    assert place == ("clock", city.git("rev-parse", "HEAD"), FINANCE_FILE, 4)
    assert "2023-06-16T09:00:00+08:00" in message


def test_an_author_of_a_day_to_come(city: City) -> None:
    entry = city.entry(FINANCE_FILE, commit=False)
    city.commit(city.message(FINANCE_FILE, entry), GIT_AUTHOR_DATE="2093-06-16T09:00:00+08:00")
    _refused(city, "clock")
    place, message = _only_finding(city)
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


MISSING = f"data/evidence/2023/{'0' * 64}-纪要.pdf"
SOUND = f"data/evidence/2023/{hashlib.sha256(b'x').hexdigest()}-纪要.pdf"


@pytest.mark.parametrize("name", [MISSING, "data/evidence/2023/纪要.pdf", "data/evidence/", f"{SOUND}.pdf"])
def test_an_entry_that_names_evidence_which_is_not_there(city: City, name: str) -> None:
    city.entry(FINANCE_FILE, evidence=["湖政发〔2023〕9号", name])
    _refused(city, "evidence-missing")
    place, message = _only_finding(city)
    assert place == ("evidence-missing", city.git("rev-parse", "HEAD"), FINANCE_FILE, 4)
    assert f" {name} " in message


def test_evidence_that_comes_after_its_entry(city: City) -> None:
    city.entry(FINANCE_FILE, evidence=[SOUND])
    city.write(SOUND, "x")
    city.commit()
    _refused(city, "evidence-missing")
    place, message = _only_finding(city)
    assert place == ("evidence-missing", city.git("rev-parse", "HEAD~1"), FINANCE_FILE, 4)
    assert SOUND in message


def test_a_closing_that_names_evidence_which_is_not_there(city: City) -> None:
    city.be(ADMIN)
    path = "data/targets/2023/金融办/01.yaml"
    city.change(
        path, "year: 2023\n", f"year: 2023\nclosed: {{on: 2023-06-30, by: 某人, evidence: [{MISSING}]}}\n"
    )
    city.commit(GIT_AUTHOR_DATE="2023-06-30T09:00:00+08:00")
    _refused(city, "evidence-missing")
    place, message = _only_finding(city)
    assert place == ("evidence-missing", city.git("rev-parse", "HEAD"), path, 5)
    assert MISSING in message


def test_evidence_that_is_there_is_none_of_these(city: City) -> None:
    """In the commit of the entry, or in an earlier one, and whether the walk begins there or at the first commit."""
    file = city.folder / "纪要.pdf"
    file.write_bytes(b"x")
    city.guard()
    for day in ("20", "21"):
        done = city.ledger(
            "log", "金融办", "listed", "1家", "--on", f"2023-06-{day}", "--evidence", str(file)
        )
        assert done.code == 0, done.err
        pushed = city.push()
        assert pushed.code == 0, pushed.err
    assert SOUND in city.read(FINANCE_FILE)
    city.fetch()
    assert city.audit() == city.audit("--full") == []


@pytest.mark.parametrize("value", ["true", "false"])
def test_a_ledger_called_simulated_for_a_while(city: City, value: str) -> None:
    """Times are not compared in a demonstration, so that an admin could date back under the mark."""
    city.be(ADMIN)
    if value == "false":  # a ledger that began as a demonstration
        city.change("data/ledger.yaml", "year: 2023\n", "year: 2023\nsimulated: true\n")
        city.git("commit", "--quiet", "--all", "--message", "x")
        city.git("push", "--quiet", "origin", "main")
        city.fetch()
        city.audit()
    text = "year: 2023\nsimulated: true\n"
    city.change("data/ledger.yaml", *(("year: 2023\n", text) if value == "true" else (text, "year: 2023\n")))
    city.commit()
    _refused(city, "policy")
    tip = city.git("rev-parse", "HEAD")
    places = [_place(finding) for finding in _findings(city) if finding["commit"] == tip]
    assert places == [("policy", tip, "data/ledger.yaml", None)]


def test_a_mark_of_simulation_put_back_by_way_of_a_removal(city: City) -> None:
    city.be(ADMIN)
    text = city.read("data/ledger.yaml")
    (city.clone / "data/ledger.yaml").unlink()
    city.commit()
    city.write("data/ledger.yaml", text.replace("year: 2023\n", "year: 2023\nsimulated: true\n"))
    city.commit()
    city.write("data/ledger.yaml", text)
    tip = city.commit()
    place = ("policy", city.git("rev-parse", f"{tip}~1"), "data/ledger.yaml", None)
    assert place in {_place(finding) for finding in _findings(city)}


@pytest.mark.parametrize("act", ["added", "changed", "removed"])
def test_a_draft_in_the_folder_of_another_department(city: City, act: str) -> None:
    path = "data/drafts/2023/商务局/01.yaml"
    if act != "added":
        city.be(LI)
        city.write(path, "id: 商务局-01\n")
        city.commit()
        city.git("push", "--quiet", "origin", "main")
        city.be(ZHANG)
    if act == "removed":
        (city.clone / path).unlink()
    else:
        city.write(path, "id: 商务局-01\ntitle: x\n")
    city.commit()
    _refused(city, "role")
    places = [_place(finding) for finding in _findings(city) if finding["rule"] == "role"]
    assert places == [("role", city.git("rev-parse", "HEAD"), path, None)]


def test_drafts_of_the_own_department(city: City) -> None:
    city.write("data/drafts/2023/金融办/01.yaml", "id: 金融办-01\n")
    city.commit()
    assert _findings(city) == []


@pytest.mark.parametrize("reason", [" ", ZERO_WIDTH, "……"])
@pytest.mark.parametrize("link", ["corrects", "voids"])
def test_a_correction_for_a_reason_that_nobody_can_see(city: City, link: str, reason: str) -> None:
    first = city.entry(FINANCE_FILE)
    figure = {"add": "2家"} if link == "corrects" else {"add": None}
    second = city.entry(FINANCE_FILE, reason=reason, **{link: first.id}, **figure)
    _refused(city, "no-reason")
    place, message = _only_finding(city)
    assert place == ("no-reason", city.git("rev-parse", "HEAD"), FINANCE_FILE, 5)
    assert first.id in message
    # The way out: the line is withdrawn for a reason, and nothing is asked of it any more.
    city.entry(FINANCE_FILE, add=None, voids=second.id, reason="理由没有写清楚")
    assert _findings(city) == []


def test_a_figure_called_unavailable_without_saying_why(city: City) -> None:
    city.entry(FINANCE_FILE, add=None, unavailable=True)
    _refused(city, "no-reason")
    place, message = _only_finding(city)
    assert place == ("no-reason", city.git("rev-parse", "HEAD"), FINANCE_FILE, 4)
    assert "无法统计" in message


@pytest.mark.parametrize(("email", "role"), [(ZHANG, True), (ADMIN, False)])
def test_a_month_sealed_or_opened_by_somebody_who_may_not(city: City, email: str, role: bool) -> None:
    """The server has no guard: the audit goes by those whom the ledger names."""
    city.be(email)
    done = city.ledger("seal", "2023-03", "--dry-run")
    assert (done.code, ADMIN in done.err) == (role, role), done.err
    ref = _seal(city, "2023-03", email=email)
    if not role:
        assert _findings(city, ref) == []
        return
    _refused(city, "ref", ref)
    place, message = _only_finding(city, ref)
    assert place == ("role", city.git("rev-parse", "HEAD"), None, None)
    assert f"{email} 不能封账 2023-03" in message


def test_a_server_whose_guard_names_nobody_goes_by_the_ledger(city: City) -> None:
    done = city.ledger("guard", "install", str(city.server))
    assert done.code == 0, done.err
    city.be(ZHANG)
    pushed = city.push(_seal(city, "2023-03", email=ZHANG))
    assert pushed.code != 0
    assert "[role]" in pushed.err


@pytest.mark.parametrize("email", [ZHANG, LI, ADMIN])
def test_a_verdict_where_no_reviewer_is_named(city: City, email: str) -> None:
    """The ledger names admins: a clerk does not become a reviewer because a list was forgotten."""
    city.be(email)
    done = city.ledger("judge", "金融办-01/front", "unmet", "--reason", "尚无依据")
    assert done.code == (0 if email == ADMIN else 1), done.err
    if email == ADMIN:
        assert _findings(city) == []
        return
    city.entry(FINANCE_FILE, add=None, target="front", verdict="unmet", reason="尚无依据")
    _refused(city, "role")
    place, message = _only_finding(city)
    assert place == ("role", city.git("rev-parse", "HEAD"), FINANCE_FILE, 4)
    assert f"{email} 不能为金融办评定" in message


PLAN = "data/targets/2023/金融办/01.yaml"
GOAL = "    goal: {at_least: 6 家}"


def _raise_goal(city: City, to: str = "8 家", **fields: str) -> None:
    """Raise a goal by hand, with a record whose fields may lie, in a commit of 2023-07-10 by 管理员."""
    city.be(ADMIN, "管理员")
    record = {
        "on": "2023-07-10",
        "by": "管理员",
        "reason": "会议纪要〔2023〕5号",
        "was": "{goal: {at_least: 6 家}}",
    }
    words = ", ".join(f"{key}: {value}" for key, value in (record | fields).items())
    city.change(PLAN, GOAL, f"    goal: {{at_least: {to}}}\n    revisions:\n      - {{{words}}}")
    city.commit(GIT_AUTHOR_DATE="2023-07-10T09:00:00+08:00")


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"by": "李四"}, "提交的作者却是 管理员"),
        ({"on": "2023-06-01"}, "2023-06-01"),
        ({"on": "2099-01-01"}, "2099-01-01"),
    ],
)
def test_a_change_recorded_in_anothers_name_or_on_another_day(
    city: City, fields: dict[str, str], part: str
) -> None:
    _raise_goal(city, **fields)
    _refused(city, "goal")
    place, message = _only_finding(city)
    line = city.read(PLAN).splitlines().index("    revisions:") + 2
    assert place == ("goal", city.git("rev-parse", "HEAD"), PLAN, line)
    assert part in message


def test_the_way_out_of_a_false_record(city: City) -> None:
    """The commands that the refusal names, typed as they stand, lead to a change that server and audit take."""
    _raise_goal(city, by="李四")
    city.guard()
    refused = city.push()
    assert "[goal]" in refused.err
    short = city.git("rev-parse", "--short=8", "HEAD")
    assert f"ledger redo --drop {short}，再 ledger amend 金融办-01/listed" in refused.err
    assert city.ledger("redo", "--drop", short).code == 0
    done = city.ledger("amend", "金融办-01/listed", "--goal", "≥8家", "--reason", "会议纪要〔2023〕5号")
    assert done.code == 0, done.err
    pushed = city.push()
    assert pushed.code == 0, pushed.err
    city.fetch()
    assert city.audit() == city.audit("--full") == []


def test_a_step_between_two_goals_that_never_was(city: City) -> None:
    _raise_goal(
        city,
        was="{goal: {at_least: 6 家}}}\n      - {on: 2023-07-10, by: 管理员, reason: 再议, was: {goal: {at_least: 9 家}}",
    )
    _refused(city, "goal")
    place, message = _only_finding(city)
    assert place[:3] == ("goal", city.git("rev-parse", "HEAD"), PLAN)
    assert "2 步" in message


def test_a_commit_of_a_day_to_come_without_a_guard(city: City) -> None:
    entry = city.entry(FINANCE_FILE, commit=False)
    city.commit(city.message(FINANCE_FILE, entry), GIT_COMMITTER_DATE="2093-06-16T09:00:00+08:00")
    place, message = _only_finding(city)
    assert place == ("clock", city.git("rev-parse", "HEAD"), None, None)
    assert "这台电脑现在是" in message


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("2023-03 封账", "2023-04 封账", "2023-04 封账"),
        ("Ledger-Seal: 2023-03\n", "Ledger-Seal: 2023-03\nLedger-Entries: 9\n", "Ledger-Entries"),
        ("Ledger-Tip: ", "Ledger-Seal: 2023-04\nLedger-Tip: ", "Ledger-Seal: 2023-04"),
        ("Ledger-Tip: ", "一切属实。\nLedger-Tip: ", "一切属实"),
        ("Ledger-Tip: ", "Ledger-Reviewed: 审计局\nLedger-Tip: ", "Ledger-Reviewed"),
        ("封账\n", "封账 \u3000\n", "封账"),
    ],
)
def test_a_seal_with_words_of_its_own(city: City, old: str, new: str, part: str) -> None:
    """A seal's text is what the program writes, each line once: on paper nobody can tell which of two is meant."""
    ref = _seal(city, "2023-03", change=(old, new))
    _refused(city, "seal", ref)
    findings = _findings(city, ref)
    assert {_place(finding) for finding in findings} == {("seal", city.git("rev-parse", "HEAD"), None, None)}
    assert any(part in str(finding["message"]) for finding in findings)


def test_a_seal_that_counts_itself_the_seventh(city: City) -> None:
    ref = _seal(city, "2023-03", name="seal/2023-03-7")
    _refused(city, "seal", ref)
    place, message = _only_finding(city, ref)
    assert place == ("seal", city.git("rev-parse", "HEAD"), None, None)
    assert "seal/2023-03-7" in message


def test_a_seal_older_than_what_it_seals(city: City) -> None:
    tip = city.git("show", "-s", "--format=%ct")
    ref = _seal(city, "2023-03", change=(f"> {tip} +0800", "> 99 +0800"))
    _refused(city, "seal", ref)
    place, message = _only_finding(city, ref)
    assert place == ("seal", city.git("rev-parse", "HEAD"), None, None)
    assert "1970-01-01" in message


def test_a_figure_in_anothers_name_is_counted(city: City) -> None:
    """Sheets are imported for others, so that the name in an entry is free; the certificate says how many are not their commit's author."""
    city.entry(FINANCE_FILE, by="王五")
    assert _findings(city) == []
    done = city.ledger("audit", "--format", "json", cwd=city.auditor)
    told = {item["code"]: item["message"] for item in json.loads(done.out)["proved"]["unchecked"]}
    assert told["reporters"].startswith("1 条")


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"returns": "", "reason": " "}, "no-reason"),
        ({"verifies": "", "on": "2023-05-01"}, "review-date"),
        ({"cause": "申报退回"}, "no-measure"),
    ],
)
def test_a_review_that_the_program_would_not_write(city: City, fields: dict[str, str], rule: str) -> None:
    entry = city.entry(FINANCE_FILE)
    city.be(ADMIN, "管理员")
    named = {key: value or entry.id for key, value in fields.items()}
    city.entry(FINANCE_FILE, **{"add": None, "on": str(entry.on), **named})
    _refused(city, rule)
    place, _ = _only_finding(city)
    assert place == (rule, city.git("rev-parse", "HEAD"), FINANCE_FILE, 5)
