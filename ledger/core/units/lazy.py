"""Regular expressions compiled on first use: classes of Chinese characters cost about half a millisecond each to compile.

Most commands read only plain amounts and need none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator


class LazyPattern:
    """Stands for `re.compile(source, re.DOTALL)`, with the methods the parser uses."""

    __slots__ = ("_compiled", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._compiled: re.Pattern[str] | None = None

    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        if self._compiled is None:
            self._compiled = re.compile(self.source, re.DOTALL)
        return self._compiled

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """See `re.Pattern.fullmatch`."""
        return (self._compiled or self.compiled()).fullmatch(text)

    def match(self, text: str) -> re.Match[str] | None:
        """See `re.Pattern.match`."""
        return (self._compiled or self.compiled()).match(text)

    def search(self, text: str) -> re.Match[str] | None:
        """See `re.Pattern.search`."""
        return (self._compiled or self.compiled()).search(text)

    def findall(self, text: str) -> list[tuple[str, ...]]:
        """See `re.Pattern.findall`, for patterns with two groups or more."""
        return (self._compiled or self.compiled()).findall(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """See `re.Pattern.finditer`."""
        return (self._compiled or self.compiled()).finditer(text)
