"""Bulletins as Markdown, for a screen, a forge or a message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ledger.render.views.bulletin import Content

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_LINES = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")

TABLES = {
    "部门们": (
        ("位次", "位次"), ("名称", "部门"), ("承诺", "承诺事项"), ("目标", "目标"), ("完成率", "完成率"), ("环比", "较上月"),
        ("已达标", "已达标"), ("正常", "正常"), ("滞后", "滞后"), ("严重滞后", "严重滞后"), ("尚无数据", "尚无数据"),
        ("无法判断", "无法判断"), ("未报送", "未报送"),
    ),
    "滞后": (
        ("亮灯", "亮灯"), ("部门", "责任单位"), ("目标", "目标"), ("目标值", "目标值"), ("现在", "当前值"), ("完成", "完成率"),
        ("序时", "序时进度"), ("差距", "差距"), ("环比", "较上月"),
    ),
    "措施": (("部门", "责任单位"), ("目标", "目标"), ("原因", "原因"), ("措施", "措施、责任人和时限")),
    "退回": (("部门", "责任单位"), ("目标", "目标"), ("月份", "数据月份"), ("理由", "退回理由")),
    "未报": (("部门", "部门"), ("应报", "应报"), ("未报", "未报送"), ("目标", "未报送的目标")),
    "待评定": (("部门", "部门"), ("编号", "编号"), ("目标", "目标")),
    "无法判断": (("编号", "编号"), ("目标", "目标"), ("原因", "原因")),
}  # fmt: skip
"""The attachments: for each the columns as (name of the value, heading)."""


def markdown(content: Content) -> str:
    """Return the whole bulletin."""
    parts = [f"# {escaped(content['标题'])}"]
    if content["模拟"]:
        parts.append(f"> **{escaped(content['模拟说明'])}**")
    rest = content["其余滞后"]
    parts += [
        f"{escaped(content['主送'])}：",
        escaped(f"{content['总述']}现将有关情况通报如下。"),
        "## 一、总体情况",
        *map(escaped, content["总体情况"]),
        "## 二、各部门进展情况",
        *(
            f"**（{department['序号']}）{escaped(department['名称'])}。**{escaped(department['进展'])}"
            for department in content["部门们"]
        ),
        "## 三、落后于序时进度的目标",
        *(f"{laggard['序号']}\\. {escaped(laggard['说明'])}" for laggard in content["重点滞后"]),
        *([f"其余{rest}项见附件{content['附件号']['滞后']}。"] if rest else []),
        *([] if content["重点滞后"] else ["各项目标均未落后于序时进度。"]),
        "## 四、数据报送情况",
        *map(escaped, content["报送情况"]),
        "## 五、有关说明",
        *map(escaped, content["说明"]),
        escaped("　".join(filter(None, (content["发文机关"], content["印发日期"])))),
    ]
    for name, number in content["附件号"].items():
        titles = {"差距": content["差距名"]}
        parts += [
            f"## 附件{number}　{content['附件名'][name]}",
            _table([(key, titles.get(key, title)) for key, title in TABLES[name]], content[name]),
        ]
    if content["核验码"]:
        parts.append(f"核验码：{content['核验码']}")
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", _LINES.sub(" ", text))


def _table(columns: Sequence[tuple[str, str]], rows: Iterable[dict[str, str]]) -> str:
    head = "| " + " | ".join(escaped(title) for _, title in columns) + " |"
    body = ["| " + " | ".join(escaped(row[name]) for name, _ in columns) + " |" for row in rows]
    return "\n".join([head, "|" + "---|" * len(columns), *body])
