"""Complete validation: every fault of a file's data, each with its place, in plain Chinese.

Loaded only when `base.read_model`, which stops at the first fault, has refused the data: this walks the data along the same types, finds a
fault exactly where the compiled reader does (a property test compares them), and goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from msgspec import inspect

from ledger.core.findings import Finding, Place
from ledger.core.models.base import FieldError
from ledger.core.models.shapes import keys_of, shape_of
from ledger.core.units import UnitTable

Loc = tuple[str | int, ...]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WRITE_DAY = "写成 2023-06-30 这样"
_LISTS = (list, tuple, set, frozenset)
_BAD: Any = object()
_PATTERNS: Mapping[str, str] = {
    "key": "用小写英文、数字和连字符，如 listed-company",
    "id": "写成 部门-两位序号，如 金融办-03",
    "part_of": "写另一个目标的代号",
    "any_of": "写一个组名，用小写英文",
}
_NO_TAG = "补上 kind：accumulate 累计、level 水平、change 增减、rank 位次、compare 比较、milestone 节点、judgement 定性"


def check_data(shape: Any, data: object, units: UnitTable | None = None) -> tuple[Finding, ...]:
    """Return everything that is wrong with data that should have this shape, in the order of its fields.

    The place of each finding holds the `keys` of the value. The code is `unknown-key` where the key itself is wrong, `value` where
    a field's own rule refused it (the message then leaves out the field's name), otherwise `schema`.
    """
    walk = _Validation(units)
    walk.value(shape_of(shape), data, ())
    return tuple(walk.findings)


class _Validation:
    """One walk: each method takes what is expected, what is there and where, and returns the value, or `_BAD` with a fault noted."""

    def __init__(self, units: UnitTable | None) -> None:
        self.units = units
        self.findings: list[Finding] = []

    def fault(self, loc: Loc, message: str, hint: str = "", code: str = "schema") -> Any:
        named = message.replace("{field}", _field(loc))
        self.findings.append(Finding(code, named, hint, Place(keys=loc)))
        return _BAD

    def refused(self, loc: Loc, error: FieldError) -> Any:
        return self.fault(loc, str(error), error.hint, "schema" if "{field}" in str(error) else "value")

    def wrong(self, loc: Loc, raw: object, expected: str, hint: str = "") -> Any:
        return self.fault(loc, f"{_field(loc)} {expected}，这里是 {_shown(raw)}", hint)

    def value(self, node: Any, raw: object, loc: Loc) -> Any:
        return _KINDS[type(node)](self, node, raw, loc)

    def with_words(self, node: inspect.Metadata, raw: object, loc: Loc) -> Any:
        says = (node.extra or {}).get("says")
        if says and isinstance(node.type, inspect.StrType) and isinstance(raw, str):
            fits = re.search(str(node.type.pattern), raw)
            return raw if fits else self.fault(loc, str(says), code="value")
        return self.value(node.type, raw, loc)

    def text(self, node: inspect.StrType, raw: object, loc: Loc) -> Any:
        if type(raw) is not str:
            return self.wrong(loc, raw, "应是文字", "给它加引号，或写成文字")
        if node.min_length is not None and len(raw) < node.min_length:
            return self.fault(loc, "{field} 不能为空", "补上内容")
        if node.pattern is not None and not re.search(node.pattern, raw):
            hint = _PATTERNS.get(_field(loc), "照格式说明改写")
            return self.fault(loc, f"{_field(loc)} 的写法不对：{_shown(raw)}", hint)
        return raw

    def integer(self, node: inspect.IntType, raw: object, loc: Loc) -> Any:
        if type(raw) is not int:
            return self.wrong(loc, raw, "应是整数", "写成不带单位的整数")
        if node.ge is not None and raw < node.ge:
            return self.wrong(loc, raw, f"应不小于 {node.ge}")
        if node.le is not None and raw > node.le:
            return self.wrong(loc, raw, f"应不大于 {node.le}")
        return raw

    def boolean(self, _: inspect.BoolType, raw: object, loc: Loc) -> Any:
        return raw if type(raw) is bool else self.wrong(loc, raw, "应是 true 或 false")

    def day(self, _: inspect.DateType, raw: object, loc: Loc) -> Any:
        if type(raw) is date:
            return raw
        if isinstance(raw, datetime):
            return self.wrong(loc, raw, "应是日期，不带时刻", _WRITE_DAY)
        try:
            if type(raw) is str and _DAY.fullmatch(raw):
                return date.fromisoformat(raw)
        except ValueError:  # 2023-02-30
            pass
        return self.wrong(loc, raw, "应是日期", _WRITE_DAY)

    def literal(self, node: inspect.LiteralType, raw: object, loc: Loc) -> Any:
        if any(type(raw) is type(value) and raw == value for value in node.values):
            return raw
        expected = "、".join(map(str, node.values))
        return self.fault(loc, f"{_field(loc)} 写的是 {_shown(raw)}", f"改成其中之一：{expected}")

    def leaf(self, node: inspect.CustomType, raw: object, loc: Loc) -> Any:
        try:
            return node.cls.read(raw, self.units)  # type: ignore[attr-defined]
        except FieldError as error:
            return self.refused(loc, error)

    def items(self, node: Any, raw: object, loc: Loc) -> Any:
        if not isinstance(raw, _LISTS):
            return self.wrong(loc, raw, "应是列表", "每项一行，以“- ”开头")
        if node.min_length is not None and len(raw) < node.min_length:
            return self.fault(loc, f"{_field(loc)} 至少要有 {node.min_length} 项", "补上内容")
        return self.all_of(
            [self.value(node.item_type, item, (*loc, place)) for place, item in enumerate(raw)]
        )

    def pair(self, node: inspect.TupleType, raw: object, loc: Loc) -> Any:
        if not isinstance(raw, _LISTS):
            return self.wrong(loc, raw, "应是列表", "每项一行，以“- ”开头")
        if len(raw) != len(node.item_types):
            return self.fault(loc, f"{_field(loc)} 应有 {len(node.item_types)} 项，这里有 {len(raw)} 项")
        each = zip(node.item_types, raw, strict=True)
        return self.all_of([self.value(kind, item, (*loc, place)) for place, (kind, item) in enumerate(each)])

    def all_of(self, values: list[Any]) -> Any:
        return _BAD if any(value is _BAD for value in values) else tuple(values)

    def mapping(self, node: inspect.DictType, raw: object, loc: Loc) -> Any:
        if not isinstance(raw, Mapping):
            return self.wrong(loc, raw, "应是一组“键: 值”")
        before = len(self.findings)
        read = [
            (self.value(node.key_type, key, (*loc, _part(key))), self.value(node.value_type, value, (*loc, _part(key))))
            for key, value in raw.items()
        ]  # fmt: skip
        return _BAD if len(self.findings) > before else dict(read)

    def struct(self, node: inspect.StructType, raw: object, loc: Loc) -> Any:
        if type(raw) is node.cls:
            return raw
        if not isinstance(raw, Mapping):
            return self.wrong(loc, raw, "应是一组“键: 值”")
        before, values = len(self.findings), {}
        for field in node.fields:
            if field.encode_name in raw:
                values[field.name] = self.value(field.type, raw[field.encode_name], (*loc, field.encode_name))
            elif field.required:
                self.fault((*loc, field.encode_name), "缺少 {field}", f"补上 {field.encode_name}")
        known = keys_of(node)
        for key in raw:
            if key not in known:
                self.unknown((*loc, _part(key)), known)
        if len(self.findings) > before:
            return _BAD
        try:
            return node.cls(**values)
        except FieldError as error:
            return self.refused(loc, error)

    def unknown(self, loc: Loc, known: Iterable[str]) -> None:
        close = get_close_matches(_field(loc), list(known), n=1)
        hint = f"是不是 {close[0]}？" if close else f"删去它；可用的键：{'、'.join(known)}"
        self.fault(loc, "不认识的键 {field}", hint, "unknown-key")

    def union(self, node: inspect.UnionType, raw: object, loc: Loc) -> Any:
        if raw is None and node.includes_none:
            return None
        options = [option for option in node.types if not isinstance(option, inspect.NoneType)]
        return self.value(options[0], raw, loc) if len(options) == 1 else self.tagged(options, raw, loc)

    def tagged(self, options: list[Any], raw: object, loc: Loc) -> Any:
        """One of several structs, told apart by a field; its value is a part of the places within."""
        if any(type(raw) is option.cls for option in options):
            return raw
        if not isinstance(raw, Mapping):
            return self.wrong(loc, raw, "应是一组“键: 值”")
        field = options[0].tag_field
        if field not in raw:
            return self.fault(loc, f"缺少 {field}（类别）", _NO_TAG)
        chosen = next((option for option in options if option.tag == raw[field]), None)
        if chosen is None:
            expected = "、".join(option.tag for option in options)
            message = f"{field} 写的是 {_shown(raw[field])}，没有这一类"
            return self.fault((*loc, field), message, f"改成其中之一：{expected}")
        return self.struct(chosen, raw, (*loc, chosen.tag))


_KINDS: Mapping[type, Any] = {
    inspect.Metadata: _Validation.with_words,
    inspect.StrType: _Validation.text,
    inspect.IntType: _Validation.integer,
    inspect.BoolType: _Validation.boolean,
    inspect.DateType: _Validation.day,
    inspect.LiteralType: _Validation.literal,
    inspect.CustomType: _Validation.leaf,
    inspect.VarTupleType: _Validation.items,
    inspect.ListType: _Validation.items,
    inspect.TupleType: _Validation.pair,
    inspect.DictType: _Validation.mapping,
    inspect.StructType: _Validation.struct,
    inspect.UnionType: _Validation.union,
}


def _field(loc: Loc) -> str:
    return str(loc[-1]) if loc else "文件"


def _part(key: object) -> str | int:
    """Return a key as a part of a place; files can have dates and numbers as keys."""
    return key if isinstance(key, (str, int)) else str(key)


def _shown(value: object) -> str:
    text = "空" if value is None else str(value)
    return text if len(text) <= 40 else text[:40] + "…"
