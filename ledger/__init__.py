"""A progress ledger over plain YAML files in a git repository, for the yearly commitments of city departments.

Imports run downward only: cli → render → commands → rules, export → extract → files, documents → git → core.
`docs/internals/architecture.md` gives the reason behind each boundary.
"""

__version__ = "0.2.0"
