"""Who did it, and whether they may: rules over one commit, judged by the policy in force before it."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.core.models import LedgerConfig
from ledger.git import FileChange
from ledger.rules import permissions
from ledger.rules.audit import policy as policies
from ledger.rules.audit.breach import Breach, breach
from ledger.rules.audit.commit_context import CONFIG, POLICY, PROGRESS, TARGETS, CommitContext

_LETTERS = {
    "N": ("没有签名", "今后用 git config commit.gpgsign true 让每次提交都签名"),
    "B": ("签名是坏的：内容和签名对不上", "按篡改处理：核对这次提交是从哪里来的"),
    "U": ("签名的密钥不在准许的名单里", "核对密钥；确是本人的，由管理员加进名单"),
    "E": ("签名无法验证：本机没有这把密钥的资料", "用 --signers 指明准许签名的名单"),
    "X": ("签名已过期", "请本人用有效的密钥重新提交"),
    "Y": ("签名的密钥已过期", "请本人换用有效的密钥"),
    "R": ("签名的密钥已吊销", "按冒名处理：核对这次提交是谁做的"),
}
_DISARMING = (
    "-diff",
    "binary",
    "-text",
    "!text",
    "-merge",
    "!merge",
    "eol=crlf",
    "!eol",
    "filter=",
    "diff=",
    "working-tree-encoding=",
    "ident",
)
_NEEDED = {"text", "eol=lf", "merge=union"}


def people_write_for_their_own(context: CommitContext) -> Iterator[Breach]:
    """Figures of a department are recorded by those who may report for it, verdicts by those who may judge it."""
    for path, growth in context.growth.items():
        found = PROGRESS.fullmatch(path)
        for line in growth.added if found else ():
            assert found
            what = permissions.action_of(line.entry) if line.entry else "log"
            if not context.policy.may(context.step.email, found["department"], what):
                yield _not_allowed(context, path, line.number, found["department"], what)
                break


def planners_plan_their_own(context: CommitContext) -> Iterator[Breach]:
    """A department's commitments are changed by those who may amend them."""
    for change in context.changes if context.started else ():
        found = TARGETS.fullmatch(change.path)
        if found and not context.policy.may(context.step.email, found["department"], "amend"):
            yield _not_allowed(context, change.path, 0, found["department"], "amend")


def _not_allowed(
    context: CommitContext, path: str, line: int, department: str, what: permissions.Action
) -> Breach:
    config = context.policy.config
    may = "、".join((config and permissions.writers(config, department, what)) or ())
    message = f"{context.step.email} 不能为{department}{permissions.WORDS[what]}；可以的人：{may}"
    return breach(
        context.step, "role", path, line, message, f"请名单里的人来做；名单在 {CONFIG}，由管理员修改"
    )


def rules_are_changed_by_admins(context: CommitContext) -> Iterator[Breach]:
    """Policy files are changed by an admin; without admins nobody may weaken them. The commit that begins a ledger sets them."""
    if not context.started:
        return
    for change in context.changes:
        if not POLICY.fullmatch(change.path):
            continue
        if not context.policy.may_rule(context.step.email):
            who = "服务器上登记的管理员" if context.policy.server else "管理员"
            message = f"{context.step.email} 不是{who}，不能改规则文件"
            yield breach(context.step, "policy", change.path, 0, message, "请管理员来改")
        elif not context.policy.admins:
            for message in _weakened(context, change):
                yield breach(
                    context.step,
                    "policy",
                    change.path,
                    0,
                    message,
                    f"git show {context.step.short} 查看；恢复原来的规则",
                )


def signatures_bind(context: CommitContext) -> Iterator[Breach]:
    """Where the ledger asks for signatures, each commit has a good one, and its key is the author's own."""
    signature = context.step.signature
    if signature is None or not context.policy.signed:
        return
    if signature.letter != "G":
        message, hint = _LETTERS.get(signature.letter, (f"签名不合格（{signature.letter}）", ""))
        yield breach(context.step, "signature", "", 0, message, hint)
    elif email_of(signature.signer) != context.step.email.casefold():
        message = f"提交写的作者是 {context.step.email}，签名的却是 {signature.signer}"
        yield breach(context.step, "signer", "", 0, message, "按冒名处理：请签名人说明")


def email_of(signer: str) -> str:
    """Return the e-mail of an OpenPGP user id `Name <e-mail>`, or an SSH principal as it is."""
    inner = signer.rpartition("<")[2].rstrip(">") if signer.endswith(">") else signer
    return inner.strip().casefold()


def _weakened(context: CommitContext, change: FileChange) -> Iterator[str]:
    if change.removed:
        yield "规则文件被删除"
    elif change.path == CONFIG:
        yield from _config_weakened(context, change)
    elif change.path.endswith(".gitattributes"):
        yield from _attributes_weakened(context, change)
    elif change.path == ".gitmodules":
        yield "账本里不用子模块"
    elif not change.added and not change.path.startswith("schemas/"):
        yield "准许签名的名单被改，而账本没有管理员"


def _config_weakened(context: CommitContext, change: FileChange) -> Iterator[str]:
    old = policies.read(context.blob(change.old)) if not change.added else None
    new = policies.read(context.blob(change.new))
    if new is None:
        yield "改后的账本规则读不出来"
    elif old is not None:
        yield from _loosened(old, new)


def _loosened(old: LedgerConfig, new: LedgerConfig) -> Iterator[str]:
    if old.signatures == "required" and new.signatures != "required":
        yield "取消了提交要签名的规定"
    if old.late_days is not None and (new.late_days is None or new.late_days > old.late_days):
        yield "放宽或取消了迟报期限 late_days"
    if new.lowering_from > old.lowering_from:
        yield f"把不能再调低目标的日子从 {old.lowering_from} 推迟到 {new.lowering_from}"
    after = {one.name: one for one in new.departments}
    for department in old.departments:
        now = after.get(department.name)
        if now is None:
            yield f"删去了部门 {department.name}"
        elif (department.reporters and not now.reporters) or (department.reviewers and not now.reviewers):
            yield f"清空了{department.name}的上报人或督查名单"


def _attributes_weakened(context: CommitContext, change: FileChange) -> Iterator[str]:
    old = "" if change.added else context.blob(change.old).decode("utf-8", "replace")
    new = context.blob(change.new).decode("utf-8", "replace")
    fresh = set(_words(new)) - set(_words(old))
    disarming = sorted(word for word in fresh if word.startswith(_DISARMING))
    if disarming:
        yield f"加上了会掩盖改动的属性：{'、'.join(disarming)}"
    if set(_words(old)) >= _NEEDED and not set(_words(new)) >= _NEEDED:
        yield f"去掉了进度文件必需的属性：{'、'.join(sorted(_NEEDED - set(_words(new))))}"


def _words(text: str) -> list[str]:
    return [word for line in text.splitlines() if not line.startswith("#") for word in line.split()[1:]]
