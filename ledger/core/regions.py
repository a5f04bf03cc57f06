"""Administrative divisions: six-digit codes of GB/T 2260 and their names.

`regions.csv` holds 3,339 provinces, cities, counties and development zones as published by the National Bureau of Statistics:
2023年统计用区划代码和城乡划分代码, as of 2023-06-30, published 2023-09-11. Hong Kong, Macao and Taiwan are not part of that list.
A code ends in 0000 for a province, in 00 for a city. 市辖区 and 县, which only group others, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

AS_OF = "2023-06-30"

_PEOPLES = (
    "柯尔克孜|维吾尔|哈萨克|达斡尔|塔吉克|鄂温克|鄂伦春|蒙古|布依|朝鲜|土家|哈尼|傈僳|拉祜|东乡|纳西|"
    "景颇|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|德昂|保安|裕固|独龙|基诺|回|藏|"
    "苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒"
)
_SUFFIX = re.compile(rf"(?:(?:(?:{_PEOPLES})族?|各族)*自治[区州县旗]|林区|特区|地区|新区|[省市县区盟旗州])$")
_MUNICIPALITIES = ("110000", "120000", "310000", "500000")


@lru_cache(maxsize=1)
def load_regions() -> Mapping[str, str]:
    """Return code → official name, in the order of the codes."""
    lines = Path(__file__).with_name("regions.csv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split(",", 1) for line in lines)


def short_name(name: str) -> str:
    """Return a name without its kind of division: 湖州市 → 湖州, 恩施土家族苗族自治州 → 恩施.

    What would leave a single character stays as it is: 沙县, 东区.
    """
    short = _SUFFIX.sub("", name)
    return short if len(short) >= 2 else name


def same_place(a: str, b: str) -> bool:
    """Tell whether two names mean one division: 湖州 and 湖州市 do, 朝阳市 and 朝阳区 do not."""
    short = short_name(a)
    return a == b or (short == short_name(b) and (short in (a, b) or a[-1] == b[-1]))


def city_of(code: str) -> str:
    """Return the code of the city that a division lies in; its own where it lies in none, as 仙桃市 in 湖北省."""
    regions = load_regions()
    if f"{code[:4]}00" in regions:
        return f"{code[:4]}00"
    province = f"{code[:2]}0000"
    return province if province in _MUNICIPALITIES else code


def find_codes(city: str, county: str | None = None) -> tuple[str, ...]:
    """Return the codes that these names may mean: of the city, or of its county; empty where the list has no such place."""
    cities = tuple(code for code in _find_same_places(city) if city_of(code) == code and _is_city(code))
    if county is None:
        return cities
    return tuple(code for code in _find_same_places(county) if city_of(code) in cities and code not in cities)


def _find_same_places(name: str) -> list[str]:
    """Return the codes of the divisions that a name means anywhere, in order."""
    regions = load_regions()
    return [
        code for code in _codes_by_short_name().get(short_name(name), ()) if same_place(regions[code], name)
    ]


@lru_cache(maxsize=1)
def _codes_by_short_name() -> Mapping[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for code, name in load_regions().items():
        codes.setdefault(short_name(name), []).append(code)
    return codes


def _is_city(code: str) -> bool:
    return code[2:] != "0000" or code in _MUNICIPALITIES
