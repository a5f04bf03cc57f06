"""Closes a month: a tag over the tip that names the seal before it, put on the server at once. Prints nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger.core.errors import ExternalError, LedgerError
from ledger.git import DetachedHeadError, Repo
from ledger.rules.audit import seals

_AHEAD = "先同步：ledger sync，再封账"


class SealRefusedError(LedgerError):
    """A month that cannot be sealed now."""


class SealFailedError(ExternalError):
    """Git or the server refused the tag; there is no new seal."""

    def __init__(self, label: str, words: str) -> None:
        said = "\n".join(f"  {line}" for line in words.splitlines())
        super().__init__(f"{label} 没有封成，没有留下标签；git 的原话：\n{said}", "照原话改正后再试")


@dataclass(frozen=True)
class Sealed:
    """A seal just made, and the server it was put on (None: kept on this machine alone)."""

    seal: seals.Seal
    server: str | None


@dataclass(frozen=True)
class Sealable:
    """A month that can be sealed now: at which commit, with what text, and the server that holds that commit."""

    month: str
    repo: Repo
    tip: str
    text: str
    counted: Mapping[str, object]
    server: str | None


def seal(root: Path, month: str, today: date, *, local: bool = False) -> Sealed:
    """Seal `month` (`2023-06`) and all before it at HEAD.

    The tag is pushed at once, and taken back when the server refuses it. `local` is for a ledger without a server.

    Raises:
        SealRefusedError: as `sealable` does.
        SealFailedError: git or the server refused.
    """
    ready = sealable(root, month, today, local=local)
    made = _tag(ready.repo, month, ready.tip, ready.text)
    if ready.server is not None:
        _push(ready.repo, ready.server, made)
    return Sealed(made, ready.server)


def sealable(root: Path, month: str, today: date, *, local: bool = False) -> Sealable:
    """See that a month can be sealed, and return what the seal would say; changes nothing.

    The server must hold HEAD already, so that no later rebase leaves the seal behind.

    Raises:
        SealRefusedError: the month is not over, was sealed, or HEAD is not on the server.
        SealFailedError, MissingIdentityError: the server does not answer; nobody is there to sign.
    """
    last = seals.month_of(f"{seals.PREFIX}{month}")
    if last is None:
        raise SealRefusedError(f"月份写得不对：{month}", "写成 2023-06 这样")
    if last >= today:
        raise SealRefusedError(f"{month} 还没有过完（今天是 {today}）", f"{last} 之后再封")
    repo = Repo.open(root)
    known = _known(repo, month, last)
    tip = repo.head()
    if tip is None:
        raise SealRefusedError("账本还没有一次提交，没有可封的内容", "先记数或写下计划")
    _refuse_uncommitted(repo, root)
    server = None if local else _server(repo, tip)
    inside = root.resolve().relative_to(repo.top).as_posix()
    facts = seals.counted(repo, tip, "" if inside == "." else f"{inside}/")
    text = seals.text_of(
        month,
        previous=known[-1].id if known else None,
        tip=tip,
        tree=str(facts["Tree"]),
        commits=int(facts["Commits"]),
        entries=int(facts["Entries"]),
    )
    repo.identity()
    return Sealable(month, repo, tip, text, facts, server)


def latest(root: Path) -> seals.Seal | None:
    """Return the last seal of the ledger at `root`, whose short hash stands on bulletins; None before the first."""
    found, _ = seals.read(Repo.open(root))
    return found[-1] if found else None


def _known(repo: Repo, month: str, last: date) -> list[seals.Seal]:
    known, foreign = seals.read(repo)
    broken = [*foreign, *seals.chain(known)]
    if broken:
        raise SealRefusedError(
            f"现有的封账对不上：{broken[0].message}", "ledger audit 看全部；查明以前不能再封"
        )
    if known and known[-1].month >= last:
        done = next((one for one in known if one.month == last), known[-1])
        raise SealRefusedError(
            f"已经封到 {known[-1].label}（{done.label}：{done.short}），不能再封 {month}",
            "封过的月份要补报：ledger log … --late --reason 理由",
        )
    return known


def _refuse_uncommitted(repo: Repo, root: Path) -> None:
    changed = repo.snapshot([root / "data"]).changes
    if changed:
        raise SealRefusedError(
            f"data 里有没有提交的改动：{'、'.join(sorted(changed)[:5])}", "提交或放弃这些改动，再封账"
        )


def _server(repo: Repo, tip: str) -> str:
    """Return the remote that holds `tip` on the branch this one follows, as the server itself says now.

    Raises:
        SealRefusedError: when there is none, or it does not hold it.
    """
    try:
        branch = repo.branch()
    except DetachedHeadError as error:
        raise SealRefusedError(error.message, error.hint) from None
    remote = repo.find_setting(f"branch.{branch}.remote") or "origin"
    merged = repo.find_setting(f"branch.{branch}.merge") or f"refs/heads/{branch}"
    if repo.find_setting(f"remote.{remote}.url") is None:
        raise SealRefusedError(
            "这本账没有服务器，封账后若改写历史无人知道", "确实只在这台电脑上用：ledger seal … --local"
        )
    listed = repo.git.attempt("ls-remote", "--quiet", "--end-of-options", remote, merged)
    if listed.code:
        raise SealFailedError("账", listed.reason)
    there = listed.out.decode("ascii", "replace").partition("\t")[0]
    if not there:
        raise SealRefusedError("服务器上还没有这个分支", _AHEAD)
    if there != tip and not (repo.find_commit(there) and repo.is_ancestor(tip, there)):
        raise SealRefusedError("服务器上还没有最近的这些记录，现在封账，变基以后封账就落空了", _AHEAD)
    return remote


def _tag(repo: Repo, month: str, tip: str, text: str) -> seals.Seal:
    signed = repo.find_setting("user.signingkey") is not None
    with tempfile.TemporaryDirectory(prefix="ledger-seal-") as folder:
        file = Path(folder) / "text"
        file.write_text(text, encoding="utf-8", newline="\n")
        kind = "--sign" if signed else "--no-sign"
        made = repo.git.attempt(
            "tag", "--annotate", kind, "--cleanup=verbatim", f"--file={file}", f"seal/{month}", tip
        )
    if made.code:
        raise SealFailedError(month, made.reason)
    found, _ = seals.read(repo)
    return _named(found, month)


def _named(found: Sequence[seals.Seal], month: str) -> seals.Seal:
    return next(one for one in found if one.label == month)


def _push(repo: Repo, server: str, made: seals.Seal) -> None:
    ref = f"refs/tags/{made.name}"
    pushed = repo.git.attempt(
        "push", "--quiet", "--no-follow-tags", "--end-of-options", server, f"{ref}:{ref}"
    )
    if pushed.code:
        repo.git.attempt("update-ref", "-d", ref, made.id)
        raise SealFailedError(made.label, pushed.reason)
