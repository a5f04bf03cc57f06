"""One self-contained HTML file from a dossier: markup, style and script in one, nothing fetched. Knows no rule of progress.

The page forbids itself the network by its content security policy: only this very style and this very script, named by
their hashes, may run. Every text passes jinja's escaping; only leather's own SVG, whose texts ElementTree escapes, does not.
"""

from __future__ import annotations

import base64
from datetime import date
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ledger.commands.report_data import ReportData
from ledger.render.html.page import page_of


def html(dossier: ReportData, made: date) -> str:
    """Return the whole page."""
    style, script = _read("report.css"), _read("report.js")
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(_read),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return environment.get_template("report.html").render(
        page=page_of(dossier, made),
        style=Markup(style),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own file
        svg=Markup,
        policy=policy,
    )


def _read(name: str) -> str:
    return (files(__name__) / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(sha256(text.encode()).digest()).decode("ascii")
