"""A contract read from its own text: what is proved is right, what is not is a gap, none is wrong.

The texts and what they say (contracts/answers.yaml) were written before the first pattern; the
last, `frozen`, was read when the patterns were done. "Wrong = 0" is the test that fails.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from contract_texts import (
    FILES,
    lines_of_contract,
    measure,
    read_lines,
    reading_of,
    text_of_contract,
    unanswered,
    wrong_facts,
)

from deliverables.read.from_text import TextReading
from deliverables.read.from_text.payment_condition import read_condition
from deliverables.setup import contract_draft


@pytest.mark.parametrize(
    ("name", "right", "gaps"),
    [("SXYSR202604152", 77, 3), ("monthly", 95, 4), ("yearly", 73, 3), ("frozen", 78, 4),
     ("blind", 80, 5), ("agreement", 80, 5), ("hospital", 86, 5), ("traffic", 90, 3)],
)  # fmt: skip
def test_what_is_read_of_each_contract(name: str, right: int, gaps: int) -> None:
    found = measure(name, reading_of(name))
    assert (found.wrong, found.missed) == ([], [])
    assert (found.right, len(found.gap)) == (right, gaps)


@pytest.mark.parametrize("name", FILES)
def test_the_answers_leave_out_no_field_that_a_text_could_fill(name: str) -> None:
    assert unanswered(name) == []


@pytest.mark.parametrize("name", FILES)
def test_every_fact_has_an_article_and_a_quote_that_stands_in_the_text(name: str) -> None:
    text = text_of_contract(name)
    for fact in reading_of(name).facts:
        assert fact.passage.article, fact
        assert text.find(fact.passage.quote), fact
        assert fact.passage.place.line, fact


def test_a_contract_whose_articles_are_points_is_cited_by_them() -> None:
    cited = {path: fact.passage.article for path, fact in reading_of("agreement").by_path.items()}
    assert cited["payment.total"] == "第2条第(1)款"
    assert cited["payment.late.daily_rate"] == "第7条第(1)款"
    assert cited["identity.effective"] == "第11条"
    assert cited["client.address"] == "签署页"


def test_the_articles_of_this_contract_are_those_of_the_text() -> None:
    reading = reading_of("SXYSR202604152")
    articles = {path: fact.passage.article for path, fact in reading.by_path.items()}
    expected = {
        "identity.number": "封面",
        "identity.signed_on": "签署页",
        "identity.effective": "第十七条第1款",
        "identity.copies": "第十七条第3款",
        "client.address": "首部",
        "client.contact.name": "第四条第1款",
        "contractor.contact.name": "第四条第2款",
        "service.description": "第二条第1款",
        "service.term_months": "第五条",
        "reports[1].count": "第三条第6款",
        "service_levels.availability": "第三条第3款",
        "payment.total": "第六条第1款",
        "payment.instalments[1].amount": "第六条第2款第一段",
        "payment.instalments[2].amount": "第六条第2款第二段",
        "payment.instalments[3].amount": "第六条第2款第三段",
        "payment.account.number": "第六条第3款",
        "payment.late.daily_rate": "第十二条第7款",
        "invoicing.rate": "第六条第3款",
        "acceptance.period": "第三条第6款",
        "notices.key_staff.period": "第四条第3款",
        "notices.exit.period": "第十三条",
        "notices.force_majeure.period": "第十五条第2款",
        "confidentiality.period": "第十条第7款",
        "cessation.switch_over": "第八条第11款",
    }
    assert {path: articles[path] for path in expected} == expected


def scarred(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the text as scans and pastes leave it: wrapped, spaced, joined, with lines missing."""
    for width in (20, 33, 40):
        wrapped = [part for line in lines for part in re.findall(f".{{1,{width}}}", line) or [""]]
        yield f"wrapped at {width}", wrapped
    yield "spaced", [" ".join(line) for line in lines]
    chance = random.Random(4)  # noqa: S311  # scars, not secrets
    for number in range(12):
        yield (
            f"every seventh line gone ({number})",
            [line for line in lines if chance.random() > 1 / 7],
        )
    for number in range(12):
        at = chance.randrange(len(lines) - 1)
        yield f"line {at + 1} joined to the next ({number})", [
            *lines[:at], lines[at] + lines[at + 1], *lines[at + 2 :]
        ]  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("name", FILES)
def test_a_scarred_text_makes_gaps_and_no_wrong_fact(name: str) -> None:
    for scar, lines in scarred(lines_of_contract(name)):
        assert list(wrong_facts(name, read_lines(lines))) == [], scar


def read_with(name: str, old: str, new: str) -> TextReading:
    """Read a text in which one passage says something else."""
    words = FILES[name].read_text("utf-8")
    assert words.count(old) == 1, old
    return read_lines(words.replace(old, new).splitlines())


@pytest.mark.parametrize(
    ("name", "old", "new", "doubted"),
    [
        ("SXYSR202604152", "首款¥1,957,783.48", "首款¥1,957,783.49", "instalments[1].amount"),
        ("SXYSR202604152", "柒角贰分", "柒角叁分", "payment.total"),
        ("SXYSR202604152", "剩余款项¥1,468,337.62", "剩余款项至合同款的100%¥1,468,337.62",
         "instalments[3].amount"),
        ("SXYSR202604152", "账户名：首信云技术有限公司", "账户名：首信云科技有限公司",
         "account.holder"),
        ("SXYSR202604152", "一式肆份", "一式伍份", "identity.copies"),
        ("SXYSR202604152", "季度报告 4 个", "季度报告 5 个", "reports[1].count"),
        ("SXYSR202604152", "签定日期: 2026年4 月", "签定日期: 2026年4月28日", "identity.signed_on"),
        ("yearly", "2027年12月31日止", "2027年12月30日止", "service.term_months"),
        ("yearly", "第二期：2027", "第三期：2027", "instalments[2].amount"),
        ("yearly", "即人民币74,400.00元", "即人民币74,400.00元（其中40,000.00元由丙方支付）",
         "instalments[2].amount"),
        ("monthly", "（大写）壹佰捌拾万元整", "（大写）壹佰捌拾壹万元整", "payment.total"),
        ("monthly", "18个月，自2026年", "16个月，自2026年", "service.term_months"),
    ],
)  # fmt: skip
def test_what_no_longer_adds_up_is_no_fact(name: str, old: str, new: str, doubted: str) -> None:
    reading = read_with(name, old, new)
    assert not [path for path in reading.by_path if path.endswith(doubted)]
    assert [one.path for one in reading.gaps if one.path.endswith(doubted)]


@pytest.mark.parametrize(
    ("name", "old", "new", "path"),
    [
        ("monthly", "甲方无正当理由逾期付款的", "乙方无正当理由逾期服务的",
         "payment.late.daily_rate"),
        ("yearly", "合同终止后5年", "合同终止后5年，且不因合同终止而终止",
         "confidentiality.period"),
    ],
)  # fmt: skip
def test_what_is_somebody_elses_or_counted_otherwise_is_no_fact(
    name: str, old: str, new: str, path: str
) -> None:
    assert read_with(name, old, new).value(path) == ""


@pytest.mark.parametrize(
    ("words", "codes", "deadline"),
    [
        ("最终验收合格满12个月后10个工作日内,甲方", ("通过验收满12个月后",),
         "通过验收满12个月后10个工作日内"),
        ("质保金:自服务期届满之日起满6个月后,甲方", ("服务期届满后满6个月后",), "None"),
    ],
)  # fmt: skip
def test_time_that_goes_by_after_an_event_is_a_condition_of_payment(
    words: str, codes: tuple[str, ...], deadline: str
) -> None:
    read = read_condition(words)
    assert read.sure
    assert (read.codes, str(read.limit)) == (codes, deadline)


@pytest.mark.parametrize(
    ("words", "codes", "deadline"),
    [
        ("服务期届满6个月且无质量问题后,甲方", ("服务期届满后满6个月后", "无质量问题"), "None"),
        ("第一个服务年度考核合格后10个工作日内,甲方", ("第一个服务年度考核合格",),
         "“第一个服务年度考核合格”后10个工作日内"),
        ("服务期满、最终验收合格且无遗留问题的,甲方在60日内无息",
         ("end_of_term", "final_acceptance", "无遗留问题"),
         "服务期届满且通过验收且“无遗留问题”后60日内"),
    ],
)  # fmt: skip
def test_what_only_the_contracts_words_tell_is_an_event_that_somebody_records(
    words: str, codes: tuple[str, ...], deadline: str
) -> None:
    read = read_condition(words)
    assert (read.codes, str(read.limit)) == (codes, deadline)


@pytest.mark.parametrize(
    "words",
    ["2027年7月31日前,经甲方阶段考核合格,", "服务期开始满6个月且经甲方考核合格后20个工作日内,甲方"],
)
def test_a_day_and_a_deadline_after_a_lapse_and_an_event_are_no_deadline(words: str) -> None:
    read = read_condition(words)
    assert read.sure
    assert not read.dated


@pytest.mark.parametrize(
    "words",
    ["服务期满6个月后,甲方", "合同签订后10日,甲方", "如无质量问题,甲方",
     "除甲方另有要求外,验收合格后,甲方"],
)  # fmt: skip
def test_an_unclear_start_and_hedged_words_are_left_to_a_person(words: str) -> None:
    assert not read_condition(words).sure


@pytest.mark.parametrize(
    ("name", "old", "new", "doubted"),
    [
        ("yearly", "即人民币55,800.00元；", "即人民币55,800.00元，甲方收到财政资金后方支付；",
         "payment.instalments[1].conditions"),
        ("yearly", "即人民币55,800.00元；", "即人民币55,800.00元，最迟不晚于2027年12月31日；",
         "payment.instalments[1].deadline"),
        ("yearly", "即人民币55,800.00元；", "即人民币55,800.00元，如财政资金未到位，付款时间顺延；",
         "payment.instalments[1].deadline"),
        ("yearly", "合同终止后5年", "合同终止后5年，商业秘密长期保密", "confidentiality.period"),
        ("yearly", "合同终止后5年", "合同终止后5年，保密期限3年", "confidentiality.period"),
        ("monthly", "并在14日内提供有关机构出具的证明。",
         "并在14日内提供有关机构出具的证明；疫情30日内提供证明。", "notices.force_majeure.period"),
        ("monthly", "并在14日内提供有关机构出具的证明。",
         "并在14日内提供有关机构出具的证明；重大事件30日内。", "notices.force_majeure.period"),
        ("monthly", "累计不超过逾期金额的10%。",
         "累计不超过逾期金额的10%；逾期超过60日的，累计上限为5%。", "payment.late.cap_ratio"),
        ("monthly", "累计不超过逾期金额的10%。",
         "累计不超过逾期金额的10%，逾期超过60日的，累计上限为5%。", "payment.late.cap_ratio"),
    ],
)  # fmt: skip
def test_what_is_said_a_second_time_in_other_words_is_no_fact(
    name: str, old: str, new: str, doubted: str
) -> None:
    assert reading_of(name).value(doubted)
    reading = read_with(name, old, new)
    assert reading.value(doubted) == ""
    assert doubted in {gap.path for gap in reading.gaps}


def read_article(words: str) -> TextReading:
    """Read a contract of one article."""
    return read_lines(["第一条 约定", words])


@pytest.mark.parametrize(
    ("path", "sentence", "more"),
    [
        ("identity.effective", "本合同自双方签字盖章之日起生效。", "本合同经财政部门备案后生效。"),
        ("invoicing.before_payment", "甲方付款前，乙方应开具等额发票。",
         "甲方付款后5日内，乙方提供专用发票。"),
        ("acceptance.rework", "验收不合格的，乙方应在10日内整改。",
         "验收不合格的，乙方对重大问题30日内完成整改。"),
        ("cessation.switch_over", "合同终止后，乙方应在3个月内完成移交。",
         "移交最长可延长至6个月。"),
    ],
)  # fmt: skip
def test_a_second_sentence_about_the_same_makes_a_gap(path: str, sentence: str, more: str) -> None:
    assert read_article(sentence).value(path)
    both = read_article(sentence + more)
    assert both.value(path) == ""
    assert path in {gap.path for gap in both.gaps}


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (
            "payment.late.daily_rate",
            "甲方逾期付款超过30日的，自第40日起，每逾期一日按逾期金额的0.3‰支付。",
        ),
        (
            "payment.late.daily_rate",
            "甲方逾期付款的，每逾期一日支付不超过逾期金额万分之二的违约金。",
        ),
        ("payment.late.daily_rate", "甲方逾期付款的，每逾期一日按0.05%支付，超过部分按0.1%支付。"),
        ("acceptance.period", "甲方应在收到验收申请后不少于10个工作日内组织验收。"),
        ("acceptance.rework", "验收不合格的，乙方应在5日内提交整改方案，30日内整改完毕。"),
        ("notices.exit.period", "甲方提前解除合同的，须提前一个月通知乙方。"),
        ("notices.exit.period", "乙方不得提前终止合同；甲方终止合同的，应当提前90日通知。"),
        ("cessation.switch_over", "合同终止后，乙方一般15日、最迟不超过30日内移交资料。"),
        ("confidentiality.period", "保密义务自合同签订后满十年止。"),
        ("confidentiality.period", "保密义务并非永久有效，至合同终止时为止。"),
        ("confidentiality.agreement_article", "参与人员无须签订保密协议。"),
        ("confidentiality.liability_article", "甲方违反保密义务的，支付违约金10万元。"),
        ("service.term_months", "服务期限不超过36个月，自合同签订之日起计算。"),
        ("service_levels.targets[1].level", "平台月可用率力争达到99.99%。"),
        ("service_levels.targets[1].level", "平台月可用率未达到99.9%的，扣减服务费。"),
        ("service_levels.maintenance.upto", "每月累计四小时以内的停机检修计入不可用时间。"),
        ("service_levels.measurement", "因甲方原因造成的停机计入不可用时间。"),
        (
            "invoicing.buyer_account",
            "乙方开票信息：开户行：示例银行东支行，账号：990055667788990011。",
        ),
    ],
)
def test_a_sentence_that_says_something_else_is_no_fact(path: str, sentence: str) -> None:
    assert read_article(sentence).value(path) == ""


@pytest.mark.parametrize(
    ("old", "new", "doubted"),
    [
        ("甲方支付至合同总价的百分之七十", "甲方支付合同总价的百分之七十", "[2].ratio"),
        ("甲方支付至合同总价的百分之三十", "甲方支付至合同总价的百分之八十", "[1].up_to"),
        ("本合同生效且乙方提交", "本合同生效或者乙方提交", "[1].conditions"),
        ("第一年度考核合格后", "第一年度考核合格后，除甲方另有要求外，", "[2].conditions"),
        ("服务期满十二个月且", "服务期满三十个月且", "[2].conditions"),
    ],
)
def test_a_payment_up_to_a_share_that_is_not_plain_is_a_gap(
    old: str, new: str, doubted: str
) -> None:
    reading = read_with("traffic", old, new)
    assert reading.value(f"payment.instalments{doubted}") == ""
    assert [one.path for one in reading.gaps if one.path.endswith(doubted)]


@pytest.mark.parametrize(
    ("name", "whole", "broken", "doubted"),
    [
        ("agreement", "万分之二点五向乙方支付违约金，但累计不超过逾期付款金额的5%。", "万分之二",
         "payment.late.daily_rate"),
        ("traffic", "后十五个工作日内，甲方支付至合同总价的百分之三十；", "后十五个工作",
         "payment.instalments[1].up_to"),
        ("agreement", "2027年4月1日至2028年3月31日。", "2027年", "service.term_months"),
    ],
)  # fmt: skip
def test_of_a_sentence_that_breaks_off_nothing_is_a_fact(
    name: str, whole: str, broken: str, doubted: str
) -> None:
    assert read_with(name, whole, broken).value(doubted) == ""


def test_what_stands_in_no_article_is_no_fact() -> None:
    reading = read_lines(["甲方：示例市水务局", "增值税税率6%。"])
    assert reading.value("client.name") == "示例市水务局"
    assert reading.value("invoicing.rate") == ""


def test_days_of_grace_are_read_where_the_next_one_is_the_first_that_counts() -> None:
    words = "甲方逾期付款超过30日的，自第31日起每日按逾期金额的0.3‰支付滞纳金。"
    read = read_article(words)
    assert (read.value("payment.late.grace"), read.value("payment.late.daily_rate")) == (
        "30日内", "0.0003",
    )  # fmt: skip


def test_a_count_behind_a_comma_keeps_its_tens() -> None:
    words = "因不可抗力不能履行的，二十四小时内通知对方，十五日内提交证明。"
    assert read_article(words).value("notices.force_majeure.period") == "不可抗力发生后15日内"


def test_reports_whose_number_stands_nowhere_are_read_by_how_often_they_are_due() -> None:
    term = "服务期限为12个月，自合同签订之日起计算。"
    due = "乙方每月八日前提交《运维月报》，服务期满前三十日提交《服务总结》，均加盖乙方公章。"
    read = read_article(term + due).by_path
    told = {path: one.value for path, one in read.items() if path.startswith("reports")}
    assert (told["reports[1].every_months"], told["reports[1].due"]) == ("1", "每月8日前")
    assert (told["reports[2].every_months"], told["reports[2].due"]) == ("12", "服务期届满前30日")
    assert "reports[1].sealed" not in told


def test_what_no_word_of_a_text_speaks_of_is_shown_as_silence_and_is_no_fact() -> None:
    reading = read_article("合同终止后，乙方应在3个月内完成移交。")
    shown = {gap.path: gap.reading for gap in reading.gaps}
    assert shown["service_levels.durability"] == shown["notices.exit.article"] == "未约定"
    assert "cessation.switch_over" not in shown
    assert not reading.value("service_levels.durability")


def test_an_article_of_a_notice_is_one_article() -> None:
    for name in FILES:
        articles = contract_draft(reading_of(name), name).facts
        told = [
            one for path, one in articles.items() if re.fullmatch(r"notices\.\w+\.article", path)
        ]
        assert not [one for one in told if "、" in one], name


def test_a_sale_that_is_exempt_is_read_and_none_that_has_a_rate_too() -> None:
    stated = "增值税征收率为3%"
    assert read_with("yearly", stated, "免征增值税").value("invoicing.rate") == "免税"
    both = read_with("yearly", stated, f"{stated}，到期前免征增值税")
    assert both.value("invoicing.rate") == ""
    assert "invoicing.rate" in {gap.path for gap in both.gaps}


def test_terms_that_are_not_read_are_told_with_the_place_where_a_person_writes_them() -> None:
    unproved = read_with("monthly", "每月服务费为人民币100,000.00元", "每月服务费为100,001.00元")
    told = {one.topic: one.at for one in unproved.beyond}
    assert {topic for topic, at in told.items() if not at} >= {"续期", "解除条件"}
    assert told["按周期支付"] == "payment.instalments: each"
    assert told["质量保证金"] == "payment.instalments: withheld"


def test_terms_that_nobody_reckons_are_facts_in_the_contracts_own_words() -> None:
    reading = reading_of("monthly")
    at = {path.rpartition(".")[0] for path in reading.by_path if path.startswith("stated_terms")}
    stated = {reading.value(f"{one}.subject"): reading.value(f"{one}.words") for one in at}
    assert stated.keys() == {"履约担保", "违约金标准", "考核与扣款", "响应、恢复时限"}
    assert stated["考核与扣款"].startswith("考核得分90分（含）以上的，全额支付当月服务费；")
    assert stated["考核与扣款"].endswith("扣减当月服务费的20%并限期整改。")
    concerns = {reading.value(f"{one}.subject"): reading.value(f"{one}.concerns") for one in at}
    assert concerns["考核与扣款"] == "付款"
    assert concerns["响应、恢复时限"] == "服务"


@pytest.mark.parametrize(
    ("clause", "told", "rate"),
    [
        (
            "软件部分税率为6%，设备部分税率为13%。",
            {"软件部分税率为6%，设备部分税率为13%。"},
            "多种税率",
        ),
        ("乙方开具发票，税率分别为6%和13%。", {"乙方开具发票，税率分别为6%和13%。"}, "多种税率"),
        ("服务的税率为6%。设备的税率为13%。", {"服务的税率为6%。", "设备的税率为13%。"}, ""),
        ("服务的税率为6%。乙方按税率6%开具发票。", set(), "6%"),
    ],
)
def test_several_rates_of_tax_are_told_and_stated_in_the_contracts_words(
    clause: str, told: set[str], rate: str
) -> None:
    reading = read_article(clause)
    assert {one.passage.quote for one in reading.beyond if one.topic == "多种税率"} <= told
    assert bool(reading.beyond) is bool(told)
    stated = {fact.value for path, fact in reading.by_path.items() if path.endswith(".words")}
    assert stated == told
    assert reading.value("invoicing.rate") == rate


def levels(words: str) -> dict[str, str]:
    """Return what is read of the levels in one article."""
    found = read_lines(["一、服务要求", words]).by_path
    return {path.removeprefix("service_levels."): one.value for path, one in found.items()}


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("核心业务系统月度可用率应不低于99.5%。", "月"),
        ("乙方保证核心业务系统可用率按自然月统计不低于99.5%。", "月"),
        ("每季度核心业务系统可用率不低于99.5%。", "季度"),
        ("核心业务系统可用率不低于99.5%。可用率按服务年度统计，全部中断计入。", "年"),
    ],
)
def test_a_level_is_read_with_the_window_that_is_stated_for_it(words: str, window: str) -> None:
    read = levels(words)
    assert (read["targets[1].level"], read["targets[1].window"]) == ("99.5%", window)
    assert "可用率" in read["targets[1].name"]
    assert read["availability"] == "未约定"


def test_levels_of_several_systems_stand_side_by_side_and_one_stated_otherwise_is_a_gap() -> None:
    two = "门户网站月可用率不低于99.5%，年可用率不低于99.9%。"
    read = levels(two)
    assert [read[f"targets[{at}].name"] for at in (1, 2)] == ["门户网站月可用率", "年可用率"]
    assert "targets[1].level" not in levels(two + "门户网站月可用率不低于99.6%。")
    assert "availability" not in levels("系统可用性不低于99.5%。平台可用性不低于99.9%。")


def test_maintenance_that_does_not_count_is_read_with_its_hours_and_window() -> None:
    stated = "计划内停机检修每月累计不超过30分钟的，不计入不可用时间。"
    read = levels(stated)
    assert (read["maintenance.upto"], read["maintenance.window"]) == ("30分钟内", "月")
    assert "maintenance.upto" not in levels(stated + "计划维护每季度不超过8小时的不计入。")


def test_the_price_without_tax_is_read_where_it_and_the_tax_make_up_the_price() -> None:
    def net(words: str) -> str:
        text = f"合同总价为1,800,000.00元，其中不含税价款{words}，增值税101,886.79元，税率6%。"
        return read_lines(["一、价款", text]).value("payment.net")

    assert net("1,698,113.21元") == "1,698,113.21"
    assert net("1,698,113.22元") == ""


def test_the_contradictions_of_this_contract_are_told() -> None:
    found = reading_of("SXYSR202604152").contradictions
    assert {one.code for one in found} >= {
        "blank-label", "title-repeated", "day-incomplete", "no-currency", "share-differs",
        "second-share", "several-starts", "no-deadline", "no-share", "no-period", "breaks-off",
        "no-tariff", "no-count", "english", "repeated", "no-window", "no-grading", "spelling",
        "brackets", "torn", "annex-missing", "names", "cap-not-whole",
        "superseded", "misquoted", "no-procedure", "no-return",
        "sme-days", "report-no-due", "duties-cross", "results-owner",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("乙方应在收到通知后5日内将保密信息归还甲方，复制件予以销毁。", "no-return"),
        ("中期验收由甲方组织专家评审，乙方提前5日提交材料。", "no-procedure"),
        ("乙方遵守《中华人民共和国保守国家秘密法》及其实施条例。", "superseded"),
        ("乙方每季度提交季度报告，共季度报告4份，于每季度结束后10日内提交。", "report-no-due"),
        ("甲方承担机房的安全责任，乙方承担数据防丢失的安全责任。", "duties-cross"),
        ("服务成果的知识产权归甲方所有，不归乙方所有。", "results-owner"),
        ("甲方分期支付服务费；甲方逾期付款的，每日支付万分之三的违约金。", "no-late-interest"),
    ],
)
def test_what_a_contract_does_say_is_not_told_as_missing(words: str, code: str) -> None:
    told = read_lines(["一、保密", words]).contradictions
    assert code not in {one.code for one in told}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("验收材料包括季度报告4份。", "report-no-due"),
        ("甲方承担数据的安全责任。乙方承担数据防丢失的安全责任。", "duties-cross"),
        ("服务成果的知识产权归乙方所有。", "results-owner"),
        ("甲方在合同签订后30日内支付首款。", "no-late-interest"),
    ],
)
def test_what_a_careful_reader_marks_is_told(words: str, code: str) -> None:
    assert code in {one.code for one in read_lines(["一、约定", words]).contradictions}


def test_a_period_of_grace_is_told_with_the_place_where_a_person_writes_it() -> None:
    reading = read_article("甲方逾期付款的，自宽限期10日届满之日起计算违约金。")
    assert ("付款宽限期", "payment.late: grace") in {(one.topic, one.at) for one in reading.beyond}


def test_a_share_that_stands_four_times_is_told() -> None:
    words = FILES["yearly"].read_text("utf-8")
    words = words.replace("合同金额的40%", "合同金额的30%")
    found = read_lines(words.splitlines()).contradictions
    assert "30%出现3次。" in {one.found for one in found}
    assert "instalments-doubtful" in {one.code for one in found}
