"""The templates of the pages, compiled once."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from ledger.render.compiled import CompiledTemplates


def page_templates() -> Environment:
    """Return the environment of the pages: every text is escaped, a name that is not given is an error."""
    return Environment(
        autoescape=True,
        loader=FunctionLoader(read_asset),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=CompiledTemplates(),
    )


def read_asset(name: str) -> str:
    """Return a file of this folder: a template, a style sheet, a script."""
    return (files(__package__) / name).read_text(encoding="utf-8")
