"""The place of a ledger: city and county as labels, and their code in GB/T 2260."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from ledger.core import regions
from ledger.core.errors import UsageError

CITY_ITSELF = "市本级"
"""Stands in the county's place for a ledger of the city's own departments."""

_UNFIT = re.compile(r"[/=\x00-\x1f\x7f]|^\s|\s$")
_LONGEST = 60


class PlaceNameError(UsageError):
    """The name of a city or county cannot be a label."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"地名“{name}”不能用",
            "只写名称，如 --city 湖州 --county 安吉；不能为空，不能含 / 和 =，两头不留空格",
        )


@dataclass(frozen=True, slots=True, order=True)
class Division:
    """A city, and one of its counties or the city itself; `code` is empty where the list has no such place."""

    city: str
    county: str = CITY_ITSELF
    code: str = ""

    @classmethod
    def of(cls, city: str, county: str | None = None, code: str | None = None) -> Self:
        """Return the place of these names under its official names, so that 湖州 and 湖州市 are one.

        Names that the list of divisions does not have, or has twice, stay as they are written.

        Raises:
            PlaceNameError: when a name is empty, too long or holds a separator.
        """
        county = county or CITY_ITSELF
        for name in (city, county):
            if not name or len(name) > _LONGEST or _UNFIT.search(name):
                raise PlaceNameError(name)
        codes = (code,) if code else regions.find_codes(city, None if county == CITY_ITSELF else county)
        if len(codes) != 1 or codes[0] not in regions.load_regions():
            return cls(_official_city(city), county, code or "")
        names = regions.load_regions()
        own_city = regions.city_of(codes[0])
        return cls(names[own_city], CITY_ITSELF if own_city == codes[0] else names[codes[0]], codes[0])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `湖州`, `湖州/安吉` or a code, `330523`.

        Raises:
            PlaceNameError: as `of`.
        """
        if name := regions.load_regions().get(text):
            return cls.of(name, code=text)
        city, _, county = text.partition("/")
        return cls.of(city, county if "/" in text else None)

    def __str__(self) -> str:
        return f"{self.city}/{self.county}"


def _official_city(city: str) -> str:
    codes = regions.find_codes(city)
    return regions.load_regions()[codes[0]] if len(codes) == 1 else city
