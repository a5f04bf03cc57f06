"""Reading one whole field as one quantity, or refusing it with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction
from functools import lru_cache

from ledger.core.decimals import format_number
from ledger.core.quantity import amount, words
from ledger.core.quantity.amount import Amount
from ledger.core.quantity.chinese import CHARACTERS
from ledger.core.quantity.format import format_amount
from ledger.core.quantity.model import NumberSyntaxError, Op, Quantity, QuantityError
from ledger.core.quantity.normalize import normalize_width
from ledger.core.quantity.spans import read_range
from ledger.core.units import UnitTable, default_units
from ledger.core.units.lazy import LazyPattern

_DIGITS, _DECIMALS = "0|[1-9][0-9]{0,17}", "[0-9]{1,12}"
_SIMPLE = LazyPattern(rf"({_DIGITS})(?:\.({_DECIMALS})|)([^0-9].*|)")
_SIMPLE_NUMBERS = LazyPattern(rf"(?:(?:{_DIGITS})(?:\.{_DECIMALS}|)\n)*+")
_EXACT = Context(prec=80, traps=[Inexact])
_SIMPLE_ENDING = LazyPattern(r" ?(万亿|亿|万)? ?([^0-9].*)?")
_SIMPLE_SCALE = {None: 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}
_COUNT = rf"[0-9]{{1,4}}|[{CHARACTERS}]{{1,8}}"
_RANK = LazyPattern(
    rf"(?:保持|进入|位居|位列|名列|稳居|跻身|提升至|提升到|升至|居|列|排名|排)?(?:全省|全国|全市|全区|全县|全球|世界)?(?:排名)?"
    rf"(?:第({_COUNT})(?:名|位)?|前({_COUNT})(?:名|位|强)?|(首位|榜首))"
)
_MOVE = LazyPattern(
    rf"(?:提升|前进|上升|前移|晋升|跃升|提高|进位|进)了?({_COUNT})(?:个?[位名]次|位|名)|({_COUNT})个?[位名]次"
)
_INCLUDED = LazyPattern(r"([^0-9]*)([0-9][^()]*)(以[上下内])\((不?含)\2\)")
_INCLUDED_AFTER = LazyPattern(r"([^()]*[^()上下内])\((不?含)(?:本数)?\)")
_FROM_TO = LazyPattern(
    r"(.+?)(?:\(含\))?(?:及)?以上(?:\(含\))?[至到、,]?(.+?)(?:\(含\))?(?:及)?(?:以下|以内)(?:\(含\))?"
)
_DATE = LazyPattern(
    r"(?:[0-9]{4}|[零〇一二三四五六七八九]{4})年(?:度|初|底|末|[0-9一二三四五六七八九十]{1,2}月.*)?|[0-9]{4}[-/][0-9]{1,2}|[0-9]{4}([-./])[0-9]{1,2}\1[0-9]{1,2}"
    r"|(?:19|20)[0-9]{2}年?(?:[-~至到—–]|——)(?:19|20)[0-9]{2}年?"
    r"|[0-9一二三四五六七八九十]{1,2}月(?:份|底|初|末|[0-9一二三四五六七八九十]{1,3}[日号]?)?|[0-9]{1,2}[日号]|[0-9]{1,2}:[0-9]{2}.*"
)


def parse(text: str, units: UnitTable | None = None) -> Quantity:
    """The quantity this whole text states. Raises QuantityError, and nothing else, for any text at all."""
    return _parse(text, units or default_units())


def parse_amount(text: str, units: UnitTable | None = None) -> Quantity:
    """A plain amount, as a report gives it: no bound, range, rank or hedge. Raises QuantityError."""
    quantity = parse(text, units)
    if quantity.value2 is None and quantity.op is None and quantity.hedge is None:
        return quantity
    plain = format_amount(quantity.value, quantity.unit, quantity.scale)
    if quantity.value2 is not None:
        raise QuantityError(text, "填报的数应是一个确定的数，不能是范围", "请只写实际完成的数")
    if quantity.op is not None:
        name = words.NAMES[quantity.op]
        reason = f"填报的数应是一个确定的数，不能带“{name}”一类的界限"
        raise QuantityError(text, reason, f"请只写实际的数，例如“{plain}”")
    if quantity.hedge == "共":
        raise QuantityError(
            text, "“共”说的是累计数", f"报年初至今的累计数写“累计{plain}”，报本期新增写“{plain}”"
        )
    raise QuantityError(text, f"填报的数不能带“{quantity.hedge}”", f"请只写实际的数，例如“{plain}”")


def as_json(text: str, units: UnitTable | None = None) -> dict[str, object]:
    """The reading of one text as the JSON contract has it; an unreadable text gives `valid` false and the `error`."""
    try:
        q = parse(text, units)
    except QuantityError as error:
        nothing = dict.fromkeys(("op", "value", "value2", "unit"))
        return {"text": text, "valid": False, **nothing, "error": f"{error.message}。{error.hint}"}
    return {
        "text": text,
        "valid": True,
        "op": q.op.value if q.op else None,
        "value": format_number(q.value),
        "value2": None if q.value2 is None else format_number(q.value2),
        "unit": q.unit,
        "error": None,
    }


def plain_amount(text: str, units: UnitTable) -> tuple[int | Fraction, str] | None:
    """Value and unit that `parse_amount` gives for a text in the simplest form; None for every other text.

    A hundred thousand reports pass here: no Quantity is made of them, and no Fraction of a whole number.
    """
    simple = _simple(text, units)
    if simple is None:
        return None
    numerator, below, unit, _ = simple
    whole, rest = divmod(numerator, below)
    return (Fraction(numerator, below) if rest else whole), unit


def plain_sum(texts: Sequence[str], units: UnitTable) -> tuple[int | Fraction, str] | None:
    """Sum and unit of what `plain_amount` gives for texts that differ in their digits alone; None for any others.

    From some ten texts on this takes half of the time of looking each of them up.
    """
    match = _SIMPLE.fullmatch(texts[0]) if texts else None
    ending = match[3] if match else ""
    scale_and_unit = _ending(ending, units) if ending else None
    if scale_and_unit is None:
        return None
    joined = "\n".join(texts) + "\n"
    if (
        not joined.count("\n") == joined.count(f"{ending}\n") == len(texts)
    ):  # every line is a text and has the ending
        return None
    numbers = joined.replace(f"{ending}\n", "\n")
    if not _SIMPLE_NUMBERS.fullmatch(numbers):
        return None
    with localcontext(_EXACT):
        total = sum(map(Decimal, numbers.split()), Decimal())
    scale, unit = scale_and_unit
    numerator, below = total.as_integer_ratio()
    whole, rest = divmod(numerator * scale, below)
    return (Fraction(numerator * scale, below) if rest else whole), unit


def _simple(text: str, units: UnitTable) -> tuple[int, int, str, int] | None:
    """Numerator, denominator, unit and multiplier of `1968.1万元`."""
    match = _SIMPLE.fullmatch(text)
    if match is None:
        return None
    whole, decimal, rest = match.groups()
    ending = _ending(rest, units)
    if ending is None:
        return None
    scale, unit = ending
    if decimal is None:
        return int(whole) * scale, 1, unit, scale
    return int(whole + decimal) * scale, 10 ** len(decimal), unit, scale


@lru_cache(maxsize=1024)
def _ending(text: str, units: UnitTable) -> tuple[int, str] | None:
    """Multiplier and unit of what stands behind the digits, which few of many reports write differently."""
    match = _SIMPLE_ENDING.fullmatch(text)
    if match is None:
        return None
    multiplier, rest = match.groups()
    unit = units.plain(rest) if rest else ""
    return None if unit is None or unit in ("年", "起") else (_SIMPLE_SCALE[multiplier], unit)


@lru_cache(maxsize=8192)
def _parse(text: str, units: UnitTable) -> Quantity:
    simple = _simple(text, units)
    if simple is not None:
        numerator, below, unit, scale = simple
        return Quantity(text, None, Fraction(numerator, below), None, unit, scale, None)
    try:
        return _read(text, normalize_width(text), units)
    except NumberSyntaxError as problem:
        raise QuantityError(text, problem.reason, problem.hint, problem.readings) from None


def _read(text: str, folded: str, units: UnitTable) -> Quantity:
    if not folded:
        raise NumberSyntaxError("没有写数量", "例如“6家”“16亿美元”“4.3%”")
    if _DATE.fullmatch(folded):
        raise NumberSyntaxError(
            "是日期或年份，不是数量", "日期请写在日期栏；年数请写成“3年”，月数请写成“6个月”"
        )
    hedge, body = _strip_hedge(folded.removeprefix("="))
    if hedge is None and body.startswith("共") and not body.startswith("共计"):
        hedge, body = "共", body[1:]
    moved = words.MOVED_TO.match(body)
    if not words.BEFORE_PATTERN.match(body):
        body = _strip(words.NEUTRAL_PATTERN, body)
    rank = _rank(body)
    if rank is not None:
        op, place = rank
        return Quantity(text, op, Fraction(place), None, "位", 1, hedge)
    before, body = _strip_before(_same_again(body))
    before, body = _strip_included(before, body)
    try:
        quantity = _bounded(text, hedge, before, body, units)
    except NumberSyntaxError as problem:
        raise _with_front(problem, folded, body) from None
    if moved and quantity.unit == "位":
        raise NumberSyntaxError("是到第几位，还是移了几位，有两种可能", readings=(f"第{body}", f"提升{body}"))
    return quantity


def _strip_included(before: Op | None, body: str) -> tuple[Op | None, str]:
    """Strip the brackets that say whether a bound includes its figure: ≥95%（含）."""
    match = _INCLUDED_AFTER.fullmatch(body)
    if match is None:
        return before, body
    inclusive = match[2] == "含"
    known = (Op.AT_LEAST, Op.AT_MOST) if inclusive else (Op.MORE_THAN, Op.LESS_THAN)
    if before in known:
        return before, match[1]
    signs = ("≥", "≤") if inclusive else (">", "<")
    if before is None:
        readings = tuple(sign + match[1] for sign in signs)
        raise NumberSyntaxError(f"“（{match[2]}）”没有说明是上限还是下限", readings=readings)
    raise NumberSyntaxError("前面的界限与后面括号里的“含”“不含”不一致", "请只保留一个")


def _with_front(problem: NumberSyntaxError, folded: str, body: str) -> NumberSyntaxError:
    """Return the refusal with the words in front of the body kept in its readings: a reading must not lose a bound."""
    front = folded[: len(folded) - len(body)] if folded.endswith(body) else ""
    readings = tuple(
        reading if reading.startswith(front) or _says_bound(reading) else front + reading
        for reading in problem.readings
    )
    return NumberSyntaxError(problem.reason, problem.hint, readings)


def _says_bound(text: str) -> bool:
    return words.BEFORE_PATTERN.match(text) is not None or words.BEHIND_PATTERN.fullmatch(text) is not None


def _bounded(text: str, hedge: str | None, before: Op | None, body: str, units: UnitTable) -> Quantity:
    kept = words.KEEPING_PATTERN.match(body)
    inner = body[kept.end() :] if kept else body
    ranged = _from_to(inner, units) or read_range(inner, units)
    if ranged is not None:
        if before is not None:
            raise NumberSyntaxError("范围前面又有一个界限", "范围只写“15-20亿元”；单边界限只写“不少于15亿元”")
        low, high = ranged
        _no_year(high)
        return Quantity(text, Op.BETWEEN, low.value, high.value, high.unit, high.scale, hedge)
    if kept and before is None:
        before, inner = _strip_before(inner)  # 控制在不超过5%
    behind, core = _strip_behind(inner, units)
    if kept and before is None and behind is None:
        raise NumberSyntaxError(
            f"“{kept[0]}”没有说明是上限还是下限", readings=(f"{inner}以内", f"{inner}以上")
        )
    read = amount.read_amount(core, units, bound=before is not None or behind is not None)
    _no_year(read)
    return Quantity(text, _combine(before, behind), read.value, None, read.unit, read.scale, hedge)


def _from_to(text: str, units: UnitTable) -> tuple[Amount, Amount] | None:
    """Read 10家以上20家以下 as a range, both ends included; None for anything else."""
    match = _FROM_TO.fullmatch(text)
    if match is None:
        return None
    low, high = (
        amount.read_amount(match[1], units, bound=True),
        amount.read_amount(match[2], units, bound=True),
    )
    if low.unit and not units.same(low.unit, high.unit):
        raise NumberSyntaxError(f"两端的单位不同：“{low.unit}”和“{high.unit}”", "范围两端请用同一个单位")
    if low.value >= high.value:
        raise NumberSyntaxError("范围的前一个数不小于后一个数", "范围请从小到大写，例如“15-20亿元”")
    return low, high


def _same_again(text: str) -> str:
    """20家以上（含20家） says 20家以上（含）; any other figure in the brackets stays, and is refused."""
    match = _INCLUDED.fullmatch(text)
    if match:
        return f"{match[1]}{match[2]}{match[3]}({match[4]})"
    return text


def _no_year(read: Amount) -> None:
    plain = read.scale == 1 and not read.number.grouped and read.value.denominator == 1
    four_figures = plain and 1000 <= read.value <= 9999
    if read.unit == "年" and four_figures:
        raise NumberSyntaxError("像是年份，不是年数", "年数请写成“3年”")


def _strip_hedge(text: str) -> tuple[str | None, str]:
    match = words.HEDGE_PATTERN.match(text)
    return (match[0], text[match.end() :]) if match else (None, text)


def _strip(pattern: LazyPattern, text: str) -> str:
    match = pattern.match(text)
    return text[match.end() :] if match else text


def _strip_before(text: str) -> tuple[Op | None, str]:
    match = words.BEFORE_PATTERN.match(text)
    if match is None:
        return None, text
    rest = text[match.end() :].removeprefix("了")
    rest = _strip(words.NEUTRAL_PATTERN, rest)
    op = words.BEFORE[match[0]]
    again = words.BEFORE_PATTERN.match(rest)
    if again and words.BEFORE[again[0]] is op:  # 最多不超过, 至少不低于
        rest = rest[again.end() :]
    elif again:
        raise NumberSyntaxError("前面写了两个不同的界限", "请只保留一个，例如“不少于20家”")
    return op, rest


def _strip_behind(text: str, units: UnitTable) -> tuple[Op | None, str]:
    match = words.BEHIND_PATTERN.fullmatch(text)
    if match is None or not match[1]:
        return None, text
    if match[2] == "起" and not _has_unit(match[1], units):
        return None, text  # 3起 counts cases; 50万元起 is a bound
    if _strip_behind(match[1], units)[0] is not None:
        raise NumberSyntaxError("后面写了两个界限", "请只保留一个，例如“20家以上”")
    return words.BEHIND[match[2]], match[1]


def _has_unit(text: str, units: UnitTable) -> bool:
    try:
        return bool(amount.read_amount(text, units, bound=True).unit)
    except NumberSyntaxError:
        return False


def _combine(before: Op | None, behind: Op | None) -> Op | None:
    if before is None or behind is None or before is behind:
        return before or behind
    raise NumberSyntaxError("前后两个界限不一致", "请只保留一个，例如“超过20家”或“20家以上”")


def _rank(text: str) -> tuple[Op | None, int] | None:
    match = _RANK.fullmatch(text)
    if match:
        place = match[1] or match[2]
        return Op.RANK, amount.whole(place) if place else 1
    match = _MOVE.fullmatch(text)
    return (None, amount.whole(match[1] or match[2])) if match else None
