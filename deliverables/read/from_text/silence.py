"""What a text does not speak of: shown as 未约定, for a person to confirm, and never a fact.

That no word is found proves nothing: the line may have been lost on the way to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from deliverables.model.fields import SILENT
from deliverables.read.from_text.found import Finding, Gap, SourceText
from deliverables.values.problem import say

_WORDS: Final = {
    "client.postcode": r"邮政?编码?",
    "contractor.postcode": r"邮政?编码?",
    "service.catalogue": r"附件|清单|明细",
    "service_levels.durability": r"可靠性|持久性|耐久性|丢失",
    "service_levels.measurement": r"不计入|统计口径|统计方法|除外责任",
    "service_levels.incident_grading": r"分级|(?:级|重大|一般)[^,。;]{0,6}(?:事[件故]|故障)",
    "invoicing.rate": r"税率|征收率|免税|免征",
    "invoicing.before_payment": r"发票|票据",
    "acceptance.materials": r"验收(?:材料|资料|文件)",
    "acceptance.interim_procedure": r"(?:中期|阶段|年度|半年度?)[^,。;]{0,4}(?:验收|评审|考核)",
    "notices.key_staff.article": r"(?:更换|调整|调换)[^。;]{0,20}(?:人员|负责人|经理|工程师)"
    r"|(?:人员|负责人|经理|工程师)[^。;]{0,20}(?:更换|调整|调换)",
    "notices.exit.article": r"退出|提前(?:终止|解除)|终止服务|不能继续",
    "notices.force_majeure.article": r"不可抗力",
    "confidentiality.quoted_scope_limit": r"披露|知悉[^。;]{0,12}人员|知悉范围",
    "cessation.switch_over": r"移交|切换|迁移|交接|交还",
}
"""Words of which a text that speaks of a thing has one, by the field that is 未约定 without."""

_NAMED: Final = re.compile(r"(?P<name>.+?)(?:采购)?(?:项目)?$")


def silence(document: SourceText) -> Iterator[Finding]:
    """Show what no word of the text speaks of, and what the service may be called."""
    for path, words in _WORDS.items():
        if path not in document.known and not re.search(words, document.text.text):
            yield Gap(path, SILENT, None, say("no word of the text speaks of it"))
    title = _NAMED.match(document.known.get("identity.title", ""))
    if title:
        yield Gap("service.name", title["name"], None, say("it is what the title says"))
    for path, value in document.known.items():
        sealed = path.replace(".name", ".sealed")
        if path.startswith("reports[") and path.endswith(".name") and value:
            asked = [one for one in document.sentences if value in one.words and "章" in one.words]
            if sealed not in document.known and not asked:
                yield Gap(sealed, SILENT, None, say("no seal is asked for beside its name"))
