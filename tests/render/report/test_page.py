"""`ledger report`: one file with everything in it, nothing fetched, hostile text harmless, and no figure of its own."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from ledger.render.html.quotes import pieces
from tests.conftest import World

HOSTILE = """<script>alert(1)</script></style><img src=x onerror=alert(2)> "引号" 'x' & </script>"""


class Outline(HTMLParser):
    """Collects what the tests ask of a page: ids, links, tags with their attributes, text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.text += data

    def all(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.tags if name in attributes]

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(world: World, *arguments: str) -> str:
    done = world("report", "-o", "报告.html", *arguments)
    assert done.code == 0, done.err
    return world.read("报告.html")


def section(source: str, anchor: str) -> str:
    """Return the markup from the element with an id to the next target or the end of its commitment."""
    start = source.index(f'id="{anchor}"')
    return re.split(r'<div class="target"|<details>|</article>', source[start:])[0]


@pytest.fixture
def reported(world: World) -> World:
    for report in (
        ("金融办", "listed", "2家", "--on", "2023-03-31"),
        ("金融办", "green", "9%", "--on", "2023-06-30"),
        ("金融办", "quality", "第5位", "--of", "11", "--on", "2023-06-30"),
        ("金融办", "listed", "1家", "--on", "2023-06-30", "--note", "六月"),
    ):
        done = world("log", *report)
        assert done.code == 0, done.err
    return world


def test_every_link_leads_somewhere_on_the_page_and_nothing_leads_out(reported: World) -> None:
    outline = Outline(page(reported))
    ids = outline.all("id")
    assert len(ids) == len(set(ids))
    links = outline.all("href")
    assert links
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert [link for link in links if not link.startswith("#")] == []
    assert outline.all("src") == []
    assert outline.all("style") == [], "inline styles are forbidden by the page's own policy"
    assert not {"link", "img", "iframe", "object", "form"} & {tag for tag, _ in outline.tags}


def test_the_page_forbids_itself_the_network(reported: World) -> None:
    metas = Outline(page(reported)).named("meta")
    (policy,) = (meta["content"] for meta in metas if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_figures_lights_and_reasons_are_those_of_the_status(reported: World) -> None:
    source = page(reported, "--as-of", "2023-06-30")
    listed = Outline(section(source, "t-金融办-01/listed")).text
    for words in ("≥6家", "3家", "50.0%", "33.3%", "正常", "争取目标 ≥8家：未达到"):
        assert words in listed
    assert "落后" not in listed
    green = Outline(section(source, "t-金融办-01/green")).text
    assert "落后 25.0 个百分点" in green
    quality = Outline(section(source, "t-金融办-01/quality")).text
    assert "位次类指标不计算完成率" in quality
    assert "差2位" in quality
    assert "%" not in quality, "a place is never a percentage"
    loans = Outline(section(source, "t-金融办-01/loans")).text
    assert "未报" in loans
    assert "0.0%" not in loans, "no data is not zero"


def test_as_of_leaves_out_what_came_later(reported: World) -> None:
    source = page(reported, "--as-of", "2023-05-31")
    assert "2家" in Outline(section(source, "t-金融办-01/listed")).text
    assert "六月" not in source
    assert "截至 <strong>2023-05-31</strong>" in source


def test_the_source_text_is_whole_and_its_quotes_lead_to_their_targets(reported: World) -> None:
    source = page(reported)
    quoted = (
        source[source.index('aria-label="年度目标原文"') :].partition("</blockquote>")[0].partition(">")[2]
    )
    links = re.findall(r'<a class="ref"[^>]*href="#t-金融办-01/([a-z]+)"', quoted)
    assert links == ["listed", "loans", "balance", "green", "quality", "faster", "opinion", "front"]
    plain = Outline(re.sub(r"<a class=\"ref\".*?</a>", "", quoted)).text
    from tests.conftest import FINANCE

    assert plain in FINANCE, "verbatim, with nothing lost between the marks"
    assert "<mark>新增制造业中长期贷款150亿元</mark>" in quoted


def test_entries_carry_their_commits_and_withdrawn_ones_are_struck_out(reported: World) -> None:
    head = reported.git("rev-parse", "HEAD").strip()
    source = page(reported)
    assert f"<td>{head[:8]}<td>六月" in source
    assert '<tr class="void">' not in source
    path = "data/progress/2023/金融办/01.yaml"
    first = reported.read(path).splitlines()[0]
    entry_id = re.search(r'"id": ?"(\w+)"', first)
    assert entry_id is not None
    reported.write(
        path,
        reported.read(path)
        + '- {"id": "01HZZZZZZZZZZZZZZZZZZZZZZ2", "on": "2023-06-30", "target": "listed", "by": "张三", '
        f'"voids": "{entry_id[1]}", "reason": "重复"}}\n',
    )
    source = page(reported)
    assert source.count('<tr class="void">') == 2
    assert "未提交" in source
    assert "有未提交的改动" in source, "the page says that its figures rest on something not committed"


def test_not_sealed_and_audited_are_said_and_a_seal_is_printed(reported: World) -> None:
    before = Outline(page(reported)).text
    assert "尚未封账" in before
    assert "记录未见改动" in before
    done = reported("seal", "2023-03", "--local")
    assert done.code == 0, done.err
    tag = reported.git("rev-parse", "refs/tags/seal/2023-03").strip()
    sealed = Outline(page(reported)).text
    assert f"2023-03 {tag[:12]}" in " ".join(sealed.split())
    assert "尚未封账" not in sealed


def test_a_history_that_was_tampered_with_is_said(reported: World) -> None:
    path = "data/progress/2023/金融办/01.yaml"
    reported.write(path, reported.read(path).replace("2家", "5家"))
    reported.commit_all("悄悄改")
    assert "发现问题，正在核查" in Outline(page(reported)).text


def test_simulated_data_is_marked_and_only_that(reported: World) -> None:
    assert "模拟数据" not in Outline(page(reported)).text
    reported.write("data/ledger.yaml", reported.read("data/ledger.yaml") + "simulated: true\n")
    source = page(reported)
    assert "模拟数据" in Outline(source[source.index("<title>") : source.index("</title>")]).text
    assert 'class="banner"' in source
    assert '<body class="simulated print-overview">' in source


@pytest.mark.parametrize("field", ["note", "by", "evidence"])
def test_hostile_text_stays_text(world: World, field: str) -> None:
    arguments = ("--evidence", HOSTILE) if field == "evidence" else (f"--{field}", HOSTILE)
    assert world("log", "金融办", "listed", "2家", *arguments).code == 0
    source = page(world)
    outline = Outline(source)
    assert HOSTILE in outline.text
    assert outline.named("img") == []
    assert len(outline.named("script")) == 1
    assert not [name for _, attributes in outline.tags for name in attributes if name.startswith("on")]


def test_hostile_names_reach_no_attribute_and_no_picture(world: World) -> None:
    path = "data/targets/2023/金融办/01.yaml"
    world.write(path, world.read(path).replace("name: 新增上市公司", "name: '\"><script>x</script>'"))
    world.commit_all("改名")
    outline = Outline(page(world))
    assert len(outline.named("script")) == 1
    assert '"><script>x</script>' in outline.text


def test_one_department_alone(reported: World) -> None:
    source = page(reported, "--dept", "市金融办")
    assert "金融办-01" in source
    assert "商务局" not in source


def test_a_picture_has_words_for_those_who_do_not_see_it(reported: World) -> None:
    outline = Outline(page(reported))
    pictures = [element for element in outline.named("svg") if element.get("class") == "chart"]
    assert len(pictures) == 7, "all but the place, the comparison and the judgement"
    assert any("当前值 3家；完成率 50.0%" in picture["aria-label"] for picture in pictures)
    scopes = [cell.get("scope") for cell in outline.named("th")]
    records = sum(table.get("class") == "entries" for table in outline.named("table"))
    assert set(scopes) == {"col", "row", None}
    assert records == 10, "one for each target"
    assert scopes.count(None) == (7 + 12) * records, "HTML implies it: seven columns, twelve months"


def test_a_file_that_cannot_be_written_is_an_environment_fault(world: World) -> None:
    done = world("report", "-o", "没有的文件夹/报告.html")
    assert done.code == 3
    assert "写不进去" in done.err


def test_a_failed_report_leaves_the_old_file(world: World) -> None:
    old = page(world)
    world.write("data/targets/2023/金融办/01.yaml", "坏\n")
    assert world("report", "-o", "报告.html").code == 1
    assert world.read("报告.html") == old


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        ({1: "二三"}, [("一", False, ()), ("二三", True, (1,)), ("四五", False, ())]),
        ({1: "二三四", 2: "三"}, [("一", False, ()), ("二", True, ()), ("三", True, (2,)), ("四", True, (1,)), ("五", False, ())]),
        ({1: "一二", 2: "二三"}, [("一", True, ()), ("二", True, (1,)), ("三", True, (2,)), ("四五", False, ())]),
        ({1: "四五", 2: "四五"}, [("一二三", False, ()), ("四五", True, (1, 2))]),
        ({1: "没有"}, [("一二三四五", False, ())]),
    ],
)  # fmt: skip
def test_pieces_of_a_text(quotes: dict[int, str], expected: list[tuple[str, bool, tuple[int, ...]]]) -> None:
    cut = pieces("一二三四五", quotes)
    assert [(piece.text, piece.marked, piece.ends) for piece in cut] == expected


def months_of(source: str, key: str) -> dict[str, list[list[str]]]:
    """Return the rows of a target's table of months: month → [[reported, increment, total]…]."""
    table = source[source.index(f'id="t-金融办-01/{key}"') :].partition("<tbody>")[2].partition("</table>")[0]
    months: dict[str, list[list[str]]] = {}
    for row in table.split("<tr")[1:]:
        label, *cells = row.partition(">")[2].strip().split("<td>")
        if label:
            months[Outline(label).text] = rows = []
        rows.append([Outline(cell).text.strip() for cell in cells[:3]])
    return months


NO_MONTH = [["—", "—", "—"]]


def test_all_twelve_months_tell_what_was_reported_the_increment_and_the_total(reported: World) -> None:
    source = page(reported, "--as-of", "2023-06-30")
    months = months_of(source, "listed")
    assert list(months) == [f"{month}月" for month in range(1, 13)]
    told = {month: rows for month, rows in months.items() if rows != NO_MONTH}
    assert told == {"3月": [["新增 2家", "2家", "2家"]], "6月": [["新增 1家", "1家", "3家"]]}
    assert set(map(str, months_of(source, "loans").values())) == {str(NO_MONTH)}, "nothing reported: no zero"


@pytest.mark.parametrize(
    ("key", "reports", "expected"),
    [
        (
            "balance",
            [("3600亿元", "03-31"), ("3590亿元", "05-31")],
            {"3月": ["3600亿元", "—", "3600亿元"], "5月": ["3590亿元", "-10亿元", "3590亿元"]},
        ),
        (
            "green",
            [("11.5%", "01-31"), ("12%", "02-28")],
            {"1月": ["11.5%", "—", "11.5%"], "2月": ["12%", "+0.5个百分点", "12%"]},
        ),
        ("quality", [("第5位", "03-31")], {"3月": ["第5位", "—", "第5位"]}),
        ("opinion", [("完成", "04-20")], {"4月": ["已完成", "—", "100.0%"]}),
        ("loans", [("无法统计", "02-28"), ("7亿元", "04-30")], {"4月": ["新增 7亿元", "7亿元", "7亿元"]}),
    ],
)
def test_the_months_of_every_kind(
    world: World, key: str, reports: list[tuple[str, str]], expected: dict[str, list[str]]
) -> None:
    for amount, day in reports:
        figure = (amount, "--reason", "未结算") if amount == "无法统计" else (amount, "--confirm")
        done = world("log", "金融办", key, *figure, "--on", f"2023-{day}", "--evidence", "文")
        assert done.code == 0, done.err
    months = months_of(page(world, "--as-of", "2023-06-30"), key)
    assert len(months) == 12
    told = {month: rows[0] for month, rows in months.items() if rows != NO_MONTH}
    without_figures = {month: cells for month, cells in told.items() if cells[0] == "本期无法统计"}
    assert all(cells[1:] == ["—", "—"] for cells in without_figures.values())
    assert {month: cells for month, cells in told.items() if month not in without_figures} == expected


def test_a_month_with_two_entries_has_one_label_and_one_total(world: World) -> None:
    for day in ("10", "20"):
        assert world("log", "金融办", "listed", "1家", "--on", f"2023-03-{day}").code == 0
    assert months_of(page(world), "listed")["3月"] == [["新增 1家", "", ""], ["新增 1家", "2家", "2家"]]


def test_a_withdrawn_report_leaves_its_month_without_a_total(reported: World) -> None:
    entry = json.loads(reported("history", "金融办-01/listed", "--format", "json").out)[-1]
    assert reported("void", entry["id"], "--reason", "重复").code == 0
    assert months_of(page(reported, "--as-of", "2023-07-31"), "listed")["6月"][-1][1:] == ["—", "—"]


def test_the_first_page_tells_the_meeting_what_it_needs(
    reported: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2023-08-03")
    reported("log", "金融办", "green", "12%", "--on", "2023-07-31")
    reported("log", "金融办", "listed", "3家", "--on", "2023-07-31")
    meeting = (
        page(reported, "--as-of", "2023-07-31").partition('id="meeting"')[2].partition('id="overview"')[0]
    )
    text = " ".join(Outline(meeting).text.split())
    assert re.search(r"平均完成率 [0-9.]+% 全年时间已过 58.1%，较上月 ▲", text)
    assert re.search(r"较上月改善（\d）：[^。]*金融办 绿色贷款增幅", text)
    assert re.search(r"金融办 应报 \d+ 项，未报送 \d+ 项：", text)


def test_the_total_stands_under_the_departments(reported: World) -> None:
    foot = page(reported).partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert re.findall(r"<t[hd][^>]*>([^<]+)", foot)[:3] == ["合计", "2", "10"]
