"""Errors of figures that cannot be read for their target."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ledger.core.errors import LedgerError
from ledger.core.models import Target
from ledger.core.reading.expected import expected


class UnreadableFigureError(LedgerError):
    """A text that is no figure for its target."""

    def __init__(self, target: Target, why: str, hint: str = "") -> None:
        super().__init__(f"{target.name}：{why}", hint or f"这个目标要写{expected(target)}")
        self.figure = ""
        """The figure given by name that is wrong; empty for the amount itself."""


class BareNumberError(UnreadableFigureError):
    """A number without its unit where the unit has a multiplier or is a percentage; `choices` are its full spellings."""

    def __init__(
        self, target: Target, text: str, choices: tuple[str, ...], meanings: tuple[str, ...]
    ) -> None:
        spellings = zip(choices, meanings, strict=True)
        listed = " 或 ".join(
            f"{spelling}（{meaning}）" if meaning else spelling for spelling, meaning in spellings
        )
        super().__init__(target, f"“{text}”没有写单位", f"写成 {listed}")
        self.choices = choices
        self.meanings = meanings


@contextmanager
def naming_figure(figure: str) -> Iterator[None]:
    """Name the figure that an error is about."""
    try:
        yield
    except UnreadableFigureError as error:
        error.figure = figure
        raise
