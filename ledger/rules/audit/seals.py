"""The chain of seals: annotated tags below `seal/`, each of which names the one before it.

`seal/2023-06` closes a month and all before it. `seal/2023-06-reopened` opens that month again, with a reason, and `seal/2023-06-2` closes it a
second time: what was sealed by mistake is never deleted, the chain goes on behind it. The last link says which day is sealed now.

A seal's id is the hash of its text, which holds the tip, its tree, the counts and the previous seal's id: whoever knows the last
seal's id, from a printed page say, can tell whether anything before it was changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from ledger.core.dates import days_of
from ledger.core.findings import Finding, Origin
from ledger.core.models import LedgerConfig
from ledger.core.structs import FrozenStruct
from ledger.core.texts import has_words
from ledger.git import GitFailedError, Ref, Repo
from ledger.git.blobs import BlobReader
from ledger.git.commits import committed_at
from ledger.git.trees import list_files, tree_of
from ledger.rules import permissions
from ledger.rules.audit import policy as policies
from ledger.rules.paths import CONFIG

PREFIX = "refs/tags/seal/"
HASH = 12
"""Hex digits of a seal on a bulletin: short enough to print, too long to be met by trying."""
NONE = "none"
_NAME = re.compile(r"refs/tags/seal/([0-9]{4})-(0[1-9]|1[0-2])(-reopened)?(?:-([2-9]|[1-9][0-9]))?")
_TITLES = ("封账", "重开")
"""What the first line of a seal's text calls it: a seal, a reopening."""
_FACTS = frozenset(("Seal", "Reopen", "Previous", "Tip", "Tree", "Commits", "Entries", "Reason"))
_SKEW = 600
"""Seconds by which two computers' clocks may differ before a seal counts as dated back."""
_LAST_TIME = 253_402_214_400
"""The last day of year 9999: a tag may say anything."""
_TAGGER = re.compile(r"(.*?) <(.*?)> (\d+) [+-]\d{4}")


class Seal(FrozenStruct):
    """One link of the chain as its tag says it. `facts` are the lines `Key: value` of its text."""

    name: str
    month: date
    """The last day of the month that it closes, or opens again."""
    id: str
    commit: str
    facts: Mapping[str, str]
    tagger: str = ""
    email: str = ""
    when: str = ""
    seconds: int = 0
    """When it was made as it says, seconds since 1970."""
    reopens: bool = False
    foreign: str = ""
    """The first line of its text that the program does not write, or writes once only; empty where there is none."""

    @property
    def reason(self) -> str:
        """Why the month was opened again."""
        return self.facts.get("Reason", "")

    @property
    def short(self) -> str:
        """The digits printed on a bulletin."""
        return self.id[:HASH]

    @property
    def label(self) -> str:
        """The month, as `2023-06`."""
        return f"{self.month:%Y-%m}"


def month_of(ref: str) -> date | None:
    """Return the last day of the month that a seal's or a reopening's ref names, None when it names none."""
    match = _NAME.fullmatch(ref)
    return month_end(int(match[1]), int(match[2])) if match else None


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, days_of(year, month))


def text_of(
    label: str, *, previous: str | None, tip: str, counted: Mapping[str, str | int], reason: str | None = None
) -> str:
    """Return the text of a seal's tag, with a `reason` of the reopening of a month; `counted` is what `counted` returns."""
    facts: dict[str, str | int] = {
        "Seal" if reason is None else "Reopen": label,
        "Previous": previous or NONE,
        "Tip": tip,
        **counted,
    }
    if reason is not None:
        facts["Reason"] = " ".join(reason.split())
    return f"{label} {_TITLES[reason is not None]}\n\n" + "".join(
        f"Ledger-{key}: {value}\n" for key, value in facts.items()
    )


def next_name(seals: Sequence[Seal], label: str, *, reopens: bool) -> str:
    """Return the name, without `seal/`, of the next link about a month."""
    count = 1 + sum(seal.label == label and seal.reopens == reopens for seal in seals)
    return f"{label}{'-reopened' if reopens else ''}{f'-{count}' if count > 1 else ''}"


def last_sealed_day(seals: Sequence[Seal]) -> date | None:
    """Return the last sealed day after the links of the chain, in their order; None where nothing is sealed."""
    until: date | None = None
    for seal in seals:
        until = seal.month.replace(day=1) - timedelta(days=1) if seal.reopens else seal.month
    return until


def standing(seals: Sequence[Seal]) -> list[Seal]:
    """Return the seals of the chain that hold now, oldest first: a month that was opened again is not sealed."""
    standing_seals: list[Seal] = []
    for seal in seals:
        if seal.reopens:
            standing_seals = [earlier for earlier in standing_seals if earlier.month < seal.month]
        else:
            standing_seals.append(seal)
    return standing_seals


def states(seals: Sequence[Seal]) -> dict[str, date | None]:
    """Return, by commit, the last sealed day behind it; commits without a link of the chain are left out."""
    return {seal.commit: last_sealed_day(seals[: number + 1]) for number, seal in enumerate(seals)}


def read_seals(repo: Repo, known_refs: Sequence[Ref] | None = None) -> tuple[list[Seal], list[Finding]]:
    """Return the seals in the order of the chain, and a finding for each other tag below `seal/`.

    `known_refs` are the repository's refs, at least those of seals, where they were read already.
    """
    if known_refs is None:
        known_refs = repo.all_refs(PREFIX) if repo.may_have_tags("seal") else ()
    refs = [ref for ref in known_refs if ref.name.startswith(PREFIX)]
    if not refs:
        return [], []
    seals, findings = [], []
    with repo.open_blobs() as blobs:
        for ref in refs:
            seal = parse_seal(ref, blobs) if ref.kind == "tag" else None
            if seal is None:
                findings.append(_foreign(ref))
            else:
                seals.append(seal)
    return _in_order(seals), findings


def _in_order(seals: Sequence[Seal]) -> list[Seal]:
    """Follow the chain; what does not hang on it comes last, in the order of the months, for `chain` to find."""
    following: dict[str, Seal] = {}
    for seal in sorted(seals, key=lambda seal: (seal.month, seal.reopens, seal.name)):
        following.setdefault(seal.facts.get("Previous", ""), seal)
    ordered: list[Seal] = []
    previous = NONE
    while previous in following:
        ordered.append(following.pop(previous))
        previous = ordered[-1].id
    rest = [seal for seal in seals if seal not in ordered]
    return [*ordered, *sorted(rest, key=lambda seal: (seal.month, seal.name))]


def parse_seal(ref: Ref, blobs: BlobReader) -> Seal | None:
    """Read one seal's tag, `None` when it is no seal."""
    month = month_of(ref.name)
    head, _, body = blobs(ref.object).decode("utf-8", "replace").partition("\n\n")
    fields: dict[str, str] = {}
    for line in head.split("\n"):  # as git does: the first of a name counts, and only a line feed ends it
        name, _, value = line.partition(" ")
        fields.setdefault(name, value)
    if month is None or fields.get("type") != "commit":
        return None
    facts: dict[str, str] = {"tag": fields.get("tag", "")}
    title, *lines = body.split("\n")
    strange = []
    for line in lines:
        if line.startswith("-----BEGIN "):
            break
        key, colon, value = line.removeprefix("Ledger-").partition(": ")
        is_fact = bool(colon) and line.startswith("Ledger-")
        if line and (not is_fact or key in facts or key not in _FACTS):
            strange.append(line)
        if is_fact:
            facts.setdefault(key, value)
    if title != f"{month:%Y-%m} {_TITLES['Reopen' in facts]}":
        strange.insert(0, title)
    who = _TAGGER.fullmatch(fields.get("tagger", ""))
    seconds = min(int(who[3]), _LAST_TIME) if who else 0
    when = datetime.fromtimestamp(seconds, UTC).isoformat() if who else ""
    name = ref.name.removeprefix("refs/tags/")
    return Seal(
        name,
        month,
        ref.object,
        fields.get("object", ""),
        facts,
        who[1] if who else "",
        who[2] if who else "",
        when,
        seconds,
        "Reopen" in facts,
        strange[0] if strange else "",
    )


def chain(seals: Sequence[Seal]) -> Iterator[Finding]:
    """Each link says its own name, month and tip, and the id of the one before it; it closes a later month or opens a closed one."""
    before: Seal | None = None
    until: date | None = None
    for number, seal in enumerate(seals):
        claimed = seal.facts.get("Reopen" if seal.reopens else "Seal", "（没有写）")
        named = seal.facts.get("tag") == seal.name and seal.reopens == ("-reopened" in seal.name)
        if not named or claimed != seal.label:
            yield _finding(seal, f"封账标签 {seal.name} 里写的是 {claimed}，被移动或改名了")
        elif seal.name != (name := f"seal/{next_name(seals[:number], seal.label, reopens=seal.reopens)}"):
            yield _finding(seal, f"封账标签叫 {seal.name}，而这一次应当叫 {name}")
        if seal.foreign:
            yield _finding(seal, f"封账标签 {seal.name} 里有不是程序写的一行：{seal.foreign[:80]}")
        if seal.reopens and not has_words(seal.reason):
            yield _finding(seal, f"重开 {seal.label} 没有写理由")
        if seal.reopens and seal.month != until:
            yield _finding(seal, f"重开的 {seal.label} 不是最近封的月份")
        elif not seal.reopens and until is not None and seal.month <= until:
            yield _finding(seal, f"已经封到 {until:%Y-%m}，不能再封 {seal.label}")
        until = last_sealed_day([seal])
        if seal.facts.get("Tip") != seal.commit:
            yield _finding(seal, f"封账标签 {seal.name} 写的提交与它指向的提交不同")
        claimed, previous = seal.facts.get("Previous", ""), before.id if before else NONE
        if claimed != previous:
            yield _finding(seal, _broken(seal, claimed, before))
        before = seal


def premature(seals: Sequence[Seal], today: date) -> Iterator[Finding]:
    """A month is closed when it is over: a seal of one to come would stop everybody's entries."""
    for seal in seals:
        if seal.month >= today:
            yield _finding(seal, f"{seal.label} 还没有过完，却已经封账")


def facts(repo: Repo, seal: Seal, tip: str, prefix: str = "") -> Iterator[Finding]:
    """What a seal states about its tip is true: it lies in this history, its tree and counts are as written, and it was made after it."""
    if not repo.is_ancestor(seal.commit, tip):
        yield _finding(
            seal, f"封账 {seal.label} 封住的提交不在现在的历史里：历史被改写过，或封账标签被移动过"
        )
        return
    with repo.open_blobs() as blobs:
        numbers = _counted(repo, blobs, seal.commit, prefix)
        committed = committed_at(blobs(seal.commit))
        config = _config_at(blobs, seal.commit, prefix)
    for key, count in numbers.items():
        if seal.facts.get(key) != str(count):
            yield _finding(
                seal, f"封账 {seal.label} 写的 {key} 是 {seal.facts.get(key, '（没有写）')}，实际是 {count}"
            )
    if seal.seconds < committed - _SKEW and not (config and config.simulated):
        message = f"封账 {seal.label} 写的时间 {seal.when or '（没有写）'} 早于它封住的提交"
        yield _finding(seal, message)


def counted(repo: Repo, commit: str, prefix: str = "") -> dict[str, str | int]:
    """Return the tree, the number of commits and the number of entry lines of a commit.

    Raises:
        GitFailedError: when one of them cannot be read.
    """
    with repo.open_blobs() as blobs:
        return _counted(repo, blobs, commit, prefix)


def _counted(repo: Repo, blobs: BlobReader, commit: str, prefix: str) -> dict[str, str | int]:
    commits = repo.git.text("rev-list", "--count", "--end-of-options", commit)
    if not commits.isdecimal():
        raise GitFailedError("rev-list", f"未能识别的输出：{commits[:80]!r}")
    tree = tree_of(blobs(commit))
    files = list_files(blobs.read_many, tree, f"{prefix}data/progress").values()
    entries = sum(
        line.startswith(b"- ")
        for content in blobs.read_many([file.id for file in files])
        for line in content.split(b"\n")
    )
    return {"Tree": tree, "Commits": int(commits), "Entries": entries}


def _config_at(blobs: BlobReader, commit: str, prefix: str) -> LedgerConfig | None:
    """Return the rules of the ledger at a commit, None where there are none that can be read."""
    files = list_files(blobs.read_many, tree_of(blobs(commit)), f"{prefix}data")
    file = files.get(f"{prefix}{CONFIG}")
    return policies.read_policy(blobs(file.id)) if file else None


def check_sealer(repo: Repo, seal: Seal, prefix: str = "") -> Iterator[Finding]:
    """A month is sealed, and opened again, by those whom the ledger as it was sealed names for it; see `permissions.sealers`.

    Raises:
        GitFailedError: when the sealed version cannot be read.
    """
    if repo.find_commit(seal.commit) is None:
        return  # `facts` says so
    with repo.open_blobs() as blobs:
        config = _config_at(blobs, seal.commit, prefix)
    if config is not None and not permissions.may_seal(config, seal.email, reopens=seal.reopens):
        permitted = "、".join(permissions.sealers(config, reopens=seal.reopens) or ())
        what = "重开" if seal.reopens else "封账"
        message = f"{seal.email} 不能{what} {seal.label}；可以的人：{permitted}"
        hint = f"请名单里的人核对 git cat-file tag {seal.name}；名单在 {CONFIG}，由管理员修改"
        yield Finding("role", message, hint, origin=Origin(seal.commit, seal.tagger, seal.email, seal.when))


def vanished(seals: Sequence[Seal], remembered: Mapping[str, str]) -> Iterator[Finding]:
    """A seal that an earlier audit saw is still there, and still the same object."""
    now = {seal.name: seal.id for seal in seals}
    for name, old in sorted(remembered.items()):
        if now.get(name) != old:
            what = "不见了" if name not in now else "被换成了另一个"
            message = f"以前审计见过的封账 {name}（{old[:HASH]}）{what}"
            yield Finding("seal", message, f"在别的副本里找 {old[:HASH]}，并查明是谁动的")


def _broken(seal: Seal, named: str, before: Seal | None) -> str:
    previous = f"{before.label}（{before.short}）" if before else "没有"
    claimed = "没有" if named == NONE else named[:HASH] or "（没有写）"
    return f"封账 {seal.label} 写的上一次封账是 {claimed}，而现有的是 {previous}：有封账被删除、移动或替换"


def _finding(seal: Seal, message: str) -> Finding:
    hint = f"git cat-file tag {seal.name} 看原文；与通报上印的封账号核对"
    return Finding("seal", message, hint, origin=Origin(seal.commit, seal.tagger, seal.email, seal.when))


def _foreign(ref: Ref) -> Finding:
    message = f"{ref.name} 不是 ledger seal 做的封账标签"
    return Finding("seal", message, "查明是谁放的；封账只用 ledger seal", origin=Origin(ref.commit))
