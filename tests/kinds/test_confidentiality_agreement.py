"""The confidentiality agreement: one for everyone on the roster, with the clauses of 第十条."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from places import ROOT
from scenarios import book, contract, person, roster

from deliverables.docx.package import Package, paragraphs
from deliverables.kinds.confidentiality_agreement import (
    KIND,
    WITHOUT_IDENTITY_NUMBER,
    ConfidentialityAgreement,
)
from deliverables.model.contract import Contract
from deliverables.model.roster_sheets import StaffMember
from deliverables.values.time_limit import UNSTATED, Shape, TimeLimit, parse

DAY = date(2026, 11, 2)
TEMPLATE = ROOT / "templates" / "confidentiality_agreement.docx"


def agreement(member: StaffMember, *options: str) -> ConfidentialityAgreement:
    project = book(roster=roster(member))
    (one,) = KIND.plan(project, DAY)
    context = KIND.compose(project, replace(one, options=frozenset(options)), DAY)
    assert isinstance(context, ConfidentialityAgreement)
    return context


def with_terms(**terms: Any) -> Contract:
    """Return the contract with its duty of confidence changed."""
    held = contract()
    assert held.confidentiality
    return replace(held, confidentiality=replace(held.confidentiality, **terms))


def text_of_template() -> str:
    return "\n".join(place.text for place in paragraphs(Package.read(TEMPLATE)))


class TestPlan:
    def test_everyone_has_one_those_who_left_too(self) -> None:
        people = roster(person("S001", "甲"), person("S002", "乙", left=date(2026, 6, 1)))
        found = KIND.plan(book(roster=people), DAY)
        assert [(one.part, one.folder) for one in found] == [("S001", "staff"), ("S002", "staff")]

    def test_it_can_be_made_at_once_for_it_is_signed_before_anything_is_told(self) -> None:
        late = person("S001", "甲", joined=date(2027, 1, 4), access_granted=None)
        (one,) = KIND.plan(book(roster=roster(late)), DAY)
        assert one.possible_from == contract().identity.signed_on
        assert one.blockers == ()
        assert one.due is None

    def test_the_file_name_has_neither_name_nor_identity_number(self) -> None:
        (one,) = KIND.plan(book(roster=roster(person("S001", '张/三"'))), DAY)
        assert one.stem == "SXYSR202604152_保密协议_S001"

    def test_the_file_is_private_if_it_holds_an_identity_number(self) -> None:
        people = roster(person("S001", "甲"), person("S002", "乙", identity_number=None))
        assert [one.private for one in KIND.plan(book(roster=people), DAY)] == [True, False]

    def test_a_contract_that_asks_for_none_has_none(self) -> None:
        asked = book(roster=roster(person("S001", "甲")))
        assert KIND.plan(replace(asked, contract=with_terms(agreement_article="")), DAY) == ()

    def test_without_a_roster_there_are_none(self) -> None:
        assert KIND.plan(book(roster=None), DAY) == ()


class TestIdentityNumber:
    def test_stands_in_the_agreement(self) -> None:
        context = agreement(person("S001", "甲"))
        assert str(context.identity_number) == "999999199001010016"
        assert not context.number_by_hand

    def test_a_passport_is_called_one(self) -> None:
        context = agreement(person("S001", "甲", identity_kind="护照", identity_number="XZ0000017"))
        assert str(context.identity_kind) == "护照"

    @pytest.mark.parametrize(
        ("number", "options"),
        [(None, ()), ("999999199001010016", (WITHOUT_IDENTITY_NUMBER,))],
        ids=["absent", "no-id"],
    )
    def test_is_a_line_to_write_on_where_it_is_absent_or_not_wanted(
        self, number: str | None, options: tuple[str, ...]
    ) -> None:
        context = agreement(person("S001", "甲", identity_number=number), *options)
        assert set(str(context.identity_number)) == {"＿"}
        assert context.identity_number.value is None
        assert context.number_by_hand


class TestEducation:
    def test_its_day_and_trainer_are_printed(self) -> None:
        context = agreement(person("S001", "甲", trained=date(2026, 4, 28), trainer="乙"))
        assert (str(context.trained), str(context.trainer)) == ("2026年4月28日", "乙")

    def test_or_left_to_write_where_it_has_not_been(self) -> None:
        context = agreement(person("S001", "甲", trained=date(2026, 11, 3), trainer="乙"))
        assert set(str(context.trained) + str(context.trainer)) == {"＿"}


def test_the_agreement_has_the_contracts_number_and_the_persons() -> None:
    assert str(agreement(person("S007", "甲")).agreement_number) == "SXYSR202604152-BM-S007"


def test_the_sentence_that_breaks_off_is_quoted_and_never_completed() -> None:
    quoted = str(agreement(person("S001", "甲")).scope_limit)
    assert quoted == contract().confidentiality.quoted_scope_limit
    assert "一律严格" in quoted
    assert quoted.endswith("[原文如此]")


@pytest.mark.parametrize(
    ("period", "stated", "ends"),
    [
        (parse("自合同终止起10年"), True, True),
        (parse("及时"), True, True),
        (TimeLimit(Shape.ENDLESS), True, False),
        (UNSTATED, False, False),
    ],
)
def test_no_sentence_speaks_of_a_period_that_does_not_end(
    period: TimeLimit, stated: bool, ends: bool
) -> None:
    project = book(roster=roster(person("S001", "甲")))
    project = replace(project, contract=with_terms(period=period))
    context = KIND.compose(project, KIND.plan(project, DAY)[0], DAY)
    assert isinstance(context, ConfidentialityAgreement)
    assert (context.period_stated, context.period_ends) == (stated, ends)
    assert bool(str(context.lasting)) == stated


def test_notes_tell_how_the_contract_was_read() -> None:
    said = "".join(map(str, agreement(person("S001", "甲")).notes))
    assert "2037年4月29日" in said
    assert "实施条例" in said


@pytest.mark.parametrize(
    ("paragraph", "words"),
    [
        ("1 definition", "均为委托单位的保密信息"),
        ("1 exceptions", "委托单位告知以前公司已经知道的信息，以及已为公众所知的信息除外"),
        ("1 third parties", "未经委托单位书面同意，员工不得将保密信息透露给任何第三方"),
        ("2 use", "保密信息只用于实施本项目"),
        ("2 care", "不低于保护公司自身核心机密"),
        ("3 need to know", "只接触因工作需要有必要知悉的保密信息"),
        ("4 education", "在向员工披露保密信息前进行保密教育"),
        ("5 return on notice", "收到委托单位的书面通知后"),
        ("5 no copies", "不得擅自复制留存"),
        ("5 on leaving", "员工离开本项目，或者劳动合同解除、终止的，应在离开前全部交还"),
        ("6 no licence", "不取得其中包含的专利权、商标权、著作权、商业秘密"),
        ("7 term", "承担保密义务{{ lasting }}。"),
        ("7 survives leaving", "保密义务{% if period_ends %}在前款期限内{% endif %}继续有效"),
        ("8 towards the client", "由公司依照主合同{{ liability_article }}向委托单位承担全部责任"),
        ("8 recourse", "故意或者重大过失"),
        ("8 no liquidated damages", "不约定由员工承担的违约金"),
        ("law", "《中华人民共和国保守国家秘密法》（2024年修订）及其实施条例"),
        ("lawful disclosure", "依法检举、控告、举报违法犯罪行为的，不违反本协议"),
        ("personal data", "第十三条第一款第二项"),
        ("copies", "本协议一式两份"),
        ("disputes", "劳动争议仲裁委员会"),
    ],
)
def test_the_template_has_every_clause_that_article_ten_forces(paragraph: str, words: str) -> None:
    assert words in text_of_template(), paragraph


def test_the_template_says_where_the_seal_goes_and_who_signs() -> None:
    text = text_of_template()
    assert "（盖章处）" in text
    assert text.count("（签名）") == 3
