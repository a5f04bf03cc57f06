"""Errors of fetching, pushing and rebasing."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.core.errors import ExternalError


class NoRemoteError(ExternalError):
    """There is no server to exchange with."""

    def __init__(self) -> None:
        super().__init__(
            "这份账本没有设置服务器，不知道与谁同步",
            "设置一次：git remote add origin 地址（如 git@服务器:账本.git），再 ledger sync",
        )


class RemoteUnreachableError(ExternalError):
    """The server did not answer."""

    def __init__(self, remote: str, reason: str) -> None:
        super().__init__(
            f"连不上服务器 {remote}；本机的记录都在，没有改动\ngit 的原话：\n{_indented(reason)}",
            "检查网络，稍后再 ledger sync；其间照常记账",
        )


class RemoteAccessError(ExternalError):
    """The server answered, and did not let this user in, or has no such repository."""

    def __init__(self, remote: str, reason: str, *, address: bool) -> None:
        what = "没有这个账本，或地址写错了" if address else "不认这台电脑的登录（密钥或密码）"
        way = (
            f"看地址：git remote -v；改地址：git remote set-url {remote} 地址；再 ledger sync"
            if address
            else "登录的密钥装好了没有：ssh-add -l；还没有登记的，把公钥交给管理员；再 ledger sync"
        )
        super().__init__(
            f"服务器 {remote} {what}；本机的记录都在，没有改动\ngit 的原话：\n{_indented(reason)}", way
        )


class PushRejectedError(ExternalError):
    """The server's rules did not let the commits in."""

    def __init__(self, remote: str, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"服务器 {remote} 没有接受本机的提交；记录都还在本机\n服务器的原话：\n{_indented(reason)}",
            "ledger redo --dry-run 看没有送出的各条和改法，用 ledger redo 改好后再 ledger sync；"
            "不明白时把这段话发给管理员",
        )


class PushHookError(ExternalError):
    """A hook of this machine did not let the push go out."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"本机的推送检查（pre-push 钩子）没有放行；记录都在本机，服务器上什么也没有变\n钩子的原话：\n{_indented(reason)}",
            "照上面的话改正后，把刚才的命令再执行一次；不明白时请问设置这个检查的人（.git/hooks/pre-push）",
        )


class SigningFailedError(ExternalError):
    """Commits could not be signed again."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"提交要签名，但签名没有做成；本机的记录都在，没有改动\ngit 的原话：\n{_indented(reason)}",
            "git config --get-regexp '^(user.signingkey|gpg|commit.gpgsign)' 查看签名设置；密钥不在本机时先装上，再 ledger sync",
        )


class RewrittenReceiptsError(ExternalError):
    """The server's chain of receipts, or one of its seals, is no longer the one seen before."""

    def __init__(self, remote: str, what: str) -> None:
        super().__init__(
            f"服务器 {remote} 的{what}与上次看到的不同：被改写过；本机什么也没有动",
            "先告诉管理员和审计：ledger audit 说明差在哪里",
        )


class RebaseConflictError(ExternalError):
    """The same lines of a file were changed here and on the server."""

    def __init__(self, paths: Sequence[str], subject: str, branch: str) -> None:
        named = "、".join(paths) or "（git 没有说明）"
        union = any(path.startswith("data/progress/") or "/data/progress/" in path for path in paths)
        hint = (
            "进度文件本该自动合并，多半是 .gitattributes 缺了一行：ledger doctor --fix，再 ledger sync"
            if union
            else f"先看两边各改了什么：git diff HEAD...refs/ledger/incoming -- {paths[0] if paths else '.'}；"
            f"商定后自己合并：git rebase refs/ledger/incoming（改好冲突，git add，git rebase --continue；"
            f"不做了：git rebase --abort），再 ledger sync"
        )
        super().__init__(
            f"{named} 在本机和服务器上都改过同一处（本机的提交：{subject}），不能自动合并；本机的文件和 {branch} 分支保持原样",
            hint,
        )
        self.paths = tuple(paths)


def _indented(reason: str, limit: int = 20) -> str:
    return "\n".join(f"  {line}" for line in reason.splitlines()[:limit])
