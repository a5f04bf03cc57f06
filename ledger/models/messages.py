"""Puts a validator's complaint into plain Chinese: what was found, what was expected, what to type next."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

_FIXED: Mapping[str, tuple[str, str]] = {
    "missing": ("缺少 {field}", "补上 {field}"),
    "string_type": ("{field} 应是文字，这里是 {found}", "给它加引号，或写成文字"),
    "int_type": ("{field} 应是整数，这里是 {found}", "写成不带单位的整数"),
    "int_parsing": ("{field} 应是整数，这里是 {found}", "写成不带单位的整数"),
    "int_from_float": ("{field} 应是整数，这里是 {found}", "写成不带单位的整数"),
    "bool_type": ("{field} 应是 true 或 false，这里是 {found}", ""),
    "bool_parsing": ("{field} 应是 true 或 false，这里是 {found}", ""),
    "date_type": ("{field} 应是日期，这里是 {found}", "写成 2023-06-30 这样"),
    "date_parsing": ("{field} 应是日期，这里是 {found}", "写成 2023-06-30 这样"),
    "date_from_datetime_parsing": ("{field} 应是日期，这里是 {found}", "写成 2023-06-30 这样"),
    "date_from_datetime_inexact": ("{field} 应是日期，不带时刻，这里是 {found}", "写成 2023-06-30 这样"),
    "tuple_type": ("{field} 应是列表，这里是 {found}", "每项一行，以“- ”开头"),
    "list_type": ("{field} 应是列表，这里是 {found}", "每项一行，以“- ”开头"),
    "dict_type": ("{field} 应是一组“键: 值”，这里是 {found}", ""),
    "model_type": ("{field} 应是一组“键: 值”，这里是 {found}", ""),
    "model_attributes_type": ("{field} 应是一组“键: 值”，这里是 {found}", ""),
    "union_tag_not_found": (
        "缺少 kind（类别）",
        "补上 kind：accumulate 累计、level 水平、change 增减、rank 名次、compare 比较、milestone 节点、judgement 定性",
    ),
    "union_tag_invalid": ("kind 写的是 {tag}，没有这一类", "改成其中之一：{expected}"),
    "literal_error": ("{field} 写的是 {found}", "改成其中之一：{expected}"),
    "enum": ("{field} 写的是 {found}", "改成其中之一：{expected}"),
    "too_short": ("{field} 至少要有 {min_length} 项", "补上内容"),
    "string_too_short": ("{field} 不能为空", "补上内容"),
    "greater_than_equal": ("{field} 应不小于 {ge}，这里是 {found}", ""),
    "less_than_equal": ("{field} 应不大于 {le}，这里是 {found}", ""),
}

_PATTERNS: Mapping[str, str] = {
    "key": "用小写英文、数字和连字符，如 listed-company",
    "id": "写成 部门-两位序号，如 金融办-03",
    "part_of": "写另一个目标的代号",
    "any_of": "写一个组名，用小写英文",
}


def explain(error: ErrorDetails, known: tuple[str, ...] = ()) -> tuple[str, str]:
    """Return message and hint for one validation error; `known` are the field names a misspelt key could have meant."""
    field = str(error["loc"][-1]) if error["loc"] else "文件"
    found = _shown(error["input"])
    kind = error["type"]
    if kind == "extra_forbidden":
        close = get_close_matches(field, known, n=1)
        return (
            f"不认识的键 {field}",
            f"是不是 {close[0]}？" if close else f"删去它；可用的键：{'、'.join(known)}",
        )
    if kind == "string_pattern_mismatch":
        return f"{field} 的写法不对：{found}", _PATTERNS.get(field, "照格式说明改写")
    if kind in _FIXED:
        words: dict[str, Any] = {
            "field": field,
            "found": found,
            "expected": "",
            "tag": "",
            **error.get("ctx", {}),
        }
        words["expected"] = (
            str(words["expected"] or words.get("expected_tags", ""))
            .replace("'", "")
            .replace(", ", "、")
            .replace(" or ", "、")
        )
        message, hint = _FIXED[kind]
        return message.format_map(words), hint.format_map(words)
    return f"{field}：{error['msg']}", ""


def _shown(value: object) -> str:
    text = "空" if value is None else str(value)
    return text if len(text) <= 40 else text[:40] + "…"
