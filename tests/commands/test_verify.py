"""`verify`, `return` and `remark`: who may, what is written, what is refused, and that a sealed month stays closed."""

from __future__ import annotations

import json
import re

import pytest

from tests.conftest import CONFIG, World

NAMED = CONFIG.replace(
    "  - {name: 金融办, aliases: [市金融办]}",
    "  - {name: 金融办, aliases: [市金融办], reporters: [zhang@example.gov.cn], reviewers: [li@example.gov.cn]}",
)
FILE = "data/progress/2023/金融办/01.yaml"


def as_person(monkeypatch: pytest.MonkeyPatch, name: str, email: str) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", name)
        monkeypatch.setenv(f"GIT_{role}_EMAIL", email)


def rows(world: World) -> list[dict[str, object]]:
    return [json.loads(line[2:]) for line in world.read(FILE).splitlines()]


@pytest.fixture
def reported(world: World) -> World:
    assert world("log", "金融办", "listed", "1家", "--on", "2023-04-30").code == 0
    assert world("log", "金融办", "listed", "1家", "--on", "2023-05-31").code == 0
    assert world("log", "金融办", "loans", "12亿元", "--on", "2023-05-31").code == 0
    return world


def test_verifying_a_month_appends_a_line_for_each_figure_and_leaves_them_alone(reported: World) -> None:
    before = reported.read(FILE)
    ran = reported(
        "verify", "金融办", "--month", "2023-05", "--evidence", "省局函〔2023〕5号", "--format", "json"
    )
    assert ran.code == 0, ran.err
    assert reported.read(FILE).startswith(before)
    added = rows(reported)[3:]
    named = {row["id"]: row for row in rows(reported)[:3]}
    assert sorted(named[row["verifies"]]["target"] for row in added) == ["listed", "loans"]  # type: ignore[index]
    assert {row["on"] for row in added} == {"2023-05-31"}
    assert all(row["evidence"] == ["省局函〔2023〕5号"] for row in added)
    answer = json.loads(ran.out)
    assert [row["ref"] for row in answer["reviewed"]] == ["金融办-01/listed", "金融办-01/loans"]
    assert reported.git("log", "-1", "--format=%s").strip() == "verify(金融办): 核定 2 条"
    assert reported("check").code == 0
    assert reported("audit").code == 0
    again = reported("verify", "金融办", "--month", "2023-05")
    assert (again.code, again.out) == (1, "")


def test_a_preview_writes_nothing(reported: World) -> None:
    before = reported.git("rev-parse", "HEAD")
    for command in (
        ("verify", "金融办"),
        ("return", "金融办", "loans", "--reason", "不符"),
        ("remark", "金融办", "loans", "--cause", "慢", "--measure", "快"),
    ):
        assert reported(*command, "--dry-run").code == 0
    assert reported.git("rev-parse", "HEAD") == before
    assert reported.git("status", "--porcelain") == ""


def test_a_returned_figure_is_left_out_of_a_batch_and_a_correction_answers(reported: World) -> None:
    ran = reported("return", "金融办", "loans", "--reason", "佐证不符")
    assert ran.code == 0, ran.err
    batch = json.loads(reported("verify", "金融办", "--format", "json").out)
    assert [row["ref"] for row in batch["skipped"]] == ["金融办-01/loans"]
    assert reported("correct", "金融办", "loans", "11亿元", "--reason", "少计一笔").code == 0
    batch = json.loads(reported("verify", "金融办", "--format", "json").out)
    assert ([row["ref"] for row in batch["reviewed"]], batch["skipped"]) == (["金融办-01/loans"], [])
    assert reported("check").code == 0
    assert reported("audit").code == 0


def test_a_doubtful_figure_waits_for_a_word_of_its_own(reported: World) -> None:
    assert reported("log", "金融办", "loans", "900亿元", "--on", "2023-06-15", "--confirm").code == 0
    batch = json.loads(
        reported("verify", "金融办", "--month", "2023-06", "--dry-run", "--confirm", "--format", "json").out
    )
    assert batch["reviewed"][0]["doubts"]
    refused = reported("verify", "金融办", "--month", "2023-06")
    assert refused.code == 1
    assert "--confirm" in refused.err
    assert reported("verify", str(rows(reported)[-1]["id"])).code == 0


def test_the_same_review_twice_is_refused_with_a_way_out(reported: World) -> None:
    figure = str(rows(reported)[-1]["id"])
    assert reported("verify", figure).code == 0
    twice = reported("verify", figure)
    assert twice.code == 1
    assert f"ledger void {rows(reported)[-1]['id']}" in twice.err
    assert reported("void", str(rows(reported)[-1]["id"]), "--reason", "批错了").code == 0
    assert reported("verify", figure).code == 0
    assert reported("return", figure, "--reason", "又不符").code == 0
    assert reported("check").code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("return", "金融办", "loans"),
        ("remark", "金融办", "loans", "--cause", "慢"),
        ("remark", "金融办", "loans", "--cause", "慢", "--measure", "快", "--until", "2023-01-01"),
        ("remark", "金融办", "loans", "--cause", " ", "--measure", "快"),
        ("return", "金融办", "loans", "--reason", "\u200b"),
        ("verify", "财政局"),
        ("verify", "金融办-09"),
        ("correct", "LAST", "1家", "--reason", "改"),
    ],
)
def test_bad_input_is_refused_and_writes_nothing(reported: World, command: tuple[str, ...]) -> None:
    assert reported("remark", "金融办", "listed", "--cause", "慢", "--measure", "快").code == 0
    before = reported.read(FILE)
    words = [str(rows(reported)[-1]["id"]) if word == "LAST" else word for word in command]
    refused = reported(*words)
    assert refused.code in {1, 2}, refused.out
    assert refused.err
    assert reported.read(FILE) == before


def test_only_reviewers_verify_and_return(reported: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reported.write("data/ledger.yaml", NAMED)
    reported.commit_all("名单")
    before = reported.read(FILE)
    for command in (("verify", "金融办"), ("return", "金融办", "loans", "--reason", "不符")):
        refused = reported(*command)
        assert (refused.code, reported.read(FILE)) == (1, before)
        assert "li@example.gov.cn" in refused.err
    assert reported("remark", "金融办", "loans", "--cause", "慢", "--measure", "快").code == 0
    as_person(monkeypatch, "李四", "li@example.gov.cn")
    assert reported("return", "金融办", "loans", "--reason", "不符").code == 0
    assert reported("remark", "金融办", "loans", "--cause", "很慢", "--measure", "快").code == 0
    as_person(monkeypatch, "张三", "zhang@example.gov.cn")
    returned = next(row for row in rows(reported) if "returns" in row)
    refused = reported("void", str(returned["id"]), "--reason", "不服")
    assert refused.code == 1, "a clerk does not withdraw a return"


def test_the_audit_finds_a_verification_that_a_clerk_wrote_by_hand(reported: World) -> None:
    reported.write("data/ledger.yaml", NAMED)
    reported.commit_all("名单")
    figure = rows(reported)[-1]
    line = {
        "id": "01H4" + "0" * 22, "on": "2023-05-31", "target": "loans", "by": "李四", "verifies": figure["id"],
    }  # fmt: skip
    file = reported.root / FILE
    file.write_text(
        file.read_text(encoding="utf-8") + f"- {json.dumps(line, ensure_ascii=False)}\n",
        encoding="utf-8",
        newline="\n",
    )
    reported.git("add", "--all")
    reported.git(
        "commit", "--quiet", "--message",
        f"核定\n\nLedger-Entry: {line['id']}\nLedger-Target: 金融办-01/loans",
    )  # fmt: skip
    audit = reported("audit", "--format", "json")
    assert "role" in [finding["rule"] for finding in json.loads(audit.out)["findings"]]


def test_a_sealed_month_is_verified_only_late_and_with_a_reason(
    reported: World,
) -> None:
    assert reported("seal", "2023-05", "--local").code == 0
    before = reported.read(FILE)
    for command in (
        ("verify", "金融办", "--month", "2023-05"),
        ("return", "金融办", "loans", "--reason", "不符"),
        ("remark", "金融办", "loans", "--cause", "慢", "--measure", "快", "--month", "2023-05"),
    ):
        refused = reported(*command)
        assert (refused.code, reported.read(FILE)) == (1, before), command
        assert "--late" in refused.err
    assert reported("verify", "金融办", "--month", "2023-05", "--late", "--reason", "佐证后到").code == 0
    assert reported("remark", "金融办", "loans", "--cause", "慢", "--measure", "快").code == 0
    verified = next(row for row in rows(reported) if "verifies" in row)
    refused = reported("void", str(verified["id"]), "--reason", "批错了")
    assert refused.code == 1, "by its effect: the line itself would be dated in no open month"
    assert reported("void", str(verified["id"]), "--late", "--reason", "批错了").code == 0
    assert reported("audit").code == 0


def status_of(world: World, *more: str) -> dict[str, dict[str, object]]:
    ran = world("status", "--format", "json", "--as-of", "2023-05-31", *more)
    return {
        target["key"]: target
        for commitment in json.loads(ran.out)["commitments"]
        for target in commitment["targets"]
    }


def test_status_tells_reported_from_verified_and_counts_what_waits(reported: World) -> None:
    before = reported("status", "--as-of", "2023-05-31").out
    assert "核定" not in before, "a ledger that was never reviewed says nothing of it"
    assert reported("verify", "金融办", "--month", "2023-04").code == 0
    assert reported("return", "金融办", "loans", "--reason", "佐证不符").code == 0
    target = status_of(reported)["listed"]
    assert (target["actual"], target["completion"]) == ("2家", "1/3")
    assert target["review"] == {
        "verified": 1,
        "unverified": 1,
        "actual": "1家",
        "completion": "1/6",
        "returned": [],
    }
    loans = status_of(reported)["loans"]["review"]
    assert loans["returned"][0]["reason"] == "佐证不符"  # type: ignore[index]
    overview = json.loads(reported("status", "--format", "json", "--as-of", "2023-05-31").out)["departments"]
    finance = next(row for row in overview if row["name"] == "金融办")
    assert (finance["unverified"], finance["verified"]) == (2, "1/6")
    table = reported("status", "--as-of", "2023-05-31").out
    assert "核定完成率" in table
    assert "16.7%" in table
    detail = reported("status", "--dept", "金融办", "--as-of", "2023-05-31").out
    assert "自报 2家（33.3%），核定 1家（16.7%）" in detail
    assert "退回待更正：2023 年 5 月的数，佐证不符（张三）" in detail
    assert "退回待更正" in reported("show", "金融办-01", "--as-of", "2023-05-31").out


def test_a_cached_status_is_the_status(reported: World) -> None:
    assert reported("verify", "金融办", "--month", "2023-04").code == 0
    assert reported("return", "金融办", "loans", "--reason", "佐证不符").code == 0
    until = ("--until", "2023-07-31", "--owner", "李四")
    assert (
        reported(
            "remark", "金融办", "listed", "--cause", "慢", "--measure", "快", "--month", "2023-05", *until
        ).code
        == 0
    )
    cold = status_of(reported, "--no-cache")
    assert status_of(reported) == cold
    assert status_of(reported) == cold
    assert cold["listed"]["remark"] == {
        "on": "2023-05-31", "cause": "慢", "measure": "快", "owner": "李四", "until": "2023-07-31", "by": "张三", "overdue": False,
    }  # fmt: skip


def test_due_dunns_for_a_returned_figure_with_its_reason(reported: World) -> None:
    assert reported("return", "金融办", "loans", "--reason", "佐证不符").code == 0
    answer = json.loads(reported("due", "--month", "2023-05", "--format", "json").out)
    finance = next(row for row in answer["departments"] if row["name"] == "金融办")
    assert [(row["ref"], row["reason"]) for row in finance["returned"]] == [("金融办-01/loans", "佐证不符")]
    assert "佐证不符" in finance["reminder"]
    assert "金融办-01/loans" not in [row["ref"] for row in finance["due"]], "it was reported"
    letter = reported("due", "--month", "2023-05", "--dept", "金融办").out
    assert "上报的数经核对退回：\n1. 金融办-01 新增制造业中长期贷款 2023 年 5 月的数" in letter
    assert reported("correct", "金融办", "loans", "11亿元", "--reason", "少计一笔").code == 0
    answer = json.loads(reported("due", "--month", "2023-05", "--format", "json").out)
    assert not any(row["returned"] for row in answer["departments"])


def test_due_ends_with_1_while_a_figure_is_returned_though_all_is_reported(reported: World) -> None:
    reported.write(
        "data/ledger.yaml", CONFIG.replace("aliases: [市金融办]}", "aliases: [市金融办], frequency: 每年}")
    )
    reported.commit_all("每年报一次")
    finance = ("due", "--month", "2023-05", "--dept", "金融办")
    assert reported(*finance).code == 0
    assert reported("return", "金融办", "loans", "--reason", "佐证不符").code == 0
    assert reported(*finance).code == 1


def test_rank_and_bulletin_use_verified_figures_where_the_ledger_says_so(reported: World) -> None:
    assert reported("verify", "金融办", "--month", "2023-04").code == 0
    as_of = ("--as-of", "2023-05-31", "--format", "json")
    plain = json.loads(reported("rank", *as_of).out)
    reported.write("data/ledger.yaml", CONFIG + "figures: verified\n")
    reported.commit_all("只用核定数")
    verified = json.loads(reported("rank", *as_of).out)
    assert (plain["figures"], verified["figures"]) == ("reported", "verified")
    scores = [
        next(row["score"] for row in answer["departments"] if row["name"] == "金融办")
        for answer in (plain, verified)
    ]
    assert scores[0] != scores[1]
    text = reported("bulletin", "--month", "2023-05", "-o", "通报.md")
    assert text.code == 0, text.err
    paper = reported.read("通报.md")
    assert "本通报只计督查核定的数据，尚有2项目标的数据待核定" in paper


def test_a_bulletin_names_causes_measures_and_what_was_returned(reported: World) -> None:
    assert reported("return", "金融办", "loans", "--reason", "佐证不符").code == 0
    assert reported("log", "商务局", "overseas", "0.1亿美元", "--on", "2023-05-31").code == 0
    plain = reported("bulletin", "--month", "2023-05", "-o", "前.md")
    assert plain.code == 0
    assert "原因" not in reported.read("前.md").partition("附件")[0]
    words = (
        "--cause",
        "两家企业退回补正",
        "--measure",
        "重新申报",
        "--owner",
        "李四",
        "--until",
        "2023-05-20",
    )
    assert reported("remark", "金融办", "loans", *words, "--month", "2023-04").code == 0
    assert reported("bulletin", "--month", "2023-05", "-o", "后.md").code == 0
    paper = reported.read("后.md")
    assert "原因：两家企业退回补正；措施：重新申报，由李四负责，2023年5月20日前完成（已逾期）。" in paper
    assert "责任单位未说明原因和措施" in paper, "each laggard has its word"
    assert "退回上报数据1项" in paper
    assert "佐证不符" in paper


def test_a_term_before_the_day_spoken_of_is_refused_with_a_way_out(reported: World) -> None:
    remark = ("remark", "金融办", "loans", "--cause", "慢", "--measure", "快", "--until")
    refused = reported(*remark, "2023-05-20")
    assert refused.code == 1
    assert "时限 2023-05-20 早于" in refused.err
    assert "作废" not in refused.err, "nothing is written that could be withdrawn"
    offered = re.findall(r"--until (\S+?)；.*--month (\S+)", refused.err)
    ((until, month),) = offered
    assert reported(*remark, until, "--dry-run").code == 0
    assert reported(*remark, "2023-05-31", "--month", month, "--dry-run").code == 0


def test_a_remark_after_the_year_speaks_of_its_last_month(
    reported: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2024-03-04")
    assert reported("remark", "金融办", "loans", "--cause", "慢", "--measure", "快").code == 0
    assert rows(reported)[-1]["on"] == "2023-12-31"


def test_of_a_sealed_month_each_refusal_offers_what_can_be_typed(reported: World) -> None:
    assert reported("seal", "2023-04", "--local").code == 0
    refused = reported("verify", "金融办")
    assert refused.code == 1
    assert "--on" not in refused.err, "which `verify` does not have"
    (month,) = re.findall(r"--month (\S+)", refused.err)
    assert reported("verify", "金融办", "--month", month, "--dry-run").code == 0
    assert reported("verify", "金融办", "--late", "--reason", "补核", "--dry-run").code == 0
    sent_back = reported("return", "金融办", "listed", "--month", "2023-04", "--reason", "不符")
    assert (sent_back.code, "--on" in sent_back.err, "--late" in sent_back.err) == (1, False, True)
    remark = ("remark", "金融办", "listed", "--cause", "慢", "--measure", "快")
    refused = reported(*remark, "--month", "2023-04")
    (month,) = re.findall(r"--month (\S+)", refused.err)
    assert reported(*remark, "--month", month, "--dry-run").code == 0
