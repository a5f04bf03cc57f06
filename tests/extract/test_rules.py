"""Each construction that plans hold, by its smallest paragraph: what it says, how it is typed, and by which rule."""

from __future__ import annotations

import pytest

from ledger.extract import TargetDraft, as_json, draft

# paragraph → 名称 | kind | op value[~value2] unit, one per target, "; " between
CASES = [
    # size qualifiers inside nouns
    ("新引进3亿元以上项目300个", "新引进3亿元以上项目 | accumulate | reach 300 个"),
    ("引进固投3亿元以上项目20个、10亿元以上4个", "引进固投3亿元以上项目 | accumulate | reach 20 个; 10亿元以上项目 | accumulate | reach 4 个"),
    ("投产110千伏及以上变电站9座", "投产110千伏及以上变电站 | accumulate | reach 9 座"),
    ("培育年营收超亿元企业15家", "培育年营收超亿元企业 | accumulate | reach 15 家"),
    ("60岁以上老年人免费乘车实现全覆盖", "60岁以上老年人免费乘车 | level | reach 100 %"),
    # parallel lists
    (
        "新开工、竣工重点项目分别达到160个、110个",
        "新开工重点项目 | accumulate | reach 160 个; 竣工重点项目 | accumulate | reach 110 个",
    ),
    ("新增后备企业和股份公司20家、100家", "新增后备企业 | accumulate | reach 20 家; 新增股份公司 | accumulate | reach 100 家"),
    ("订单收购早稻、晚稻各6万吨", "订单收购早稻 | accumulate | reach 6 万吨; 晚稻 | accumulate | reach 6 万吨"),
    (
        "火灾起数、伤亡人数分别下降5%以上",
        "火灾起数 | change | at_least 5 %; 伤亡人数 | change | at_least 5 %",
    ),
    ("新开工水厂4座、完工6座", "新开工水厂 | accumulate | reach 4 座; 完工水厂 | accumulate | reach 6 座"),
    ("打造1个国家级、2个省级示范基地", "打造国家级示范基地 | accumulate | reach 1 个; 打造省级示范基地 | accumulate | reach 2 个"),
    # shared bounds
    ("甲费用、乙费用增幅均≤5%", "甲费用 | level | at_most 5 %; 乙费用增幅 | level | at_most 5 %"),
    ("甲物减排量和乙物减排量分别不低于1200吨、800吨", "甲物减排量 | accumulate | at_least 1200 吨; 乙物减排量 | accumulate | at_least 800 吨"),
    ("甲收入、乙收入分别增长15%、18%以上", "甲收入 | change | at_least 15 %; 乙收入 | change | at_least 18 %"),
    (
        "列入项目30个以上，获批案例3个以上，均居全省前三",
        (
            "列入项目 | accumulate | at_least 30 个; 获批案例 | accumulate | at_least 3 个; "
            "列入项目 | rank | reach 3 位; 获批案例 | rank | reach 3 位"
        ),
    ),
    # tiers and stretch goals
    ("新增上市公司“保6争8”", "新增上市公司 | accumulate | reach 6~8 家"),
    ("贷款增速全省“保三争二拼第一”", "贷款增速 | rank | reach 3~2 位"),
    ("实际使用外资保8亿美元、争10亿美元", "实际使用外资 | accumulate | reach 8~10 亿美元"),
    ("规上工业增加值增长7%以上、力争8%", "规上工业增加值 | change | at_least 7~8 %"),
    ("团体总分确保进入全省前六、力争前四", "团体总分 | rank | reach 6~4 位"),
    # ranges and number forms
    ("新增上市企业3至5家", "新增上市企业 | accumulate | between 3~5 家"),
    ("完成投资15-20亿元", "完成投资 | accumulate | between 15~20 亿元"),
    ("背街小巷整治两千余条", "背街小巷整治 | accumulate | more_than 2000 条"),
    ("新建充电桩１，２００个", "新建充电桩 | accumulate | reach 1200 个"),
    ("指标达标率达八成以上", "指标达标率 | level | at_least 8 成"),
    ("民生支出占比保持在三分之二以上", "民生支出占比 | level | at_least 2/3"),
    ("申诉率低于百万分之三", "申诉率 | level | less_than 3/1000000"),
    ("孕产妇死亡率控制在8/10万以下", "孕产妇死亡率 | level | at_most 8 /10万"),
    ("销售农产品亿元以上", "销售农产品 | accumulate | at_least 1 亿元"),
    ("工业总产值突破千亿元大关", "工业总产值 | accumulate | more_than 1000 亿元"),
    ("最低保障年标准提高到1.3万以上", "最低保障年标准 | level | at_least 1.3 万"),
    # measures and units that tables do not know
    ("更换损坏阀门350具，完好率98%", "更换损坏阀门 | accumulate | reach 350 具; 完好率 | level | reach 98 %"),
    ("贷款利率下降20个基点", "贷款利率 | change | reach 20 基点"),
    ("烟尘浓度降至30微克每立方米", "烟尘浓度 | level | at_most 30 微克每立方米"),
    ("信息化水平平均达到4.2级", "信息化水平 | level | reach 4.2 级"),
    ("甲起数、乙损失分别下降5个和8个百分点", "甲起数 | change | reach 5 百分点; 乙损失 | change | reach 8 百分点"),
    ("甲综合指数3.62", "甲综合指数 | level | reach 3.62"),
    # two figures without a comma between
    ("改建道路15条共28公里", "改建道路 | accumulate | reach 15 条; 改建道路 | accumulate | reach 28 公里"),
    ("发放补贴1.5亿元惠及企业1.2万家", "发放补贴 | accumulate | reach 1.5 亿元; 惠及企业 | accumulate | reach 1.2 万家"),
    ("报销限额提高1000元至5000元", "报销限额 | change | reach 1000 元; 报销限额 | level | reach 5000 元"),
    ("利润增长3%至5%", "利润 | change | between 3~5 %"),
    # 分别: every figure to its own name, or to none
    ("甲、乙办理时长分别压缩至2个、3个工作日内", "甲办理时长 | level | at_most 2 个工作日; 乙办理时长 | level | at_most 3 个工作日"),
    ("甲、乙办理时长分别压缩至2个工作日和3个工作日", "甲办理时长 | level | at_most 2 个工作日; 乙办理时长 | level | at_most 3 个工作日"),
    ("甲、乙用时分别降至2小时以内和3小时以内", "甲 | level | at_most 2 小时; 乙用时 | level | at_most 3 小时"),
    ("甲、乙、丙覆盖率分别达到90%、95%", "甲、乙、丙覆盖率 | unknown | reach 90 %; 甲、乙、丙覆盖率 | unknown | reach 95 %"),
    ("甲、乙分别达到100家、50家、20家", "甲、乙 | unknown | reach 100 家; 甲、乙 | unknown | reach 50 家; 甲、乙 | unknown | reach 20 家"),
    ("甲、乙分别达到90%、前三", "甲、乙 | unknown | reach 90 %; 甲、乙 | unknown | reach 3 位"),
    ("甲和乙、丙分别下降5%、6%", "甲和乙 | change | reach 5 %; 丙 | change | reach 6 %"),
    ("传染病报告及时率、准确率均达100%", "传染病报告及时率 | level | reach 100 %; 准确率 | level | reach 100 %"),
    # states, works and counts
    ("共享车投放总量控制在6万辆", "共享车投放总量 | level | at_most 6 万辆"),
    ("和美乡村覆盖率50%", "和美乡村覆盖率 | level | reach 50 %"),
    ("作物面积在27万亩以上", "作物面积 | level | at_least 27 万亩"),
    ("上云企业累计突破1万家", "上云企业 | level | more_than 1 万家"),
    ("提升12所学校食堂", "提升学校食堂 | accumulate | reach 12 所"),
    ("完成环境改善4000户", "完成环境改善 | accumulate | reach 4000 户"),
    ("立案较上年多30起", "立案 | change | reach 30 起"),
    ("制定国家标准6项、地方标准22项", "制定国家标准 | accumulate | reach 6 项; 地方标准 | accumulate | reach 22 项"),
    ("预留份额不低于预算总额的40%", "预留份额 | level | at_least 40 %"),
    ("配备率、联网率、达标率三个100%", "配备率 | level | reach 100 %; 联网率 | level | reach 100 %; 达标率 | level | reach 100 %"),
    ("“甲改乙”“丙改丁”分别完成1.2万户、0.8万户", "“甲改乙” | accumulate | reach 1.2 万户; “丙改丁” | accumulate | reach 0.8 万户"),
    ("完成1000万以上农村人口脱贫任务", "完成农村人口脱贫任务 | accumulate | at_least 1000 万"),
    ("实施甲公园、乙公园等190个绿化项目", "实施甲公园、乙公园等绿化项目 | accumulate | reach 190 个"),
    ("力争4家企业进入全国前30强", "企业进入全国前30强 | accumulate | reach 4 家"),
    ("甲投资、乙投资占比分别达49%、60%", "甲投资占比 | level | reach 49 %; 乙投资占比 | level | reach 60 %"),
    ("三年内认定众创空间60家", "三年内认定众创空间 | accumulate | reach 60 家"),
    # growth, decline, percentage points
    ("收储稻谷2.8万吨，同比增加12%", "收储稻谷 | accumulate | reach 2.8 万吨; 收储稻谷 | change | reach 12 %"),
    ("投诉同比下降15%", "投诉 | change | reach 15 %"),
    ("近视率同比下降一个百分点", "近视率 | change | reach 1 百分点"),
    ("投诉量减少三成", "投诉量 | change | reach 3 成"),
    ("进出口同比+15%", "进出口 | change | reach 15 %"),
    ("处理率由85%提高到90%以上", "处理率 | level | at_least 90 %"),
    ("漏损率降至8.5%以下", "漏损率 | level | at_most 8.5 %"),
    # ranks
    ("绿色贷款占比保持全省第一", "绿色贷款占比 | rank | reach 1 位"),
    ("满意度排名前移3位", "满意度排名 | rank | reach 3 位"),
    # of-which and alternatives
    ("招引项目15个以上（其中光电项目8个）", "招引项目 | accumulate | at_least 15 个; 光电项目 | accumulate | reach 8 个"),
    ("中心入驻率达70%以上（或引进项目不少于20个）", "中心入驻率 | level | at_least 70 %; 引进项目 | accumulate | at_least 20 个"),
    # what the figure counts stands behind it
    ("解决10.7万人农村饮水安全问题", "解决农村饮水安全问题 | accumulate | reach 10.7 万人"),
    ("年内完成6个小区征迁、17个小区改造", "完成小区征迁 | accumulate | reach 6 个; 完成小区改造 | accumulate | reach 17 个"),
    # levels and per-head lists
    ("年末总资产达到380亿元", "总资产 | level | reach 380 亿元"),
    ("每千人口床位数达到7.5张，医师3.5名", "每千人口床位数 | level | reach 7.5 张; 医师 | level | reach 3.5 名"),
    ("浓度控制在28微克/立方米以下", "浓度 | level | at_most 28 微克/立方米"),
]  # fmt: skip


def _line(target: TargetDraft) -> str:
    figure = f"{target.value}~{target.value2}" if target.value2 else f"{target.value}"
    return f"{target.name} | {target.kind} | {target.op} {figure} {target.unit}".strip()


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:16] for text, _ in CASES])
def test_figures(text: str, expected: str) -> None:
    assert [_line(t) for t in draft(text).targets] == expected.split("; ")


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("高技术产业利用外资占比高于全省平均", "高技术产业利用外资占比", "compare"),
        ("绿色贷款增速快于全部贷款增速", "绿色贷款增速", "compare"),
        ("考核实现“六连优”", "考核六连优", "milestone"),
        ("实现国字号平台“零突破”", "国字号平台零突破", "milestone"),
        ("绕城高速年底前建成通车", "绕城高速年底前建成通车", "milestone"),
        ("制定出台全市评价办法", "制定出台全市评价办法", "milestone"),
        ("不发生重大以上森林火灾", "不发生重大以上森林火灾", "milestone"),
        ("欠薪案件动态清零", "欠薪案件动态清零", "milestone"),
        ("协作工作继续走在全省前列", "协作工作走在全省前列", "judgement"),
        ("高新技术企业数量翻一番", "高新技术企业数量", "unknown"),
    ],
)
def test_without_a_figure(text: str, name: str, kind: str) -> None:
    (target,) = draft(text).targets
    assert (target.name, target.kind, target.value, target.op, target.unit) == (name, kind, None, None, None)


@pytest.mark.parametrize(
    ("text", "numeral", "reason"),
    [
        ("2023年完成投资5亿元", "2023年", "年份"),
        ("6月底前开工建设", "6", "日期"),
        ("落实“十四五”规划", "十四五", "名称中的数字"),
        ("丰富“1+10”产业体系", "1", "名称中的数字"),
        ("实施《三年行动计划（2023-2025年）》", "三", "文件名称中的数字"),
        ("PM2.5浓度下降3%", "2.5", "名称中的数字"),
        ("新引进3亿元以上项目300个", "3亿元以上", "规模限定"),
        ("60岁以上老人体检率达到80%", "60岁以上", "年龄限定"),
        ("打造15分钟生活圈30个", "15分钟", "时间限定"),
        ("打造1小时和2小时交通圈", "2小时", "时间限定"),
        ("推进70项重点续建项目", "70项", "工作对象数"),
        ("每万人拥有社工数量保持全省第一", "万人", "指标口径"),
        ("加强八大新兴产业链招引", "八", "惯用语或固定名称"),
        ("切实做好第5次经济普查工作", "5次", "序数"),
        ("建设产业园，总投资11.3亿元，172亩", "11.3亿元", "项目概况"),
        ("覆盖率达到90%（上年为85%）", "85%", "基期数"),
        ("2022年完成30个，2023年新建60个", "30个", "往年数"),
        ("培育百亿级园区", "百亿级", "规模档次"),
    ],
)
def test_what_is_no_target_says_why(text: str, numeral: str, reason: str) -> None:
    assert (numeral, reason) in [(c.quote, c.reason) for c in draft(text).context]


def test_a_figure_that_nothing_types_is_unknown_and_keeps_its_quote() -> None:
    (target,) = draft("新建充电桩3000").targets
    assert (target.kind, target.value, target.quote) == ("unknown", "3000", "新建充电桩3000")


def test_the_title_adds_only_what_the_text_does_not_hold() -> None:
    result = draft("全面开工，完成投资5亿元", title="环湖高速全面开工，完成投资5亿元，获得额度22亿元")
    assert [(t.name, t.value, t.in_title) for t in result.targets] == [
        ("环湖高速全面开工", None, False),
        ("完成投资", "5", False),
        ("获得额度", "22", True),
    ]
    assert ("5亿元", "与正文目标同一数字") in [(c.quote, c.reason) for c in result.context]


def test_line_breaks_of_the_page_are_no_part_of_the_words_but_of_the_quote() -> None:
    (target,) = draft("全年新增农村\n供水管网12\n公里").targets
    assert (target.value, target.unit, target.name) == ("12", "公里", "新增农村供水管网")
    assert target.quote == "新增农村\n供水管网12\n公里"


def test_relations_and_hedges() -> None:
    targets = draft("力争招引项目15个（其中光电项目8个），入驻率达70%或引进团队20个").targets
    assert [t.part_of for t in targets] == [None, 0, None, None]
    assert [t.any_of for t in targets] == [None, None, 1, 1]
    assert targets[0].hedge == "力争"


def test_json_holds_the_contract_and_nothing_else() -> None:
    assert as_json(draft("力争新增上市公司“保6争8”")) == [
        {
            "quote": "新增上市公司“保6争8”",
            "name": "新增上市公司",
            "kind": "accumulate",
            "op": "reach",
            "value": "6",
            "value2": "8",
            "unit": "家",
            "hedge": "力争",
            "rule": "tier",
            "due": None,
            "plan": [],
            "baseline": None,
            "owners": [],
        }
    ]


def test_empty_text_has_nothing() -> None:
    assert draft("") == draft(" \n") == draft("。")
    assert draft("").targets == draft("").context == ()


def test_a_third_tier_is_kept() -> None:
    (target,) = draft("固定资产投资保200亿元、争220亿元、冲250亿元").targets
    assert (target.value, target.value2, target.stretch) == ("200", "220", ("220", "250"))


def test_every_rule_has_a_name_for_people() -> None:
    from ledger.extract.rule_words import RULE_WORDS

    from .labels import half, plan

    paragraphs = [
        paragraph for name in ("dev", "held", "cities-dev", "cities-held") for paragraph in half(name)
    ] + plan()
    rules = {
        target.rule for paragraph in paragraphs for target in draft(paragraph.text, paragraph.title).targets
    }
    assert rules <= set(RULE_WORDS)
