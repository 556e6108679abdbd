"""A sentence that turns, limits or gives away what it says makes a gap or nothing, never a fact."""

from __future__ import annotations

import pytest
from contract_texts import read_lines

RATE, CAP = "payment.late.daily_rate", "payment.late.cap_ratio"
ACCEPTED, REWORK = "acceptance.period", "acceptance.rework"
STAFF, EXIT, FORCE = (f"notices.{one}.period" for one in ("key_staff", "exit", "force_majeure"))
SECRET, SWITCH, TERM = "confidentiality.period", "cessation.switch_over", "service.term_months"
TAX, BEFORE, KIND = "invoicing.rate", "invoicing.before_payment", "invoicing.type"
LEVEL, TARGET = "service_levels.availability", "service_levels.targets[1].level"
TWELVE = "服务期限为12个月，自合同签订之日起算。"

TURNED = [
    (RATE, "甲方逾期付款的，每逾期一日按逾期金额的0.05%支付违约金，但乙方同意豁免首月。"),
    (RATE, "甲方逾期付款的，自收到乙方催告后，每逾期一日按逾期金额的0.05%支付违约金。"),
    (RATE, "甲方逾期付款的，每逾期一日按银行同期存款利率0.35%的标准计付。"),
    (RATE, "甲方逾期付款的，每逾期一日按逾期金额的年利率0.365%支付违约金。"),
    (RATE, "甲方逾期付款的，每逾期一日按逾期金额的3.65%支付违约金。"),
    (RATE, "甲方逾期付款的，每逾期一日应支付0.05%的违约金，但每月最多计收15日。"),
    (RATE, "甲方逾期付款的，不适用每逾期一日按0.05%计收违约金的约定。"),
    (RATE, "甲方逾期付款的，给予15日宽限，其后每逾期一日按逾期金额的0.05%支付违约金。"),
    (RATE, "甲方逾期付款的，除财政原因外，每逾期一日按逾期金额的0.05%支付违约金。"),
    (CAP, "甲方逾期付款的，每逾期一日支付0.05%，累计不超过合同总价的5%与5千元的较低者。"),
    (ACCEPTED, "甲方应在收到申请后10个工作日内决定是否组织验收。"),
    (ACCEPTED, "甲方无须在收到申请后10个工作日内组织验收。"),
    (ACCEPTED, "甲方应在收到申请后10个工作日内组织验收，重大项目可延长至20个工作日。"),
    (ACCEPTED, "甲方应在收到申请后10个工作日内组织验收。最终验收应在收到申请后三十日内进行。"),
    (ACCEPTED, "监理方应在收到申请后10个工作日内组织验收。"),
    (REWORK, "验收不合格的，甲方应在5日内通知乙方重新申请验收。"),
    (REWORK, "验收不合格的，甲方在10日内不得要求乙方整改。"),
    (REWORK, "阶段验收未通过的，乙方应在3日内整改。"),
    (STAFF, "甲方要求乙方更换项目经理的，应提前30日书面通知乙方。"),
    (STAFF, "乙方更换项目经理无须提前30日通知。"),
    (STAFF, "乙方更换人员的，应当提前15日（项目经理为30日）书面通知甲方。"),
    (EXIT, "任何一方提前终止合同的，应提前30日通知，但甲方除外。"),
    (EXIT, "乙方提前终止服务的，应提前30日通知，核心系统应提前90日通知。"),
    (FORCE, "不可抗力消除后15日内提供证明。"),
    (FORCE, "因不可抗力不能履行的，无须在10日内提供证明。"),
    (SECRET, "保密期限为合同终止后5年或信息公开之日止（以较长者为准）。"),
    (SECRET, "甲方对乙方商业秘密的保密义务为合同终止后2年。"),
    (SECRET, "保密资料应在合同终止后30日内销毁。"),
    (SECRET, "保密义务不因本合同终止而终止，但最长不超过5年。"),
    (SWITCH, "合同终止后，乙方应在3个月内配合审计，并移交资料。"),
    (SWITCH, "合同终止后，乙方应在2个月内完成移交。因乙方违约终止的，为15日。"),
    (TERM, "服务期限为12个月，自合同签订之日起30日后起算。"),
    (TERM, "上一期服务期限为12个月，自合同签订之日起算。"),
    (TERM, "原合同服务期自2025年1月1日起至2025年12月31日止。"),
    (TERM, "服务期限为3年，合同一年一签，自合同签订之日起算。"),
    (TERM, "服务期限为一年半，自合同签订之日起算。"),
    (TAX, "乙方开具税率6%的发票，自2027年起适用届时法定税率。"),
    (TAX, "个人所得税税率为20%。"),
    (TAX, "如甲方要求，税率为6%或按国家规定调整。"),
    (BEFORE, "甲方付款前，乙方无须开具发票。"),
    (BEFORE, "除首笔外，甲方付款前，乙方应开具发票。"),
    (KIND, "甲方不接受增值税普通发票。"),
    (RATE, "甲方逾期付款的，每逾期一日按0.05%支付违约金。该约定仅适用于第二期款项。"),
    (ACCEPTED, "甲方应在收到申请后10个工作日内组织验收。遇财政结算期的，前述时间相应后延。"),
    (REWORK, "验收不合格的，乙方应在10日内整改。甲方同意的，整改时间以同意书所载天数计算。"),
    (STAFF, "乙方更换项目经理的，应提前30日通知甲方；因疾病的，3日内通知即可。"),
    (SECRET, "保密期限为合同终止后5年。涉及国家秘密的，按照国家规定的期限执行。"),
    (TERM, f"{TWELVE}甲方预算未获批复时，服务期限缩短至已批复年度。"),
    (ACCEPTED, "甲方在收到申请后10个工作日内组织初步验收。"),
    (RATE, "甲方逾期付款满30日的，每逾期一日按0.02%支付违约金；满60日的，每日按0.04%支付。"),
    (FORCE, "因不可抗力不能履行的，应于事件平息之日起20日内出具证明。"),
    (LEVEL, "甲方自有机房的供电可用性不低于99.9%，由甲方负责保障。"),
    (SWITCH, "合同终止后，乙方应在10日内提交移交清单，并按甲方批准的日程移交。"),
    ("identity.effective", "本合同自双方签字之日起生效，但附件三自批准后生效。"),
    ("identity.effective", "本合同的补充条款，自双方签字盖章之日起生效。"),
    ("identity.copies", "本合同附件一式四份，双方各执二份。"),
    ("identity.copies", "本合同一式四份，甲方执二份，乙方执二份，另附副本四份。"),
    (LEVEL, "上一年度平台可用性不低于99.9%。"),
    (LEVEL, "若平台可用性不低于99.9%，不予扣款。"),
    (LEVEL, "平台可用性不低于99.9%，核心平台不低于99.99%。"),
    (TARGET, "平台年度可用性目标不低于99.9%，但不作为考核依据。"),
    ("service_levels.maintenance.upto", "每月不超过2小时的故障计入，计划维护不计入。"),
    ("reports[1].name", TWELVE + "甲方每月5日前提交《考核月报》。"),
    ("reports[1].name", TWELVE + "乙方无须每月5日前提交《运维月报》。"),
    ("reports[1].due", TWELVE + "乙方每月5日前提交《运维月报》草稿。"),
    ("reports[1].sealed", TWELVE + "乙方提交《季度报告》4份，由甲方审核后加盖甲方公章。"),
    ("acceptance.lapse", "甲方逾期未组织验收的，视为验收合格，但甲方书面说明理由的除外。"),
    ("confidentiality.agreement_article", "若甲方要求，乙方人员签订保密协议。"),
    ("payment.net", "合同总价106元，不含税价100元，税额6元，税率6%，作废。"),
    ("invoicing.buyer_account",
     "甲方开票信息已变更，旧信息：开户行：示例银行东支行，账号：990055667788990011。"),
]  # fmt: skip
"""By kind: negated, excepted, bounded, replaced, begun elsewhere, somebody else's, another rate,
limited behind."""


@pytest.mark.parametrize(("path", "sentence"), TURNED)
def test_a_turned_sentence_gives_no_fact(path: str, sentence: str) -> None:
    assert read_lines(["第一条 约定", sentence]).value(path) == ""


@pytest.mark.parametrize(
    ("path", "sentence", "value"),
    [
        (RATE, "除本合同另有约定外，甲方逾期付款的，每逾期一日支付0.05%的违约金。", "0.0005"),
        (REWORK, "未通过验收的，乙方应在5日内重新申请验收。", "5日内"),
        (STAFF, "乙方更换项目经理的，应提前15日通知，未经甲方同意不得更换，同意后方可离岗。",
         "提前15日"),
        (SECRET, "保密义务不因本合同终止而免除。", "没有期限"),
        (TERM, TWELVE, "12"),
        (BEFORE, "甲方付款前，乙方应开具发票，否则甲方有权顺延且不承担责任。", "是"),
        (LEVEL, "平台可用性不得低于99.9%。", "99.9%"),
    ],
)  # fmt: skip
def test_an_idiom_of_the_topic_turns_nothing(path: str, sentence: str, value: str) -> None:
    assert read_lines(["第一条 约定", sentence]).value(path) == value


def test_a_doubted_fact_is_a_gap_that_shows_the_reading_and_the_word() -> None:
    reading = read_lines(["第一条 约定", "验收不合格的，乙方应在7日内整改，硬件可延长至一个月。"])
    gap = next(one for one in reading.gaps if one.path == REWORK)
    assert gap.reading == "7日内"
    assert gap.passage is not None
    assert "可" in str(gap.why)


def test_what_another_article_changes_is_no_fact() -> None:
    changed = "第二条 双方经协商，第一条的保密期限调整为八年。"
    assert read_lines(["第一条 保密期限为合同终止后5年。", changed]).value(SECRET) == ""
    assert read_lines(["第一条 保密期限为合同终止后5年。", "第二条 无"]).value(SECRET) != ""


def test_a_first_party_that_serves_is_not_the_client() -> None:
    lines = ["甲方：示例云服务有限公司", "乙方：示例市水务局", "第一条 服务",
             "甲方向乙方提供云服务。"]  # fmt: skip
    reading = read_lines(lines)
    assert reading.value("client.name") == reading.value("contractor.name") == ""
    assert {"client.name", "contractor.name"} <= {one.path for one in reading.gaps}
