"""Shows what an audit found: commit, place, what was done, by whom and when."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.commands.guard import Installed
from ledger.commands.seal import Sealable, Sealed
from ledger.git.history import SHORT
from ledger.render.view import PREVIEW, Block, Column, Table, View, lines, strings
from ledger.rules.audit.breach import Breach

_REFUSALS = 20


def breaches_view(breaches: Sequence[Breach]) -> View:
    """Return the view of all breaches; there is nothing to see where there are none."""
    blocks: list[Block] = [lines(*described(one)) for one in breaches]
    if breaches:
        blocks.append(lines(f"共 {len(breaches)} 处问题", style="warning"))
    titles = ("提交", "文件", "行", "规则", "作者", "邮箱", "时间", "问题", "怎么办")
    rows = [
        strings((b.commit, b.path, b.line or "", b.rule, b.author, b.email, b.date, b.message, b.hint))
        for b in breaches
    ]
    return View(tuple(blocks), [data(one) for one in breaches], Table(tuple(map(Column, titles)), rows))


def described(one: Breach) -> list[str]:
    """Return a breach as lines for people."""
    place = f"{one.path}:{one.line}" if one.line else one.path
    where = "  ".join(part for part in (one.commit[:SHORT], place, f"[{one.rule}]") if part)
    who = f"  {one.author} <{one.email}>  {one.date}"
    shown = [where, f"  {one.message}"]
    if one.email:
        shown.append(who)
    if one.hint:
        shown.append(f"  → {one.hint}")
    return shown


def data(one: Breach) -> dict[str, object]:
    """Return a breach as JSON; what does not apply is null."""
    return {
        "rule": one.rule,
        "commit": one.commit or None,
        "path": one.path or None,
        "line": one.line or None,
        "message": one.message,
        "hint": one.hint,
        "author": one.author or None,
        "email": one.email or None,
        "date": one.date or None,
    }


def sealed_view(sealed: Sealed) -> View:
    """Return the view of a seal just made, with the hash to print on the bulletin."""
    seal = sealed.seal
    where = f"已送到服务器 {sealed.server}" if sealed.server else "只在这台电脑上"
    facts: dict[str, object] = {
        key.lower(): seal.facts.get(key) for key in ("Tree", "Commits", "Entries", "Previous")
    }
    said = lines(
        f"{seal.label} 已封账，封账号 {seal.short}（{where}）",
        f"  共 {facts['entries']} 条记录、{facts['commits']} 次提交；通报上印这个封账号，日后可凭它核对",
        f"  {seal.label} 及以前各月再记数要写明：--late --reason 理由",
    )
    facts |= {key: int(seal.facts.get(key.capitalize(), 0)) for key in ("commits", "entries")}
    shown = {
        "month": seal.label,
        "hash": seal.short,
        "id": seal.id,
        "commit": seal.commit,
        "server": sealed.server,
    }
    titles = ("月份", "封账号", "标签对象", "提交", "记录数")
    row = strings((seal.label, seal.short, seal.id, seal.commit, facts["entries"]))
    return View((said,), {**shown, **facts}, Table(tuple(map(Column, titles)), [row]))


def sealable_view(ready: Sealable) -> View:
    """Return the view of a seal that would be made."""
    facts = {key: int(str(ready.counted[key.capitalize()])) for key in ("commits", "entries")}
    where = f"并送到服务器 {ready.server}" if ready.server else "只留在这台电脑上"
    said = lines(
        f"会封 {ready.month} 及以前各月，{where}",
        f"  封在提交 {ready.tip[:SHORT]}，共 {facts['entries']} 条记录、{facts['commits']} 次提交",
    )
    data = {"month": ready.month, "hash": None, "commit": ready.tip, "server": ready.server, **facts}
    titles = ("月份", "提交", "记录数")
    row = strings((ready.month, ready.tip, facts["entries"]))
    return View((said, PREVIEW), data, Table(tuple(map(Column, titles)), [row]))


def refusal_lines(breaches: Sequence[Breach]) -> list[str]:
    """Return what a refused push tells the one who pushed; git puts `remote:` before each line."""
    shown = [line for one in breaches[:_REFUSALS] for line in described(one)]
    if len(breaches) > _REFUSALS:
        shown.append(f"…… 另有 {len(breaches) - _REFUSALS} 处")
    return ["账本守卫拒绝了这次推送，服务器上什么也没有改：", *shown]


def installed_view(made: Installed, *, dry_run: bool = False) -> View:
    """Return the view of a guard put in place, or of one that would be."""
    said = lines(
        f"会装守卫：{made.folder}" if dry_run else f"守卫已装好：{made.folder}",
        f"  钩子 {made.hook}",
        f"  名单 {made.config}（管理员写在这里，不在仓库里）",
    )
    shown = {
        "folder": str(made.folder),
        "hook": str(made.hook),
        "config": str(made.config),
        "settings": dict(made.settings),
    }
    return View((said, PREVIEW) if dry_run else (said,), shown)
