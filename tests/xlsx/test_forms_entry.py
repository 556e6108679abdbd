"""Filling in needs no manual: limits, hints and red cells follow the model, headers are locked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from office import program, saved_again, validate_ooxml
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.model.fields import AMOUNT, DECIMAL, WHOLE, Row, declarations, sheets
from deliverables.model.ledger_sheets import Invoice, Ledger, Payment
from deliverables.model.operations_sheets import (
    AddressBlock,
    Change,
    Durability,
    Issue,
    Operations,
    Outage,
    Resource,
    Security,
    Usage,
)
from deliverables.model.roster_sheets import Roster, StaffMember
from deliverables.model.rules import RULES, Rules
from deliverables.xlsx.forms import SHEETS, WORKBOOKS, letters_of, objections, write_workbook

WORKBOOKS_ = (Operations, Roster, Ledger)
COVER = {
    "quarter": 2, "first_day": date(2026, 7, 30), "last_day": date(2026, 10, 29), "sample": False,
}  # fmt: skip
SPARE = 2003


def written(workbook: type, rows: dict[str, list[dict[str, Any]]] | None = None) -> Workbook:
    cover = COVER if workbook is Operations else None
    return load_workbook(BytesIO(write_workbook(None, workbook, cover, (), rows or {})))


@cache
def blank(workbook: type) -> Workbook:
    """Return a blank workbook to look at, opened once for all who do."""
    return written(workbook)


def data_sheets(workbook: type) -> Iterator[tuple[type[Row], Worksheet]]:
    book = blank(workbook)
    for row_type in sheets(workbook).values():
        yield row_type, book[row_type.sheet]


def limits(sheet: Worksheet, row_type: type[Row], name: str) -> Any:
    first = f"{letters_of(row_type)[name]}3"
    return next(one for one in sheet.data_validations.dataValidation
                if str(one.sqref).startswith(first))  # fmt: skip


@pytest.mark.parametrize("workbook", WORKBOOKS_)
def test_headers_are_locked_and_everything_else_can_be_typed_over(workbook: type) -> None:
    for row_type, sheet in data_sheets(workbook):
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert not sheet.protection.sort
        assert not sheet.protection.insertRows
        assert not sheet.protection.autoFilter
        columns = len(declarations(row_type))
        assert all(cell.protection.locked for row in sheet["1:2"] for cell in row)
        for number in range(1, columns + 1):
            assert not sheet.column_dimensions[
                sheet.cell(1, number).column_letter
            ].protection.locked
        beyond = sheet.column_dimensions[sheet.cell(1, columns + 1).column_letter]
        assert (beyond.min, beyond.max) == (columns + 1, 16384)
        assert not beyond.protection.locked


def test_a_filled_cell_stays_open_and_so_do_the_answers_of_the_cover() -> None:
    book = written(Operations, {"outages": [{"number": "ZD-1"}]})
    assert not book["中断"]["A3"].protection.locked
    assert not book["说明"]["B2"].protection.locked
    assert book["说明"]["A2"].protection.locked


@pytest.mark.parametrize("workbook", WORKBOOKS_)
def test_filters_stand_below_the_units_and_reach_the_last_spare_row(workbook: type) -> None:
    for row_type, sheet in data_sheets(workbook):
        end = [*letters_of(row_type).values()][-1]
        assert sheet.auto_filter.ref == f"A2:{end}{SPARE}"


def test_numbers_below_zero_are_refused_where_check_refuses_them() -> None:
    for row_type, sheet in data_sheets(Operations):
        for name, declared in declarations(row_type).items():
            if declared.type in (WHOLE, DECIMAL, AMOUNT):
                assert limits(sheet, row_type, name).formula1 == "0"


def test_money_that_goes_back_may_be_negative() -> None:
    book = blank(Ledger)
    for row_type, name in ((Payment, "amount"), (Invoice, "gross")):
        assert limits(book[row_type.sheet], row_type, name).formula1.startswith("-")


def test_a_day_of_another_quarter_is_refused_by_the_days_of_the_cover() -> None:
    book = blank(Operations)
    found = limits(book[Change.sheet], Change, "done")
    assert (found.type, found.errorStyle) == ("date", "stop")
    assert "首日" in found.formula1
    assert "末日" in found.formula2
    assert {name: item.attr_text for name, item in book.defined_names.items()} == {
        "首日": "'说明'!$B$3",
        "末日": "'说明'!$B$4",
    }


def test_a_percentage_below_one_may_be_insisted_on() -> None:
    sheet = blank(Operations)[Usage.sheet]
    found = limits(sheet, Usage, "cpu_average")
    assert found.errorStyle == "warning"
    assert "单引号" in found.error


@pytest.mark.parametrize("workbook", WORKBOOKS_)
def test_every_objection_reddens_its_column_down_to_the_last_spare_row(workbook: type) -> None:
    for row_type, sheet in data_sheets(workbook):
        found: dict[str, list[str]] = {}
        for area in sheet.conditional_formatting:
            found[str(area.sqref)] = [rule.formula[0] for rule in area.rules]
            assert all(rule.dxf.fill.bgColor.rgb.endswith("FFC7CE") for rule in area.rules)
        in_quarter = workbook is Operations
        for name, letter in letters_of(row_type).items():
            expected = list(objections(row_type, name, SPARE, in_quarter=in_quarter))
            assert found.get(f"{letter}3:{letter}{SPARE}", []) == expected


@pytest.mark.parametrize("workbook", WORKBOOKS_)
def test_every_sheet_is_explained_and_its_example_can_be_read(workbook: type) -> None:
    assert WORKBOOKS[workbook].steps
    for row_type in sheets(workbook).values():
        guide = SHEETS[row_type.sheet]
        assert guide.who
        assert guide.use
        for declared in declarations(row_type).values():
            if declared.label in guide.example:
                declared.type.parse(guide.example[declared.label])
            else:
                assert declared.optional, f"{row_type.sheet} {declared.label}"


def test_the_guide_comes_first_and_says_quarter_days_sheets_and_columns() -> None:
    content = write_workbook(None, Operations, COVER, (), {}, contract="HT-1")
    book = load_workbook(BytesIO(content))
    assert book.sheetnames[0] == "填写说明"
    guide = book.worksheets[0]
    assert guide["A2"].value == (
        "合同号 HT-1　第2个服务季度：2026年7月30日至2026年10月29日　从“说明”表填起。"
    )
    lines = {row[0]: row for row in guide.iter_rows(values_only=True)}
    assert lines["中断"][2] == "编号、开始时间、恢复时间、影响范围、原因类别、原因、处理措施"
    links = [cell.hyperlink.location for cell in guide["A"] if cell.hyperlink]
    assert links == [f"'{row_type.sheet}'!A3" for row_type in sheets(Operations).values()]


def fields_of(rules: Rules) -> set[str]:
    pairs = (*rules.spans, *rules.parts, *rules.peaks, *rules.fits, *rules.keys)
    totals = ((total.whole, *total.added, *total.taken) for total in rules.totals)
    needs = (pair[:2] for pair in rules.needs)
    groups = (*pairs, *totals, *needs, rules.units or (), rules.known, tuple(rules.signed))
    named = {name for group in groups for name in group}
    return named | ({rules.happened} if rules.happened else set())


@pytest.mark.parametrize("row_type", RULES, ids=lambda row_type: row_type.sheet)
def test_rules_name_columns_that_are_declared(row_type: type[Row]) -> None:
    assert fields_of(RULES[row_type]) <= set(declarations(row_type))


def test_a_rule_about_a_column_that_went_is_noticed() -> None:
    assert not fields_of(Rules(happened="gone")) <= set(declarations(Outage))


MOMENT = datetime(2026, 8, 19, 9, 12)
SOUND: dict[type[Row], dict[str, Any]] = {
    Resource: {"system": "门户", "kind": "内存", "unit": "GB", "opening": 3, "added": 1,
               "released": 0, "closing": 4},
    Usage: {"month": date(2026, 8, 1), "system": "门户", "host": "h1", "vcpu": 8, "memory": 32,
            "storage": 500, "cpu_average": Decimal("23.5"), "cpu_peak": 71, "memory_average": 0,
            "memory_peak": 60, "storage_used": 500},
    Outage: {"number": "ZD-1", "started": MOMENT, "ended": datetime(2026, 8, 19, 9, 58),
             "scope": "出口", "affected_hosts": 4, "total_hosts": 4, "cause_kind": "网络",
             "cause": "光缆", "action": "切换"},
    Durability: {"month": date(2026, 10, 1), "storage": "高性能", "capacity": 1, "scheme": "三副本",
                 "loss_events": 0, "integrity_checks": 4, "integrity_failures": 4},
    Issue: {"number": "WT-1", "kind": "问题", "subject": "带宽不足"},
    Change: {"number": "B1", "kind": "计划", "done": datetime(2026, 10, 29, 23, 59),
             "subject": "升级", "result": "成功"},
    Security: {"month": date(2026, 8, 1), "kind": "高危漏洞", "found": 2, "due": 2, "mended": 1,
               "overdue": 1},
    AddressBlock: {"block": "10.0.0.0/28", "zone": "政务外网区", "system": "门户",
                   "addresses": 16, "state": "在用", "changed": date(2026, 7, 30)},
    StaffMember: {"number": "S001", "name": "张某", "identity_kind": "居民身份证",
                  "identity_number": "999999199001010011", "department": "运维部",
                  "post": "工程师", "key_staff": False, "joined": date(2026, 4, 29),
                  "left": date(2026, 4, 29)},
    Invoice: {"instalment": 1, "number": "26112000000000000001", "issued": date(2026, 5, 6),
              "type": "普通发票", "net": Decimal("377358.49"), "rate": Decimal("0.06"),
              "tax": Decimal("22641.51"), "gross": Decimal(400000)},
}  # fmt: skip

PLANTED: list[tuple[type[Row], dict[str, Any], str]] = [
    (Resource, {"closing": None}, "closing"),
    (Resource, {"closing": 5}, "closing"),
    (Resource, {"unit": "台"}, "unit"),
    (Resource, {"kind": "光盘"}, "kind"),
    (Resource, {"opening": -1, "closing": 0}, "opening"),
    (Usage, {"cpu_peak": 20}, "cpu_peak"),
    (Usage, {"cpu_peak": 101}, "cpu_peak"),
    (Usage, {"cpu_average": Decimal("0.2")}, "cpu_average"),
    (Usage, {"storage_used": 501}, "storage_used"),
    (Usage, {"month": date(2026, 6, 1)}, "month"),
    (Usage, {"month": "八月"}, "month"),
    (Usage, {"vcpu": Decimal("1.5")}, "vcpu"),
    (Outage, {"ended": MOMENT}, "ended"),
    (Outage, {"started": "昨天"}, "started"),
    (Outage, {"exclusion": "补充协议一"}, "excluded_on"),
    (Outage, {"excluded_on": date(2026, 9, 1)}, "exclusion"),
    (Issue, {"closed": date(2026, 9, 1)}, "outcome"),
    (Issue, {"number": None}, "number"),
    (Outage, {"affected_hosts": 5}, "affected_hosts"),
    (Durability, {"integrity_failures": 5}, "integrity_failures"),
    (Change, {"done": datetime(2026, 10, 30, 0, 0)}, "done"),
    (Change, {"done": datetime(2026, 7, 29, 23, 59)}, "done"),
    (Security, {"overdue": 0}, "due"),
    (AddressBlock, {"changed": date(2026, 7, 29)}, "changed"),
    (StaffMember, {"left": date(2026, 4, 28)}, "left"),
    (Invoice, {"gross": Decimal(400001)}, "gross"),
    (Invoice, {"rate": 6}, "rate"),
]
ALLOWED: list[tuple[type[Row], dict[str, Any]]] = [
    (Usage, {"month": "2026-08"}),
    (Outage, {"started": "2026年8月19日 09:12"}),
    (Outage, {"exclusion": "补充协议一", "excluded_on": date(2026, 9, 1)}),
    (Invoice, {"net": Decimal("-377358.49"), "tax": Decimal("-22641.51"),
               "gross": Decimal(-400000)}),
]  # fmt: skip
REPEATED: list[tuple[type[Row], str]] = [
    (Outage, "number"),
    (Usage, "host"),
    (Resource, "specification"),
    (StaffMember, "identity_number"),
    (Issue, "number"),
]


def red(cases: list[tuple[type[Row], list[dict[str, Any]]]], folder: Path) -> list[set[str]]:
    """Return the columns of the first row that Excel would redden, case by case.

    The formulas are put into cells far right and reckoned by LibreOffice.
    """
    program("soffice", "apt install libreoffice-calc-nogui")
    book = Workbook()
    book.remove(book.worksheets[0])
    places: list[list[tuple[str, str, str]]] = []
    cover = book.create_sheet("说明")
    cover["B3"], cover["B4"] = COVER["first_day"], COVER["last_day"]
    for number, (row_type, rows) in enumerate(cases):
        sheet = book.create_sheet(f"S{number}")
        letters = letters_of(row_type)
        for line, row in enumerate(rows, 3):
            for name, value in row.items():
                shown = (
                    {True: "是", False: "否"}.get(value, value)
                    if isinstance(value, bool)
                    else value
                )
                sheet[f"{letters[name]}{line}"] = shown
        found = []
        for name in letters:
            for formula in objections(row_type, name, 9, in_quarter=row_type in
                                      sheets(Operations).values()):  # fmt: skip
                cell = sheet.cell(3, 40 + len(found))
                days = formula.replace("首日", "'说明'!$B$3").replace("末日", "'说明'!$B$4")
                cell.value = f"=IF({days},1,0)"
                found.append((sheet.title, cell.coordinate, name))
        places.append(found)
    before = folder / "formulas.xlsx"
    book.save(before)
    (after,) = saved_again([before], folder / "reckoned")
    reckoned = load_workbook(after, data_only=True)
    return [
        {name for sheet, cell, name in found if reckoned[sheet][cell].value != 0}
        for found in places
    ]


@pytest.mark.office
def test_red_is_what_check_objects_to_and_nothing_else(tmp_path: Path) -> None:
    cases = [(row_type, [SOUND[row_type] | change]) for row_type, change, _ in PLANTED]
    cases += [(row_type, [row]) for row_type, row in SOUND.items()]
    cases += [(row_type, [SOUND[row_type] | change]) for row_type, change in ALLOWED]
    cases += [(row_type, [SOUND[row_type]] * 2) for row_type, _ in REPEATED]
    near = SOUND[Invoice] | {"number": "26112000000000000002"}
    cases += [(Invoice, [SOUND[Invoice], near])]
    found = red(cases, tmp_path)
    expected: list[set[str]] = [{name} for _, _, name in PLANTED]
    expected += [set()] * (len(SOUND) + len(ALLOWED))
    keys = [{"number"}, {"host"}, {"specification"}, {"number", "identity_number"},
            {"number"}]  # fmt: skip
    assert found == [*expected, *keys, set()]


@pytest.mark.office
@pytest.mark.parametrize("workbook", WORKBOOKS_)
def test_excel_opens_it_without_repair(workbook: type, tmp_path: Path) -> None:
    cover = COVER if workbook is Operations else None
    write_workbook(tmp_path / "book.xlsx", workbook, cover)
    validate_ooxml(tmp_path / "book.xlsx")
