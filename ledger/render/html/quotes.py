"""Source texts cut into pieces, so that every quoted passage can be marked and linked to its targets."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `marked` when some target quotes it; `ends` are the numbers of the targets whose quote ends with it."""

    text: str
    marked: bool
    ends: tuple[int, ...] = ()


def pieces(text: str, quotes: Mapping[int, str]) -> tuple[Piece, ...]:
    """Cut `text` at the ends of each quote's first place in it. Quotes may overlap or hold one another."""
    spans = {number: (text.find(quote), text.find(quote) + len(quote)) for number, quote in quotes.items()}
    known = {number: span for number, span in spans.items() if span[0] >= 0}
    cuts = sorted({0, len(text), *(cut for span in known.values() for cut in span)})
    result: list[Piece] = []
    for start, end in itertools.pairwise(cuts):
        inside = any(low <= start and end <= high for low, high in known.values())
        ends = tuple(number for number, (_, high) in known.items() if high == end)
        result.append(Piece(text[start:end], inside, ends))
    return tuple(result)


def find_quotes(text: str, quotes: Mapping[int, str]) -> frozenset[int]:
    """Return the numbers of the quotes that `text` contains."""
    return frozenset(number for number, quote in quotes.items() if quote in text)
