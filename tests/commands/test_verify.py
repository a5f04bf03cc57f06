"""`verify`, `return` and `remark`: who may, what is written, what is refused, and that a sealed month stays closed."""

from __future__ import annotations

import json

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
