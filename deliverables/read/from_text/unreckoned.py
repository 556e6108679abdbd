"""Terms that are stated and never reckoned: bonds, tariffs, times to respond, and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from deliverables.read.from_text.found import Beyond, Document, Finding

TOPICS: Final = {
    "履约担保": r"履约保证金|履约保函|履约担保",
    "质量保证金": r"质量保证金|质保金",
    "联合体": r"联合体",
    "违约金标准": r"(?<![向给])乙方[^。;]{0,40}(?:支付违约金|扣减|扣除)[^。;]{0,14}(?:\d|‰|%)"
    r"|每(?:低|发生一次|超过)[^。;]{0,24}扣减",
    "考核与扣款": r"考核[^。]{0,8}(?:得分|结果|评分)",
    "响应、恢复时限": r"\d+(?:分钟|小时|个小时)(?:以?内)[^。;]{0,4}(?:响应|恢复|到达)",
    "计划维护不计入": r"(?:计划|检修|维护)[^。]{0,40}不计入",
    "续期": r"(?<!持)续期|续签|继续提供服务",
    "解除条件": r"(?:连续|累计)[^。;]{0,20}有权解除",
}
"""What contracts state and contract.yaml cannot, and the words in which they do."""


def unreckoned(document: Document) -> Iterator[Finding]:
    """Find the clauses by their topic; each is told once."""
    told = set()
    for topic, pattern in TOPICS.items():
        for sentence in document.sentences:
            if sentence.words != sentence.article.title and re.search(pattern, sentence.words):
                passage = document.passage(sentence.start, sentence.end)
                if (topic, passage.article) not in told:
                    told.add((topic, passage.article))
                    yield Beyond(topic, passage)
