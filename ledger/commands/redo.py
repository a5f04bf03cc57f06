"""Makes commits again that the server has not accepted yet: as late reports, under the right name, or without some of them.

A commit that the server refuses stays in the way of every later one. `redo` takes the commits that the server does not have and
makes them again, in their order, on top of the server's tip: entries keep their text and get new ids and the time of now, corrections
and withdrawals follow the entries they name. Nothing that the server acknowledged is touched. The old commits stay under
`refs/ledger/redone/` until the user removes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.commands.sync import forget_proof, refuse_rewritten
from ledger.core.errors import LedgerError
from ledger.core.models import Entry
from ledger.core.models.entries import SHORT_ID
from ledger.core.progress.entries import LINKS, is_report, named_by
from ledger.core.structs import replace
from ledger.files import entryfile, layout
from ledger.files.branch_move import move_branch
from ledger.files.exchange import exchange_lock
from ledger.files.exclusive import held
from ledger.files.ids import new_id
from ledger.files.ledger import Ledger
from ledger.files.notices import OnNotice, tidying
from ledger.files.write import message_of
from ledger.git import Commit, Repo
from ledger.git.process import Git
from ledger.git.remote import Remote
from ledger.git.remote_errors import (
    RebaseConflictError,
    RemoteAccessError,
    RemoteUnreachableError,
    SigningFailedError,
)
from ledger.git.walk import Walk
from ledger.rules.effect import changes_sealed, explains_late_change
from ledger.rules.permissions import action_of, may_write
from ledger.rules.sealed import sealed_until

KEPT = "refs/ledger/redone/"
"""Refs of the commits as they were before they were made again."""


class NothingToRedoError(LedgerError):
    """The server has every commit of this clone."""

    def __init__(self) -> None:
        super().__init__(
            "本机没有没送出的提交，没有要重做的", "已经送到服务器的，用 ledger correct 或 void 更正"
        )


class UnknownDropError(LedgerError):
    """`--drop` names nothing that was not sent yet."""

    def __init__(self, word: str) -> None:
        super().__init__(
            f"没有送出的提交和记录里没有“{word}”",
            "ledger redo --dry-run 列出它们；写编号的最后 6 位以上或提交号",
        )


class StillRefusedError(LedgerError):
    """Some entries would be refused again."""

    def __init__(self, problems: Sequence[str]) -> None:
        lines = "\n".join(f"  {problem}" for problem in problems[:20])
        super().__init__(
            f"照这样重做，有 {len(problems)} 条服务器还是不会接受，什么也没有动：\n{lines}",
            "补报：--late --reason 理由；姓名邮箱改对了：--as-me；不要的：--drop 编号；先看：--dry-run",
        )


@dataclass(frozen=True)
class RedoRequest:
    """How to make the commits again.

    `late` marks what touches sealed months, or comes after the deadline, as a late report for `reason`. `drop` names entries, by the end
    of their ids, and commits that are left out; `permitted` leaves out what the roles do not let their author write. `as_me` makes them
    in the current name, for commits made under a wrong one.
    """

    late: bool = False
    reason: str = ""
    drop: tuple[str, ...] = ()
    permitted: bool = False
    as_me: bool = False


@dataclass(frozen=True)
class RedoneEntry:
    """One entry: as it was, as it becomes (None: left out), and what the server would still say against it."""

    path: str
    old: Entry
    new: Entry | None
    problem: str = ""

    @property
    def action(self) -> str:
        """`kept`, `late` or `dropped`."""
        if self.new is None:
            return "dropped"
        return "late" if self.new.late and not self.old.late else "kept"


@dataclass(frozen=True)
class RedoneCommit:
    """One commit and its entries. `whole` is one that also changes other files: it is taken over as it is, or left out."""

    commit: Commit
    entries: tuple[RedoneEntry, ...]
    whole: bool = False
    dropped: bool = False


@dataclass(frozen=True)
class RedoPlan:
    """What would be made again, on top of which commit of the server, and in whose name."""

    tip: str
    old: str
    commits: tuple[RedoneCommit, ...]

    @property
    def entries(self) -> list[RedoneEntry]:
        """All entries, in order."""
        return [entry for commit in self.commits for entry in commit.entries]

    @property
    def problems(self) -> list[str]:
        """What the server would still say."""
        return [f"{entry.old.id}  {entry.problem}" for entry in self.entries if entry.problem]


@dataclass(frozen=True)
class Redone:
    """What was made again: the plan, the new tip, and the ref under which the old commits stay."""

    plan: RedoPlan
    tip: str
    kept: str


def preview_redo(root: Path, request: RedoRequest) -> RedoPlan:
    """Return what `redo` would make; asks the server, and changes nothing.

    Raises:
        NothingToRedoError, UnknownDropError: when there is nothing to make, or nothing of that name to leave out.
        ExternalError: from git.
    """
    repo = Repo.open(root)
    remote = Remote.of(repo)
    before = remote.refs()
    try:
        with remote.glimpsed() as (seen, tip):
            refuse_rewritten(seen, before, tip)
            return _plan(seen.repo, root, tip, request)
    except (RemoteUnreachableError, RemoteAccessError):
        return _plan(repo, root, before.get(remote.seen) or before.get(remote.tracking), request)


def find_refused(repo: Repo, root: Path) -> Sequence[str]:
    """Return what the server would say against commits that it does not have yet, as far as this clone knows; the server is not asked."""
    try:
        remote = Remote.of(repo)
        refs = remote.refs()
        return _plan(repo, root, refs.get(remote.seen) or refs.get(remote.tracking), RedoRequest()).problems
    except LedgerError:  # no server, nothing to send, or nothing that can be read: told by others
        return ()


def redo(root: Path, request: RedoRequest, *, on_notice: OnNotice = lambda _: None) -> Redone:
    """Make the commits again and move the branch to them.

    Raises:
        NothingToRedoError, UnknownDropError: as `preview_redo` does.
        StillRefusedError: when the server would refuse some of them again; nothing has changed then.
        RebaseConflictError, LocalChangesError, SigningFailedError: nothing has changed then.
        ExternalError: from git.
    """
    repo = Repo.open(root)
    remote = Remote.of(repo)
    with exchange_lock(repo):
        tip = _fetch(remote)
        with held(repo, on_notice):
            plan = _plan(repo, root, tip, request)
            if plan.problems:
                raise StillRefusedError(plan.problems)
            new_tip = _make(remote, plan, request)
            kept = f"{KEPT}{datetime.now(UTC):%Y%m%dT%H%M%S}-{plan.old[:8]}"
            repo.git.run("update-ref", kept, plan.old)
            move_branch(repo, remote.branch, plan.old, new_tip, on_notice)
            with tidying("审计旧结果的清除", on_notice, "下一次审计从头核验：ledger audit --full"):
                forget_proof(repo, plan.old, new_tip)
    return Redone(plan, new_tip, kept)


def forget_redone(root: Path) -> int:
    """Remove the refs of old commits, and return how many there were."""
    repo = Repo.open(root)
    kept = repo.refs(KEPT)
    for ref in kept:
        repo.git.run("update-ref", "-d", ref.name, ref.object)
    return len(kept)


@dataclass
class _Planner:
    """Makes entries again, each checked against the current content of its file."""

    ledger: Ledger
    request: RedoRequest
    email: str
    until: date | None
    files: dict[str, list[Entry]]
    ids: dict[str, str | None] = field(default_factory=dict)
    """New ids by old ones; None for what was left out."""
    used: set[str] = field(default_factory=set)

    def entry(self, path: str, old: Entry, commit: Commit) -> RedoneEntry:
        """Return the new version of one entry, and keep it for the next ones."""
        lines = self.files[path]
        email = self.email if self.request.as_me else commit.email
        file = Path(path)
        identifier = f"{file.parent.name}-{file.stem}"
        department = self.ledger.history.in_charge(
            int(file.parent.parent.name), identifier, commit.when.date()
        )
        action = action_of(old, {line.id: line for line in lines})
        permitted = may_write(self.ledger.config, department, email, action)
        named = named_by(old)
        is_lost = named is not None and self.ids.get(named, named) is None
        if is_lost or self._is_dropped(old, commit) or (self.request.permitted and not permitted):
            self.ids[old.id] = None
            return RedoneEntry(path, old, None)
        new = replace(
            old,
            id=new_id(),
            **{link: self.ids.get(id_, id_) for link in LINKS if (id_ := getattr(old, link))},
        )
        late = self._needs_late(lines, new)
        if late and self.request.late:
            new = replace(new, late=True, reason=new.reason or self.request.reason)
            late = False
        if all(line.id != old.id for line in lines):  # else it copied the id of an entry that the server has
            self.ids[old.id] = new.id
        lines.append(new)
        problem = "" if permitted else f"{email} 不能为 {department} 写这一条"
        if late:
            problem = "动了封过的账，或过了报送期限，要作为补报：--late --reason 理由"
        return RedoneEntry(path, old, new, problem)

    def drops(self, commit: Commit) -> bool:
        """Whether a whole commit is left out."""
        words = [
            word for word in self.request.drop if len(word) >= SHORT_ID and commit.id.startswith(word.lower())
        ]
        self.used.update(words)
        return bool(words)

    def _is_dropped(self, entry: Entry, commit: Commit) -> bool:
        words = [
            word for word in self.request.drop if len(word) >= SHORT_ID and entry.id.endswith(word.upper())
        ]
        self.used.update(words)
        return bool(words) or self.drops(commit)

    def _needs_late(self, lines: Sequence[Entry], entry: Entry) -> bool:
        if explains_late_change(entry):
            return False
        if self.until is not None and changes_sealed(lines, entry, self.until):
            return True
        days = self.ledger.config.late_days
        linked = named_by(entry) is not None or not is_report(entry)
        return days is not None and not linked and (datetime.now(UTC).date() - entry.on).days > days


def _fetch(remote: Remote) -> str | None:
    """Return the server's tip; where it does not answer, the one last seen of it."""
    before = remote.refs()
    try:
        tip = remote.fetch()
    except (RemoteUnreachableError, RemoteAccessError):
        tip = before.get(remote.seen) or before.get(remote.tracking)
    refuse_rewritten(remote, before, tip)
    return tip


def _plan(repo: Repo, root: Path, tip: str | None, request: RedoRequest) -> RedoPlan:
    old = repo.head()
    if old is None or tip is None or repo.is_ancestor(old, tip):
        raise NothingToRedoError
    ledger = Ledger.open(root)
    planner = _Planner(ledger, request, repo.identity().email, sealed_until(repo), {})
    folder = repo.relative(root / layout.PROGRESS) + "/"
    with repo.open_blobs() as read_blob:
        at_tip = repo.tree(tip, folder.rstrip("/"))
        unsent = repo.walk(Walk(old, base=tip))
        commits = [_plan_commit(commit, folder, planner, read_blob, at_tip) for commit in unsent]
    for word in request.drop:
        if word not in planner.used:
            raise UnknownDropError(word)
    return RedoPlan(tip, old, tuple(commits))


def _plan_commit(
    commit: Commit,
    folder: str,
    planner: _Planner,
    read_blob: Callable[[str], bytes],
    at_tip: Mapping[str, object],
) -> RedoneCommit:
    dropped = planner.drops(commit)
    if len(commit.parents) > 1:  # its two sides are made again one after the other
        return RedoneCommit(commit, (), whole=True, dropped=True)
    added: list[tuple[str, Entry]] = []
    is_whole = False
    for change in commit.changes:
        inside = change.path.startswith(folder) and change.path.endswith(".yaml") and not change.removed
        before = _entries(change.path, change.old, read_blob) if inside and not change.added else []
        after = _entries(change.path, change.new, read_blob) if inside else []
        is_whole = is_whole or not inside or after[: len(before)] != before
        added += [(change.path, entry) for entry in after[len(before) :]]
    if is_whole:
        return RedoneCommit(commit, (), whole=True, dropped=dropped)
    entries = []
    for path, entry in added:
        if path not in planner.files:
            file = at_tip.get(path)
            planner.files[path] = _entries(path, str(getattr(file, "blob", "")), read_blob)
        entries.append(planner.entry(path, entry, commit))
    return RedoneCommit(commit, tuple(entries), dropped=all(entry.new is None for entry in entries))


def _entries(path: str, blob: str, read_blob: Callable[[str], bytes]) -> list[Entry]:
    return list(entryfile.read_progress(path, read_blob(blob)).entries) if blob.strip("0") else []


def _make(remote: Remote, plan: RedoPlan, request: RedoRequest) -> str:
    """Make the commits in a work tree of their own, and return the new tip."""
    with remote.aside(plan.tip) as side, TemporaryDirectory(prefix="ledger-redo-") as folder:
        message = Path(folder) / "message"
        for redone in plan.commits:
            if redone.dropped:
                continue
            if redone.whole:
                _pick(side, redone.commit, remote.branch)
                continue
            _append(side, redone)
            message.write_text(_message(redone, request), encoding="utf-8", newline="\n")
            author = () if request.as_me else (f"--author={redone.commit.author} <{redone.commit.email}>",)
            result = side.attempt(
                "-c", "core.hooksPath=/dev/null",
                "commit", "--quiet", "--cleanup=verbatim", f"--file={message}", *author,
            )  # fmt: skip
            if result.code:
                raise SigningFailedError(result.reason)
        return side.text("rev-parse", "--verify", "HEAD")


def _append(side: Git, redone: RedoneCommit) -> None:
    paths = []
    for entry in redone.entries:
        if entry.new is None:
            continue
        file = side.folder / entry.path
        file.parent.mkdir(parents=True, exist_ok=True)
        raw = file.read_bytes() if file.exists() else b""
        gap = b"\n" if raw and not raw.endswith(b"\n") else b""
        file.write_bytes(raw + gap + entryfile.encode(entry.new).encode())
        paths.append(f":(top,literal){entry.path}")
    side.run("add", "--", *dict.fromkeys(paths))


def _message(redone: RedoneCommit, request: RedoRequest) -> str:
    """Return the old subject and text, with the trailers of the new entries."""
    subject, _, rest = redone.commit.message.partition("\n")
    kept = [line for line in rest.strip("\n").splitlines() if not line.startswith("Ledger-")]
    if any(entry.action == "late" for entry in redone.entries):
        kept += ["", f"补报：{request.reason}"]
    additions = [(Path(entry.path), [entry.new]) for entry in redone.entries if entry.new is not None]
    return message_of(subject, "\n".join(kept).strip("\n"), additions)


def _pick(side: Git, commit: Commit, branch: str) -> None:
    """Take over a commit that changes more than entries."""
    options = ("-c", "core.hooksPath=/dev/null", "-c", "core.editor=true", "-c", "rerere.enabled=false")
    result = side.attempt(*options, "cherry-pick", "--allow-empty", "--keep-redundant-commits", commit.id)
    if result.code:
        paths = side.records("diff", "--name-only", "--diff-filter=U", "-z")
        if not paths:
            raise SigningFailedError(result.reason)
        raise RebaseConflictError(paths, commit.subject, branch)
