"""Negative numbers on a command line: a dash before a digit is a sign, for no option is called so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

NEGATIVE = re.compile(r"-[\d.]*\d")
_MARK = "\0"
"""Stands before a negative number while typer reads the line; no argument of a process can hold it."""


def protect_signs(words: Sequence[str]) -> list[str]:
    """Return the words of a command line so that typer takes no negative number for an option."""
    return [_MARK + word if NEGATIVE.match(word) else word for word in words]


def restore_sign(value: Any) -> Any:
    """Return a value, or a list of them, as it was typed."""
    if isinstance(value, list):
        return [restore_sign(item) for item in value]
    return value.removeprefix(_MARK) if isinstance(value, str) else value


def restore_signs_of(text: str) -> str:
    """Return typer's message about a line as it was typed; typer escapes the mark in some."""
    return text.replace(_MARK, "").replace("\\x00", "")
