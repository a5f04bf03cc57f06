"""What the rules of a draft are called for people; their own names are for programs."""

from __future__ import annotations

RULE_WORDS = {
    "named_figure": "名称在数前", "continued": "承前", "figure_before_noun": "名称在数后", "respectively": "分别", "shared_figure": "各项同数",
    "unmatched": "名称与数对不上", "stretch_tier": "争取值", "named_by_clause": "名称在前一句", "share_of_previous": "前项的比重",
    "verb_of_clause_object": "同一对象", "verb_of_same_object": "同一对象", "size_of_same_object": "同类不同规模",
    "grade_of_same_object": "同类不同等级", "total_of_same_object": "同一对象的总数",
    "other_year": "其他年度", "plan_by_period": "分期", "tier": "保底与争取", "rank": "位次",
    "rise": "位次提升", "cover": "全覆盖", "zero": "零事故、零突破", "streak": "连续", "compare": "与参照值比", "judgement": "定性",
    "vague": "约略的说法", "negation": "不发生", "clearance": "清零", "step_done": "办成", "step_due": "按期办成",
    "document_or_founding": "出台、建立", "task_finished": "完成任务", "brought_about": "推动办成", "something_built": "建设",
    "milestone": "节点", "review": "人工", "split": "人工拆分",
}  # fmt: skip


def rule_words(rule: str) -> str:
    """Return what a rule is called for people."""
    return RULE_WORDS.get(rule, "其他")
