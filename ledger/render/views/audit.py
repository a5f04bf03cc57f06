"""`audit`, `seal` and `guard`: commit, place, what was done, by whom and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.commands.audit import Audit
from ledger.commands.guard import Installed
from ledger.commands.seal import Sealable, Sealed
from ledger.core.findings import Finding
from ledger.git.commits import SHORT
from ledger.render.columns import WHOLE, Column, Columns
from ledger.render.view import PREVIEW, Block, View, lines

_REFUSALS = 20

FINDING: Columns[Finding] = Columns(
    Column("rule", "规则", lambda finding: finding.code),
    Column("commit", "提交", lambda finding: finding.origin.commit or None),
    Column("path", "文件", lambda finding: finding.place.path or None),
    Column("line", "行", lambda finding: finding.place.line or None, WHOLE),
    Column("message", "问题", lambda finding: finding.message),
    Column("hint", "怎么办", lambda finding: finding.hint),
    Column("author", "作者", lambda finding: finding.origin.author or None),
    Column("email", "邮箱", lambda finding: finding.origin.email or None),
    Column("date", "时间", lambda finding: finding.origin.date or None),
)
_FINDING_RECORDS = FINDING.pick("commit path line rule author email date message hint")

SEAL: Columns[Mapping[str, object]] = Columns(
    Column("month", "月份", lambda seal: seal["month"]),
    Column("hash", "封账号", lambda seal: seal["hash"]),
    Column("id", "标签对象", lambda seal: seal["id"]),
    Column("commit", "提交", lambda seal: seal["commit"]),
    Column("entries", "记录数", lambda seal: seal["entries"], WHOLE),
)


def audit_view(audit: Audit) -> View:
    """Return the view of an audit: every finding, or the certificate where there are none."""
    blocks: list[Block] = [lines(*finding_lines(finding)) for finding in audit.findings]
    if audit.findings:
        blocks.append(lines(f"共 {len(audit.findings)} 处问题", style="warning"))
    else:
        blocks.append(lines(*certificate_lines(audit)))
    return View(tuple(blocks), lambda: _data(audit), lambda: _FINDING_RECORDS.records(audit.findings))


def certificate_lines(audit: Audit) -> list[str]:
    """Return the certificate: what was proven, up to where, by what list and with which programs, and what was not checked."""
    proved = audit.proved
    first = (
        f"从封账 {proved.since} 起"
        if proved.since
        else f"从提交 {proved.base} 起"
        if proved.base
        else "从第一次提交起"
    )
    problems = f"发现 {len(audit.findings)} 处问题" if audit.complete else "历史不完整，不能证明"
    verdict = "未发现问题" if audit.clean else problems
    seal = f"，最近一次封账号 {proved.last_seal}" if proved.last_seal else ""
    return [
        f"审计结果：{verdict}",
        f"  范围：{first}，到提交 {proved.tip}",
        f"  查过：提交 {proved.commits} 次（这次走了 {proved.walked} 次），记录 {proved.entries} 条，账本文件 {proved.files} 个",
        f"  封账：{proved.seals} 次{seal}",
        *(
            f"  重开过：{opening.month}，{opening.when}，{opening.email}，理由：{opening.reason}"
            for opening in proved.reopened
        ),
        f"  签名：核对 {proved.signatures} 个，名单：{proved.signers}",
        *(f"  没有查：{notice.message}" for notice in proved.unchecked),
        f"  程序：ledger {proved.ledger_version}，git {proved.git_version}",
    ]


def finding_lines(finding: Finding) -> list[str]:
    """Return a finding as lines for people."""
    where = "  ".join(filter(None, (finding.origin.commit[:SHORT], str(finding.place), f"[{finding.code}]")))
    shown = [where, f"  {finding.message}"]
    if finding.origin.email:
        shown.append(f"  {finding.origin.author} <{finding.origin.email}>  {finding.origin.date}")
    if finding.hint:
        shown.append(f"  → {finding.hint}")
    return shown


def _data(audit: Audit) -> dict[str, object]:
    proved = audit.proved
    return {
        "complete": audit.complete,
        "findings": FINDING.all_data(audit.findings),
        "proved": {
            "tip": proved.tip,
            "range": {"from": proved.base, "to": proved.tip, "since": proved.since},
            "commits": proved.commits,
            "walked": proved.walked,
            "entries": proved.entries,
            "files": proved.files,
            "seals": proved.seals,
            "last_seal": proved.last_seal,
            "signatures": proved.signatures,
            "signers": proved.signers,
            "reopened": [
                {
                    "month": opening.month,
                    "email": opening.email,
                    "date": opening.when,
                    "reason": opening.reason,
                }
                for opening in proved.reopened
            ],
            "unchecked": [{"code": notice.code, "message": notice.message} for notice in proved.unchecked],
            "ledger": proved.ledger_version,
            "git": proved.git_version,
        },
    }


def sealed_view(sealed: Sealed) -> View:
    """Return the view of a seal just made, with the hash to print on the bulletin."""
    seal = sealed.seal
    where = f"已送到服务器 {sealed.server}" if sealed.server else "只在这台电脑上"
    facts: dict[str, object] = {
        key.lower(): seal.facts.get(key) for key in ("Tree", "Commits", "Entries", "Previous")
    }
    texts = lines(
        f"{seal.label} 已封账，封账号 {seal.short}（{where}）",
        f"  共 {facts['entries']} 条记录、{facts['commits']} 次提交；通报上印这个封账号，日后可凭它核对",
        f"  {seal.label} 及以前各月再记数要写明：--late --reason 理由",
    )
    if seal.reopens:
        texts = lines(
            f"{seal.label} 已重开（{where}），理由：{seal.reason}",
            f"  {seal.label} 的记录可以直接更正和补报；改好后再封一次：ledger seal {seal.label}",
        )
    facts |= {key: int(seal.facts.get(key.capitalize(), 0)) for key in ("commits", "entries")}
    shown = {
        "month": seal.label,
        "hash": seal.short,
        "id": seal.id,
        "commit": seal.commit,
        "server": sealed.server,
    }
    data = {**shown, **facts}
    return View((texts,), data, SEAL.records([data]))


def sealable_view(ready: Sealable) -> View:
    """Return the view of a seal that would be made."""
    facts = {key: int(str(ready.counted[key.capitalize()])) for key in ("commits", "entries")}
    where = f"并送到服务器 {ready.server}" if ready.server else "只留在这台电脑上"
    act = f"会封 {ready.month} 及以前各月" if ready.reason is None else f"会重开 {ready.month}"
    texts = lines(
        f"{act}，{where}",
        f"  封在提交 {ready.tip[:SHORT]}，共 {facts['entries']} 条记录、{facts['commits']} 次提交",
    )
    data = {"month": ready.month, "hash": None, "commit": ready.tip, "server": ready.server, **facts}
    return View((texts, PREVIEW), data, SEAL.pick("month commit entries").records([data]))


def refusal_lines(findings: Sequence[Finding]) -> list[str]:
    """Return what a refused push tells the one who pushed; git puts `remote:` before each line."""
    shown = [line for finding in findings[:_REFUSALS] for line in finding_lines(finding)]
    if len(findings) > _REFUSALS:
        shown.append(f"…… 另有 {len(findings) - _REFUSALS} 处")
    return ["账本守卫拒绝了这次推送，服务器上什么也没有改：", *shown]


def installed_view(installed: Installed, *, dry_run: bool = False) -> View:
    """Return the view of a guard put in place, or of one that would be."""
    texts = lines(
        f"会装守卫：{installed.folder}" if dry_run else f"守卫已装好：{installed.folder}",
        f"  钩子 {installed.hook}",
        f"  名单 {installed.config}（管理员写在这里，不在仓库里）",
    )
    shown = {
        "folder": str(installed.folder),
        "hook": str(installed.hook),
        "config": str(installed.config),
        "settings": dict(installed.settings),
    }
    return View((texts, PREVIEW) if dry_run else (texts,), shown)
