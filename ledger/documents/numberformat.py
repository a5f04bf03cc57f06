r"""Numbers of spreadsheet cells as the sheet shows them, and whether what is shown is what is stored.

The number format is read as ECMA-376 part 1, 18.8.31 has it: sections by sign, digit placeholders, literals, `%`, `,`. An
unquoted, unescaped `%` multiplies by 100; a quoted one does not. `!` escapes as `\` does (Chinese Excel and WPS write it so).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

GENERAL = frozenset(["", "General", "G/通用格式", "@", "GENERAL", "常规"])
_TYPED = 15
"""Excel keeps this many digits of what is typed; more are the tail of a calculation."""
_SHOWN = re.compile(
    r"(?P<sign>-?)(?P<open>\()?(?P<digits>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d()]*?)(?P<close>\))?"
)
_DATE_TOKENS = re.compile(r"[yYmMdDhHsS年]|AM/PM|上午/下午")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - the sheet's days have no zone
_DATE_PART = re.compile(r'"[^"]*"|[\\!].|AM/PM|上午/下午|\[[^\]]*\]|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|.')


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number of a cell. `text` is what can be taken from it (`7.5%`, `3家`, `-3`), or None with the reason in `why`."""

    shown: str
    text: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a number format: its tokens, and how the value is scaled before it is written."""

    tokens: tuple[tuple[str, str], ...]  # ("digit", "0"), ("point", "."), ("literal", "家"), ("percent", "%")
    scale: Decimal
    grouped: bool
    condition: tuple[str, Decimal] | None = None  # (">=", 100) of `[>=100]0"亿元"`

    @property
    def decimals(self) -> int:
        """How many digits stand behind the point."""
        kinds = [kind for kind, _ in self.tokens]
        return kinds[kinds.index("point") :].count("digit") if "point" in kinds else 0


def is_date_format(number_format: str) -> bool:
    """Return whether a number format shows a date or a time."""
    bare = re.sub(r'"[^"]*"|\\.|!.|_.|\*.|\[[^\]]*\]', "", number_format.split(";")[0])
    return number_format not in GENERAL and bool(_DATE_TOKENS.search(bare)) and not re.search(r"[0#]", bare)


def read_number(value: float | int | Decimal, number_format: str) -> ShownNumber:
    """Return a cell's number as the sheet shows it.

    Nothing can be taken where the sheet shows another number than is stored (rounded, scaled, with digits from the format), a
    currency, or a date.
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        return ShownNumber(str(value), None, f"不是数的 {value}")
    if is_date_format(number_format):
        shown = _shown_date(exact, number_format)
        return ShownNumber(shown, None, f"是日期或时间“{shown}”，不是数")
    if len(exact.normalize().as_tuple().digits) > _TYPED:
        shown = _shown(exact.quantize(Decimal(10) ** -10) if abs(exact) < 10**10 else exact, number_format)
        return ShownNumber(shown, None, f"除不尽或算出来的数 {format_digits(exact)}")
    shown = _shown(exact, number_format)
    if number_format in GENERAL:
        return ShownNumber(shown, shown)
    if exact < 0 and any(_section(text).condition for text in _split(number_format)):
        return ShownNumber(
            shown, None, f"按条件显示的负数 {format_digits(exact)}，各种软件显示的正负号不一样"
        )
    match = _SHOWN.fullmatch(shown.strip())
    if match is None or bool(match["open"]) != bool(match["close"]):
        return ShownNumber(shown, None, f"显示为“{shown}”，看不出是什么数")
    unit = match["unit"].strip().removeprefix(".")  # `0.##` shows 12 as “12.”
    stored = exact * 100 if _scales_by_hundred(number_format, exact) else exact
    number = Decimal(match["digits"].replace(",", ""))
    number = -number if match["sign"] or match["open"] else number
    if number != stored:
        return ShownNumber(shown, None, f"显示为“{shown.strip()}”，存的是 {format_digits(stored)}")
    if "‰" in unit:
        return ShownNumber(shown, None, f"显示为“{shown.strip()}”，千分数要写成百分数")
    if re.search(r"[$¥￥€£]", shown) or re.search(r"[¤]", unit):
        return ShownNumber(shown, None, f"显示为“{shown.strip()}”，带货币符号")
    return ShownNumber(shown, f"{format_digits(number)}{unit}")


def format_digits(number: Decimal) -> str:
    """Return a number in digits, without idle zeros or an exponent."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _shown_date(serial: Decimal, number_format: str) -> str:
    """Return a date or a time as its number format shows it; years of the Christian era, months and weekdays in digits."""
    try:
        moment = _EPOCH + timedelta(seconds=round(serial * 86400))
    except (OverflowError, ValueError):
        return format_digits(serial)
    elapsed = int(serial * 24)
    half = bool(re.search("AM/PM|上午/下午", number_format))
    parts, clock = [], False
    for token in _DATE_PART.findall(number_format.split(";")[0]):
        letter = token[:1].lower()
        if letter in "hs":
            clock = True
        if token in {"AM/PM", "上午/下午"}:
            parts.append(token.split("/")[moment.hour >= 12])
            continue
        value = {
            "y": moment.year if len(token) > 2 else moment.year % 100,
            "d": moment.day,
            "h": (moment.hour - 1) % 12 + 1 if half else moment.hour, "s": moment.second,
            "m": moment.minute if clock else moment.month,
        }.get(letter)  # fmt: skip
        if value is not None:
            parts.append(f"{value:0{min(len(token), 2)}d}")
        elif re.fullmatch(r"\[[hH]+\]", token):
            parts, clock = [*parts, str(elapsed)], True
        elif letter != "[":
            parts.append(token.strip('"').removeprefix("\\").removeprefix("!"))
    return "".join(parts)


def _scales_by_hundred(number_format: str, value: Decimal) -> bool:
    section, _ = _choose_section(number_format, value)
    return any(kind == "percent" for kind, _ in section.tokens)


def _choose_section(number_format: str, value: Decimal) -> tuple[_Section, bool]:
    """Return the section for a value, and whether it writes the sign itself."""
    sections = [_section(text) for text in _split(number_format)[:4]]
    if any(section.condition for section in sections):
        return _meeting_condition(sections, value), False
    if len(sections) == 1:
        return sections[0], False
    if value < 0:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], True


def _meeting_condition(sections: list[_Section], value: Decimal) -> _Section:
    """Return the first section whose condition holds, else the first one after it without a condition, else the last."""
    for section in sections[:3]:
        if section.condition is None or _CONDITIONS[section.condition[0]](value, section.condition[1]):
            return section
    return sections[min(2, len(sections) - 1)]


def _split(number_format: str) -> list[str]:
    sections, current, i, quoted = [], "", 0, False
    while i < len(number_format):
        char = number_format[i]
        if char == '"':
            quoted = not quoted
        elif char in "\\!" and not quoted:
            current += number_format[i : i + 2]
            i += 2
            continue
        elif char == ";" and not quoted:
            sections.append(current)
            current = ""
            i += 1
            continue
        current += char
        i += 1
    return [*sections, current]


_TOKENS = {"point": ("point", "."), "percent": ("percent", "%"), "space": ("literal", " ")}
_CONDITION = re.compile(r"\[(<>|<=|>=|=|<|>)(-?\d+(?:\.\d+)?)\]")
_CONDITIONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|(?P<bracket>\[[^\]]*\])'
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<exponent>[eE][+-]\d*[0#]+)|(?P<other>.)",
    re.DOTALL,
)


def _section(text: str) -> _Section:
    tokens: list[tuple[str, str]] = []
    scale, grouped = Decimal(1), False
    condition: tuple[str, Decimal] | None = None
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        words = match[kind] or ""
        if kind == "comma":
            if re.match(r"[0#?]", text[match.end() :]):
                grouped = True
            elif any(name == "digit" for name, _ in tokens):
                scale /= 1000
        elif kind == "bracket":
            limit = _CONDITION.fullmatch(words)
            condition = (limit[1], Decimal(limit[2])) if limit else condition
        elif kind != "fill":
            own_kind = kind if kind in {"digit", "exponent"} else "literal"
            tokens.append(_TOKENS.get(kind, (own_kind, words)))
            scale *= 100 if kind == "percent" else 1
    return _Section(tuple(tokens), scale, grouped, condition)


def _shown(value: Decimal, number_format: str) -> str:
    if number_format in GENERAL:
        return format_digits(value)
    section, signed = _choose_section(number_format, value)
    if not any(kind == "digit" for kind, _ in section.tokens):
        literal = "".join(words for _, words in section.tokens)
        return (
            literal.replace("General", format_digits(abs(value))).replace(
                "G/通用格式", format_digits(abs(value))
            )
            if literal
            else ""
        )
    number = abs(value) * section.scale
    kinds = [kind for kind, _ in section.tokens]
    if ("literal", "/") in section.tokens:
        behind = section.tokens[section.tokens.index(("literal", "/")) :]
        return _fraction(value, 10 ** sum(kind == "digit" for kind, _ in behind) - 1)
    if "exponent" in kinds:
        return _scientific(section, value)
    rounded = number.quantize(Decimal(1).scaleb(-section.decimals), ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    text = _fill_placeholders(section, whole, fraction)
    return f"-{text}" if value < 0 and not signed and rounded else text


def _fraction(value: Decimal, largest: int) -> str:
    """Return a number as `# ?/?` shows it; `largest` is the largest denominator."""
    near = Fraction(abs(value)).limit_denominator(max(1, largest))
    whole, rest = divmod(near, 1)
    text = f"{whole} {rest.numerator}/{rest.denominator}" if whole and rest else str(near)
    return f"-{text}" if value < 0 else text


def _scientific(section: _Section, value: Decimal) -> str:
    """Return a number as `0.00E+00` shows it; the digits before the point say of what the exponent is a multiple."""
    kinds = [kind for kind, _ in section.tokens]
    step = max(
        1, kinds[: kinds.index("point") if "point" in kinds else kinds.index("exponent")].count("digit")
    )
    exponent = value.adjusted() // step * step if value else 0
    decimals = (
        kinds[: kinds.index("exponent")][kinds.index("point") :].count("digit") if "point" in kinds else 0
    )
    mantissa = value.scaleb(-exponent).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if abs(mantissa) >= 10**step:
        mantissa, exponent = mantissa.scaleb(-step).quantize(Decimal(1).scaleb(-decimals)), exponent + step
    digits = dict(section.tokens)["exponent"].count("0")
    return f"{mantissa:f}E{'-' if exponent < 0 else '+'}{abs(exponent):0{max(1, digits)}d}"


def _fill_placeholders(section: _Section, whole: str, fraction: str) -> str:
    """Return the digits put into the placeholders: whole ones from the right, those behind the point from the left."""
    kinds = [kind for kind, _ in section.tokens]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    digits = list(whole.lstrip("0"))
    out: list[str] = []
    placed = 0
    left = sum(kind == "digit" for kind in kinds[:point])
    for kind, words in reversed(section.tokens[:point]):
        if kind != "digit":
            out.append(words)
            continue
        left -= 1
        while digits:
            if section.grouped and placed and placed % 3 == 0:
                out.append(",")
            out.append(digits.pop())
            placed += 1
            if left:
                break
        else:
            required = sum(k == "digit" and w == "0" for k, w in section.tokens[:point])
            if words == "0" and (left or placed < max(required, 1)):
                out.append("0")
                placed += 1
            elif words == "?":
                out.append(" ")
    head = "".join(reversed(out))
    tail, position = "", 0
    shown = fraction.rstrip("0")
    for kind, words in section.tokens[point:]:
        if kind == "digit":
            digit = fraction[position : position + 1] or "0"
            tail += digit if words == "0" or position < len(shown) else (" " if words == "?" else "")
            position += 1
        else:
            tail += words
    return head + tail
