"""Rules over the place that `data/ledger.yaml` names: city, county and code agree with the list of administrative divisions."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.core import regions
from ledger.core.findings import Finding, Place
from ledger.files import layout
from ledger.files.ledger import Ledger


def check_region(ledger: Ledger) -> Iterator[Finding]:
    """Check that the county has a city, that the code is a known one, and that it is the code of the named place."""
    config = ledger.config
    if config.county and not config.city:
        yield _finding(ledger, "county", f"写了县 {config.county}，没有写市", "加上 city: 所在的市")
    if config.code is None:
        return
    name = regions.load_regions().get(config.code)
    if name is None:
        possible = regions.find_codes(config.city, config.county) if config.city else ()
        hint = (
            f"可能是 {'、'.join(possible)}"
            if possible
            else "核对六位行政区划代码；开发区等没有代码的，不写 code"
        )
        message = f"行政区划代码 {config.code} 不在名录（截至 {regions.AS_OF}）中"
        yield _finding(ledger, "code", message, hint)
    elif config.city and config.code not in regions.find_codes(config.city, config.county):
        named = f"{config.city}{config.county or ''}"
        message = f"行政区划代码 {config.code} 是{name}，写的是 {named}"
        yield _finding(ledger, "code", message, "改正代码，或改正 city、county")


def _finding(ledger: Ledger, key: str, message: str, hint: str) -> Finding:
    line, column = ledger.document.locate((key,))
    return Finding(
        "region",
        message,
        hint,
        Place(str(layout.CONFIG), line, column),
        excerpt=ledger.document.excerpt(line),
    )
