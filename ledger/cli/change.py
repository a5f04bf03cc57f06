"""What the commands that change a commitment file share (amend, rate, close), and those that change departments."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.cli.command import Command
from ledger.cli.context import AppContext
from ledger.render import Format, render

if TYPE_CHECKING:
    from ledger.commands.amend import ChangeRequest, EditContext
    from ledger.commands.reorganise import ReorganisationRequest
    from ledger.core.models import Reorganisation
    from ledger.files.ledger import Ledger


class CommitmentChange(Command):
    """A command that changes one commitment file, or shows what would change."""

    dry_run: bool
    format: Format
    effective: date | None = None

    def prepare(self, context: EditContext) -> ChangeRequest:
        """Return the change asked for."""
        raise NotImplementedError

    def run(self, context: AppContext) -> None:
        """Make the change and commit it, or with `--dry-run` show it."""
        from dataclasses import replace

        from ledger.commands.amend import EditContext, preview_amendment, write_amendment
        from ledger.render.views.correct import amended_view

        ledger = context.ledger()
        repo = context.repository(ledger, dry_run=self.dry_run)
        edit = EditContext(
            ledger, context.year_of(ledger), context.env.today, repo.identity(), context.env.cwd
        )
        change = replace(self.prepare(edit), effective=self.effective)
        amended = (
            preview_amendment(ledger, change)
            if self.dry_run
            else write_amendment(ledger, change, repo=repo, on_notice=context.notify)
        )
        with context.after_write(dry_run=self.dry_run):
            render(amended_view(amended), context.env, self.format)


class DepartmentChange(Command):
    """A command that records a change of departments, or shows what would change."""

    on: date
    reason: str | None
    dry_run: bool
    format: Format

    def prepare(self, ledger: Ledger, request: ReorganisationRequest) -> Reorganisation:
        """Return the change asked for."""
        raise NotImplementedError

    def run(self, context: AppContext) -> None:
        """Record the change and commit it, or with `--dry-run` show it."""
        from ledger.commands.reorganise import (
            ReorganisationRequest,
            preview_reorganisation,
            write_reorganisation,
        )
        from ledger.render.views.reorganise import reorganised_view

        ledger = context.ledger()
        repo = context.repository(ledger, dry_run=self.dry_run)
        who = repo.identity()
        request = ReorganisationRequest(context.year_of(ledger), self.on, self.reason, who)
        fact = self.prepare(ledger, request)
        change = (
            preview_reorganisation(ledger, fact, who)
            if self.dry_run
            else write_reorganisation(ledger, fact, who, repo=repo, on_notice=context.notify)
        )
        with context.after_write(dry_run=self.dry_run):
            render(reorganised_view(change), context.env, self.format)
