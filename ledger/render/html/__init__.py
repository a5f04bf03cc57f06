"""The report as one self-contained HTML file: markup, style and script in one, nothing fetched.

The page's content security policy forbids the network; only its own style and script, named by their hashes, may run. Every text
is escaped by jinja; the charts, which escape their own texts, are inserted as they are.
"""

from __future__ import annotations

import base64
import re
from datetime import date
from functools import partial
from hashlib import sha256
from urllib.parse import quote

from markupsafe import Markup

from ledger.commands.report import ReportData
from ledger.core.evidence import STORED, evidence_text
from ledger.render import Pages
from ledger.render.html.page import make_report_page
from ledger.render.html.templates import page_templates, read_asset


def html(data: ReportData, made_on: date, pages: Pages = Pages.OVERVIEW, *, ledger_address: str = "") -> str:
    """Return the whole page; `pages` is what comes out when it is printed.

    `ledger_address` is the address of the ledger's folder as seen from the page; links to evidence files begin with it.
    """
    style, script = read_asset("report.css"), read_asset("report.js")
    environment = page_templates()
    environment.filters["evidence_text"] = evidence_text
    environment.filters["address"] = partial(_address, ledger_address)
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return environment.get_template("report.html").render(
        page=make_report_page(data, made_on),
        pages=pages.value,
        style=Markup(style),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own file
        svg=Markup,
        policy=policy,
    )


def _address(ledger_address: str, evidence: str) -> str:
    """Return where a link to an item of evidence leads: a file of the ledger or a web page; nothing for other texts."""
    if STORED.fullmatch(evidence):
        return f"{ledger_address}/{quote(evidence)}" if ledger_address else ""
    return evidence if re.fullmatch(r"https?://[^\s；，。]+", evidence) else ""


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(sha256(text.encode()).digest()).decode("ascii")
