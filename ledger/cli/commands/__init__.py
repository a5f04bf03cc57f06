"""One module for each command of the command line, named as the command."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from ledger.cli.command import Command

NAMES = (
    "status",
    "show",
    "plot",
    "history",
    "targets",
    "check",
    "quantity",
    "init",
    "demo",
    "log",
    "correct",
    "void",
    "amend",
    "rate",
    "close",
    "transfer",
    "judge",
    "verify",
    "return",
    "remark",
    "sync",
    "redo",
    "doctor",
    "rank",
    "changes",
    "why",
    "draft",
    "lint",
    "audit",
    "seal",
    "due",
    "doubts",
    "report",
    "bulletin",
    "export",
    "rollup",
    "help",
    "sheet export",
    "sheet import",
    "plan import",
    "plan diff",
    "plan carry",
    "dept rename",
    "dept merge",
    "guard install",
    "guard receive",
)
"""What is typed for each command, in the order of lists. `sheet export` is the class `SheetExportCommand` in the module `sheet_export`."""
GROUPS = {
    "sheet": "用 Excel 填报：导出填报表，填好再导入。",
    "plan": "年度计划：从原件导入，比较两年的目标，结转基期数。",
    "dept": "机构改革：部门更名、合并；旧名一直可用，文件夹和编号不动。",
    "guard": "守卫：装在服务器的裸仓库上，推送先过审计的规则。",
}
"""The first words of commands of two words, and what their commands are about."""


@cache
def load_command(name: str) -> type[Command]:
    """Import a command by what is typed for it."""
    module = name.replace(" ", "_")
    name_of_class = "".join(map(str.capitalize, module.split("_"))) + "Command"
    command: type[Command] = getattr(import_module(f"{__name__}.{module}"), name_of_class)
    command.words = name
    return command


def summaries(group: str = "") -> list[tuple[str, str]]:
    """Return the commands and groups on the first level, or the commands of a group, each with the first paragraph of its help."""
    commands = {name: load_command(name) for name in NAMES if name.rpartition(" ")[0] == group}
    summaries = [
        (name, " ".join(str(command.__doc__).partition("\n\n")[0].split()))
        for name, command in commands.items()
        if not command.hidden
    ]
    return summaries if group else [*summaries, *GROUPS.items()]
