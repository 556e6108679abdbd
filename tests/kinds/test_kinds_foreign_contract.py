"""Every kind under a contract whose every text is another, and under one that is silent.

No document says what only the first contract says, and none speaks of what its contract does not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import pytest
from documents import AS_OF, template
from few import thorough_but
from foreign import articles, borrowed, foreign, silent, uncited, without_rows, wordings
from places import ROOT
from scenarios import sample

from deliverables.docx.render import Stamp, render
from deliverables.draft import properties_of
from deliverables.kinds import Kind, kinds
from deliverables.model.book import ContractBook
from deliverables.verify.base import digest_of
from deliverables.verify.document import read_document

A_FEW = ("payment_request", "quarterly_report")
UNSPOKEN: Mapping[str, tuple[str, ...]] = {
    "保密": ("保密", "泄密"),
    "迟延付款违约金": ("违约金",),
    "验收材料": ("按合同约定为", "验收材料包括"),
    "验收和返工期限": ("验收期限", "返工期限"),
    "更换人员、退出、不可抗力": ("提前通知", "退出", "不可抗力"),
    "切换": ("切换期", "迁移"),
    "付款条件": ("付款条件",),
    "中期验收": ("中期验收",),
    "税率": ("税率6%", "÷（1+税率）"),
    "先票后款": ("先开票", "先开具", "先票"),
    "服务明细清单": ("服务明细清单",),
    "可用性": ("可用性应", "99.9%", "判定口径"),
    "数据可靠性和事件分级": ("数据可靠性指标", "事件分级"),
}
"""What the silent contract does not say, and the words by which a document would speak of it."""


DASH_IN_A_SENTENCE = re.compile(r".*(?:合同|[依据按（])—(?!—).*|.*(?<!—)—[，、。；：的约].*")
"""A line in which the sign of an empty cell is part of a sentence; —— is punctuation."""


@cache
def without_claims() -> ContractBook:
    """Return the silent book, whose ledger has no row about what its contract is silent of."""
    book = silent(under_another())
    assert book.ledger is not None
    ledger = replace(book.ledger, claims=(), deductions=(), reminders=(), fiscal_approvals=(),
                     acceptances=())  # fmt: skip
    return replace(book, ledger=ledger)


@cache
def without_articles() -> ContractBook:
    return uncited(under_another())


@cache
def under_another() -> ContractBook:
    return foreign(sample())


def documents_of(kind: Kind, book: ContractBook) -> dict[str, str]:
    """Return what the first and the last document of a kind say that can be made, by their part."""
    planned = [one for one in kind.plan(book, AS_OF) if not one.blockers]
    said = {}
    for one in {one.key: one for one in (*planned[:1], *planned[-1:])}.values():
        context = kind.compose(book, one, AS_OF)
        properties = properties_of(one, book, AS_OF, digest_of(context))
        made = render(template(kind), context, Stamp(draft=False, sample=False), properties)
        said[one.part] = read_document(made).text
    return said


@pytest.mark.parametrize("kind", thorough_but(A_FEW, kinds().values(), lambda kind: kind.name))
def test_no_document_says_what_only_the_first_contract_says(kind: Kind) -> None:
    said = documents_of(kind, under_another())
    assert said
    assert {part: borrowed(text, under_another()) for part, text in said.items()} == {
        part: [] for part in said
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "违约金额累计不超过服务费总额的5%",
        "甲方应在收到通知后5个工作日内安排并完成验收",
        "依照第十二条第7款",
        "保密期限为终止后10年",
        "账号11050192360000000776",
    ],
)
def test_a_wording_an_article_and_a_figure_of_the_first_contract_are_noticed(sentence: str) -> None:
    assert borrowed(f"特此说明。\n{sentence}。", under_another())


@pytest.mark.parametrize(
    "sentence", ["依照《民法典》第五百一十一条第四项", "该笔扣减14,683.38元", "自2026年4月29日起"]
)
def test_statutes_rows_of_the_ledger_and_days_are_no_ones_wording(sentence: str) -> None:
    assert borrowed(sentence, under_another()) == []


def test_no_template_and_no_sentence_in_the_code_has_a_wording_or_an_article_of_it() -> None:
    """The branches too that the documents above do not go through."""
    titles = {kind.title for kind in kinds().values()}
    found = [
        f"{place}: {told}"
        for place, text in house_sentences()
        if text not in titles
        for told in (*wordings(text), *articles(text))
    ]
    assert found == []


def house_sentences() -> Iterator[tuple[str, str]]:
    """Yield the lines of the house texts and the strings of the code that documents are made by."""
    for file in sorted((ROOT / "templates").glob("*.md")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            yield f"{file.name}:{number}", line
    for room in ("compute", "finance", "kinds", "letters"):
        for file in sorted((ROOT / "deliverables" / room).glob("*.py")):
            tree = ast.parse(file.read_text("utf-8"))
            notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and id(node) not in notes:
                    yield f"{file.name}:{node.lineno}", str(node.value)


@pytest.mark.parametrize("kind", thorough_but(A_FEW, kinds().values(), lambda kind: kind.name))
def test_no_document_speaks_of_what_its_contract_does_not(kind: Kind) -> None:
    book = without_claims()
    for part, text in documents_of(kind, book).items():
        assert spoken(text, book) == [], part


def spoken(text: str, book: ContractBook) -> list[str]:
    """Return the lines of a document that speak of what its contract does not, with the topic."""
    return [
        f"{topic}: {line}"
        for topic, words in (*UNSPOKEN.items(), ("空白", ("—。",)))
        for line in without_rows(text, book).splitlines()
        if any(word in line for word in words)
    ]


@pytest.mark.parametrize(
    "sentence",
    ["价款按税率6%计算", "平台可用性应达到约定数值", "全年可用性不低于99.9%", "见合同—。"],
)
def test_a_sentence_of_what_the_contract_does_not_say_is_noticed(sentence: str) -> None:
    """Also one of words that rows of the workbooks have."""
    assert spoken(f"说明\n{sentence}", without_claims())


@pytest.mark.parametrize("kind", thorough_but(A_FEW, kinds().values(), lambda kind: kind.name))
def test_no_sentence_cites_an_article_that_is_not_stated(kind: Kind) -> None:
    """A dash stands alone, as a cell or a line, where there is nothing: never in a sentence."""
    for part, text in documents_of(kind, without_articles()).items():
        assert DASH_IN_A_SENTENCE.findall(text) == [], part


def test_what_a_contract_does_not_owe_is_not_made() -> None:
    """No duty of confidence, no agreement; no damages, no claim; no requirement, no 验收书."""
    made = {kind.name for kind in kinds().values() if documents_of(kind, without_claims())}
    unowed = {"confidentiality_agreement", "late_payment_claim", "acceptance_record"}
    assert made == set(kinds()) - unowed - {"confidentiality_coverage"}
    assert sample().contract.confidentiality
