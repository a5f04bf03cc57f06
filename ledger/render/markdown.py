"""Writes a bulletin as Markdown, for a screen, a forge or a message. Knows no rule of progress and no other format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ledger.render.views.bulletin import Content

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_LINES = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")

OVERVIEW = (
    "位次",
    "名称",
    "承诺",
    "目标",
    "完成率",
    "已达标",
    "正常",
    "滞后",
    "严重滞后",
    "未报",
    "无法判断",
    "未计入",
)
LAGGARDS = ("亮灯", "部门", "编号", "目标", "目标值", "现在", "完成", "序时", "差距")
MISSING = ("部门", "应报", "未报", "目标")
UNKNOWN = ("部门", "编号", "目标", "原因")
REVIEWS = ("部门", "编号", "目标")


def markdown(content: Content) -> str:
    """Return the whole bulletin."""
    parts = [f"# {escaped(content['标题'])}"]
    if content["模拟"]:
        parts.append(f"> **{escaped(content['模拟说明'])}**")
    parts += [
        escaped(content["总述"]),
        "## 一、总体情况",
        _table(OVERVIEW, content["部门们"], {"名称": "部门"}),
        "完成率为各承诺的平均，单个目标封顶 100%；无法计算的不计入，承诺数列在“未计入”。",
        "## 二、各部门进展",
        *(f"**{escaped(one['名称'])}**：{escaped(one['进展'])}" for one in content["部门们"]),
        "## 三、落后于序时进度的目标",
        _table(LAGGARDS, content["滞后"], {"差距": content["差距名"]}) or "没有。",
        "## 四、未报和无法判断的目标",
        f"### 应报未报（{escaped(content['报送期限'])}前报送）",
        _table(MISSING, content["未报"]) or "都已报齐。",
        *(("### 待督查评定", _table(REVIEWS, content["待评定"])) if content["待评定"] else ()),
        "### 无法判断",
        _table(UNKNOWN, content["无法判断"]) or "没有。",
        "## 五、数据说明",
        "\n".join(f"- {escaped(line)}" for line in notes(content)),
    ]
    return "\n\n".join(parts) + "\n"


def notes(content: Content) -> list[str]:
    """Return what has to be known of the figures."""
    said = [
        f"数据截至{content['截至']}（含当天），{content['印发日期']}生成。",
        f"封账：{content['封账']}。",
        f"审计：{content['审计']}。依据提交：{content['依据提交']}。",
    ]
    if content["推断"]:
        said.append(f"以下部门由内容推断，待确认：{'、'.join(content['推断'])}。")
    return said


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", _LINES.sub(" ", text))


def _table(
    columns: Sequence[str], rows: Iterable[dict[str, str]], titles: dict[str, str] | None = None
) -> str:
    body = ["| " + " | ".join(escaped(row[column]) for column in columns) + " |" for row in rows]
    if not body:
        return ""
    head = "| " + " | ".join((titles or {}).get(column, column) for column in columns) + " |"
    return "\n".join([head, "|" + "---|" * len(columns), *body])
