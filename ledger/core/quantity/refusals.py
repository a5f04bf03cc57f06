"""Why an amount was refused, in words a secretary can act on."""

from __future__ import annotations

from ledger.core.quantity.model import NumberSyntaxError
from ledger.core.quantity.words import PER_HEAD, TURNING, VAGUE
from ledger.core.units import UnitTable
from ledger.core.units.lazy import LazyPattern

_SCIENTIFIC = LazyPattern(r"[eE][+-]?[0-9]+.*")
_SLANG = LazyPattern(r"[wWkK](?![a-zA-Z]).*")
_DOUBLING = LazyPattern(r"翻(一|两|二|三|1|2|3)?番")
_TIMES = {"一": 1, "1": 1, "两": 2, "二": 2, "2": 2, "三": 3, "3": 3}
_FIGURE = LazyPattern(r"[0-9零一二三四五六七八九十两]")
_SUM = LazyPattern(r"[+\-*×÷/±^][0-9]")
_BOTH_SHARES = LazyPattern(r"[%‰]个?百分点")
_DAYS = LazyPattern(r".*[日天月年周时分秒]")
_BOUND = LazyPattern(r".*(?:以[上下内外]|之内|不含|含|左右|不到|不足)")
_MARK = LazyPattern(r"[^\w%‰]+")


def no_number(text: str, units: UnitTable) -> NumberSyntaxError:
    """A text that does not begin with a figure."""
    doubling = _DOUBLING.match(text)
    if doubling:
        times = 2 ** _TIMES.get(doubling[1], 1)
        return NumberSyntaxError(
            "“翻番”要有基数才知道是多少",
            f"“{doubling[0]}”是原来的 {times} 倍，也就是增长 {(times - 1) * 100}%：报倍数写“{times}倍”，报增幅写“{(times - 1) * 100}%”",
        )
    for word, unit in PER_HEAD.items():
        if text.startswith(word):
            return NumberSyntaxError(f"“{word}”要写进单位里", f"例如“25万元/{unit}”")
    if VAGUE.match(text):
        return NumberSyntaxError("是约数，没有确定的数", "请写确定的数，例如“20家以上”")
    for word in TURNING:
        if text.startswith(word):
            return NumberSyntaxError(
                f"“{word}”说的是方向或算法，不是数量的一部分", "请只写数量本身；下降写成负数，例如“-3%”"
            )
    if units.find(text) is not None:
        return NumberSyntaxError("只有单位，没有数字", f"例如“6{text}”")
    return NumberSyntaxError(
        "开头不是数字，也不是“不少于”“超过”“约”一类的词", "请只写数量，例如“6家”“不少于6家”"
    )


def no_unit(figures: str, rest: str, units: UnitTable) -> NumberSyntaxError:
    """A figure followed by something that is no unit."""
    return (
        _two_things(figures, rest)
        or _habit(figures, rest)
        or _several(figures, rest, units)
        or _misspelt(figures, rest, units)
    )


def _two_things(figures: str, rest: str) -> NumberSyntaxError | None:
    """Units that may mean one thing or another."""
    if rest == "块":
        hint = f"是钱请写“{figures}元”；是地块、牌匾一类的东西，请写“{figures}个”“{figures}宗”，或把“块”写进 data/ledger.yaml 的单位表"
        return NumberSyntaxError("“块”可能是“元”，也可能是量词", hint)
    if rest == "人(次)":
        return NumberSyntaxError("“人（次）”有两种可能", readings=(f"{figures}人", f"{figures}人次"))
    if (figures, rest) == ("百", "分百"):
        return NumberSyntaxError("“百分百”是口语", readings=("100%",))
    if _BOTH_SHARES.fullmatch(rest):
        return NumberSyntaxError("“%”和“百分点”不是一回事", readings=(f"{figures}%", f"{figures}个百分点"))
    if rest.startswith("位数"):
        return NumberSyntaxError(f"“{figures}位数”没有确定的数", "请写确定的数，例如“20家以上”")
    if _SUM.match(rest):
        return NumberSyntaxError("像是一个算式", "请写算好的一个数")
    return None


def _habit(figures: str, rest: str) -> NumberSyntaxError | None:
    """Ways of writing that have no exact value, or two."""
    if rest[0] in "余多几来数" or (rest[0] == "个" and rest[1:2] in ("多", "余")):
        vague, unit = (rest[1], rest[2:]) if rest[0] == "个" else (rest[0], rest[1:])
        return NumberSyntaxError(f"“{vague}”是约数，没有确定的数", readings=(f"{figures}{unit}以上",))
    if _SCIENTIFIC.fullmatch(rest):
        return NumberSyntaxError("科学计数法可能已丢掉末位数字", "请写出完整的数，例如“120000000”或“1.2亿”")
    if _SLANG.fullmatch(rest):
        return NumberSyntaxError(f"“{rest[0]}”是网络写法，也可能是单位", "请写“万”“千”，或写全单位")
    if rest.startswith(("个亿", "个万")):
        return NumberSyntaxError(f"“{rest[:2]}”是口语", readings=(figures + rest[1:],))
    if rest[0] == "兆":
        return NumberSyntaxError(
            "“兆”有两种可能", readings=(f"{figures}百万{rest[1:]}", f"{figures}万亿{rest[1:]}")
        )
    if rest.strip("+") != rest:
        bare = figures + rest.strip("+")
        return NumberSyntaxError("“+”可能是“以上”，也可能是“超过”", readings=(f"{bare}以上", f"超过{bare}"))
    if rest.startswith("分之"):
        return NumberSyntaxError("“分之”前后的数不完整", "例如“百分之五”“三分之一”")
    if rest == "半":
        return NumberSyntaxError("“半”的意思不清", "请直接写小数，例如“1.5”")
    return None


def _several(figures: str, rest: str, units: UnitTable) -> NumberSyntaxError | None:
    """More than one quantity, or a quantity with something behind it."""
    if rest[0] in "、;,":
        return NumberSyntaxError("像是并列的几个数", "一次只写一个数量")
    leading = units.leading(rest)
    if leading is None:
        return None
    name, unit = leading
    behind = rest[len(name) :]
    if _FIGURE.search(behind):
        return NumberSyntaxError(
            "像是不止一个数量", "一次只写一个数量；几个单位合写的请化成一个，例如“3.5小时”"
        )
    if _MARK.fullmatch(behind):
        return NumberSyntaxError(f"后面多了“{behind}”", readings=(figures + unit.spelling,))
    return None


def _not_to_be_dropped(figures: str, unit: str, behind: str, units: UnitTable) -> str:
    """Return what to do about words behind a unit that are part of the meaning; nothing where they may be left out."""
    if behind.startswith("("):
        return ""
    if _BOUND.match(behind):
        return f"界限只写一处，例如“{figures}{unit}以上”“超过{figures}{unit}”"
    if figures in {"零", "0"}:
        return "写成数和单位，例如“0起”“0件”"
    if _DAYS.fullmatch(behind) or units.find(behind) is not None:
        return "单位请只写一个；新单位可由维护者写进 data/ledger.yaml 的单位表"
    return ""


def _misspelt(figures: str, rest: str, units: UnitTable) -> NumberSyntaxError:
    ambiguous = units.ambiguous(rest)
    if ambiguous:
        listed = tuple(figures + name for name in ambiguous)
        hint = "请写全单位，例如“5GB”" if rest == "G" else ""  # 5G is a network more often than a weight
        return NumberSyntaxError(f"单位“{rest}”的大小写有别的意思", hint, () if hint else listed)
    close = units.suggest(rest)
    leading = units.leading(rest)
    if not close and leading is not None:
        name, unit = leading
        behind = rest[len(name) :]
        if behind[0] in "/每":  # without its denominator a rate would be another figure
            hint = "例如“4.5个/千人”“0.05人/亿元”；新单位可由维护者写进 data/ledger.yaml 的单位表"
            return NumberSyntaxError(f"“{rest}”里斜杠后面的单位不认得", hint)
        reason = f"“{rest}”不是已知的单位，后面可能多了“{behind}”"
        if hint := _not_to_be_dropped(figures, unit.spelling, behind, units):
            return NumberSyntaxError(f"“{rest}”不是已知的单位", hint)
        return NumberSyntaxError(reason, readings=(figures + unit.spelling,))
    if not close:
        hint = "新单位可由维护者写进 data/ledger.yaml 的单位表"
        return NumberSyntaxError(f"“{rest}”不是已知的单位", hint)
    return NumberSyntaxError(f"“{rest}”不是已知的单位", readings=tuple(figures + name for name in close))
