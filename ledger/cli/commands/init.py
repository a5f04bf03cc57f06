"""`ledger init`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ledger.cli.command import PATH, TEXT, Command, argument, flag, option
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN, YEAR
from ledger.core.errors import UsageError
from ledger.render import render

if TYPE_CHECKING:
    from ledger.commands.init import Staff


class InitCommand(Command):
    """新建账本：一个 git 仓库，带 2023 年度计划的 80 项承诺。"""

    folder = argument(PATH, "文件夹", "新账本的文件夹，须不存在或为空。")
    empty = flag("--empty", help="只建空账本，不带 2023 年度计划。")
    city = option(TEXT, "--city", metavar="市县", help="与 --empty 同用：账本属于哪个市、县，如 安吉县。")
    departments = option(
        TEXT,
        "--departments",
        metavar="名单",
        help="与 --empty 同用：责任部门，用顿号隔开；不写则从计划原件读。",
    )
    admins = option(TEXT, "--admins", metavar="邮箱", help="与 --empty 同用：除建账的人外，还有谁是管理员。")
    reviewers = option(
        TEXT, "--reviewers", metavar="邮箱", help="与 --departments 同用：谁可以评定、销号；不写则不限。"
    )
    year = YEAR
    dry_run = DRY_RUN

    def run(self, context: AppContext) -> None:
        from dataclasses import replace
        from functools import partial

        from ledger.commands.init import LedgerSetup, init, preview_ledger
        from ledger.render.views.written import made_view

        folder = context.env.cwd / self.folder
        if not self.empty and (self.city or context.year or self.departments or self.admins):
            raise UsageError("--city、--year、--departments、--admins 只用于空账本", "加 --empty")
        year = context.year or context.env.today.year
        setup = LedgerSetup(self.empty, year, (self.city or "").strip(), self._staff(context))
        make = partial(init, setup=setup)
        made = replace(preview_ledger(folder, make), root=folder) if self.dry_run else make(folder)
        with context.after_write(dry_run=self.dry_run):
            render(made_view(made, dry_run=self.dry_run), context.env)

    def _staff(self, context: AppContext) -> Staff:
        """Return who the options name; a terminal is asked for what they leave out."""
        from ledger.commands.init import Staff

        departments, admins, reviewers = self.departments, self.admins, self.reviewers
        if self.empty and context.env.interactive and not self.dry_run:
            if departments is None:
                departments = _ask(context, "责任部门，用顿号隔开（回车 以后从计划原件读） > ")
            if admins is None:
                admins = _ask(context, "除您以外的管理员的邮箱（回车 没有） > ")
            if reviewers is None and departments:
                reviewers = _ask(context, "督查（可以评定、销号的人）的邮箱（回车 不限） > ")
        return Staff(_names(departments), _emails("督查", reviewers), _emails("管理员", admins))


def _ask(context: AppContext, prompt: str) -> str:
    from ledger.cli.prompt import StoppedError, ask

    try:
        return ask(context.env, prompt)
    except StoppedError:
        return ""


def _names(words: str | None) -> tuple[str, ...]:
    from ledger.files.drafts import sound_name

    names = tuple(name for name in re.split(r"[、，,；;\s]+", words or "") if name)
    for name in names:
        sound_name(name)
    return tuple(dict.fromkeys(names))


def _emails(who: str, words: str | None) -> tuple[str, ...]:
    emails = tuple(email for email in re.split(r"[、，,；;\s]+", words or "") if email)
    for email in emails:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
            raise UsageError(f"{who}的邮箱写得不对：{email}", "如 zhang@example.gov.cn，几个用顿号隔开")
    return emails
