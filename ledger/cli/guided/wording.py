"""Prompts and help texts of the guided entry."""

from __future__ import annotations

from ledger.core.models import Accumulate, Change, Milestone, Rank

ASK_FIGURE = "请填数（回车跳过　< 上一个　? 帮助　q 暂停） > "
ASK_EFFECT = "回车 记下　+文号 加佐证　=文字 加说明　< 重填　? 帮助　- 不记 > "
ASK_UNIT = "写序号（回车 重填　? 帮助） > "
ASK_DOUBT = "照记吗？（y 照记　回车 重填　? 帮助） > "
ASK_REASON = "无法统计的原因（< 重填） > "
ASK_WRITE = "{} 条，一次写入？回车 写入　< 回到最后一个　q 先留着 > "
BACK, STOP, ASK_HELP = ("<", "＜", "《"), ("q", "Q"), ("?", "？")
KEYS = "  回车 跳过这一个　< 回上一个　q 停下，下次接着　Ctrl-C 也一样\n  这个月没法统计的写 无法统计"
HELP_EFFECT = "  回车就记下；+浙证监函〔2023〕15号 是加佐证，=两家待批 是加说明；< 重新填数，- 这个先不记"
HELP_UNIT = "  只写了数字，没有写单位；写序号选一个，或按回车重新填"
HELP_DOUBT = (
    "  和以前报的、和目标比差得太多，怕是单位或小数点写错了；确实是这个数，写 y 照记，账上会注明已核对"
)
HELP_REASON = "  写明为什么这个月没有数，如 季度指标，季后才出数"
ASK_PROOF, ASK_WHY = "佐证（文号、网址或文件；< 重填） > ", "未达到的理由（< 重填） > "
HELP_VERDICT = "  评定达到要有佐证，如 省政府通报〔2023〕3号；评定未达到要写理由，如 没有列入省级试点"
HELP_WRITE = "  回车就一次写入；< 回到最后一个；q 先留着，下次运行同一条命令接着"
HELP_OF: dict[type, str] = {
    Accumulate: "  增 2家 是本期新增，累计 4家 是年初至今的数",
    Change: "  也可以写两年的数：本期110亿元 同期100亿元",
    Rank: "  一共几个在排也可以写上：第3位/11",
    Milestone: "  一次记一步，记完接着问下一步；没有做成的就跳过",
}
ASK_RETURNED = "更正为（回车跳过　=文字 数没有错，写说明　q 暂停） > "
ASK_CORRECTION = "回车 记下　- 不改 > "
ASK_CAUSE, ASK_MEASURE = "  原因（回车不写） > ", "  措施 > "
ASK_OWNER, ASK_UNTIL = "  责任人（可不写） > ", "  时限，如 9月30日（可不写） > "
REMARK_KEYS = ("!", "！")
HINT_BEHIND = "  落后于序时进度：写 ! 补写原因、措施、责任人和时限"
