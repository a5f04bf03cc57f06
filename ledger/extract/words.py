"""Closed-class words of plan Chinese: verbs, bounds, hedges, times, benchmarks. Indicators and places are not listed."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.core.quantity import words


def alternation(words: Iterable[str]) -> str:
    """Return a regex group body that prefers longer words."""
    return "|".join(sorted(words, key=lambda w: (-len(w), w)))


def split_words(text: str) -> frozenset[str]:
    """Return the words of a blank-separated list."""
    return frozenset(text.split())


HEDGES = split_words("全力争取 力争 争取 努力 力求 积极 争当 争创 有望 奋力")

# What a year's plan says of time; stripped from names.
_PERIOD = split_words(
    "今年 本年度 本年 当年 全年 全年度 年内 年度内 年末 年底 年底前 年终 期末 上半年 下半年 一季度 二季度 三季度 四季度 汛期 主汛期 "
    "第一季度 第二季度 第三季度 第四季度 第1季度 第2季度 第3季度 第4季度 汛前 节前"
)
_MONTH = r"\d{1,2}月(?:底|末|份|中旬|上旬|下旬|\d{1,2}日)?(?:之?前)?"
TIME = rf"(?:(?:到|至|截至|截止|力争到|在)?(?:20\d\d年(?:度)?|{alternation(_PERIOD)}|{_MONTH})(?:底前|底|末|内|前|以前|之前)?)"
SCOPE = split_words("全市 我市 全区 全县 全省 市本级 全域 全系统 全辖 全集团 集团 本市")

# Verbs of doing: what they count adds up over the year.
COUNT_VERBS = split_words(
    "节约 节省 新增 新建 新设 新设立 新开工 新引进 新招引 新认定 新认证 新组建 新成立 新培育 新签约 新开通 新辟 新开 新改建 新创建 新投产 "
    "新投放 新发展 新入库 新获批 新获 新命名 新布局 新打造 新启用 新落地 新注册 新改扩建 新购 新登记 新种 新上 新立 新引育 净增 净增加 "
    "引进 招引 引育 引聚 集聚 聚引 聚集 吸引 培育 培养 培训 孵化 建成 建设 修建 兴建 续建 打造 创建 创成 创办 改造 改造提升 提升改造 "
    "改建 扩建 改扩建 新扩建 翻新 完成 实施 开展 举办 承办 组织 组织开展 组织举办 推广 发放 发布 制定 修订 修订完善 编制 争取 争取到 "
    "获批 获得 获评 获 入选 认定 授权 安装 加装 投放 投用 更新 更新改造 更换 淘汰 整治 清理 清理整治 排查 排查整治 检查 查处 查获 "
    "截获 查补 抽检 检测 检验 监测 办理 办结 受理 审结 执结 调解 化解 服务 惠及 覆盖 走访 对接 走访对接 撰写 录用 征集 收储 收购 "
    "处置 盘活 消化 供应 提供 筹集 筹措 募集 筹建 落实 落地 签约 签订 达成 竣工 开工 交付 投产 投运 开通 销售 建立 设立 组建 成立 "
    "挂牌 引入 导入 撬动 吸纳 投入 投资 安置 帮扶 救助 资助 补贴 解决 治理 修复 种植 栽植 疏浚 清淤 拆除 腾退 关停 筛查 体检 "
    "接种 输送 选派 选树 评选 评定 命名 推出 推选 梳理 归集 开放 共享 汇聚 发展 接待 吸收 追回 挽回 储备 轮换 组织收入 归还 偿还 "
    "兑付 减免 退税 释放 出让 出动 开出 立案 侦破 破获 打掉 抓获 出具 签发 提交 报送 刊发 举行 召开 派出 送 送戏 购置 配备 配置 "
    "配套 布设 架设 铺设 敷设 养护 维修 提质改造 除险加固 加固 补建 新补建 迁建 整合 提升 创优 创 建 增设 增开 增加 扩增 增殖放流 "
    "复垦 垦造 绿化 造林 抚育 回收 利用 处理 替代 转化 推介 上市 融资 授信 投保 参保 登记 注册 申报 立项 招聘 招录 招收 录取 招募 "
    "转移 转产 搬迁 征收 征迁 征拆 安排 下达 拨付 支付 上缴 实到 到位 储存 承接 对口帮扶 结对 走进 开设 开办 开行 运营 运送 打通 贯通 "
    "新打通 整改 整改销号 压降 建档 签署 应用 上线 上架 运用 入驻 入库 入统 升规 上规 上云 改制 股改 归集整合 组织实施 重点实施 "
    "重点推进 攻坚 谋划 储备谋划 新谋划 对外发布 参与 参与制定 主导 牵头 牵头制定 联合 落户 建构 构建 布局 建设改造 新建改造 打好 "
    "维护 巡查 执法 监督检查 组织培训 集中 选聘 选育 选拔 推荐 争创 创评 评估 审核 审查 审计 宣传 宣讲 推送 惠企 举报 回访"
)
# Verbs that also name a step done at a stroke; a clause with one and no figure is a milestone.
DONE_END = split_words(
    "开工 开工建设 竣工 竣工投用 竣工投产 竣工验收 完工 投用 投产 投运 投入使用 投入运营 投入运行 通车 通航 通水 通气 贯通 封顶 结顶 "
    "主体封顶 开园 开馆 开学 开业 开街 启用 启动 运营 运行 试运营 初期运营 交付 交付使用 交验 验收 立项 报批 批复 可研批复 获批 落地 "
    "挂牌 揭牌 清零 上线 上市 完成 建成 建成投用 建成投产 建成运营 建成启用 全覆盖 达标 达产 摘牌 销号 出清 归零 施工 合龙 试运行 "
    "封关运作 封关 并网 供地 出让 进场施工 进场 动工 动工建设 消除 建设 编制 突破 通过 审批 移交 转固 取证 命名 结题 结算 完赛"
)
DONE_START = split_words(
    "出台 制定出台 印发 发布 编制 编制完成 制定 建成 建立 启动 创建 创成 争创 成功创建 全力创建 积极创建 获评 获得 获批 列入 纳入 召开 "
    "举办 办好 成立 组建 完成 全面完成 基本完成 通过 开通 上线 设立 揭牌 承办 打造 建设 实现 取得 消除 全面消除 基本消除 申报 成功申报 "
    "积极申报 争取 力争 高质量完成 超额完成 全面超额完成 首次 率先 落地 推动 推进 开工 新开工 修订 举行 实施"
)
# Rather strict: a clause that begins so is talk of effort, whatever verb follows.
TALK = split_words(
    "深化 深入 坚持 围绕 聚焦 加强 强化 健全 完善 优化 做强 做大 做优 做精 扎实 持续 积极推进 大力推进 统筹 落实 践行 贯彻 发挥 突出 "
    "加大 严格 严厉 加速推进 稳妥 有序 探索 研究 支持 鼓励 引导 助力 促进 服务 构建 进一步 不断 提高 提升 巩固 严守 牢固"
)

# The bounds are the quantity parser's; in running prose some of its words are parts of others (通过, 3月起).
# In front of a number of things: what the work is about, not what it brings.
SERVED = split_words("为 对 向 给")  # in front of those whom a service is promised
RESULTS = split_words(
    "转型 上云 技改 改造 入规 升规 升级 建档 参保 就业 创业 增收 脱贫 认证 贯标 入库 落户 接入 达效 上市 挂牌 入园 入驻 复工"
)
EFFORT = split_words(
    "推动 推进 加速 加快 支持 抓好 聚焦 围绕 依托 针对 对 为 向 在 把 将 由 按照 根据 以 用好 做好 统筹 谋划推进 协调 联合 涉及 "
    "构建 深化 紧盯 锚定 落实 坚持 健全 组织 发挥 从 经 指导 督促 助力 高标准 瞄准 扎实推进 加快推进 全力推进 重点推进 每 个 位列 "
    "及其 等 全部 全体 共有 现有 原有 剩余 其余"
)
BOUND_BEFORE: dict[str, str] = {
    w: op.value for w, op in words.BEFORE.items() if w not in {"过", "最低", "最高"}
}
BOUND_BEFORE["+"] = "reach"  # 同比+15%
BOUND_AFTER: dict[str, str] = {w: op.value for w, op in words.BEHIND.items() if w not in {"起", "前后"}}
BOUND_AFTER |= {w.replace("(", "（").replace(")", "）"): op for w, op in BOUND_AFTER.items()}

# Predicates in front of a figure: they are no part of a name, and they decide the kind.
LEVEL_VERBS = split_words(
    "达到 达 达成 提高到 提升到 提升至 提高至 上升到 上升至 增加到 增加至 增至 增长到 增长至 扩大到 扩大至 拓展到 拓展至 扩展到 扩展至 扩面至 扩面到 "
    "缩至 缩到 降到 降至 降低到 降低至 下降到 下降至 压缩到 压缩至 压减到 压减至 压降到 压降至 缩短到 缩短至 减少到 减少至 减至 缩减至 延长至 延长到 "
    "控制在 稳定在 保持在 维持在 保持 稳定 稳定保持在 持续保持在 持续保持 稳定达到 累计达到 累计达 总数达到 总数达 总量达到 总量达 位于 处于 "
    "为 是 不变 调整到 调整至 提标到 提标至 升至 升到 跨上 迈上 站上 登上 迈过 跨过 "
    "超过到 恢复到 恢复至 累计完成至 完成至 推进至 推进到 压至 优化至 优化到 严控在 "
    "回升到 回升至 上浮到 上浮至 缩小到 缩小至 收窄到 收窄至 回落到 回落至 下调到 下调至 上调到 上调至 提速至 增加为 调低到 调高到 "
    "控制到 控制至 控制 降低为 下降为 降为 压缩为 压减为 缩短为 减少为 减为 减到 压到 精简到 精简至 精简为 缩减到 下浮到 下浮至 削减到 削减至 "
    "收窄为 提升为 提高为 增为 扩大为 减亏至 减亏到 下滑至 下滑到 稳控在"
)
# Those of them by which a figure falls or is kept down: what is named behind them is a ceiling.
CEILING_VERBS = split_words(
    "缩至 缩到 "
    "降到 降至 降为 降低到 降低至 降低为 下降到 下降至 下降为 压缩到 压缩至 压缩为 压减到 压减至 压减为 压降到 压降至 压到 压至 缩短到 缩短至 "
    "缩短为 减少到 减少至 减少为 减至 减到 减为 缩减至 缩减到 缩小到 缩小至 收窄到 收窄至 收窄为 回落到 回落至 下调到 下调至 调低到 控制在 "
    "控制到 控制至 控制 严控在 稳控在 精简到 精简至 精简为 下浮到 下浮至 削减到 削减至 下滑至 下滑到"
)
RISE_VERBS = split_words(
    "增长 同比增长 比上年增长 较上年增长 年均增长 年增长 增 同比增 增加 同比增加 提高 同比提高 提升 同比提升 上升 同比上升 上涨 同比上涨 "
    "递增 扩大 攀升 增收 增效 延长 改善 同比改善 回升 上浮 较上年多 比上年多 较去年多 比去年多 同比多 多增"
)
FALL_VERBS = split_words(
    "下降 同比下降 降低 同比降低 减少 同比减少 压减 同比压减 压降 同比压降 压缩 同比压缩 缩短 同比缩短 削减 下调 降 同比降 降价 减 缩减 下滑 "
    "负增长 回落 收窄 节约 节省 控减 调减 精减 精简 再降 减量 较上年少 比上年少 较去年少 比去年少 同比少"
)
COMPARE_VERBS = split_words(
    "高于 快于 优于 好于 低于 少于 慢于 不低于 不高于 不慢于 不少于 超过 高出 好过 领先于 不差于 小于 大于 跑赢"
)
BENCHMARKS = split_words(
    "平均 均值 省均 全国均 市均 同期 增速 增幅 水平 上年 去年 预期 基准 标准 目标值 要求 居民 收入 考核值 任务 涨幅 整体 贷款 投资"
)

# Heads whose reading is a state, not a flow.
STOCK_HEADS = split_words(
    "余额 总量 总数 总资产 资产总额 净资产 总资产规模 保有量 存栏 存栏量 规模 人数 参保人数 覆盖面 拥有量 拥有率 数量 储备 储备规模 浓度 指数 里程 "
    "播种面积 种植面积 蓄积量 保有率 密度 强度 时间 时长 周期 标准 均值 年限 寿命 得分 "
    "评分 分值 满意度 能力 装机容量 容量 户数 床位数 托位数 医师数 护士数 "
    "学位数 面积率 评价 水平 保有规模 在管规模 管理规模 库容 结存 总规模 总人数 总户数 总床位 期末数 在校生 常住人口 人口 存款 贷款余额"
)
FLOW_HEADS = split_words(
    "产值 总产值 收入 营收 销售额 交易额 成交额 零售额 投资 投资额 税收 税费 利润 利税 吞吐量 产量 增加值 进出口 出口 进口 "
    "出口额 进口额 业务量 "
    "融资 客流量 发电量 用电量 募捐 补贴 资金 外资 支出 销量 总值 客运量 货运量 服务量 接待量 供应量 成交量 减排量 交易量 "
    "销售收入 营业收入 总收入 "
    "生产总值 订单 数量新增 授信 发放额 贷款投放 投放 债券 额度 进出口总额 零售总额 "
    "GDP 地区生产总值 出栏 出栏量 融资总额 服务总额 成交总额 税收总额 利润总额 产业规模 集群规模 工业规模"
)
RATIO_HEADS = split_words(
    "率 比例 比重 占比 份额 覆盖面 程度 普及度 贡献度 密度 集中度 满意度 水平 负担 系数 指数 浓度 标准 价格 成本 时间 周期"
)

# Measure words that a bare number takes from the noun it counts.
MEASURES: dict[str, str] = {
    "公司": "家", "企业": "家", "机构": "家", "银行": "家", "医院": "家", "单位": "家", "学校": "所", "幼儿园": "所", "项目": "个",
    "金牌": "枚", "奖牌": "枚", "金牌数": "枚", "奖牌数": "枚", "人才": "人", "园区": "个", "平台": "个", "基地": "个", "村": "个",
    "社区": "个", "品牌": "个", "专利": "件", "商标": "件", "标准": "项", "奖项": "项",
}  # fmt: skip
