"""A change of departments: what became of what, since when, and what it concerns."""

from __future__ import annotations

from ledger.commands.reorganise import Reorganised
from ledger.core.models.base import dump_model, to_json
from ledger.render.columns import DATA, TEXTS, Column, Columns
from ledger.render.view import PREVIEW, View, day, lines

REORGANISED: Columns[Reorganised] = Columns(
    Column("kind", "变动", lambda change: change.fact.kind),
    Column("departments", "原部门", lambda change: change.fact.departments, TEXTS),
    Column("commitment", "承诺", lambda change: change.fact.commitment),
    Column("year", "年度", lambda change: change.fact.year),
    Column("to", "新部门", lambda change: change.fact.to),
    Column("on", "自哪天起", lambda change: change.fact.on.isoformat()),
    Column("by", "谁记的", lambda change: change.fact.by),
    Column("reason", "理由", lambda change: change.fact.reason),
    Column("commitments", "涉及的承诺", lambda change: change.commitments, TEXTS),
    Column("department", "", lambda change: to_json(dump_model(change.department)), DATA),
    Column("commit", "提交", lambda change: change.commit.id if change.commit else None),
)
_RECORDS = REORGANISED.pick("kind departments commitment to on reason commitments commit")


def reorganised_view(change: Reorganised) -> View:
    """Return the view of a change of departments."""
    fact = change.fact
    reporters = "、".join(change.department.reporters) or "不限"
    texts = [
        f"{fact.text}，自 {day(fact.on)} 起",
        f"  涉及：{len(change.commitments)} 项承诺（{'、'.join(change.commitments)}）"
        if change.commitments
        else "  涉及：本年度没有它负责的承诺",
        f"  可为{fact.to}记账的人：{reporters}",
        f"  理由：{fact.reason}",
        "  编号和文件夹不变；此前各月的账仍是原部门的",
    ]
    if fact.departments:
        texts.append(f"  原名 {'、'.join(fact.departments)} 一直可用")
    done = lines(f"已记下，提交 {change.commit.short}") if change.commit else PREVIEW
    return View((lines(*texts), done), lambda: REORGANISED.data(change), lambda: _RECORDS.records([change]))
