"""What the program says to those who ask, and to those who typed something else: help pages, nearest words, next steps."""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.cli.commands.help import FOLDER, topics
from tests.conftest import Ran, World
from tests.privilege import CANNOT_DROP, WITHOUT_PRIVILEGE

COMMAND = re.compile(r"^\s+\$ ledger (.*)$", re.MULTILINE)


def test_the_list_names_every_topic_and_every_command(cli: Callable[..., Ran]) -> None:
    done = cli("help")
    assert (done.code, done.err) == (0, "")
    for topic in topics():
        assert re.search(rf"^{topic.names[0]} +{re.escape(topic.about)}$", done.out, re.MULTILINE)
    for command in ("log", "status", "due", "report", "bulletin", "audit", "help", "plan"):
        assert re.search(rf"^{command} ", done.out, re.MULTILINE)


def test_every_page_is_listed_and_no_word_means_two() -> None:
    assert len(list(topics())) == len(list(FOLDER.glob("*.txt")))
    names = [name for topic in topics() for name in topic.names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", [name for topic in topics() for name in topic.names])
def test_a_page_answers_to_each_of_its_names(cli: Callable[..., Ran], name: str) -> None:
    done = cli("help", name)
    assert (done.code, done.err) == (0, "")
    assert done.out.count("\n") > 5


@pytest.mark.parametrize("topic", list(topics()), ids=lambda one: one.names[-1])
def test_the_commands_of_a_page_work(
    topic: object, cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line marked with $ is run in a new ledger of the real plan, on the last day of June."""
    text = getattr(topic, "text", "")
    shown = COMMAND.findall(text)
    assert "$" not in COMMAND.sub("", text)
    if not shown:
        return
    assert cli("init", str(tmp_path / "账本")).code == 0
    monkeypatch.chdir(tmp_path / "账本")
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-10")
    for line in shown:
        done = cli(*shlex.split(line))
        assert done.code == (1 if line.startswith("due") else 0), (line, done.err)
        assert done.err == ""


def test_help_shows_a_command_as_its_own_help_does(cli: Callable[..., Ran]) -> None:
    assert cli("help", "status").out.startswith("用法：ledger status [选项]")
    assert cli("help", "plan", "diff").out.startswith("用法：ledger plan diff [选项]")


REFUSED = {
    "命令": (("statsu",), 2, "没有命令 statsu", "是不是 ledger status？"),
    "中文命令": (("帮助",), 2, "没有命令 帮助", "是不是 ledger help？"),
    "没有撤销": (("undo",), 2, "没有命令 undo", "是不是 ledger void？"),
    "填报": (("导入", "表.xlsx"), 2, "没有命令 导入", "是不是 ledger sheet import？"),
    "没有相近": (("xyzzy",), 2, "没有命令 xyzzy", "ledger help 列出全部命令"),
    "子命令": (("plan", "dif"), 2, "没有命令 dif", "是不是 ledger plan diff？"),
    "缺子命令": (("guard",), 2, "ledger guard 后面还要写做什么", "ledger guard install"),
    "没有命令": (("--no-pager",), 2, "没有写命令", "ledger help"),
    "主题": (("help", "日"), 2, "没有“日”这个主题或命令", "是不是 日期"),
    "主题拼错": (("help", "exit-kodes"), 2, "没有“exit-kodes”", "是不是 exit-codes"),
    "选项的开头": (("status", "--dep", "x"), 2, "没有选项 --dep", "是不是 --dept？"),
    "选项拼错": (("check", "--fromat", "json"), 2, "没有选项 --fromat", "是不是 --format？"),
    "没有这样的选项": (("lint", "--xyzzy"), 2, "没有选项 --xyzzy", "ledger lint --help"),
    "全局选项": (("status", "--no-pager"), 2, "要写在命令前面", "ledger --no-pager status"),
    "缺参数": (("show",), 2, "缺少 编号", "写成 ledger show 编号"),
    "缺选项": (("report",), 2, "缺少 选项 -o / --output", "ledger report -o 文件"),
    "多写": (("show", "金融办-01", "又"), 2, "多出内容“又”", "写成 ledger show 编号"),
    "部门当参数": (("status", "金融办"), 2, "多出内容“金融办”", "ledger status --dept 金融办"),
    "部门": (("status", "--dept", "金融"), 1, "没有叫“金融”的部门", "是不是 金融办"),
    "目标": (("show", "新增上市公思"), 1, "找不到目标", "是不是 新增上市公司"),
    "代号": (("show", "lited"), 1, "找不到目标“lited”", "是不是 金融办-01/listed？"),
    "部门当编号": (("show", "金融办"), 1, "金融办 是部门", "ledger status --dept 金融办"),
    "别名当编号": (("plot", "市金融办"), 1, "金融办 是部门", "如 金融办-01"),
    "负数": (("log", "金融办", "listed", "-2家"), 1, "是负数而没有说明", "--note"),
    "没写单位": (("log", "金融办", "loans", "72.5"), 1, "没有写单位", "写成 72.5亿元"),
    "没写全单位": (("log", "金融办", "loans", "72.5亿"), 1, "没有写单位", "写成 72.5亿元"),
    "单位不配": (("log", "金融办", "listed", "2亩"), 1, "“亩”不能换算成“家”", "请按“家”填写"),
    "没写数量": (("log", "金融办", "listed"), 1, "没有写数量", "如 增1家"),
    "两个目标": (("log", "金融办", "贷款", "2%"), 1, "“贷款”可以指 4 个目标", "写全，如 金融办-01/loans"),
    "没有的目标": (("log", "金融办", "龘", "2家"), 1, "找不到目标“龘”", "可选：新增上市公司、"),
    "以后的日子": (
        ("log", "金融办", "listed", "2家", "--on", "2023-07-01"),
        1,
        "还没有到（今天是 2023-06-30）",
        "--on",
    ),
    "只写补报": (("log", "金融办", "listed", "2家", "--late"), 2, "要同时写", "--late --reason"),
    "名次是范围": (("log", "金融办", "quality", "前三"), 1, "是一个范围，不是位次", "如 第3位"),
    "没有参照值": (("log", "金融办", "faster", "5%"), 1, "缺少参照值", "--benchmark 4.8%"),
    "没有的步骤": (("log", "金融办", "opinion", "快了"), 1, "没有步骤“快了”", "写 完成"),
    "改动没有理由": (("amend", "金融办-01/listed", "--goal", "5家"), 2, "要写理由", "会议纪要"),
    "更正没有理由": (("correct", "123456", "3家"), 2, "要写理由", "--reason 录入时多录一位"),
    "评定写错": (("judge", "金融办-01/front", "好"), 2, "“好”不是评定", "写 达到 或 未达到"),
    "没有的文件": (("sheet", "import", "没有.xlsx"), 1, "没有这个文件", "检查文件名"),
    "没有服务器": (("sync",), 3, "没有设置服务器", "git remote add origin"),
    "单位": (("log", "金融办", "listed", "2加"), 1, "“加”不是已知的单位", "这个目标按“家”报"),
    "年份": (("status", "--year", "abc"), 2, "要写整数", "ledger status --help"),
    "没有的年": (("status", "--year", "2020"), 2, "没有 2020 年", "现有年度：2023"),
    "两种读法": (("status", "--as-of", "6/7"), 2, "日期有两种读法：6/7", "2023-06-07 或 2023-07-06"),
    "没有写哪一天": (("status", "--as-of", "2023年6月"), 2, "没有写哪一天", "6月底"),
    "没有的日子": (("status", "--as-of", "2023-06-31"), 2, "6 月只有 30 天", "2023-06-30"),
    "没有的月": (("status", "--as-of", "2023-13-01"), 2, "没有这个月", "ledger help 日期"),
    "不是日期": (("status", "--as-of", "昨天"), 2, "不是日期：昨天", "2023-06-30"),
    "还没有到的日子": (("status", "--as-of", "12月31日"), 2, "日期有两种读法", "2022-12-31 或 2023-12-31"),
    "月份": (("due", "--month", "2023-06-30"), 2, "不是月份：2023-06-30", "写成 --month 2023-06"),
    "没有的月份": (("due", "--month", "2023-13"), 2, "没有这个月", "写成 --month 2023-06 这样"),
    "灯": (("status", "--light", "黄"), 2, "没有“黄”这种灯", "已达标、正常、滞后"),
    "格式": (("check", "--format", "xml"), 2, "xml 不在可选之列：table, json, csv", "ledger check"),
    "报告的名称": (("report", "-o", "a.pdf"), 2, "a.pdf 不是网页文件名", "如 -o 报告.html"),
    "通报的名称": (("bulletin", "-o", "a.pdf"), 2, ".docx 或 .md", "如 -o 6月通报.docx"),
    "没有的文件夹": (("report", "-o", "无/a.html"), 3, "没有这个文件或文件夹", "换一个"),
    "没有的模板": (
        ("bulletin", "-o", "a.docx", "--template", "无.docx"),
        1,
        "没有这个文件或文件夹",
        "ledger bulletin --save-template",
    ),
    "不是模板": (
        ("bulletin", "-o", "a.docx", "--template", "data/ledger.yaml"),
        1,
        "不是 Word 文档",
        "ledger bulletin --save-template",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_what_why_and_what_to_type_next(world: World, name: str) -> None:
    arguments, code, what, step = REFUSED[name]
    done = world(*arguments)
    assert done.code == code, done.err
    assert done.out == ""
    happened, _, following = done.err.partition("下一步：")
    assert happened.startswith("错误：")
    assert what in happened
    assert step in following
    assert not re.search(r"[A-Z][a-z]+ [a-z]+ [a-z]+", done.err), "English prose"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no permission bits")
def test_a_folder_that_may_not_be_written_is_said_in_chinese(world: World, tmp_path: Path) -> None:
    locked = tmp_path / "锁着"
    locked.mkdir()
    locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
    program = "import sys; from ledger.__main__ import main; main(sys.argv[1:])"
    arguments = [program, "--root", str(world.root), "report", "-o", str(locked / "a.html")]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PRIVILEGE, *arguments], capture_output=True, check=False
    )
    if done.returncode == CANNOT_DROP:
        pytest.skip("cannot give up root's privilege here")
    assert "没有权限" in done.stderr.decode()
