"""A finding: one thing wrong at one place, as data; how it is printed is decided elsewhere."""

from __future__ import annotations

from ledger.core.structs import FrozenStruct


class Finding(FrozenStruct, order=True):
    """One violation of one named rule.

    `path` is relative to the ledger's root with forward slashes; `line` and `column` count from 1, 0 means "the whole file".
    `message` says what was found and what was expected, `hint` what to type or ask next.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    hint: str = ""
    excerpt: str = ""

    @property
    def place(self) -> str:
        """`path:line:column`, shortened where a part is unknown."""
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"
