"""The chain of seals as data: names, texts, order, what is sealed now, and every way in which a link can be wrong."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.structs import replace
from ledger.git import Ref, Repo
from ledger.rules.audit import seals
from ledger.rules.audit.seals import Seal
from tests.rules.audit.city import City

PREFIX = "refs/tags/seal/"
COUNTED = {"Tree": "1" * 40, "Commits": 5, "Entries": 7}
JUNE, JULY = date(2023, 6, 30), date(2023, 7, 31)


def raw(name: str, text: str, *, commit: str = "c" * 40, kind: str = "commit") -> bytes:
    return (
        f"object {commit}\ntype {kind}\ntag {name}\ntagger 管理员 <admin@x> 1688111999 +0800\n\n{text}"
    ).encode()


def parsed(name: str, content: bytes, number: str = "a" * 40) -> Seal | None:
    return seals.parse_seal(Ref(f"refs/tags/{name}", number, "tag", "c" * 40), {number: content}.__getitem__)  # type: ignore[arg-type]


def build(*acts: str) -> list[Seal]:
    """Make a chain of acts, each a month or `-` and a month that is opened again."""
    chain: list[Seal] = []
    for number, act in enumerate(acts):
        label, reopens = act.removeprefix("-"), act.startswith("-")
        name = f"seal/{seals.next_name(chain, label, reopens=reopens)}"
        text = seals.text_of(
            label,
            previous=chain[-1].id if chain else None,
            tip=f"{number:040}",
            counted=COUNTED,
            reason="漏报" if reopens else None,
        )
        seal = parsed(name, raw(name, text, commit=f"{number:040}"), f"{number + 100:040}")
        assert seal is not None
        chain.append(seal)
    return chain


def told(chain: list[Seal]) -> list[tuple[str, str]]:
    """The commit and the message of each finding, all of which are of the seal's maker."""
    findings = list(seals.chain(chain))
    assert all(
        finding.code == "seal" and finding.hint and finding.origin.email == "admin@x" for finding in findings
    )
    return [(finding.origin.commit, finding.message) for finding in findings]


@pytest.mark.parametrize(
    ("ref", "day"),
    [
        (f"{PREFIX}2023-06", JUNE),
        (f"{PREFIX}2024-02", date(2024, 2, 29)),
        (f"{PREFIX}2023-12-2", date(2023, 12, 31)),
        (f"{PREFIX}2023-06-99", JUNE),
        (f"{PREFIX}2023-06-reopened", JUNE),
        (f"{PREFIX}2023-06-reopened-2", JUNE),
        (f"{PREFIX}2023-06-1", None),
        (f"{PREFIX}2023-06-100", None),
        (f"{PREFIX}2023-06-02", None),
        (f"{PREFIX}2023-00", None),
        (f"{PREFIX}2023-13", None),
        (f"{PREFIX}2023-6", None),
        (f"{PREFIX}23-06", None),
        (f"{PREFIX}2023-06-reopen", None),
        (f"{PREFIX}2023-06/x", None),
        ("refs/tags/2023-06", None),
        (f"refs/heads/{PREFIX}2023-06", None),
    ],
)
def test_what_is_named_like_a_seal(ref: str, day: date | None) -> None:
    assert seals.month_of(ref) == day


def test_the_text_of_a_seal() -> None:
    text = seals.text_of("2023-06", previous=None, tip="c" * 40, counted=COUNTED)
    assert text == (
        "2023-06 封账\n\nLedger-Seal: 2023-06\nLedger-Previous: none\n"
        f"Ledger-Tip: {'c' * 40}\nLedger-Tree: {'1' * 40}\nLedger-Commits: 5\nLedger-Entries: 7\n"
    )
    again = seals.text_of("2023-06", previous="p" * 40, tip="c" * 40, counted={}, reason=" 漏\n 报 ")
    assert again == (
        f"2023-06 重开\n\nLedger-Reopen: 2023-06\nLedger-Previous: {'p' * 40}\nLedger-Tip: {'c' * 40}\nLedger-Reason: 漏 报\n"
    )


def test_what_is_read_of_a_tag() -> None:
    text = seals.text_of("2023-06", previous="p" * 40, tip="c" * 40, counted=COUNTED)
    seal = parsed("seal/2023-06", raw("seal/2023-06", text))
    assert seal == Seal(
        "seal/2023-06",
        JUNE,
        "a" * 40,
        "c" * 40,
        {
            "tag": "seal/2023-06",
            "Seal": "2023-06",
            "Previous": "p" * 40,
            "Tip": "c" * 40,
            "Tree": "1" * 40,
            "Commits": "5",
            "Entries": "7",
        },
        "管理员",
        "admin@x",
        "2023-06-30T07:59:59+00:00",
        1688111999,
    )
    assert (seal.label, seal.short, seal.reopens, seal.reason) == ("2023-06", "a" * 12, False, "")


@pytest.mark.parametrize(
    ("old", "new", "facts"),
    [
        ("Ledger-Seal: 2023-06", "Ledger-Seal: 2023-06\nLedger-Seal: 2023-07", {"Seal": "2023-06"}),
        ("Ledger-Commits: 5\n", "Ledger-Commits: 5\n-----BEGIN SSH SIGNATURE-----\n", {"Entries": None}),
        ("Ledger-Commits: 5", "Commits: 5", {"Commits": None}),
        ("Ledger-Commits: 5", "Ledger-Commits:5", {"Commits": None}),
        ("Ledger-Commits: 5", "Ledger-Note: a: b", {"Note": "a: b"}),
        ("\n\n", "\ntag seal/2023-07\n\n", {"tag": "seal/2023-06"}),
    ],
)
def test_the_first_of_a_name_counts(old: str, new: str, facts: dict[str, str | None]) -> None:
    text = seals.text_of("2023-06", previous=None, tip="c" * 40, counted=COUNTED)
    content = raw("seal/2023-06", text).decode().replace(old, new, 1).encode()
    seal = parsed("seal/2023-06", content)
    assert seal is not None
    assert {key: seal.facts.get(key) for key in facts} == facts


def test_what_is_no_seal() -> None:
    text = seals.text_of("2023-06", previous=None, tip="c" * 40, counted=COUNTED)
    assert parsed("seal/2023-06", raw("seal/2023-06", text, kind="tree")) is None
    assert parsed("seal/六月", raw("seal/六月", text)) is None
    assert parsed("seal/2023-06", b"") is None
    nobody = parsed("seal/2023-06", raw("seal/2023-06", text).replace(b"tagger", b"x"))
    assert nobody is not None
    assert (nobody.tagger, nobody.email, nobody.when) == ("", "", "")
    late = parsed("seal/2023-06", raw("seal/2023-06", text).replace(b"1688111999", b"9" * 15))
    assert late is not None
    assert late.when == "9999-12-31T00:00:00+00:00"


ACTS = [
    (("2023-05", "2023-06"), JUNE, ["seal/2023-05", "seal/2023-06"]),
    (("2023-05", "2023-06", "-2023-06"), date(2023, 5, 31), ["seal/2023-05"]),
    (("2023-06", "-2023-06"), date(2023, 5, 31), []),
    (("2023-06", "-2023-06", "2023-06"), JUNE, ["seal/2023-06-2"]),
    (
        ("2023-05", "2023-06", "-2023-06", "2023-06", "-2023-06", "2023-06", "2023-07"),
        JULY,
        ["seal/2023-05", "seal/2023-06-3", "seal/2023-07"],
    ),
    ((), None, []),
]


@pytest.mark.parametrize(("acts", "until", "standing"), ACTS)
def test_what_is_sealed_now(acts: tuple[str, ...], until: date | None, standing: list[str]) -> None:
    chain = build(*acts)
    assert told(chain) == []
    assert seals.last_sealed_day(chain) == until
    assert [seal.name for seal in seals.standing(chain)] == standing
    states = seals.states(chain)
    assert list(states) == [seal.commit for seal in chain]
    assert [states[seal.commit] for seal in chain] == [
        seals.last_sealed_day(chain[: number + 1]) for number in range(len(chain))
    ]


def test_the_names_of_what_is_sealed_again() -> None:
    chain = build("2023-06", "-2023-06", "2023-06", "-2023-06", "2023-06")
    assert [seal.name for seal in chain] == [
        "seal/2023-06",
        "seal/2023-06-reopened",
        "seal/2023-06-2",
        "seal/2023-06-reopened-2",
        "seal/2023-06-3",
    ]
    assert [seal.reopens for seal in chain] == [False, True, False, True, False]


@given(st.randoms(use_true_random=False))
def test_the_chain_is_found_again_in_any_order(random: random.Random) -> None:
    chain = build("2023-04", "2023-05", "-2023-05", "2023-05", "2023-06")
    mixed = chain.copy()
    random.shuffle(mixed)
    assert seals._in_order(mixed) == chain


def test_what_hangs_on_nothing_comes_last() -> None:
    chain = build("2023-04", "2023-05", "2023-06", "2023-07")
    assert seals._in_order([chain[3], chain[2], chain[0]]) == [chain[0], chain[2], chain[3]]
    findings = told([chain[0], chain[2], chain[3]])
    assert [commit for commit, _ in findings] == [chain[2].commit]
    assert "写的上一次封账是 " + chain[1].short in findings[0][1]
    assert f"而现有的是 2023-04（{chain[0].short}）" in findings[0][1]


FAULTS = {
    "named as another month": (1, {"name": "seal/2023-08"}, "里写的是 2023-05，被移动或改名了"),
    "the tag's own name is another": (1, {"tag": "seal/2023-08"}, "被移动或改名了"),
    "says another month": (1, {"Seal": "2023-04"}, "里写的是 2023-04，被移动或改名了"),
    "says no month": (1, {"Seal": None}, "里写的是 （没有写）"),
    "says another tip": (1, {"Tip": "f" * 40}, "写的提交与它指向的提交不同"),
    "points to another commit": (1, {"commit": "f" * 40}, "写的提交与它指向的提交不同"),
    "says no tip": (1, {"Tip": None}, "写的提交与它指向的提交不同"),
    "says another before it": (1, {"Previous": "f" * 40}, "写的上一次封账是 ffffffffffff，而现有的是 2023-04"),
    "says none before it": (1, {"Previous": "none"}, "写的上一次封账是 没有，而现有的是 2023-04"),
    "says nothing of one before it": (1, {"Previous": None}, "写的上一次封账是 （没有写）"),
    "the first says one before it": (0, {"Previous": "f" * 40}, "而现有的是 没有"),
    "opened without a reason": (3, {"Reason": None}, "重开 2023-06 没有写理由"),
    "opened for a reason nobody can read": (3, {"Reason": "……"}, "重开 2023-06 没有写理由"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_of_a_link_is_told_at_it(name: str) -> None:
    number, changes, message = FAULTS[name]
    chain = build("2023-04", "2023-05", "2023-06", "-2023-06", "2023-06")
    seal = chain[number]
    facts = {key: value for key, value in {**seal.facts, **changes}.items() if value is not None}
    fields = {key: facts.pop(key) for key in ("name", "commit") if key in facts}

    chain[number] = replace(seal, facts=facts, **fields)
    [(commit, text)] = told(chain)
    assert commit == chain[number].commit
    assert message in text


def test_months_come_in_their_order() -> None:
    assert [message for _, message in told(build("2023-06", "2023-06"))] == [
        "已经封到 2023-06，不能再封 2023-06"
    ]
    assert [message for _, message in told(build("2023-06", "2023-05"))] == [
        "已经封到 2023-06，不能再封 2023-05"
    ]
    assert told(build("2023-04", "2023-07")) == []
    assert [message for _, message in told(build("2023-05", "2023-06", "-2023-05"))] == [
        "重开的 2023-05 不是最近封的月份"
    ]
    assert [message for _, message in told(build("-2023-05"))] == ["重开的 2023-05 不是最近封的月份"]
    assert told(build("2023-05", "2023-06", "-2023-06", "-2023-05")) == []


@pytest.mark.parametrize(
    ("today", "early"), [(date(2023, 7, 1), False), (JUNE, True), (date(2023, 6, 1), True)]
)
def test_no_month_to_come(today: date, early: bool) -> None:
    found = list(seals.premature(build("2023-05", "2023-06"), today))
    assert [(item.code, item.message) for item in found] == (
        [("seal", "2023-05 还没有过完，却已经封账")] * (today < date(2023, 6, 1))
        + [("seal", "2023-06 还没有过完，却已经封账")] * early
    )


def test_what_was_seen_before_is_still_there() -> None:
    chain = build("2023-05", "2023-06")
    remembered = {seal.name: seal.id for seal in chain}
    assert list(seals.vanished(chain, remembered)) == []
    assert list(seals.vanished(chain, {})) == []
    found = list(seals.vanished(chain[1:], remembered | {"seal/2023-06": "f" * 40}))
    assert [item.message for item in found] == [
        f"以前审计见过的封账 seal/2023-05（{chain[0].short}）不见了",
        "以前审计见过的封账 seal/2023-06（ffffffffffff）被换成了另一个",
    ]
    assert chain[0].short in found[0].hint


@pytest.mark.parametrize("minutes", [-1, 0, 1])
@pytest.mark.parametrize("seconds", [0, 1])
def test_a_seal_is_dated_back_by_more_than_clocks_may_differ(city: City, minutes: int, seconds: int) -> None:
    """Ten minutes before its commit are no fault, a second more is one."""
    repo = Repo.open(city.auditor)
    seal = seals.read_seals(repo)[0][-1]
    committed = int(city.git("log", "-1", "--format=%ct", seal.commit, cwd=city.auditor))
    dated = replace(seal, seconds=committed - 600 + 60 * minutes - seconds)
    findings = list(seals.facts(repo, dated, "HEAD"))
    message = f"封账 2023-02 写的时间 {seal.when} 早于它封住的提交"
    assert [(finding.code, finding.message, finding.origin.commit) for finding in findings] == (
        [("seal", message, seal.commit)] if 60 * minutes - seconds < 0 else []
    )
