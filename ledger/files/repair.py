"""Diagnoses and repairs for `ledger doctor`: entries and the leftovers of killed commands.

Nothing a person wrote is ever deleted, and nobody is made the author of what he did not write: whole entries that no command explains and torn
fragments are moved aside, where the user can look at them and take the entries for his own (`ledger doctor --mine`). Where committed
lines were changed it is left to the person, with the commands that show and undo it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.core.findings import Finding, Place
from ledger.core.models.entries import Entry
from ledger.files import layout
from ledger.files.branch_move import has_half_move
from ledger.files.entryfile import read_progress
from ledger.files.exchange import has_half_exchange
from ledger.files.exclusive import held
from ledger.files.intent_log import IntentLog
from ledger.files.notices import Notice
from ledger.files.recover import ASIDE
from ledger.files.seal_note import pending_seal
from ledger.git import Repo, lockfiles

FIXABLE = frozenset(
    {
        "not-committed",
        "form",
        "killed",
        "half-moved",
        "half-sealed",
        "half-exchanged",
        "uncommitted",
        "torn",
        "attributes",
        "endings",
    }
)
"""Codes of the findings that `ledger doctor --fix` puts right; the hint of any other says what a person can do."""
UNCLAIMED = "确是您写的：ledger doctor --mine 以您的名义记入；不是的，看过以后删去"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Tail:
    """The part of a progress file behind the content that HEAD has."""

    path: str
    size: int
    whole: bytes
    fragment: bytes
    entries: tuple[Entry, ...]


def diagnose(repo: Repo, root: Path) -> tuple[Finding, ...]:
    """Return everything that blocks the next write; nothing is changed."""
    if has_half_move(repo):
        # All else that looks wrong now is a consequence of it.
        message = "上次同步被强行结束，别人的记录只换进来一半"
        return (Finding("half-moved", message, "ledger doctor --fix 会恢复原样，再 ledger sync"),)
    findings: list[Finding] = []
    if ref := pending_seal(repo):
        message = f"上次封账被强行结束：{ref.removeprefix('refs/tags/')} 有没有送到服务器，不知道"
        findings.append(
            Finding(
                "half-sealed", message, "ledger doctor --fix 会收回它；再 ledger sync，看服务器上有没有封成"
            )
        )
    note = IntentLog(_home(repo) / "note").read()
    if note is not None:
        what = note.work.message.partition("\n")[0] if note.work else "（还没有写入）"
        findings.append(
            Finding("killed", f"上一次命令被强行结束，没有做完：{what}", "ledger doctor --fix 会把它做完")
        )
    if half_exchanged := has_half_exchange(repo):
        message = "上次与服务器的往来被强行结束，git 的锁文件可能没有清掉"
        findings.append(Finding("half-exchanged", message, "ledger doctor --fix 会清掉；再 ledger sync"))
    for lock in sorted({*lockfiles.locks(repo), *(() if half_exchanged else lockfiles.ref_locks(repo))}):
        age = time.time() - lock.lstat().st_mtime
        busy = lockfiles.git_at_work(repo)
        wait = f"没有 git 在运行；锁满 {lockfiles.ALONE_SECONDS:.0f} 秒后，下一个写账的命令或 ledger doctor --fix 会清掉"
        hints: dict[bool | None, str] = {True: "有 git 正在运行，等它结束", False: wait}
        hint = hints.get(busy, f"确信没有 git 在运行时，可删去 {lock}")
        findings.append(Finding("lock", f"git 的锁文件已存在 {age:.0f} 秒", hint, Place(str(lock))))
    for lines in read_unclaimed(repo):
        message = f"有 {len(lines.entries)} 条移到一边的记录，不知道是谁写的：{_shown(lines.entries)}"
        findings.append(Finding("unclaimed", message, UNCLAIMED, Place(str(lines.file))))
    aside = _home(repo) / ASIDE
    kept = [file for file in aside.iterdir() if file.suffix != ".yaml"] if aside.is_dir() else []
    if kept:
        hint = "逐个看过；内容已另行记下或不需要的，可以删去"
        findings.append(Finding("aside", f"有 {len(kept)} 份放在一边的内容等人处理", hint, Place(str(aside))))
    for state in _changed(repo, root):
        findings += _ailments(state)
    return tuple(findings)


def mend(repo: Repo, root: Path, on_notice: Callable[[Notice], None] = lambda _: None) -> tuple[Finding, ...]:
    """Repair what can be repaired, report each step, and return the problems left for a person.

    Raises:
        ExternalError: from git, the lock or the disk.
    """
    with held(repo, on_notice):
        for state in _changed(repo, root):
            if not isinstance(state, str):
                for message in _move_aside(repo, state):
                    on_notice(Notice(message))
    return diagnose(repo, root)


def _ailments(state: _Tail | str) -> list[Finding]:
    if isinstance(state, str):
        hint = f"看改了什么：git diff HEAD -- {state}；退回：git restore --staged --worktree -- {state}"
        return [Finding("changed", "已提交的记录被改动、删除，或夹有未能识别的内容", hint, Place(state))]
    findings = []
    if state.entries:
        message = f"有 {len(state.entries)} 条完整的记录还没有提交，不知道是谁写的：{_shown(state.entries)}"
        hint = "确是您写的：ledger doctor --mine 以您的名义记入；不是的：ledger doctor --fix 移到一边保存"
        findings.append(Finding("uncommitted", message, hint, Place(state.path)))
    if state.fragment:
        text = state.fragment.decode("utf-8", "replace")[:60]
        findings.append(
            Finding(
                "torn", f"末行只写了一半：{text}", "ledger doctor --fix 会把它移到一边保存", Place(state.path)
            )
        )
    return findings


def _changed(repo: Repo, root: Path) -> list[_Tail | str]:
    """Return, for each progress file that differs from HEAD, what was added to it, or its path if more was done."""
    folder = root / layout.PROGRESS
    changes = repo.snapshot([folder]).changes
    tails: list[_Tail | str] = []
    for name, change in sorted(changes.items()):
        file = repo.top / name
        if file.suffix != ".yaml":
            continue
        committed = repo.blob(change.blob) if change.blob else b""
        now = file.read_bytes() if file.is_file() and not file.is_symlink() else None
        if now == committed:
            continue
        tails.append(name if now is None else _tail(name, committed, now, new=change.blob is None) or name)
    return tails


def _tail(name: str, committed: bytes, now: bytes, *, new: bool) -> _Tail | None:
    """Return what was added behind `committed`, `None` if something else was done."""
    added = now[len(committed) :]
    if not now.startswith(committed) or (
        committed and not committed.endswith(b"\n") and not added.startswith(b"\n")
    ):
        return None
    end = added.rfind(b"\n") + 1
    whole, fragment = added[:end], added[end:]
    if fragment and not read_progress(name, fragment).findings:
        whole, fragment = added + b"\n", b""  # a whole entry that lacks only its newline
    journal = read_progress(name, whole)
    if journal.findings:
        return None
    return _Tail(name, -1 if new else len(committed), whole, fragment, journal.entries)


def _move_aside(repo: Repo, state: _Tail) -> list[str]:
    """Save what was added to a file, then take it off; return what was done."""
    done = []
    if state.entries:
        kept = _save(repo, state, ".yaml", f"# {state.path}\n".encode() + state.whole.lstrip(b"\n"))
        done.append(f"{state.path} 里没有提交的 {len(state.entries)} 条已移到 {kept}；{UNCLAIMED}")
    if state.fragment:
        kept = _save(repo, state, ".txt", state.fragment)
        done.append(f"{state.path} 末行的残片已移到 {kept}；确认后请用 ledger log 重新记")
    file = repo.top / state.path
    if state.size < 0:
        file.unlink()
    else:
        os.truncate(file, state.size)
    if repo.tracked([file]):
        repo.git.run("restore", "--staged", "--", f":(top,literal){state.path}")
    return done


def _save(repo: Repo, state: _Tail, suffix: str, content: bytes) -> Path:
    folder = _home(repo) / ASIDE
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{time.time_ns()}-{Path(state.path).parent.name}-{Path(state.path).stem}{suffix}"
    with kept.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return kept


@dataclass(frozen=True)
class UnclaimedLines:
    """Entries that were moved aside: the file that keeps them, and the progress file in which they stood, relative to git's top folder."""

    file: Path
    path: str
    entries: tuple[Entry, ...]


def read_unclaimed(repo: Repo) -> list[UnclaimedLines]:
    """Return the entries that were moved aside, oldest first; a file that somebody changed into something else is passed over."""
    unclaimed = []
    for file in sorted((_home(repo) / ASIDE).glob("*.yaml")):
        head, _, lines = file.read_bytes().partition(b"\n")
        progress = read_progress(file.name, lines)
        if head.startswith(b"# ") and not progress.findings:
            path = head.removeprefix(b"# ").decode("utf-8", "replace")
            unclaimed.append(UnclaimedLines(file, path, progress.entries))
    return unclaimed


def _shown(entries: Sequence[Entry]) -> str:
    """Return what entries say in a few words each."""
    words = []
    for entry in entries[:_SHOWN]:
        figures = (entry.add, entry.total, entry.value, entry.rank, entry.step, entry.verdict)
        figure = next((str(figure) for figure in figures if figure is not None), "")
        words.append(f"{entry.on} {entry.target} {figure}".rstrip() + f"（{entry.by}）")
    return "；".join(words) + ("；等" if len(entries) > _SHOWN else "")


def _home(repo: Repo) -> Path:
    return repo.git_dir / "ledger"
