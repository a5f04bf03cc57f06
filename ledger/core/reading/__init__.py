"""Reads what a person reports for a target: a text and its hints → the figures of an entry. Every route uses `read_figures`.

The command line, the guided entry, the sheet and corrections differ only in the hints they can give: an option or a cell that says
whether an accumulated figure is an increment or a running total, a unit written in a cell of its own, figures given by name.
"""

from ledger.core.reading.amounts import Hints
from ledger.core.reading.errors import BareNumberError, UnreadableFigureError
from ledger.core.reading.expected import example, expected, unit_word
from ledger.core.reading.figures import gives_benchmark, read_figures
from ledger.core.reading.words import BASIS_NAMES, BASIS_WORDS, NOTHING, OPTIONS, VERDICTS, Basis

__all__ = [
    "BASIS_NAMES",
    "BASIS_WORDS",
    "NOTHING",
    "OPTIONS",
    "VERDICTS",
    "BareNumberError",
    "Basis",
    "Hints",
    "UnreadableFigureError",
    "example",
    "expected",
    "gives_benchmark",
    "read_figures",
    "unit_word",
]
