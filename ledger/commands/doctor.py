"""Diagnoses what blocks writing or synchronising a ledger, and repairs what is safe to repair.

Entries and the leftovers of killed commands are diagnosed in `files/repair.py`; here are git's state and settings, and a trial of what
`log` does. Nothing that a person wrote is ever deleted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger.commands.init import GITATTRIBUTES, commit_ledger
from ledger.commands.log import Batch, body, write_entries
from ledger.commands.redo import find_refused
from ledger.core.errors import ExternalError, LedgerError
from ledger.core.findings import Finding, Place
from ledger.core.models import Entry
from ledger.files import layout
from ledger.files.branch_move import has_half_move
from ledger.files.entryfile import check_canonical, encode, read_progress
from ledger.files.exchange import exchange_lock, has_half_exchange
from ledger.files.exclusive import held
from ledger.files.ledger import Ledger
from ledger.files.lookup import TargetRef, resolve
from ledger.files.notices import Notice
from ledger.files.recover import ForeignChangeError
from ledger.files.repair import FIXABLE, UNCLAIMED, UnclaimedLines, diagnose, mend, read_unclaimed
from ledger.files.rewrite import rewrite
from ledger.files.trial import try_commit
from ledger.files.worktree import RESTORE, LinkedFolderError, find_linked_folders, read_head_files
from ledger.git import DetachedHeadError, OperationInProgressError, Repo, lockfiles
from ledger.git.gitattributes import crlf_files, read_attributes

ATTRIBUTES = ".gitattributes"
PROGRESS_LINE = GITATTRIBUTES.splitlines()[-1]
_FIX = "ledger doctor --fix"
_NO_TRIAL = frozenset(("underway", "detached", "not-committed", "lock"))
"""Findings with which a commit would fail for a reason that is named already."""
_AGAIN = "照内容用 ledger log 另记（有疑点的核对后加 --confirm），再删去这一份"
_ROOM = 1024 * 1024
"""Bytes that a few entries, their commits and git's own files need."""


class ForeignEntryError(LedgerError):
    """An entry that says that somebody else reported it."""

    def __init__(self, entry: Entry, name: str) -> None:
        super().__init__(
            f"{entry.id} 写的上报人是 {entry.by}，不是 {name}",
            f"请 {entry.by} 自己记；多半是同步时留下的，ledger sync 以后在账上就有，看过以后删去",
        )


@dataclass(frozen=True)
class Examined:
    """The repairs made, in words, and the problems left."""

    mended: tuple[str, ...]
    left: tuple[Finding, ...]


def examine(root: Path) -> Examined:
    """Return all that is wrong; changes nothing.

    Raises:
        ExternalError: when git cannot be asked.
    """
    repo = Repo.open(root)
    if links := _links(root):
        return Examined((), links)  # nothing behind a link can be looked at as git sees it
    if has_half_move(repo):
        return Examined((), (*_disk(repo, root), *diagnose(repo, root)))
    findings = _disk(repo, root)
    blocked = bool(findings)
    checks: tuple[Callable[[], Iterable[Finding]], ...] = (
        lambda: _state(repo),
        lambda: _settings(repo, root),
        lambda: _forms(root),
        lambda: list(_missing(root)),
        lambda: list(_hidden(repo, root)),
        lambda: diagnose(repo, root),
        lambda: _refused(repo, root),
    )
    for check in checks:
        try:
            findings += check()
        except ExternalError as error:  # what git cannot even be asked keeps the ledger from being written
            findings.append(Finding(error.code, error.message, error.hint))
            blocked = True
    if not blocked and not any(finding.code in _NO_TRIAL for finding in findings):
        findings += try_commit(repo, root)
    return Examined((), tuple(dict.fromkeys(findings)))


def preview_repairs(root: Path) -> Examined:
    """Return what `fix` would repair, and what it would leave; nothing is changed.

    Raises:
        ExternalError: when git cannot be asked.
    """
    repo = Repo.open(root)
    diagnosis = examine(root)
    if _links(root) or _disk(repo, root) or _is_blocked(repo):
        return diagnosis
    repairs = tuple(
        f"{finding.place.path}  {finding.message}".strip()
        for finding in diagnosis.left
        if finding.code in FIXABLE
    )
    left = [finding for finding in diagnosis.left if finding.code not in FIXABLE]
    left += [
        Finding("unclaimed", "移到一边的记录，不知道是谁写的", UNCLAIMED, finding.place)
        for finding in diagnosis.left
        if finding.code == "uncommitted"
    ]
    if any(finding.code == "torn" for finding in diagnosis.left):
        hint = "移开以后逐个看过，再用 ledger log 重新记"
        left.append(Finding("aside", "移到一边的残片要等人看", hint))
    return Examined(repairs, tuple(left))


def fix(root: Path) -> Examined:
    """Repair what is safe to repair; return the repairs and the problems left for a person.

    Raises:
        ExternalError: from git, the lock or the disk.
    """
    repo = Repo.open(root)
    if _links(root) or _disk(repo, root) or _is_blocked(repo):
        return examine(root)  # nothing can be written, or nothing is safe before what was begun is finished
    repairs: list[str] = []
    if repo.head() is None:
        commit = commit_ledger(repo, root)
        repairs.append(f"现有的文件已提交：{commit.short}")

    def on_notice(recovered: Notice) -> None:
        repairs.append(str(recovered))

    half_exchanged = has_half_exchange(repo)
    if half_exchanged or lockfiles.ref_locks(repo):
        with exchange_lock(repo):
            pass
        if half_exchanged:
            repairs.append("上次与服务器的往来被强行结束，留下的锁已清掉；再同步一次：ledger sync")
    with held(repo, on_notice):
        pass  # finishes what a killed command left, before anything is looked at
    _straighten(repo, root, repairs, on_notice)
    mend(repo, root, on_notice)
    _complete(repo, root, repairs, on_notice)
    _rewrite_forms(repo, root, repairs, on_notice)
    return Examined(tuple(repairs), examine(root).left)


def claim_lines(root: Path, today: date) -> Examined:
    """Repair, then write the entries that were moved aside as the user's own, each file of them as one commit, through the gate.

    Entries in another's name, and what the gate refuses, stay aside with the reason.

    Raises:
        ExternalError: from git, the lock or the disk.
    """
    mended = fix(root)
    repairs = list(mended.mended)
    repo = Repo.open(root)
    refused: dict[str, Finding] = {}
    for lines in read_unclaimed(repo):
        try:
            repairs.append(_claim(repo, root, lines, today))
            lines.file.unlink()
        except LedgerError as error:
            hint = error.hint if isinstance(error, ForeignEntryError) else _AGAIN
            message = f"没有记入：{error.message}"
            refused[str(lines.file)] = Finding("unclaimed", message, hint, Place(str(lines.file)))
    left = examine(root).left
    return Examined(tuple(repairs), tuple(refused.get(finding.place.path, finding) for finding in left))


def _claim(repo: Repo, root: Path, lines: UnclaimedLines, today: date) -> str:
    """Write entries that were moved aside, and return what was done.

    Raises:
        LedgerError: when they are another's, or the gate refuses one of them; nothing is written.
    """
    ledger, who = Ledger.open(root), repo.identity()
    batch = Batch.open(ledger, today, who, repo)
    year, commitment = Path(lines.path).parts[-3], f"{Path(lines.path).parts[-2]}-{Path(lines.path).stem}"
    for entry in lines.entries:
        if entry.by != who.name:
            raise ForeignEntryError(entry, who.name)
        source, target = resolve(ledger, int(year), f"{commitment}/{entry.target}")
        known = {line.id: line for line in batch.lines(source.commitment)}
        if entry.id not in known and target is not None:
            batch.add(TargetRef(source, target), entry, known.get(entry.corrects or entry.voids or ""))
    if not batch.pending:
        return f"{lines.path} 里已有移到一边的这几条，没有再记"
    subject = f"doctor({Path(lines.path).parts[-2]}): 补提交 {len(batch.pending)} 条未提交的记录"
    result = write_entries(
        ledger, batch.pending, today=today, repo=repo, message=lambda entries: (subject, body(entries))
    )
    return f"{lines.path} 已记入 {len(batch.pending)} 条，提交 {result.commit.short}"


def _links(root: Path) -> tuple[Finding, ...]:
    """Find folders of the ledger that are symbolic links."""
    paths: Collection[str] = ()
    with suppress(ExternalError):  # told by the checks that ask git
        paths = read_head_files(root) or ()
    errors = map(LinkedFolderError, find_linked_folders(root, paths))
    return tuple(Finding("link", error.message, error.hint) for error in errors)


def _is_blocked(repo: Repo) -> bool:
    """Whether git's state must be put right by a person before anything can be mended."""
    return any(finding.code not in FIXABLE for finding in _state(repo))


def _disk(repo: Repo, root: Path) -> list[Finding]:
    """Find why nothing could be written: no right to, a disk that is read-only, or no room."""
    findings = []
    for folder in (repo.git_dir, repo.common_dir / "objects", repo.git_dir / "ledger", root / "data"):
        if folder.is_dir() and not os.access(folder, os.W_OK):
            message = "写不进去：磁盘是只读的，或者您没有权限"
            hint = "检查磁盘和文件夹是否只读、是否属于您；能看，不能记"
            findings.append(Finding("read-only", message, hint, Place(str(folder))))
            break
    free = shutil.disk_usage(root).free
    if free < _ROOM:
        message = f"磁盘快满了，只剩 {free // 1024} KiB"
        findings.append(Finding("room", message, "腾出磁盘空间再记账", Place(str(root))))
    return findings


def _state(repo: Repo) -> list[Finding]:
    """Find what git itself has begun and not ended, and a HEAD on no branch."""
    findings = []
    if operation := repo.in_progress():
        fault = OperationInProgressError(operation)
        findings.append(Finding("underway", fault.message, fault.hint))
    elif repo.head() is None:
        message = "账本的文件还没有提交过，历史里没有计划"
        findings.append(Finding("not-committed", message, f"{_FIX} 会把现有的文件提交进去"))
    else:
        try:
            repo.branch()
        except DetachedHeadError as fault:
            commit = (repo.head() or "")[:8]
            hint = (
                f"{fault.hint}；在这里记过数的，先留住它：git branch 找回-{commit} {commit}，再请管理员并入"
            )
            findings.append(Finding("detached", fault.message, hint))
    return findings


def _missing(root: Path) -> Iterator[Finding]:
    """Find files of the plan and the configuration that HEAD has and the folder lacks; `diagnose` finds those of entries."""
    for path in read_head_files(root) or ():
        if not path.startswith(f"{layout.PROGRESS}/") and not (root / path).is_file():
            yield Finding(
                "missing",
                "已提交的文件不在文件夹里",
                f"取回：{RESTORE} {path}；确要删去的，先提交删除",
                Place(path),
            )


def _hidden(repo: Repo, root: Path) -> Iterator[Finding]:
    """Find files that git was told not to look at: they could be written and never committed."""
    probe = repo.relative(root / layout.progress_file(2000, "某部门-01"))
    ignored = repo.git.run("check-ignore", "--verbose", "--no-index", "--", probe, expected=(0, 1))
    if not ignored.code and not ignored.text.partition("\t")[0].rpartition(":")[2].startswith("!"):
        where = ignored.text.partition("\t")[0]
        yield Finding(
            "ignored", f"进度文件被 git 忽略，记了也提交不了：{where}", "从上面的文件里去掉这一行，再记"
        )
    for record in repo.git.records("ls-files", "-v", "-z", "--", repo.relative(root / "data")):
        letter, _, path = record.partition(" ")
        if letter == "S":
            yield Finding("hidden", "这个文件设了不检出（sparse 或 skip-worktree），本机看不到它的内容",
                f"取回来：git sparse-checkout disable；git update-index --no-skip-worktree -- {path}", Place(path))  # fmt: skip
        elif letter.islower():
            yield Finding("hidden", "这个文件设了不看改动（assume-unchanged），改了也提交不了",
                f"取消：git update-index --no-assume-unchanged -- {path}", Place(path))  # fmt: skip


def _refused(repo: Repo, root: Path) -> Iterator[Finding]:
    """Find entries that block every later `ledger sync`."""
    if problems := find_refused(repo, root):
        message = f"没有送出的记录里有 {len(problems)} 条服务器不会接受：{problems[0]}"
        hint = "ledger redo --dry-run 看各条和改法，用 ledger redo 改好后再 ledger sync"
        yield Finding("refused", message, hint)


def _settings(repo: Repo, root: Path) -> list[Finding]:
    """Find settings under which two people's entries would conflict or lines would change their endings."""
    findings = []
    if not _unites(repo, root):
        message = "进度文件没有设为自动合并，两个人同月记账会起冲突"
        findings.append(Finding("attributes", message, f"{_FIX} 会补上：{PROGRESS_LINE}", Place(ATTRIBUTES)))
    for file in crlf_files(repo, root / "data"):
        message = "行尾在本机被换成了 CRLF（多半是 core.autocrlf 或编辑器所致）"
        findings.append(
            Finding("endings", message, f"{_FIX} 会换回 LF，文字不变", Place(repo.relative(file)))
        )
    return findings


def _unites(repo: Repo, root: Path) -> bool:
    probe = root / layout.progress_file(2000, "某部门-01")
    attributes = read_attributes(repo, probe, "merge", "eol")
    return attributes.get("merge") == "union" and attributes.get("eol") == "lf"


def _straighten(repo: Repo, root: Path, repairs: list[str], on_notice: Callable[[Notice], None]) -> None:
    """Turn CRLF into LF where the repository has LF: the text stays the same."""
    files = crlf_files(repo, root / "data")
    if not files:
        return
    with held(repo, on_notice):
        for file in files:
            file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n"))
        repo.refresh(files)
    repairs.append(f"{len(files)} 个文件的行尾已换回 LF")


def _complete(repo: Repo, root: Path, repairs: list[str], on_notice: Callable[[Notice], None]) -> None:
    """Append the missing line to `.gitattributes`, and commit that file alone."""
    if _unites(repo, root):
        return
    file = root / ATTRIBUTES
    subject = "doctor: 进度文件设为自动合并\n"

    def change(raw: bytes) -> tuple[bytes, str]:
        gap = b"\n" if raw and not raw.endswith(b"\n") else b""
        return raw + gap + PROGRESS_LINE.encode() + b"\n", subject

    if file.exists():
        rewrite(repo, file, change, on_notice=on_notice)
    else:
        with held(repo, on_notice):
            file.write_text(GITATTRIBUTES, encoding="utf-8", newline="\n")
            repo.commit([file], subject, new=[file])
    repairs.append(f"{ATTRIBUTES} 已补上一行并提交：{PROGRESS_LINE}")


def _forms(root: Path) -> list[Finding]:
    """Find progress files whose entries are not one line each, one finding for each file."""
    findings = []
    for file in filter(Path.is_file, _progress_files(root)):
        path, raw = file.relative_to(root).as_posix(), file.read_bytes()
        findings += list(check_canonical(read_progress(path, raw), raw))[:1]
    return findings


def _rewrite_forms(repo: Repo, root: Path, repairs: list[str], on_recovery: Callable[[Notice], None]) -> None:
    """Write such files anew with one line for each entry, each as a commit of its own; comments go into its message."""
    for finding in _forms(root):
        path = finding.place.path

        def change(raw: bytes, path: str = path) -> tuple[bytes, str]:
            progress = read_progress(path, raw)
            lines = raw.decode("utf-8").splitlines()
            comments = [line.strip() for line in lines if line.lstrip().startswith("#")]
            body = "原文件里的注释：\n" + "\n".join(f"  {line}" for line in comments) if comments else ""
            text = "".join(map(encode, progress.entries))
            count = len(progress.entries)
            subject = f"doctor({Path(path).parent.name}): {Path(path).name} 的 {count} 条记录改写为一行一条，内容不变"
            return text.encode("utf-8"), "\n\n".join(filter(None, (subject, body))) + "\n"

        try:
            commit = rewrite(repo, root / path, change, on_notice=on_recovery)
        except ForeignChangeError:
            continue  # what is not committed yet is another finding
        repairs.append(f"{path} 已改写为一行一条并提交 {commit.short}：git show {commit.short} 可以核对")


def _progress_files(root: Path) -> list[Path]:
    return sorted((root / layout.PROGRESS).glob("*/*/*.yaml"))
