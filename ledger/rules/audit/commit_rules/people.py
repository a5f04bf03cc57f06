"""Rules on who did it: roles, changes of the rules themselves and signatures, judged by the policy in force before the commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.core.findings import Finding
from ledger.core.models import LedgerConfig
from ledger.core.models.base import fields_of
from ledger.git import FileChange
from ledger.rules import permissions
from ledger.rules.audit import policy as policies
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.audit.commit_rules.departments import explains_list
from ledger.rules.audit.commit_rules.goals import actions_of
from ledger.rules.paths import CONFIG, DRAFTS, POLICY, PROGRESS, REGULAR, TARGETS

_UNSENT = "还没有送出的提交，再 ledger redo"
_STATES = {
    "missing": ("signature", "没有签名", f"git config commit.gpgsign true 让每次提交都签名；{_UNSENT}"),
    "bad": (
        "signature",
        "签名是坏的：内容和签名对不上",
        f"按篡改处理：核对这次提交是从哪里来的；确是本人做的，{_UNSENT}",
    ),
    "unknown": (
        "signature",
        "签名的密钥不在准许的名单里",
        f"核对密钥；确是本人的，由管理员加进名单；用错了密钥的，git config user.signingkey 密钥文件 换回来；{_UNSENT}",
    ),
    "unverifiable": (
        "signature",
        "签名无法验证：本机没有这把密钥的资料",
        "SSH 签名用 --signers 指明名单；GnuPG 签名先 gpg --import 签名人的公钥",
    ),
    "expired": (
        "signature",
        "签名的密钥已过期，或还没有生效",
        f"请本人换用有效的密钥：git config user.signingkey 密钥文件；{_UNSENT}",
    ),
    "revoked": ("signature", "签名的密钥已吊销", "按冒名处理：核对这次提交是谁做的"),
}
CONFIG_WORDS = {
    "name": "账本名称", "year": "当前年度", "simulated": "模拟标记", "departments": "部门和名单", "admins": "管理员", "roles": "职责",
    "signatures": "签名规定", "late_days": "迟报期限", "lowering_from": "不能再调低目标的日子", "due_day": "报送日", "lights": "亮灯规则",
    "scoring": "计分办法", "figures": "排名和通报所用的数", "difficulty": "难度系数", "tolerance": "“约”的容差", "rates": "汇率",
    "reorganisations": "机构变动", "units": "自用单位",
    "rules": "评定规则", "pace": "序时进度规则", "ranking": "排名规则", "bulletin": "通报格式", "city": "市", "county": "县（市、区）",
    "code": "行政区划代码", "evidence_limit": "佐证文件上限",
}  # fmt: skip


def check_reporters(context: CommitContext) -> Iterator[Finding]:
    """Figures of a department are recorded by those who may report for it, verdicts by those who may judge it.

    What a correction or withdrawal amounts to is decided by the entries it names, through the whole chain.
    """
    for path, diff in context.appended.items():
        match = PROGRESS.fullmatch(path)
        assert match
        departments = context.in_charge(*match.groups())
        for line in diff.added:
            if line.entry is None:
                continue
            linked = line.entry.corrects or line.entry.voids
            action = permissions.action_of(line.entry, context.entries(path) if linked else {})
            if not _may(context, departments, action):
                yield _not_allowed(context, path, line.number, departments[-1], action)
                break


def check_planners(context: CommitContext) -> Iterator[Finding]:
    """A department's commitments are made, changed, rated and closed by those who may do each of these."""
    for change in context.changes if context.started else ():
        match = TARGETS.fullmatch(change.path)
        if not match:
            continue
        departments = context.in_charge(*match.groups())
        actions: frozenset[permissions.Action] = frozenset({"amend"})
        if not change.added and not change.removed and change.new_mode == change.old_mode == REGULAR:
            actions = actions_of(context.blob(change.old), context.blob(change.new), context.units)
        for action in sorted(actions):
            if not _may(context, departments, action):
                yield _not_allowed(context, change.path, 0, departments[-1], action)
                break


def check_rule_changes(context: CommitContext) -> Iterator[Finding]:
    """Every change of the rules is reported unless an admin made it, and always where no admin is named.

    The commit that begins a ledger sets them. A change of `data/ledger.yaml` that leaves its meaning as it was (a comment) is none.
    """
    if not context.started or context.policy.may_rule(context.commit.email):
        return
    for change in context.changes:
        if not POLICY.fullmatch(change.path):
            continue
        what = _rule_change(context, change)
        if what is None:
            continue
        if context.policy.admins:
            title = "服务器上登记的管理员" if context.policy.server else "管理员"
            message, hint = f"{context.commit.email} 不是{title}，不能{what}", "请管理员来改"
        elif context.policy.server:
            message, hint = (
                f"服务器没有登记管理员，谁也不能{what}",
                "请服务器管理员在 ledger-guard.yaml 写上 admins",
            )
        else:
            message = f"账本没有管理员，{what}无人负责"
            hint = f"git show {context.commit.short} 核对；在 data/ledger.yaml 写上 admins，以后由管理员改"
        yield context.finding("policy", message, change.path, 0, hint)


def check_simulation_stays(context: CommitContext) -> Iterator[Finding]:
    """Whether a ledger is a demonstration is settled when it begins: an admin, too, could date back while times are not compared."""
    if not context.started or not context.policy.may_rule(context.commit.email):
        return  # `check_rule_changes` says so
    for change in context.changes:
        if change.path != CONFIG or change.removed:
            continue
        new = policies.read_policy(context.blob(change.new))
        if new is not None and new.simulated != context.policy.simulated:
            message = "模拟标记（simulated）在账本开始时定下，以后谁也不能改：模拟账本不查时间"
            yield context.finding(
                "policy", message, change.path, 0, "改回来；真的数另开账本：ledger init 文件夹"
            )


def check_drafters(context: CommitContext) -> Iterator[Finding]:
    """A department's drafts are put there by those who may record for it or change its commitments."""
    for change in context.changes if context.started else ():
        match = DRAFTS.fullmatch(change.path)
        actions: tuple[permissions.Action, ...] = ("log", "amend")
        if match is None:
            continue
        departments = context.in_charge(*match.groups())
        if not any(_may(context, departments, action) for action in actions):
            yield _not_allowed(context, change.path, 0, departments[-1], "amend")


def check_signature(context: CommitContext) -> Iterator[Finding]:
    """Where signatures are required, each commit has a good one, made with a key of its author."""
    verdict = context.signature
    if verdict is None or not context.policy.signed or verdict.state == "good":
        return
    if verdict.state == "foreign":
        message = f"提交写的作者是 {context.commit.email}，签名的却是 {verdict.signer}"
        yield context.finding(
            "signer",
            message,
            hint=f"按冒名处理：请签名人说明；邮箱写错了的，git config user.email 自己的邮箱；{_UNSENT} --as-me",
        )
    else:
        code, message, hint = _STATES[verdict.state]
        yield context.finding(code, message, hint=hint)


def _may(context: CommitContext, departments: Sequence[str], action: permissions.Action) -> bool:
    return any(context.policy.may(context.commit.email, department, action) for department in departments)


def _not_allowed(
    context: CommitContext, path: str, line: int, department: str, action: permissions.Action
) -> Finding:
    config = context.policy.config
    permitted = "、".join((config and permissions.writers(config, department, action)) or ())
    message = f"{context.commit.email} 不能为{department}{permissions.WORDS[action]}；可以的人：{permitted}"
    hint = f"请名单里的人来做；名单在 {CONFIG}，由管理员修改"
    return context.finding("role", message, path, line, hint)


def _rule_change(context: CommitContext, change: FileChange) -> str | None:
    """Return in words how a file of rules was changed, None where its meaning is as it was."""
    if change.removed:
        return "删除规则文件"
    if change.path != CONFIG or change.added or change.new_mode != REGULAR:
        return "增加规则文件" if change.added else "改规则文件"
    old, new = (policies.read_policy(context.blob(blob)) for blob in (change.old, change.new))
    if old is None or new is None:
        return "把账本规则改得读不出来" if new is None else "改规则文件"
    named = any(permissions.writers(old, item.name, "reorganise") is not None for item in old.departments)
    explained = {"departments", "reorganisations"} if named and explains_list(old, new) else set()
    fields = [field for field in _changed_fields(old, new) if field not in explained]
    return f"改动{'、'.join(CONFIG_WORDS.get(field, field) for field in fields)}" if fields else None


def _changed_fields(old: LedgerConfig, new: LedgerConfig) -> list[str]:
    return [field for field in fields_of(LedgerConfig) if getattr(old, field) != getattr(new, field)]
