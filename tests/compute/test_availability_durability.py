from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from rows import contract, quarter, row

from deliverables.compute.availability import durability
from deliverables.model.operations_sheets import Durability
from deliverables.values.figure import Figure

LEVELS = contract().service_levels


def month(number: int, **facts: Any) -> Durability:
    return row(Durability, month=date(2026, number, 1), **facts)


def test_observations_are_added_by_class_of_storage() -> None:
    rows = [
        month(6, integrity_checks=4, integrity_failures=1, capacity=Decimal("35.54")),
        month(5, integrity_checks=5, capacity=Decimal("34.25")),
        month(5, storage="容量型存储", loss_events=1),
    ]
    found = durability([quarter(durability=rows)], LEVELS)
    fast, slow = found.lines
    assert [fast.storage, str(fast.integrity_checks), str(fast.integrity_failures)] == [
        "高性能存储", "9", "1",
    ]  # fmt: skip
    assert str(fast.capacity) == "35.54", "the latest month's"
    assert (str(slow.loss_events), str(found.loss_events), found.lost) == ("1", "1", True)


def test_the_design_value_is_marked_as_one() -> None:
    rows = [month(5, design_value="99.9999%", design_evidence="产品白皮书")]
    (line,) = durability([quarter(durability=rows)], LEVELS).lines
    assert (str(line.design_value), str(line.design_evidence)) == (
        "99.9999%（设计值）", "产品白皮书",
    )  # fmt: skip


def test_a_design_value_that_says_so_is_not_marked_twice() -> None:
    rows = [month(5, design_value="99.9999%（厂商设计值）")]
    (line,) = durability([quarter(durability=rows)], LEVELS).lines
    assert str(line.design_value) == "99.9999%（厂商设计值）"


def test_a_missing_design_value_is_to_be_supplied() -> None:
    (line,) = durability([quarter(durability=[month(5)])], LEVELS).lines
    assert str(line.design_value) == "【待补】"


def test_a_year_without_loss_measures_nothing() -> None:
    rows = [month(5, integrity_checks=1000, design_value="99.9999%")]
    found = durability([quarter(durability=rows)], LEVELS)
    texts = [text for text in texts_of(found) if text != str(found.standing)]
    assert not any("实测" in text for text in texts)
    assert [text for text in texts if "99.9999" in text] == ["99.9999%（设计值）"]


def test_the_design_value_is_said_to_be_the_contractors_reading_not_the_contracts() -> None:
    attested = durability([quarter(durability=[month(5, design_value="99.9999%")])], LEVELS)
    assert str(attested.standing) == (
        "合同约定数据可靠性不低于99.9999%。所列设计值取自存储厂商文件，"
        "以设计值说明达到该要求的能力是乙方的理解，并非合同约定，甲方未予确认。"
    )
    silent = durability([quarter(durability=[month(5)])], LEVELS)
    assert "乙方的理解" not in str(silent.standing), "no value, so nobody reads anything into it"


def test_of_a_figure_the_contract_does_not_set_nothing_is_said() -> None:
    found = durability([quarter(durability=[month(5)])], replace(LEVELS, durability=None))
    assert (found.told, str(found.standing)) == (True, "")


def texts_of(item: object) -> list[str]:
    if isinstance(item, Figure):
        return [item.text]
    if isinstance(item, tuple):
        return [text for inner in item for text in texts_of(inner)]
    if is_dataclass(item):
        return [text for one in fields(item) for text in texts_of(getattr(item, one.name))]
    return [item] if isinstance(item, str) else []


def test_without_records_nothing_was_observed() -> None:
    found = durability([quarter()], LEVELS)
    assert (found.observed, found.lost, found.lines) == (False, False, ())
