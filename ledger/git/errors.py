"""The errors of git, in words that a secretary understands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from ledger.core.errors import ExternalError


class GitNotFoundError(ExternalError):
    """There is no git program."""

    def __init__(self) -> None:
        super().__init__(
            "这台电脑上找不到 git 程序，账本靠它记录每一次修改",
            "先安装 git（https://git-scm.com/downloads），重新打开终端再试；装好后用 git --version 验证",
        )


class NotARepositoryError(ExternalError):
    """The ledger lies in no git repository."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"{root} 不在 git 仓库里，记下的数没有地方留痕",
            f"新建账本：ledger init 文件夹；已有账本文件、只差仓库：ledger init {root}",
        )


class NoWorkTreeError(ExternalError):
    """A bare repository holds history only, no files to write to."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"{root} 是只存历史的裸仓库，没有可写的文件", f"先取一份到本机：git clone {root} 账本"
        )


class ShallowCloneError(ExternalError):
    """The clone was made without the older history."""

    def __init__(self, root: Path) -> None:
        super().__init__(f"{root} 是浅克隆，没有早先的历史", f"取全历史：git -C {root} fetch --unshallow")


class MissingIdentityError(ExternalError):
    """Raised when git has no user name or e-mail configured."""

    def __init__(self) -> None:
        super().__init__(
            "git 不知道您是谁：没有设置姓名和邮箱，记录就无法写明上报人",
            'git config --global user.name "张三"；git config --global user.email "zhangsan@example.gov.cn"',
        )


class DetachedHeadError(ExternalError):
    """HEAD is on no branch: a commit made now would be lost from sight."""

    def __init__(self) -> None:
        super().__init__(
            "仓库现在停在历史中的某一次提交上，不在任何分支上；此时记的数以后会找不到",
            "回到分支再试：git switch main",
        )


class OperationInProgressError(ExternalError):
    """A rebase, merge or the like has begun and not ended."""

    _WAYS: ClassVar[dict[str, tuple[str, str]]] = {
        "rebase": ("变基（rebase）", "git rebase --continue（改好冲突后），或 git rebase --abort（放弃）"),
        "merge": ("合并（merge）", "git merge --continue（改好冲突后），或 git merge --abort（放弃）"),
        "cherry-pick": (
            "拣选（cherry-pick）",
            "git cherry-pick --continue，或 git cherry-pick --abort（放弃）",
        ),
        "revert": ("撤销（revert）", "git revert --continue，或 git revert --abort（放弃）"),
        "am": ("打补丁（am）", "git am --continue，或 git am --abort（放弃）"),
    }

    def __init__(self, operation: str) -> None:
        name, way = self._WAYS[operation]
        super().__init__(f"仓库里有一次没有做完的{name}，做完之前不能记数", way)
        self.operation = operation


class GitBusyError(ExternalError):
    """Another git holds one of its lock files."""

    def __init__(self, lock: Path, age: float | None) -> None:
        since = f"，已有 {age:.0f} 秒" if age is not None else ""
        super().__init__(
            f"另一个 git 程序正在使用这个仓库（锁文件 {lock}{since}），这次什么也没有记下",
            f"关掉正在用 git 的窗口或编辑器，稍候再试；确信没有 git 在运行时，可删去 {lock} 再试",
        )


class GitFailedError(ExternalError):
    """A git command failed, or its answer was not whole; `reason` holds git's own words."""

    _HINTS: ClassVar[tuple[tuple[tuple[str, ...], str], ...]] = (
        (("被信号", "没有读完", "只读到", "断了", "已经结束"), "关掉别的程序，腾出内存，再试一次"),
        (
            ("bad config", "bad boolean", "bad numeric"),
            "git config --list --show-origin 找到写错的那一行，改正后再试",
        ),
        (
            ("unknown repository extension", "repository version"),
            "这个仓库要更新的 git 才能读：升级 git 后再试",
        ),
        (("Permission denied", "Read-only file system"), "检查文件夹是否只读、是否属于您"),
        (("No space left", "Disk quota"), "腾出磁盘空间后再试"),
        (
            ("missing", "bad object", "corrupt", "缺少对象", "loose object", "broken", "unable to read"),
            "仓库有损坏：git fsck --full 查看；从服务器另取一份：git clone 地址 新文件夹",
        ),
    )

    def __init__(self, command: str, reason: str) -> None:
        if "dubious ownership" in reason:
            super().__init__(
                f"git 不信任这个仓库，因为文件夹属于别的用户：{reason}",
                "确认文件夹可信后，照上面 git 给出的 git config --global --add safe.directory … 执行一次",
            )
        else:
            hint = next(
                (hint for signs, hint in self._HINTS if any(sign in reason for sign in signs)),
                "照 git 的原话改正后再试；不明白时把这段话发给管理员，ledger doctor 会逐项检查",
            )
            super().__init__(f"git {command} 没有成功：{reason or '（git 没有说明原因）'}", hint)
        self.reason = reason


class GitTimeoutError(GitFailedError):
    """A git command printed nothing for so long that it was ended."""

    def __init__(self, command: str, limit: float) -> None:
        super().__init__(command, f"等了 {limit:g} 秒没有动静，已经停下")
        longer = max(1, round(limit)) * 4
        self.hint = (
            "看看有没有窗口在等人输入密码，网络或磁盘通不通，再试一次；机器确实慢的，等得久些："
            f"先执行 export LEDGER_GIT_TIMEOUT={longer}（Windows：set LEDGER_GIT_TIMEOUT={longer}），再试"
        )


class UnreadableHeadError(ExternalError):
    """HEAD's branch has a history, but its ref or its commit cannot be read."""

    def __init__(self, branch: str, reason: str) -> None:
        super().__init__(
            f"读不到分支 {branch} 的最后一次提交：{reason}",
            "不要再往里写；git reflog 和 git fsck --full 可查到最后的提交，或从服务器另取一份：git clone 地址 新文件夹",
        )


class CommitFailedError(ExternalError):
    """Git refused the commit; files and index are as they were."""

    def __init__(self, reason: str, hooks: tuple[str, ...] = ()) -> None:
        cause, hint = _cause(reason, hooks)
        quoted = _quoted(reason)
        super().__init__(
            f"{cause}；这次什么也没有记下，文件保持原样" + (f"\ngit 的原话：\n{quoted}" if quoted else ""),
            hint,
        )
        self.reason = reason


class CommitAlteredError(ExternalError):
    """Git made a commit that holds something else than was written, which was taken back; files and index are as they were."""

    code = "commit-altered"

    def __init__(self, altered: Sequence[str], hooks: tuple[str, ...] = ()) -> None:
        super().__init__(
            f"git 提交的不是写下的内容，被过滤器或钩子改了：{'、'.join(altered)}；已经撤回，这次什么也没有记下",
            "关掉改内容的过滤器或钩子再试：git check-attr filter -- 文件 看过滤器；git rev-parse --git-path hooks 看钩子在哪里"
            + (f"，现有 {'、'.join(hooks)}" if hooks else ""),
        )


_REASONS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("failed to sign", "signing failed", "No secret key", "Couldn't load public key", "user.signingkey"),
        "提交要签名，但签名没有做成",
        "git config --get-regexp '^(user.signingkey|gpg|commit.gpgsign)' 查看签名设置；密钥不在本机时先装上",
    ),
    (
        ("No space left", "Disk quota", "File too large", "quota exceeded"),
        "磁盘空间不足，提交没有写成",
        "腾出磁盘空间后再试",
    ),
    (
        ("Permission denied", "insufficient permission", "Read-only file system", "Operation not permitted"),
        "没有写入仓库的权限",
        "检查文件夹是否只读、是否属于您；可问管理这台电脑的人",
    ),
    (
        ("ignored by one of your .gitignore",),
        "仓库的 .gitignore 不让提交这个文件",
        "从 .gitignore 里去掉涵盖 data/progress 的那一行",
    ),
    (
        ("nothing to commit", "no changes added", "nothing added to commit"),
        "git 认为没有改动可提交",
        "git status 查看；若进度文件被设了 assume-unchanged 或 skip-worktree，用 git update-index --no-… 取消",
    ),
    (
        ("unmerged", "needs merge", "unresolved conflict", "conflict"),
        "仓库里有没有解决的冲突",
        "git status 查看冲突文件，改好后再试",
    ),
    (
        ("dubious ownership",),
        "git 不信任这个仓库，因为文件夹属于别的用户",
        "确认文件夹可信后，照 git 原话里的 safe.directory 命令执行一次",
    ),
)


def _cause(reason: str, hooks: tuple[str, ...]) -> tuple[str, str]:
    # Git's own words decide before the hook's presence does: a hook that passed is no reason.
    for signs, cause, hint in _REASONS:
        if any(sign in reason for sign in signs):
            return cause, hint
    if hooks:
        return (
            f"仓库的提交检查（{'、'.join(hooks)} 钩子）没有放行",
            "照下面的原话改正后再试；不明白时请问设置这个检查的人",
        )
    return "git 没有提交成功", "照原话改正后再试；不明白时把这段话发给管理员，ledger doctor 会逐项检查"


def _quoted(reason: str, limit: int = 20) -> str:
    lines = reason.splitlines()
    shown = lines[:limit] + ([f"…… 另有 {len(lines) - limit} 行"] if len(lines) > limit else [])
    return "\n".join(f"  {line}" for line in shown)


_NO_IDENTITY = (
    "tell me who you are",
    "empty ident name",
    "auto-detect",
    "auto-detection is disabled",
    "disallowed characters",
)


def names_nobody(reason: str) -> bool:
    """Whether git refused because name or e-mail is not set."""
    return any(sign in reason for sign in _NO_IDENTITY)
