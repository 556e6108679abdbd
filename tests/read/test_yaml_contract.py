"""contract.yaml becomes a Contract: by its declarations, with places, all misfits at once."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import builders
import pytest

from deliverables.model.contract import SHOWN_BY, Contract, gaps
from deliverables.model.fields import Missing
from deliverables.read.yaml import bind_contract, parse_yaml, read_yaml
from deliverables.values.figure import Line
from deliverables.values.problem import Problem
from deliverables.values.time_limit import UNSTATED


def bound(text: str) -> tuple[Contract | None, list[Problem]]:
    problems: list[Problem] = []
    tree = parse_yaml(text.encode(), "contract.yaml", problems)
    return (bind_contract(tree, problems) if tree else None), problems


def contract_with(old: str, new: str) -> Contract:
    assert builders.CONTRACT.count(old) == 1
    contract, problems = bound(builders.CONTRACT.replace(old, new))
    assert not problems
    assert contract is not None
    return contract


@pytest.fixture(scope="module")
def real(root: Path) -> Contract:
    problems: list[Problem] = []
    tree = read_yaml(root / "data" / "SXYSR202604152" / "contract.yaml", problems)
    assert tree is not None
    contract = bind_contract(tree, problems)
    assert not problems
    assert contract is not None
    return contract


def test_values_are_of_the_declared_types() -> None:
    contract = contract_with("copies: 4", 'copies: "4"')
    assert contract.identity.copies == 4
    assert contract.identity.signed_on == date(2026, 4, 29)
    assert contract.payment.instalments[0].amount == Decimal("400000.00")
    assert contract.payment.instalments[0].ratio == Decimal("0.4")
    assert contract.service_levels.durability == Decimal("99.9999")
    assert contract.payment.instalments[1].conditions == ("end_of_term", "final_acceptance")


def test_long_numbers_and_leading_zeros_survive() -> None:
    contract = contract_with('number: "01234567890123456789"', "number: 01234567890123456789")
    assert contract.payment.account.number == "01234567890123456789"
    assert contract.contractor.postcode == "010000"


@pytest.mark.parametrize(
    "name",
    ["阿卜杜拉·买买提", "𠮷野家", 'A & B <有限> \\"公司\\" / \\\\', "很长的名称" * 200],
)
def test_names_survive_whatever_they_are(name: str) -> None:
    contract = contract_with("name: 示范甲方单位", f'name: "{name}"')
    assert contract.client.name == name.replace('\\"', '"').replace("\\\\", "\\")


def test_a_word_that_yaml_reads_as_false_is_text_in_quotes() -> None:
    assert contract_with("item: 政务云基础服务费", 'item: "no"').invoicing.item == "no"


def test_a_gap_is_stated_with_its_reason() -> None:
    contract = contract_with("type: 普通发票", 'type: {missing: "请向财务确认"}')
    assert contract.invoicing.type == Missing("请向财务确认")
    assert [path for path, *_ in gaps(contract)] == ["invoicing.type"]


def test_a_field_that_allows_no_gap_refuses_one() -> None:
    contract, problems = bound(builders.CONTRACT.replace("rate: 6%", "rate: {missing: 不知道}"))
    assert contract is None
    assert [problem.code for problem in problems] == ["wrong-shape"]


def test_what_is_left_out_has_its_default() -> None:
    contract = contract_with("  copies: 4\n  copies_each: 2\n", "  copies:\n")
    assert contract.identity.copies is None
    assert contract.identity.signed_at == ""
    assert contract.exit is None


def test_every_field_knows_its_line_and_column() -> None:
    contract = contract_with("copies: 4", "copies: 4")
    assert contract.identity.place("number") == Line("contract.yaml", 3, 11)
    assert contract.identity.place("signed_at") == Line("contract.yaml", 2, 3)
    assert contract.payment.instalments[0].figure("amount").text == "400,000.00"


def test_all_misfits_are_told_at_once_in_the_order_of_the_file() -> None:
    text = builders.CONTRACT.replace("term_months: 12", "term_month: 12").replace(
        "rate: 6%", "rate: 六"
    )
    contract, problems = bound(text)
    assert contract is None
    assert [problem.code for problem in problems] == ["missing-key", "unknown-key", "wrong-type"]


def test_the_real_contract_says_what_the_paper_says(real: Contract) -> None:
    amounts = [instalment.amount for instalment in real.payment.instalments]
    assert amounts == [Decimal("1957783.48"), Decimal("1468337.62"), Decimal("1468337.62")]
    assert real.payment.total == Decimal("4894458.72")
    assert real.payment.instalments[2].ratio is None
    assert real.payment.account.number == "11050192360000000776"
    assert real.identity.signed_on == date(2026, 4, 29)
    assert real.confidentiality.quoted_scope_limit.endswith("一律严格。[原文如此]")


def test_what_the_real_contract_lacks_is_a_gap_not_a_guess(real: Contract) -> None:
    assert {path for path, *_ in gaps(real)} == {
        "client.credit_code",
        "client.invoice_email",
        "contractor.credit_code",
        "service.catalogue",
        "reports[3].every_months",
        "service_levels.measurement",
        "service_levels.incident_grading",
        "payment.sme_evidence",
        "invoicing.type",
        "invoicing.item",
        "invoicing.tax_code",
        "acceptance.interim_procedure",
    }


def test_the_duties_cover_every_article_and_name_records_that_exist(real: Contract) -> None:
    numerals = [
        "二",
        "三",
        "四",
        "五",
        "六",
        "七",
        "八",
        "九",
        "十",
        *(f"十{n}" for n in "一二三四五六七"),
    ]
    articles = {duty.article.partition("条")[0].removeprefix("第") for duty in real.duties}
    assert articles == set(numerals)
    assert {duty.shown_by for duty in real.duties} <= {None, *SHOWN_BY}


def test_a_contract_that_sets_no_level_says_so_of_the_whole_clause_in_one_word() -> None:
    begin = builders.CONTRACT.index("service_levels:\n")
    end = builders.CONTRACT.index("payment:\n")
    levels = contract_with(
        builders.CONTRACT[begin:end], "service_levels: 未约定\n"
    ).service_levels  # fmt: skip
    assert (levels.levels_set, levels.durability, levels.measurement) == (False, None, "")
    place = levels.figure("availability").origin
    assert isinstance(place, Line)
    assert builders.CONTRACT[:begin].count("\n") + 1 == place.line


@pytest.mark.parametrize("clause", ["acceptance", "invoicing", "notices", "cessation"])
def test_a_clause_that_the_contract_has_not_is_said_in_one_word(clause: str) -> None:
    """What documents need all the same, the kind of invoice, is a gap; nothing else is said."""
    whole = re.search(rf"^{clause}:.*\n(?:  .*\n)*", builders.CONTRACT, re.MULTILINE)
    assert whole
    held = getattr(contract_with(whole[0], f"{clause}: 未约定\n"), clause)
    said = {name: getattr(held, name) for name in held.__dataclass_fields__ if name != "places"}
    needed = {"type", "item", "tax_code"} if clause == "invoicing" else set()
    assert {name for name, value in said.items() if isinstance(value, Missing)} == needed
    assert all(said[name] in ("", None, (), UNSTATED) for name in set(said) - needed)


def test_levels_with_windows_and_maintenance_that_does_not_count_are_read() -> None:
    levels = contract_with(
        "  durability: 99.9999%\n",
        "  durability: 未约定\n"
        "  targets: [{article: 第三条, name: 月可用率, level: 99.5%,"
        " window: 月, systems: [门户网站]}]\n"
        "  maintenance: {article: 第三条, upto: 90分钟内, window: 季度}\n",
    ).service_levels
    (target,) = levels.targets
    assert (target.level, target.window, target.systems) == (Decimal("99.5"), "月", ("门户网站",))
    assert levels.maintenance
    assert (levels.maintenance.minutes, levels.maintenance.window) == (90, "季度")


def test_an_ordinary_invoice_is_one_whatever_the_contract_calls_it() -> None:
    assert contract_with("type: 普通发票", "type: 增值税普通发票").invoicing.type == "普通发票"


def test_that_there_is_no_bond_differs_from_a_bond_nobody_looked_for() -> None:
    terms = "acceptance:\n"
    unsaid = contract_with(terms, terms + "  performance_bond: 未约定\n").acceptance
    left_out = contract_with(terms, terms).acceptance
    assert (unsaid.performance_bond, left_out.performance_bond) == ("未约定", "")


def test_a_text_that_documents_print_is_not_silent_and_the_total_in_words_may_be() -> None:
    assert contract_with("壹佰万元整", "未约定").payment.total_in_words == ""
    _, problems = bound(builders.CONTRACT.replace("bank: 示范银行", "bank: 未约定"))
    assert [(one.code, str(one.fix)) for one in problems] == [
        ("silent-text", "write the text; ask the client if the contract does not say")
    ]
