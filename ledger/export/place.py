"""Where in the country a ledger belongs: its city and county, as they become names of folders and files; knows no disk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from ledger.core.errors import UsageError

CITY_ITSELF = "市本级"
"""Stands in the county's place for a ledger of the city's own departments."""

# What a file system, or the partition syntax `city=湖州`, takes for something else.
_UNFIT = re.compile(r"""[/\\=%:*?"<>|#\[\]{}\x00-\x1f\x7f]|^[._~\s]|[.\s]$""")
_LONGEST = 60


class PlaceNameError(UsageError):
    """The name of a city or county cannot be part of a path."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"地名“{name}”不能用作文件夹名",
            r"只写名称，如 --city 湖州 --county 安吉；不能为空，不能含 / \ = % : * ? 等符号，也不能以点、下划线或空格开头",
        )


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A city, and one of its counties or the city itself."""

    city: str
    county: str = CITY_ITSELF

    def __post_init__(self) -> None:
        for name in (self.city, self.county):
            if not name or len(name) > _LONGEST or _UNFIT.search(name):
                raise PlaceNameError(name)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `湖州` or `湖州/安吉`.

        Raises:
            PlaceNameError: when a name cannot be part of a path.
        """
        city, slash, county = text.partition("/")
        return cls(city, county) if slash else cls(city)

    def __str__(self) -> str:
        return f"{self.city}/{self.county}"
