r"""Numbers of spreadsheet cells as the sheet shows them, and whether what is shown is what is stored.

The number format is read as ECMA-376 part 1, 18.8.31 has it: sections by sign, digit placeholders, literals, `%`, `,`. An
unquoted, unescaped `%` multiplies by 100; a quoted one does not. `!` escapes as `\` does (Chinese Excel and WPS write it so).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

GENERAL = frozenset(["", "General", "G/通用格式", "@", "GENERAL", "常规"])
_TYPED = 15
"""Excel keeps this many digits of what is typed; more are the tail of a calculation."""
_SHOWN = re.compile(
    r"(?P<sign>-?)(?P<open>\()?(?P<digits>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d()]*?)(?P<close>\))?"
)
_DATE_TOKENS = re.compile(r"[yYmMdDhHsS年]|AM/PM|上午/下午")
_EPOCH = date(1899, 12, 30)


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
        shown = _as_date(exact)
        return ShownNumber(shown, None, f"是日期 {shown}，不是数")
    if len(exact.normalize().as_tuple().digits) > _TYPED:
        shown = _shown(exact.quantize(Decimal(10) ** -10) if abs(exact) < 10**10 else exact, number_format)
        return ShownNumber(shown, None, f"除不尽或算出来的数 {format_digits(exact)}")
    shown = _shown(exact, number_format)
    if number_format in GENERAL:
        return ShownNumber(shown, shown)
    match = _SHOWN.fullmatch(shown.strip())
    if match is None or bool(match["open"]) != bool(match["close"]):
        return ShownNumber(shown, None, f"显示为“{shown}”，看不出是什么数")
    unit = match["unit"].strip()
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


def _as_date(serial: Decimal) -> str:
    try:
        day = _EPOCH + timedelta(days=int(serial))
    except (OverflowError, ValueError):
        return format_digits(serial)
    return datetime(day.year, day.month, day.day).date().isoformat()  # noqa: DTZ001 - a calendar day has no zone


def _scales_by_hundred(number_format: str, value: Decimal) -> bool:
    section, _ = _choose_section(number_format, value)
    return any(kind == "percent" for kind, _ in section.tokens)


def _choose_section(number_format: str, value: Decimal) -> tuple[_Section, bool]:
    """Return the section for a value, and whether it writes the sign itself."""
    sections = _split(number_format)[:4]
    if len(sections) == 1:
        return _section(sections[0]), False
    if value < 0:
        return _section(sections[1]), True
    if value == 0 and len(sections) > 2:
        return _section(sections[2]), True
    return _section(sections[0]), True


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


_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|(?P<bracket>\[[^\]]*\])'
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<exponent>[eE][+-]\d*[0#]+)|(?P<other>.)",
    re.DOTALL,
)


def _section(text: str) -> _Section:
    tokens: list[tuple[str, str]] = []
    scale, grouped = Decimal(1), False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        words = match[kind] or ""
        if kind == "comma":
            ahead = text[match.end() :]
            if re.match(r"[0#?]", ahead):
                grouped = True
            elif any(name == "digit" for name, _ in tokens):
                scale /= 1000
        elif kind in {"digit", "point"}:
            tokens.append((kind, words))
        elif kind == "percent":
            scale *= 100
            tokens.append(("percent", "%"))
        elif kind == "space":
            tokens.append(("literal", " "))
        elif kind not in {"fill", "bracket"}:
            tokens.append(("literal", words))
    return _Section(tuple(tokens), scale, grouped)


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
    rounded = number.quantize(Decimal(1).scaleb(-section.decimals), ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    text = _fill_placeholders(section, whole, fraction)
    return f"-{text}" if value < 0 and not signed and rounded else text


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
