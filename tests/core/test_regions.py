"""Names and codes of administrative divisions."""

from __future__ import annotations

import pytest

from ledger.core import regions

CODES = [
    ("湖州", None, ("330500",)),
    ("湖州市", None, ("330500",)),
    ("北京", None, ("110000",)),
    ("吉林", None, ("220200",)),  # the city, not the province
    ("恩施州", None, ("422800",)),
    ("恩施", None, ("422800",)),
    ("仙桃", None, ("429004",)),  # lies in no city
    ("湖州", "安吉", ("330523",)),
    ("湖州市", "安吉县", ("330523",)),
    ("北京市", "朝阳", ("110105",)),
    ("朝阳", "朝阳", ("211321",)),
    ("三明", "沙县", ("350405",)),
    ("阿坝", "汶川", ("513221",)),
    ("湖州", "汶川", ()),
    ("没有这个市", None, ()),
]


@pytest.mark.parametrize(("city", "county", "codes"), CODES)
def test_names_lead_to_codes(city: str, county: str | None, codes: tuple[str, ...]) -> None:
    assert regions.find_codes(city, county) == codes


def test_names_that_differ_only_in_the_kind_of_division_are_one_only_in_the_short_form() -> None:
    assert regions.same_place("湖州", "湖州市")
    assert regions.same_place("延边州", "延边朝鲜族自治州")
    assert not regions.same_place("朝阳市", "朝阳区")
    assert not regions.same_place("吉林省", "吉林市")


def test_every_division_is_found_again_by_its_full_name() -> None:
    names = regions.load_regions()
    assert len(names) == 3339
    for code, name in names.items():
        city = regions.city_of(code)
        if code == city:
            found = (
                regions.find_codes(name)
                if code[2:] != "0000" or code[:2] in {"11", "12", "31", "50"}
                else (code,)
            )
        else:
            found = regions.find_codes(names[city], name)
        assert code in found, (code, name)
