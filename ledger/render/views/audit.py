"""`audit`, `seal` and `guard`: commit, place, what was done, by whom and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.commands.guard import Installed
from ledger.commands.seal import Sealable, Sealed
from ledger.git import SHORT
from ledger.render.columns import WHOLE, Column, Columns
from ledger.render.view import PREVIEW, Block, View, lines
from ledger.rules.audit.breach import Breach

_REFUSALS = 20

BREACH: Columns[Breach] = Columns(
    Column("rule", "规则", lambda b: b.rule),
    Column("commit", "提交", lambda b: b.commit or None),
    Column("path", "文件", lambda b: b.path or None),
    Column("line", "行", lambda b: b.line or None, WHOLE),
    Column("message", "问题", lambda b: b.message),
    Column("hint", "怎么办", lambda b: b.hint),
    Column("author", "作者", lambda b: b.author or None),
    Column("email", "邮箱", lambda b: b.email or None),
    Column("date", "时间", lambda b: b.date or None),
)
_BREACH_RECORDS = BREACH.pick("commit path line rule author email date message hint")


def breaches_view(breaches: Sequence[Breach]) -> View:
    """Return the view of all breaches; there is nothing to see where there are none."""
    blocks: list[Block] = [lines(*described(one)) for one in breaches]
    if breaches:
        blocks.append(lines(f"共 {len(breaches)} 处问题", style="warning"))
    return View(tuple(blocks), lambda: BREACH.all_data(breaches), lambda: _BREACH_RECORDS.records(breaches))


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


SEAL: Columns[Mapping[str, object]] = Columns(
    Column("month", "月份", lambda s: s["month"]),
    Column("hash", "封账号", lambda s: s["hash"]),
    Column("id", "标签对象", lambda s: s["id"]),
    Column("commit", "提交", lambda s: s["commit"]),
    Column("entries", "记录数", lambda s: s["entries"], WHOLE),
)


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
    data = {**shown, **facts}
    return View((said,), data, SEAL.records([data]))


def sealable_view(ready: Sealable) -> View:
    """Return the view of a seal that would be made."""
    facts = {key: int(str(ready.counted[key.capitalize()])) for key in ("commits", "entries")}
    where = f"并送到服务器 {ready.server}" if ready.server else "只留在这台电脑上"
    said = lines(
        f"会封 {ready.month} 及以前各月，{where}",
        f"  封在提交 {ready.tip[:SHORT]}，共 {facts['entries']} 条记录、{facts['commits']} 次提交",
    )
    data = {"month": ready.month, "hash": None, "commit": ready.tip, "server": ready.server, **facts}
    return View((said, PREVIEW), data, SEAL.pick("month commit entries").records([data]))


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
