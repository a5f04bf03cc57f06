"""Translation of typer's usage errors, with the nearest command or option as the next step.

typer vendors click and does not export these exception classes, so they are recognised by name and attributes.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from ledger.cli.negative import restore_signs_of
from ledger.core.errors import LedgerError, UsageError

_CHINESE_COMMANDS = {
    "帮助": "help",
    "进度": "status",
    "状态": "status",
    "记账": "log",
    "上报": "log",
    "通报": "bulletin",
    "报告": "report",
    "检查": "check",
    "审计": "audit",
    "更正": "correct",
    "作废": "void",
    "封账": "seal",
    "目标": "targets",
    "查看": "show",
    "排名": "rank",
    "同步": "sync",
    "催报": "due",
    "填报": "sheet",
    "导入": "sheet import",
    "导出": "export",
    "汇总": "rollup",
    "画图": "plot",
    "历史": "history",
    "来历": "history",
    "修改": "correct",
    "改": "correct",
    "撤销": "void",
    "删除": "void",
    "undo": "void",
    "delete": "void",
    "销号": "close",
    "评定": "judge",
    "难度": "rate",
    "调整": "amend",
    "诊断": "doctor",
    "新建": "init",
    "演示": "demo",
    "起草": "draft",
}
"""Commands by the words people try; for what cannot be undone, the command that is used instead."""


def usage_error(error: Exception) -> UsageError | None:
    """Return the Chinese form of a usage error, or None when `error` is something else."""
    if isinstance(error, LedgerError):
        return None
    names = {base.__name__ for base in type(error).__mro__}
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "ledger"
    see = f"{command} --help 看用法"
    text = restore_signs_of(str(getattr(error, "message", "") or error))
    if "NoArgsIsHelpError" in names or "Missing command" in text:
        return _no_command(context, command)
    if "UsageError" not in names:
        return None
    if "NoSuchOption" in names:
        return _no_option(context, str(getattr(error, "option_name", "")), see)
    if "MissingParameter" in names:
        return UsageError(f"缺少 {_parameter(error)}", f"写成 {_shape(context, command)}；{see}")
    unknown = re.match(r"No such command '(.*?)'", text)
    if unknown:
        return _unknown_command(context, command, unknown[1])
    extra = re.match(r"Got unexpected extra argument\S* \((.*?)\)", text)
    if extra:
        return _too_much(context, command, extra[1], see)
    return UsageError(_reason(text), see)


def _no_command(context: Any, command: str) -> UsageError:
    """Return the refusal of a line without a command; a group names its commands."""
    if context is None or context.parent is None:
        return UsageError("没有写命令", "ledger help 列出全部命令和主题")
    known = "、".join(f"{command} {name}" for name in context.command.commands)
    return UsageError(f"{command} 后面还要写做什么", f"可写：{known}")


def _no_option(context: Any, option: str, see: str) -> UsageError:
    known = [name for parameter in (context.command.params if context else ()) for name in parameter.opts]
    above = [
        name
        for parameter in (context.find_root().command.params if context else ())
        for name in parameter.opts
    ]
    if option in above and option not in known:
        rest = context.command_path.partition(" ")[2]
        return UsageError(
            f"选项 {option} 要写在命令前面", f"写成 ledger {option} {rest}".rstrip() + f"；{see}"
        )
    close = [name for name in known if name.startswith(option)]
    close = close or get_close_matches(option, known, n=1, cutoff=0.6)
    return UsageError(f"没有选项 {option}", f"是不是 {'、'.join(close)}？{see}" if close else see)


def _unknown_command(context: Any, command: str, word: str) -> UsageError:
    commands = list(getattr(context.command, "commands", {})) if context is not None else []
    close = (
        [_CHINESE_COMMANDS[word]]
        if word in _CHINESE_COMMANDS and command == "ledger"
        else get_close_matches(word, commands, n=1, cutoff=0.5)
    )
    listed = "ledger help 列出全部命令" if command == "ledger" else f"{command} --help 列出全部"
    return UsageError(f"没有命令 {word}", f"是不是 {command} {close[0]}？{listed}" if close else listed)


def _too_much(context: Any, command: str, words: str, see: str) -> UsageError:
    """Return the refusal of extra arguments; where a command takes departments by option only, one was probably meant."""
    parameters = context.command.params if context is not None else []
    options = {name for parameter in parameters for name in parameter.opts}
    if "--dept" in options and all(parameter.param_type_name == "option" for parameter in parameters):
        first = words.split()[0]
        return UsageError(f"多出内容“{words}”", f"若是部门，写成 {command} --dept {first}；{see}")
    return UsageError(f"多出内容“{words}”", f"含空格的文字要加引号；写成 {_shape(context, command)}；{see}")


def _shape(context: Any, command: str) -> str:
    """Return what a command line must have at least: `ledger log 部门 目标 [数量]`."""
    parts = [command]
    for parameter in context.command.params if context is not None else ():
        if parameter.param_type_name == "argument":
            parts.append(parameter.metavar if parameter.required else f"[{parameter.metavar}]")
        elif parameter.required:
            parts.append(f"{parameter.opts[0]} {parameter.metavar}")
    return " ".join(parts)


def _parameter(error: Exception) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "param_hint", None) or "参数")
    if getattr(parameter, "param_type_name", "") == "option":
        return "选项 " + " / ".join(parameter.opts)
    return str(parameter.metavar or parameter.name)


def _reason(text: str) -> str:
    needs = re.match(r"Option '(.*)' requires an argument", text)
    if needs:
        return f"选项 {needs[1]} 后面要写内容"
    takes = re.match(r"Option '(.*)' does not take a value", text)
    return f"选项 {takes[1]} 后面不写内容" if takes else text
