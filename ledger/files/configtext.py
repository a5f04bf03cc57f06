"""Changes of `data/ledger.yaml` as text, so that its comments and layout stay."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ledger.core.regions import city_of, load_regions


def with_city(text: str, place: str) -> str:
    """Return the text of a configuration that says which city, or which county of a city, the ledger is of."""
    city, county = _place(place)
    fields = {"name": f"{place}部门承诺", "city": city, "county": county}
    for key, value in reversed(fields.items()):
        if not value:
            continue
        line = f"{key}: {value}"
        if re.search(rf"(?m)^{key}:", text):
            text = re.sub(rf"(?m)^{key}:.*$", line, text, count=1)
        else:
            text = re.sub(r"(?m)^(name:.*)$", rf"\1\n{line}", text, count=1)
    return text


def _place(place: str) -> tuple[str, str]:
    """The city and the county that a name means; a county that the list of divisions knows once has its city found there."""
    regions = load_regions()
    codes = [code for code, name in regions.items() if name == place]
    cities = {city_of(code) for code in codes}
    if len(cities) == 1 and (code := cities.pop()) not in codes:
        return regions[code], place
    return place, ""


def with_departments(text: str, names: Sequence[str], reviewers: Sequence[str] = ()) -> str:
    """Return the text of a configuration with departments added behind those it has, each with these `reviewers`."""
    if not names:
        return text
    who = f", reviewers: {_flow(reviewers)}" if reviewers else ""
    lines = "".join(f"  - {{name: {name}{who}}}\n" for name in names)
    if re.search(r"(?m)^departments:\s*\[\]", text):
        return re.sub(r"(?m)^departments:\s*\[\].*\n", f"departments:\n{lines}", text, count=1)
    match = re.search(r"(?m)^departments:.*\n(?:[ #-].*\n)*", text)
    return text[: match.end()] + lines + text[match.end() :] if match else text + f"departments:\n{lines}"


def with_admins(text: str, emails: Sequence[str]) -> str:
    """Return the text of a configuration with these people added to its admins."""
    if not emails:
        return text
    match = re.search(r"(?m)^admins: \[(.*)\]$", text)
    if match is None:
        return re.sub(r"(?m)^roles:", f"admins: {_flow(emails)}\nroles:", text, count=1)
    known = json.loads(f"[{match[1]}]")
    return (
        text[: match.start()]
        + f"admins: {_flow(list(dict.fromkeys([*known, *emails])))}"
        + text[match.end() :]
    )


def _flow(words: Sequence[str]) -> str:
    return f"[{', '.join(json.dumps(word, ensure_ascii=False) for word in words)}]"
