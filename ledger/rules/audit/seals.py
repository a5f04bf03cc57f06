"""The chain of seals: each an annotated tag `seal/2023-06` whose text names the one before it. Reads and judges; makes nothing.

A seal's id is the hash of its text, which holds the tip, its tree, the counts and the previous seal's id: whoever knows the last
seal's id, from a printed page say, can tell whether anything before it was changed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ledger.core.findings import Finding, Origin
from ledger.git import Ref, Repo
from ledger.git.blobs import BlobReader

PREFIX = "refs/tags/seal/"
HASH = 12
"""Hex digits of a seal on a bulletin: short enough to print, too long to be met by trying."""
NONE = "none"
_NAME = re.compile(r"refs/tags/seal/(\d{4})-(0[1-9]|1[0-2])")
_TAGGER = re.compile(r"(.*?) <(.*?)> (\d+) [+-]\d{4}")


@dataclass(frozen=True)
class Seal:
    """One seal as its tag says it. `facts` are the lines `Key: value` of its text."""

    name: str
    month: date
    """The last day of the sealed month."""
    id: str
    commit: str
    facts: Mapping[str, str]
    tagger: str = ""
    email: str = ""
    when: str = ""

    @property
    def short(self) -> str:
        """The digits that stand on a bulletin."""
        return self.id[:HASH]

    @property
    def label(self) -> str:
        """The month, as `2023-06`."""
        return f"{self.month:%Y-%m}"


def month_of(ref: str) -> date | None:
    """Return the last day of the month that a seal's ref names, `None` when it names none."""
    found = _NAME.fullmatch(ref)
    return last_day(int(found[1]), int(found[2])) if found else None


def last_day(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def text_of(label: str, *, previous: str | None, tip: str, tree: str, commits: int, entries: int) -> str:
    """Return the text of a seal's tag."""
    facts = {
        "Seal": label,
        "Previous": previous or NONE,
        "Tip": tip,
        "Tree": tree,
        "Commits": commits,
        "Entries": entries,
    }
    return f"{label} 封账\n\n" + "".join(f"Ledger-{key}: {value}\n" for key, value in facts.items())


def read(repo: Repo) -> tuple[list[Seal], list[Finding]]:
    """Return the seals in the order of their months, and whatever stands below `seal/` and is none."""
    seals, findings = [], []
    refs = repo.refs(PREFIX)
    if not refs:
        return [], []
    with repo.open_blobs() as blobs:
        for ref in refs:
            seal = parse(ref, blobs) if ref.kind == "tag" else None
            if seal is None:
                findings.append(_foreign(ref))
            else:
                seals.append(seal)
    return sorted(seals, key=lambda one: one.month), findings


def parse(ref: Ref, blobs: BlobReader) -> Seal | None:
    """Read one seal's tag, `None` when it is none of ours."""
    month = month_of(ref.name)
    head, _, body = blobs(ref.object).decode("utf-8", "replace").partition("\n\n")
    fields = dict(line.split(" ", 1) for line in head.splitlines() if " " in line)
    if month is None or fields.get("type") != "commit":
        return None
    facts: dict[str, str] = {"tag": fields.get("tag", "")}
    for line in body.splitlines():
        if line.startswith("-----BEGIN "):
            break
        key, colon, value = line.removeprefix("Ledger-").partition(": ")
        if colon and line.startswith("Ledger-"):
            facts.setdefault(key, value)
    who = _TAGGER.fullmatch(fields.get("tagger", ""))
    when = datetime.fromtimestamp(min(int(who[3]), 253_402_214_400), UTC).isoformat() if who else ""
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
    )


def chain(seals: Sequence[Seal]) -> Iterator[Finding]:
    """Each seal says its own name, month and tip, and the id of the seal before it."""
    before: Seal | None = None
    for seal in seals:
        if seal.facts.get("tag") != seal.name or seal.facts.get("Seal") != seal.label:
            yield _finding(
                seal, f"封账标签 {seal.name} 里写的是 {seal.facts.get('Seal', '（没有写）')}，被移动或改名了"
            )
        if seal.facts.get("Tip") != seal.commit:
            yield _finding(seal, f"封账标签 {seal.name} 写的提交与它指向的提交不同")
        said, wanted = seal.facts.get("Previous", ""), before.id if before else NONE
        if said != wanted:
            yield _finding(seal, _broken(seal, said, before))
        before = seal


def facts(repo: Repo, seal: Seal, tip: str, prefix: str = "") -> Iterator[Finding]:
    """What a seal says of its tip is so: it lies in this history, and its tree and counts are as written."""
    if not repo.is_ancestor(seal.commit, tip):
        yield _finding(
            seal, f"封账 {seal.label} 封住的提交不在现在的历史里：历史被改写过，或封账标签被移动过"
        )
        return
    for key, found in counted(repo, seal.commit, prefix).items():
        if seal.facts.get(key) != str(found):
            yield _finding(seal, f"封账 {seal.label} 写的 {key} 是 {seal.facts.get(key)}，实际是 {found}")


def counted(repo: Repo, commit: str, prefix: str = "") -> dict[str, str | int]:
    """Return the tree, the number of commits and the number of entry lines of a commit."""
    tree = repo.git.text("rev-parse", "--verify", f"{commit}^{{tree}}")
    commits = int(repo.git.text("rev-list", "--count", "--end-of-options", commit))
    entries = 0
    with repo.open_blobs() as blobs:
        for _, blob, _ in repo.tree(commit, f"{prefix}data/progress").values():
            entries += sum(line.startswith(b"- ") for line in blobs(blob).split(b"\n"))
    return {"Tree": tree, "Commits": commits, "Entries": entries}


def vanished(seals: Sequence[Seal], remembered: Mapping[str, str]) -> Iterator[Finding]:
    """A seal that an earlier audit saw is still there, and still the same object."""
    now = {seal.name: seal.id for seal in seals}
    for name, old in sorted(remembered.items()):
        if now.get(name) != old:
            what = "不见了" if name not in now else "被换成了另一个"
            message = f"以前审计见过的封账 {name}（{old[:HASH]}）{what}"
            yield Finding("seal", message, f"在别的副本里找 {old[:HASH]}，并查明是谁动的")


def _broken(seal: Seal, said: str, before: Seal | None) -> str:
    found = f"{before.label}（{before.short}）" if before else "没有"
    claimed = "没有" if said == NONE else said[:HASH] or "（没有写）"
    return f"封账 {seal.label} 写的上一次封账是 {claimed}，而现有的是 {found}：有封账被删除、移动或替换"


def _finding(seal: Seal, message: str) -> Finding:
    hint = f"git cat-file tag {seal.name} 看原文；与通报上印的封账号核对"
    return Finding("seal", message, hint, origin=Origin(seal.commit, seal.tagger, seal.email, seal.when))


def _foreign(ref: Ref) -> Finding:
    message = f"{ref.name} 不是 ledger seal 做的封账标签"
    return Finding("seal", message, "查明是谁放的；封账只用 ledger seal", origin=Origin(ref.commit))
