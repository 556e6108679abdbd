"""Rules about what documents print 【待补】 for: each is listed with the cell to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from deliverables.checks.operations import label, quarters, sheets_of
from deliverables.compute.chapters import chapters_of
from deliverables.compute.open_points import answered
from deliverables.compute.series import SUMMARY
from deliverables.model.book import ContractBook
from deliverables.model.fields import TEXT, UNFILLED, Row, declarations, sheets
from deliverables.model.operations_sheets import (
    AddressBlock,
    Backup,
    Durability,
    Inspection,
    Operations,
    Resource,
    Security,
    Usage,
)
from deliverables.values.figure import Cell
from deliverables.values.problem import Problem, gap, say

ASKED_FOR: Mapping[type[Row], str] = {
    Resource: "服务范围与资源台账",
    Usage: "资源使用情况",
    Durability: "服务质量",
    Inspection: "巡检",
    Backup: "备份与恢复",
    Security: "安全",
    AddressBlock: "IP地址分配管理",
}
"""Sheets that a chapter cannot do without: empty, they are no proof that there was nothing."""


def empty_sheets(book: ContractBook) -> Iterable[Problem]:
    """A sheet that a chapter of any report cannot do without holds something."""
    names = {row: name for name, row in sheets(Operations).items()}
    told = {title for series in book.contract.series_owed for title in chapters_of(series)}
    for quarter in quarters(book):
        for row in (one for one, chapter in ASKED_FOR.items() if chapter in told):
            if row is Durability and book.contract.service_levels.durability is None:
                continue
            if not getattr(quarter.workbook, names[row]):
                yield gap(
                    "sheet-empty",
                    Cell(quarter.workbook.file, row.sheet),
                    say("{sheet} has no row: the report prints 【待补】", sheet=row.sheet),
                    say("fill in the sheet from the system that keeps the records"),
                )


def design_values(book: ContractBook) -> Iterable[Problem]:
    """A class of storage has the design value that its manufacturer states."""
    for quarter in quarters(book):
        without = {row.storage: row for row in quarter.workbook.durability if not row.design_value}
        for storage, row in without.items():
            yield gap(
                "design-value-missing",
                row.place("design_value"),
                say("{storage}: no design value, the report prints 【待补】", storage=storage),
                say("write what the manufacturer's document states, and name it in 设计值依据"),
            )


def unfinished_cells(book: ContractBook) -> Iterable[Problem]:
    """No cell that a document prints still says 【待补】."""
    for row in _rows(book):
        for field, declared in declarations(type(row)).items():
            value = getattr(row, field)
            if declared.type is TEXT and isinstance(value, str) and UNFILLED in value:
                yield gap(
                    "cell-unfinished",
                    row.place(field),
                    say("{label} still says 【待补】", label=label(row, field)),
                    say("write what is still open"),
                )


def _rows(book: ContractBook) -> Iterator[Row]:
    held = (sheet.rows for quarter in quarters(book) for sheet in sheets_of(quarter.workbook))
    ledger = (getattr(book.ledger, name) for name in sheets(type(book.ledger))) if book.ledger \
        else ()  # fmt: skip
    roster = (book.roster.members,) if book.roster else ()
    return chain.from_iterable((*held, *ledger, *roster))


def duties_answered(book: ContractBook) -> Iterable[Problem]:
    """Every duty of the fulfilment table is answered by records, or by a person in 履约情况."""
    contract = book.contract
    if not contract.duties and any(one.form == SUMMARY for one in contract.reports):
        yield gap(
            "duties-missing",
            contract.place("duties"),
            say("no duties are listed: the annual summary prints 【待补】 for 合同履约对照"),
            say("list the articles under duties, as in another contract.yaml of the same form"),
        )
    written = book.ledger.fulfilments if book.ledger else ()
    for duty in contract.duties:
        if not answered(duty, written):
            yield gap(
                "duty-unanswered",
                duty.place("duty"),
                say(
                    "{article} ({duty}) has no record that answers it: the annual summary prints "
                    "【待补】",
                    article=duty.article,
                    duty=duty.duty,
                ),
                say("write in ledger.xlsx, 履约情况, what was done, when, and by which paper"),
            )
