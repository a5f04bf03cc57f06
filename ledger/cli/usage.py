"""Puts typer's usage errors into Chinese, with the nearest command or option; knows typer's exception classes by name.

typer carries its own copy of click and does not export these classes, so they are told apart by name and attributes.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from ledger.errors import LedgerError, UsageError

_KINDS = {"integer": "整数", "int": "整数", "float": "数", "boolean": "是或否"}


def usage_error(error: Exception) -> UsageError | None:
    """Return the Chinese form of a usage error, or None when `error` is something else."""
    if isinstance(error, LedgerError):
        return None
    names = {one.__name__ for one in type(error).__mro__}
    if "NoArgsIsHelpError" in names:
        return UsageError("没有写命令", "ledger --help 列出全部命令")
    if "UsageError" not in names:
        return None
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "ledger"
    see = f"{command} --help 看用法"
    text = str(getattr(error, "message", "") or error)
    if "NoSuchOption" in names:
        option = str(getattr(error, "option_name", ""))
        known = [name for one in (context.command.params if context else ()) for name in one.opts]
        close = getattr(error, "possibilities", None) or get_close_matches(option, known, n=2)
        return UsageError(f"没有选项 {option}", f"是不是 {'、'.join(close)}？{see}" if close else see)
    if "MissingParameter" in names:
        return UsageError(f"缺少 {_parameter(error)}", see)
    if "BadParameter" in names:
        return UsageError(f"{_parameter(error)} 写得不对：{_reason(text)}", see)
    unknown = re.match(r"No such command '(.*?)'", text)
    if unknown:
        commands = list(getattr(context.command, "commands", {})) if context is not None else []
        close = get_close_matches(unknown[1], commands, n=1, cutoff=0.5)
        return UsageError(
            f"没有命令 {unknown[1]}",
            f"是不是 {'、'.join(close)}？" if close else "ledger --help 列出全部命令",
        )
    extra = re.match(r"Got unexpected extra argument\S* \((.*?)\)", text)
    if extra:
        return UsageError(f"多写了：{extra[1]}", f"含空格的文字要加引号；{see}")
    if "Missing command" in text:
        return UsageError(f"{command} 后面要写子命令", see)
    return UsageError(_reason(text), see)


def _parameter(error: Exception) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "param_hint", None) or "参数")
    if getattr(parameter, "param_type_name", "") == "option":
        return "选项 " + " / ".join(parameter.opts)
    return str(parameter.metavar or parameter.name)


def _reason(text: str) -> str:
    text = text.removeprefix("Value error, ")
    invalid = re.match(r"'(.*)' is not a valid (\w+)", text, re.DOTALL)
    if invalid:
        return f"{invalid[1]} 不是{_KINDS.get(invalid[2], invalid[2])}"
    choice = re.match(r"'(.*)' is not one of (.*?)\.?$", text, re.DOTALL)
    if choice:
        return f"{choice[1]} 不在可选之列：{choice[2].replace(chr(39), '')}"
    needs = re.match(r"Option '(.*)' requires an argument", text)
    if needs:
        return f"选项 {needs[1]} 后面要写内容"
    return text
