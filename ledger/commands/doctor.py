"""Finds what keeps a ledger from being written or synchronised, says it in plain words, and mends what is safe to mend.

Entries and killed commands are the store's business (`store.mend`); here is the rest: git's own state and settings. Nothing that
a person wrote is ever deleted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ledger.commands.init import GITATTRIBUTES
from ledger.core.findings import Finding, Place
from ledger.files import layout
from ledger.files.branch_move import has_half_move
from ledger.files.entryfile import check_canonical, encode, read
from ledger.files.recover import ForeignChangeError, Recovered
from ledger.files.repair import FIXABLE, diagnose, mend
from ledger.files.rewrite import rewrite
from ledger.files.worktree import FOLDERS, LinkedFolderError
from ledger.files.write import held
from ledger.git import DetachedHeadError, OperationInProgressError, Repo
from ledger.git.gitattributes import crlf_files, read_attributes

ATTRIBUTES = ".gitattributes"
PROGRESS_LINE = GITATTRIBUTES.splitlines()[-1]
_FIX = "ledger doctor --fix"
_ROOM = 1024 * 1024
"""Bytes that a few entries, their commits and git's own files need."""


@dataclass(frozen=True)
class Examined:
    """What was put right, in words, and what is left."""

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
    return Examined(
        (), (*_disk(repo, root), *_state(repo), *_settings(repo, root), *_forms(root), *diagnose(repo, root))
    )


def rehearse(root: Path) -> Examined:
    """Return what `fix` would mend, and what it would leave; changes nothing.

    Raises:
        ExternalError: when git cannot be asked.
    """
    repo = Repo.open(root)
    found = examine(root)
    if _links(root) or _disk(repo, root) or _state(repo):
        return found
    would = tuple(f"{one.place.path}  {one.message}".strip() for one in found.left if one.code in FIXABLE)
    left = [one for one in found.left if one.code not in FIXABLE]
    if any(one.code == "torn" for one in found.left):
        hint = "移开以后逐个看过，再用 ledger log 重新记"
        left.append(Finding("aside", "移到一边的残片要等人看", hint))
    return Examined(would, tuple(left))


def fix(root: Path) -> Examined:
    """Mend what is safe to mend, and return that and what is left for a person.

    Raises:
        ExternalError: from git, the lock or the disk.
    """
    repo = Repo.open(root)
    if _links(root) or _disk(repo, root) or _state(repo):
        return examine(root)  # nothing can be written, or nothing is safe before what was begun is finished
    mended: list[str] = []

    def told(done: Recovered) -> None:
        mended.append(str(done))

    with held(repo, told):
        pass  # finishes what a killed command left, before anything is looked at
    _straighten(repo, root, mended, told)
    mend(repo, root, told)
    _complete(repo, root, mended, told)
    _rewrite_forms(repo, root, mended, told)
    return Examined(tuple(mended), examine(root).left)


def _links(root: Path) -> tuple[Finding, ...]:
    """Find folders of the ledger that are symbolic links."""
    errors = [LinkedFolderError(folder) for folder in FOLDERS if (root / folder).is_symlink()]
    return tuple(Finding("link", error.message, error.hint) for error in errors)


def _disk(repo: Repo, root: Path) -> list[Finding]:
    """Find why nothing could be written: no right to, a disk that is read-only, or no room."""
    found = []
    for folder in (repo.git_dir, repo.common_dir / "objects", repo.git_dir / "ledger", root / "data"):
        if folder.is_dir() and not os.access(folder, os.W_OK):
            message = "写不进去：磁盘是只读的，或者您没有权限"
            hint = "检查磁盘和文件夹是否只读、是否属于您；能看，不能记"
            found.append(Finding("read-only", message, hint, Place(str(folder))))
            break
    free = shutil.disk_usage(root).free
    if free < _ROOM:
        message = f"磁盘快满了，只剩 {free // 1024} KiB"
        found.append(Finding("room", message, "腾出磁盘空间再记账", Place(str(root))))
    return found


def _state(repo: Repo) -> list[Finding]:
    """Find what git itself has begun and not ended, and a HEAD on no branch."""
    found = []
    if operation := repo.in_progress():
        fault = OperationInProgressError(operation)
        found.append(Finding("underway", fault.message, fault.hint))
    else:
        try:
            repo.branch()
        except DetachedHeadError as fault:
            here = (repo.head() or "")[:8]
            hint = f"{fault.hint}；在这里记过数的，先留住它：git branch 找回-{here} {here}，再请管理员并入"
            found.append(Finding("detached", fault.message, hint))
    return found


def _settings(repo: Repo, root: Path) -> list[Finding]:
    """Find settings under which two people's entries would conflict or lines would change their endings."""
    found = []
    if not _unites(repo, root):
        message = "进度文件没有设为自动合并，两个人同月记账会起冲突"
        found.append(Finding("attributes", message, f"{_FIX} 会补上：{PROGRESS_LINE}", Place(ATTRIBUTES)))
    for file in crlf_files(repo, root / "data"):
        message = "行尾在本机被换成了 CRLF（多半是 core.autocrlf 或编辑器所致）"
        found.append(Finding("endings", message, f"{_FIX} 会换回 LF，文字不变", Place(repo.relative(file))))
    return found


def _unites(repo: Repo, root: Path) -> bool:
    probe = root / layout.progress_file(2000, "某部门-01")
    said = read_attributes(repo, probe, "merge", "eol")
    return said.get("merge") == "union" and said.get("eol") == "lf"


def _straighten(repo: Repo, root: Path, mended: list[str], told: Callable[[Recovered], None]) -> None:
    """Turn CRLF into LF where the repository has LF: the text stays the same."""
    files = crlf_files(repo, root / "data")
    if not files:
        return
    with held(repo, told):
        for file in files:
            file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n"))
        repo.refresh(files)
    mended.append(f"{len(files)} 个文件的行尾已换回 LF")


def _complete(repo: Repo, root: Path, mended: list[str], told: Callable[[Recovered], None]) -> None:
    """Add the missing line to `.gitattributes`, behind all that stands there, and commit that file alone."""
    if _unites(repo, root):
        return
    file = root / ATTRIBUTES
    subject = "doctor: 进度文件设为自动合并\n"

    def change(raw: bytes) -> tuple[bytes, str]:
        gap = b"\n" if raw and not raw.endswith(b"\n") else b""
        return raw + gap + PROGRESS_LINE.encode() + b"\n", subject

    if file.exists():
        rewrite(repo, file, change, told=told)
    else:
        with held(repo, told):
            file.write_text(GITATTRIBUTES, encoding="utf-8", newline="\n")
            repo.commit([file], subject, new=[file])
    mended.append(f"{ATTRIBUTES} 已补上一行并提交：{PROGRESS_LINE}")


def _forms(root: Path) -> list[Finding]:
    """Find progress files whose entries are not one line each, one finding for each file."""
    found = []
    for file in _progress_files(root):
        path, raw = file.relative_to(root).as_posix(), file.read_bytes()
        found += list(check_canonical(read(path, raw), raw))[:1]
    return found


def _rewrite_forms(
    repo: Repo, root: Path, mended: list[str], on_recovery: Callable[[Recovered], None]
) -> None:
    """Write such files anew with one line for each entry, each as a commit of its own; comments go into its message."""
    for finding in _forms(root):
        path = finding.place.path

        def change(raw: bytes, path: str = path) -> tuple[bytes, str]:
            progress = read(path, raw)
            lines = raw.decode("utf-8").splitlines()
            comments = [line.strip() for line in lines if line.lstrip().startswith("#")]
            body = "原文件里的注释：\n" + "\n".join(f"  {line}" for line in comments) if comments else ""
            text = "".join(map(encode, progress.entries))
            count = len(progress.entries)
            subject = f"doctor({Path(path).parent.name}): {Path(path).name} 的 {count} 条记录改写为一行一条，内容不变"
            return text.encode("utf-8"), "\n\n".join(filter(None, (subject, body))) + "\n"

        try:
            commit = rewrite(repo, root / path, change, told=on_recovery)
        except ForeignChangeError:
            continue  # what is not committed yet is another finding
        mended.append(f"{path} 已改写为一行一条并提交 {commit.short}：git show {commit.short} 可以核对")


def _progress_files(root: Path) -> list[Path]:
    return sorted((root / layout.PROGRESS).glob("*/*/*.yaml"))
