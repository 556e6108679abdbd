"""The tax portal's workbook for importing invoices (批量开票), recognised and filled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from deliverables.compute.request import InstalmentInvoice
from deliverables.examination import Examined
from deliverables.files.result import Result
from deliverables.finance.application_form import remark, to_be_issued
from deliverables.finance.payment_pack import PackFile, PackPlace, figures, put_paper
from deliverables.folders import Folders
from deliverables.kinds import Deliverable
from deliverables.model.book import ContractBook
from deliverables.model.contract import SHOWN_ON_INVOICES, Contract
from deliverables.model.fields import EXEMPT, Missing, Record, show_plain
from deliverables.plan import Planned, Request, plan, waived
from deliverables.read.input_package import DamagedError, TooLargeError, worksheet_parts
from deliverables.read.workbook_facts import facts_of
from deliverables.status import Stage
from deliverables.values.figure import Cell, Source
from deliverables.values.problem import Message, Problem, error, say
from deliverables.xlsx.edit import with_parts, with_row

VERSION_SHEET: Final = "excelVersion"
VERSION_CELL: Final = "A4"
VERSIONS: Final[Mapping[str, str]] = {"pt:20260401": "V260401", "pt:20251101": "V251101"}
"""The hidden mark of each version whose two sheets are as described here, and its public name."""

INVOICES: Final = "1-发票基本信息"
LINES: Final = "2-发票明细信息"
FLAG_ROW, HEADER_ROW, FIRST_ROW = 2, 3, 4
MOST_LINES: Final = 2000
"""The portal warns that it may fail with more rows than this."""

SERIAL: Final = "发票流水号"
YES, NO = "是", "否"


@dataclass(frozen=True, slots=True)
class PortalColumn:
    """A column by its header: the most characters, whether it must be filled, decimals, choices.

    `decimals` is None for text; of a number it is how many it may have, and exactly so many if
    `fixed`. `choices` are those of the drop-down.
    """

    header: str
    limit: int | None
    required: bool = False
    decimals: int | None = None
    fixed: bool = False
    choices: tuple[str, ...] = ()


SHEETS: Final[Mapping[str, tuple[PortalColumn, ...]]] = {
    INVOICES: (
        PortalColumn(SERIAL, 20, required=True),
        PortalColumn("发票类型", 10, required=True, choices=("增值税专用发票", "普通发票")),
        PortalColumn("特定业务类型", 10),
        PortalColumn("是否含税", 2, required=True, choices=(YES, NO)),
        PortalColumn("受票方自然人标识", 2, choices=(YES, NO)),
        PortalColumn("购买方名称", 100, required=True),
        PortalColumn("购买方纳税人识别号", 20, required=True),
        PortalColumn("购买方证件类型", 40),
        PortalColumn("购买方证件号码", 30),
        PortalColumn("购买方国籍（或地区）", 40),
        PortalColumn("购买方地址", 100),
        PortalColumn("购买方所在地区（报废产品收购必填）", 100),
        PortalColumn("购买方详细地址（报废产品收购必填）", None),
        PortalColumn("购买方电话", 50),
        PortalColumn("购买方开户银行", 100),
        PortalColumn("购买方银行账号", 100),
        PortalColumn("是否展示购买方地址电话银行账号", 20, choices=SHOWN_ON_INVOICES),
        PortalColumn("是否开具涉税专业服务发票品目", 2, choices=(YES, NO)),
        PortalColumn("涉税专业服务协议编号", 20),
        PortalColumn("备注", 230),
        PortalColumn("报废产品销售类型", 24),
        PortalColumn("每千克煤炭发热量", 5),
        PortalColumn("干基全硫", 6),
        PortalColumn("干燥无灰基挥发分", 6),
        PortalColumn("销售方开户行", 100),
        PortalColumn("销售方银行账号", 60),
        PortalColumn("是否展示销售方地址电话银行账号", 20, choices=SHOWN_ON_INVOICES),
        PortalColumn("购买方邮箱", 72),
        PortalColumn("购买方经办人姓名", 150),
        PortalColumn("购买方经办人证件类型", 40),
        PortalColumn("购买方经办人证件号码", 30),
        PortalColumn("经办人国籍(地区)", 40),
        PortalColumn("经办人自然人纳税人识别号", 20),
        PortalColumn("放弃享受减按1%征收率原因", 100),
        PortalColumn("收款人", 16),
        PortalColumn("复核人", 16),
    ),
    LINES: (
        PortalColumn(SERIAL, 20, required=True),
        PortalColumn("项目名称", 100, required=True),
        PortalColumn("商品和服务税收编码", 20, required=True),
        PortalColumn("规格型号", 40),
        PortalColumn("单位", 22),
        PortalColumn("数量", 16, decimals=13),
        PortalColumn("单价", 16, decimals=13),
        PortalColumn("金额", 16, required=True, decimals=2, fixed=True),
        PortalColumn("税率", 8, required=True, decimals=6),
        PortalColumn("折扣金额", 16, decimals=2, fixed=True),
        PortalColumn("是否使用优惠政策", 2, choices=(YES, NO)),
        PortalColumn("优惠政策类型", 15),
        PortalColumn("即征即退类型", 46),
        PortalColumn("煤炭种类", 15),
    ),
}
"""Every column with a header of the two sheets that are filled, in the portal's order.

The portal asks for 购买方纳税人识别号 on special invoices, and on others if the buyer is an
enterprise; here it is always asked for, since the buyers of these contracts all have one.
"""


def column(sheet: str, header: str) -> PortalColumn:
    """Return a column by its header."""
    return next(one for one in SHEETS[sheet] if one.header == header)


_LIMIT = re.compile(r"限(\d+)字符")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetPlan:
    """A sheet that is filled: the letters of its columns, and what somebody typed already.

    `next_row` is the first row with nothing in it or below, `serials` are those already there.
    """

    letters: Mapping[str, str]
    next_row: int
    serials: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """A workbook of the portal that can be filled: its bytes, its version, its two sheets."""

    file: str
    content: bytes
    version: str
    sheets: Mapping[str, SheetPlan]


@dataclass(frozen=True, slots=True)
class TemplateReading:
    """A template, or why there is none."""

    template: Template | None
    problems: tuple[Problem, ...] = ()


def version_of(content: bytes) -> str:
    """Return the hidden version mark, pt:20260401; empty if the file is no workbook with one."""
    return _version(_opened(content))


def read_template(path: Path) -> TemplateReading:
    """Return the portal's workbook at `path`, or everything that keeps it from being filled."""
    file = path.as_posix()
    content = path.read_bytes()
    workbook = _opened(content)
    if workbook is None or VERSION_SHEET not in workbook.sheet_names:
        why = say(
            "this is not the portal's workbook for importing invoices: it has no sheet {sheet}",
            sheet=VERSION_SHEET,
        )
        return TemplateReading(None, (_not_the_portals(Cell(file), why),))
    version = _version(workbook)
    if version not in VERSIONS:
        return TemplateReading(None, (_unknown_version(file, version),))
    plans: dict[str, SheetPlan] = {}
    problems: list[Problem] = []
    for name in SHEETS:
        if name not in workbook.sheet_names:
            missing = say("the sheet {sheet} is missing", sheet=name)
            problems.append(_not_the_portals(Cell(file, name), missing))
            continue
        rows = _rows(workbook, name)
        problems += _differences(file, name, rows)
        plans[name] = _plan(rows)
    if problems:
        return TemplateReading(None, tuple(problems))
    return TemplateReading(Template(file=file, content=content, version=version, sheets=plans))


def find_templates(*folders: Path) -> tuple[Path, ...]:
    """Return the portal's workbooks in the folders, newest version first."""
    found = [
        (version, path)
        for folder in folders
        for path in sorted(folder.glob("*.xlsx"))
        if not path.name.startswith("~$") and (version := _version_at(path))
    ]
    newest = max((version for version, _ in found), default="")
    return tuple(path for version, path in found if version == newest)


def _version_at(path: Path) -> str:
    try:
        return version_of(path.read_bytes())
    except OSError:
        return ""


def _opened(content: bytes) -> CalamineWorkbook | None:
    try:
        sheets = facts_of(content).sheets.values()
        if any(sheet.too_large or sheet.damaged for sheet in sheets):
            return None
        return CalamineWorkbook.from_filelike(BytesIO(content))
    except (DamagedError, TooLargeError, CalamineError, OSError, ValueError):
        return None


def _version(workbook: CalamineWorkbook | None) -> str:
    if workbook is None or VERSION_SHEET not in workbook.sheet_names:
        return ""
    rows = _rows(workbook, VERSION_SHEET)
    row = int(VERSION_CELL[1:])
    return rows[row - 1][0].strip() if len(rows) >= row and rows[row - 1] else ""


def _rows(workbook: CalamineWorkbook, name: str) -> list[list[str]]:
    """Return the cells of a sheet as text, from A1; of merged cells the first alone speaks."""
    sheet = workbook.get_sheet_by_name(name)
    rows = [[str(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                if (row, column) != (top, left):
                    rows[row][column] = ""
    return rows


def _row(rows: list[list[str]], number: int) -> list[str]:
    return rows[number - 1] if len(rows) >= number else []


def _headers(rows: list[list[str]]) -> Iterator[tuple[str, str]]:
    """Yield the letters and the header of each column that has one."""
    for number, text in enumerate(_row(rows, HEADER_ROW), start=1):
        if header := _SPACE.sub("", text):
            yield get_column_letter(number), header


def _plan(rows: list[list[str]]) -> SheetPlan:
    letters = {header: letter for letter, header in _headers(rows)}
    used = [number for number, row in enumerate(rows, start=1) if any(map(str.strip, row))]
    found = [header for _, header in _headers(rows)]
    at = found.index(SERIAL) if SERIAL in found else 0
    return SheetPlan(
        letters=letters,
        next_row=max(FIRST_ROW, max(used, default=0) + 1),
        serials=frozenset(row[at].strip() for row in rows[FIRST_ROW - 1 :] if len(row) > at),
    )


def _differences(file: str, sheet: str, rows: list[list[str]]) -> Iterator[Problem]:
    """Yield every header and every limit that is not as the program knows it."""
    there = dict[str, str]()
    known = {one.header: one for one in SHEETS[sheet]}
    for letters, header in _headers(rows):
        place = Cell(file, sheet, f"{letters}{HEADER_ROW}")
        if header in there:
            yield _differs(place, say("the column {header} is there twice", header=header))
        elif header not in known:
            yield _differs(place, say("{header} is a column unknown so far", header=header))
        there.setdefault(header, letters)
    for header in known:
        if header not in there:
            near = get_close_matches(header, there.keys() - known.keys(), n=1, cutoff=0.5)
            found = say(" (there is {near})", near=near[0]) if near else ""
            place = Cell(file, sheet)
            yield _differs(
                place, say("the column {header} is missing{found}", header=header, found=found)
            )
    for header, letters in there.items():
        flag = _flag(rows, letters, file, sheet)
        if header in known and flag and flag[0] != known[header].limit:
            yield _differs(
                flag[1],
                say(
                    "{header} takes {found} characters, {known} so far",
                    header=header,
                    found=flag[0],
                    known=known[header].limit or "—",
                ),
            )


def _flag(rows: list[list[str]], letters: str, file: str, sheet: str) -> tuple[int, Cell] | None:
    """Return the limit that row 2 states for a column, and where."""
    for number, text in enumerate(_row(rows, FLAG_ROW), start=1):
        if get_column_letter(number) == letters and (stated := _LIMIT.search(text)):
            return int(stated[1]), Cell(file, sheet, f"{letters}{FLAG_ROW}")
    return None


def _not_the_portals(place: Cell, why: Message) -> Problem:
    anew = say(
        "download it anew from the tax portal (批量开票, 下载模板) and give it as --template"
    )
    return error("portal-template", place, why, anew)


def _unknown_version(file: str, version: str) -> Problem:
    known = ", ".join(f"{mark} ({name})" for mark, name in VERSIONS.items())
    return error(
        "portal-version",
        Cell(file, VERSION_SHEET, VERSION_CELL),
        say(
            "its version is {found}, known are {known}",
            found=version or "—",
            known=known,
        ),
        say(
            "download the present one from the tax portal; if this is the present one, the program "
            "must learn it first: key the invoice in by hand, from the 开票申请单"
        ),
    )


def _differs(place: Cell, message: Message) -> Problem:
    return error(
        "portal-header",
        place,
        say("{difference}", difference=message),
        say(
            "download the workbook anew and leave rows 1 to 3 as they are; if the portal changed "
            "it, key the invoice in by hand, from the 开票申请单"
        ),
    )


ITEM: Final = "项目名称"
QUANTITY, PRICE, AMOUNT = "数量", "单价", "金额"
SHOW_BUYER: Final = "是否展示购买方地址电话银行账号"
SHOWN: Final[Mapping[str, tuple[str, str]]] = {
    "地址": ("购买方地址", "购买方电话"),
    "银行": ("购买方开户银行", "购买方银行账号"),
}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.(\d+))?")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Given:
    """The text of one cell, or the gap in its place, and where it was read."""

    value: str | Missing
    source: Source

    @property
    def text(self) -> str:
        """What is written; nothing for a gap."""
        return "" if isinstance(self.value, Missing) else self.value


Row = Mapping[str, Given]
"""What a row of a sheet gets, by header; columns that are not named stay empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InvoiceToWrite:
    """One invoice to import: its row of the first sheet and its lines of the second."""

    invoice: Row
    lines: tuple[Row, ...]

    @property
    def serial(self) -> str:
        """What joins the invoice to its lines (发票流水号)."""
        return self.invoice[SERIAL].text

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Yield every row and the sheet it goes to."""
        yield INVOICES, self.invoice
        for line in self.lines:
            yield LINES, line


def check(request: InvoiceToWrite) -> Iterator[Problem]:
    """Yield everything that the portal would refuse."""
    for sheet, row in request.rows():
        yield from _cells(sheet, row)
        yield from _line(row) if sheet == LINES else _shown(row)


def _cells(sheet: str, row: Row) -> Iterator[Problem]:
    for header, given in row.items():
        declared = column(sheet, header)
        if declared.required:
            yield from _absent(sheet, declared, given)
        if given.text:
            yield from _unfit(sheet, declared, given)


def _absent(sheet: str, declared: PortalColumn, given: Given) -> Iterable[Problem]:
    if given.text:
        return
    why = say(": {reason}", reason=given.value.reason) if isinstance(given.value, Missing) else ""
    yield error(
        "portal-required",
        given.source,
        say("{place} cannot be left empty{why}", place=_place(sheet, declared), why=why),
        say("find it out and write it in contract.yaml; an invoice cannot be issued without it"),
    )


def _unfit(sheet: str, declared: PortalColumn, given: Given) -> Iterator[Problem]:
    place, text = _place(sheet, declared), given.text
    if declared.limit is not None and len(text) > declared.limit:
        yield error(
            "portal-length",
            given.source,
            say(
                "{place} has {found} characters, the portal takes {limit} ({excess} too many)",
                place=place,
                found=len(text),
                limit=declared.limit,
                excess=len(text) - declared.limit,
            ),
            say("shorten it"),
        )
    if declared.choices and text not in declared.choices:
        yield error(
            "portal-choice",
            given.source,
            say("{place} is {found}, which is not in its drop-down", place=place, found=text),
            say("write one of {choices}", choices=" / ".join(declared.choices)),
        )
    if declared.decimals is not None:
        yield from _no_number(place, declared, given)
    if _UNPRINTABLE.search(text):
        yield error(
            "portal-text",
            given.source,
            say("{place} holds a line break or a control character", place=place),
            say("write it on one line"),
        )


def _no_number(place: Message, declared: PortalColumn, given: Given) -> Iterable[Problem]:
    found = _NUMBER.fullmatch(given.text)
    decimals = len(found[1] or "") if found else 0
    most = declared.decimals or 0
    if found and (decimals == most if declared.fixed else decimals <= most):
        return
    wanted = (
        say("a number with {count} decimals, without grouping", count=most)
        if declared.fixed
        else say("a number with at most {count} decimals, without grouping", count=most)
    )
    yield error(
        "portal-number",
        given.source,
        say("{place} is {found}, expected {wanted}", place=place, found=given.text, wanted=wanted),
        say("correct the number; 6% is written 0.06"),
    )


def _shown(row: Row) -> Iterator[Problem]:
    """Yield what the invoice is to show of the buyer and nobody has supplied."""
    for word, headers in SHOWN.items():
        if SHOW_BUYER in row and word in row[SHOW_BUYER].text:
            for header in headers:
                given = row.get(header, Given("", row[SHOW_BUYER].source))
                yield from _absent(INVOICES, column(INVOICES, header), given)


def _line(row: Row) -> Iterator[Problem]:
    item = row.get(ITEM)
    if item and "*" in item.text:
        yield error(
            "portal-item",
            item.source,
            say("{header} is {found}: it holds an asterisk", header=ITEM, found=item.text),
            say("write the name alone; the portal puts *…* before it, by the tax code"),
        )
    texts = [row[header].text if header in row else "" for header in (QUANTITY, PRICE, AMOUNT)]
    if not all(map(_NUMBER.fullmatch, texts)):
        return
    quantity, price, amount = map(Decimal, texts)
    if quantity * price != amount:
        yield error(
            "portal-amount",
            row[AMOUNT].source,
            say(
                "{quantity} × {price} is {product}, the amount is {amount}",
                quantity=quantity,
                price=price,
                product=quantity * price,
                amount=amount,
            ),
            say("correct one of the three, or leave quantity and price empty"),
        )


def _place(sheet: str, declared: PortalColumn) -> Message:
    return say("{header} ({sheet})", header=declared.header, sheet=sheet)


Placed = tuple[tuple[str, int, Row], ...]
"""The rows of a request, each with its sheet and the number it gets there."""


def collisions(template: Template, request: InvoiceToWrite) -> Iterator[Problem]:
    """Yield why a request cannot be added to what the workbook holds already."""
    for name, layout in template.sheets.items():
        if request.serial in layout.serials:
            yield error(
                "portal-duplicate",
                Cell(template.file, name),
                say("the invoice {serial} is in it already", serial=request.serial),
                say("give a freshly downloaded workbook, or one without that row"),
            )
    rows = template.sheets[LINES].next_row + len(request.lines) - 1
    if rows > MOST_LINES:
        yield error(
            "portal-rows",
            Cell(template.file, LINES),
            say("the sheet would have {rows} rows, the portal may fail above {most}",
                rows=rows, most=MOST_LINES),
            say("give a freshly downloaded workbook"),
        )  # fmt: skip


def fill(template: Template, request: InvoiceToWrite) -> bytes:
    """Return a copy of the workbook with the invoice below whatever somebody typed already."""
    with ZipFile(BytesIO(template.content)) as package:
        parts = worksheet_parts(package)
        changed: dict[str, bytes] = {}
        for name, number, row in placed(template, request):
            part, letters = parts[name], template.sheets[name].letters
            texts = {letters[header]: given.text for header, given in row.items() if given.text}
            xml = changed[part] if part in changed else package.read(part)
            changed[part] = with_row(xml, number, texts)
        return with_parts(package, changed)


def placed(template: Template, request: InvoiceToWrite) -> Placed:
    """Return where each row of a request goes: below what is there."""
    following = {name: plan.next_row for name, plan in template.sheets.items()}
    found = []
    for name, row in request.rows():
        found.append((name, following[name], row))
        following[name] += 1
    return tuple(found)


def prove(filled: bytes, template: Template, request: InvoiceToWrite) -> Iterator[Problem]:
    """Yield where a filled copy is not the workbook with just the rows that were asked for."""
    if version_of(filled) != template.version:
        yield _unproved(
            Cell(template.file), say("the version"), template.version, version_of(filled)
        )
    with ZipFile(BytesIO(filled)) as copy, ZipFile(BytesIO(template.content)) as package:
        parts = worksheet_parts(package)
        touched = {parts[name] for name in SHEETS}
        if copy.namelist() != package.namelist():
            yield _unproved(Cell(template.file), say("the list of parts"), "", "")
        for name in package.namelist():
            same = name in copy.NameToInfo and copy.read(name) == package.read(name)
            if name not in touched and not same:
                yield _unproved(Cell(template.file), say("the part {name}", name=name), "", "")
    book = CalamineWorkbook.from_filelike(BytesIO(filled))
    before = CalamineWorkbook.from_filelike(BytesIO(template.content))
    for name in SHEETS:
        yield from _cells_to_write(name, book, before, template, request)


def _cells_to_write(
    name: str,
    book: CalamineWorkbook,
    before: CalamineWorkbook,
    template: Template,
    request: InvoiceToWrite,
) -> Iterator[Problem]:
    """Yield every cell of a sheet that is neither as it was nor as it was asked for."""
    letters = template.sheets[name].letters
    wanted = _grid(before, name)
    for sheet, number, row in placed(template, request):
        if sheet == name:
            wanted |= {f"{letters[header]}{number}": given.text
                       for header, given in row.items() if given.text}  # fmt: skip
    found = _grid(book, name)
    for cell in sorted(wanted.keys() | found.keys()):
        if wanted.get(cell) != found.get(cell):
            place = Cell(template.file, name, cell)
            yield _unproved(place, say("the cell"), wanted.get(cell), found.get(cell))


def _grid(book: CalamineWorkbook, name: str) -> dict[str, object]:
    """Return the cells that hold anything by their names; a number is no text."""
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return {
        f"{get_column_letter(column)}{number}": value
        for number, row in enumerate(rows, start=1)
        for column, value in enumerate(row, start=1)
        if value != ""
    }


def _unproved(place: Cell, what: Message, wanted: object, found: object) -> Problem:
    return error(
        "portal-unproved",
        place,
        say("{what} of the filled copy is {found}, expected {wanted}",
            what=what, found=found if found not in (None, "") else "—",
            wanted=wanted if wanted not in (None, "") else "—"),
        say("do not import it; key the invoice in by hand and report this as a fault"),
    )  # fmt: skip


IMPORT: Final = "批量开票"
SAMPLE_MARK: Final = "【示例】"


@dataclass(frozen=True, kw_only=True, slots=True)
class FilledCopy:
    """The filled copy and the number of the invoice in it, or why there is none.

    `result` is blocked or not yet possible where the payment request is, refuted where the copy
    that was made is not what was asked for.
    """

    deliverable: Deliverable
    result: Result
    serial: str = ""
    gross: str = ""
    paper: PackFile | None = None
    reasons: tuple[Message, ...] = ()
    problems: tuple[Problem, ...] = ()


def invoices_wanted(examined: Examined, folders: Folders, request: Request) -> tuple[Planned, ...]:
    """Return the payment requests whose invoices are asked for."""
    if examined.book is None or not examined.sound:
        return ()
    found = plan(examined.book, folders, request.as_of)
    return tuple(one for one in found if request.wants(one.deliverable))


def barred(planned: Planned, request: Request) -> FilledCopy | None:
    """Return why no invoice is to be issued, by the rule that the payment request follows."""
    one, stage = planned.deliverable, planned.status.stage
    if one.possible_from and request.as_of < one.possible_from:
        stage = Stage.NOT_YET
    elif one.blockers:
        stage = Stage.BLOCKED
    if stage not in (Stage.NOT_YET, Stage.BLOCKED) or waived(one, request):
        return None
    result = Result.NOT_YET if stage is Stage.NOT_YET else Result.BLOCKED
    reasons = tuple(blocker.reason for blocker in one.blockers) or planned.reasons
    return FilledCopy(deliverable=one, result=result, reasons=reasons)


def import_invoice(
    book: ContractBook, folders: Folders, request: Request, one: Deliverable, template: Path
) -> FilledCopy:
    """Fill a copy of the portal's workbook with what the letter says is still to be invoiced."""
    said, state = figures(book, one, request.as_of)
    line = to_be_issued(said)
    if line is None:
        settled = say("everything due is invoiced already")
        return FilledCopy(deliverable=one, result=Result.BLOCKED, reasons=(settled,))
    if book.contract.invoicing.one_rate is None:
        by_hand = say("the contract has no single rate of VAT, and the workbook would have one "
                      "line: key the invoice in by hand, a line for each rate, together {gross}",
                      gross=line.gross)  # fmt: skip
        return FilledCopy(deliverable=one, result=Result.BLOCKED, reasons=(by_hand,))
    note = f"{SAMPLE_MARK if one.sample else ''}{remark(book.contract, said, state)}"
    blue = sum(not row.red for row in state.invoices)
    serial = _serial(book.number, one.part, blue + 1)
    invoice = invoice_of(book.contract, line, serial, note)
    reading = read_template(template)
    problems = (*reading.problems, *check(invoice))
    if reading.template:
        problems = (*problems, *collisions(reading.template, invoice))
    if reading.template is None or problems:
        return FilledCopy(deliverable=one, result=Result.FAILED, problems=problems)
    content = fill(reading.template, invoice)
    faults = tuple(prove(content, reading.template, invoice))
    if faults:
        return FilledCopy(deliverable=one, result=Result.REFUTED, problems=faults)
    placing = PackPlace(book=book, folders=folders, deliverable=one, request=request)
    paper = put_paper(placing, placing.path(IMPORT, ".xlsx"), content)
    return FilledCopy(
        deliverable=one,
        result=Result(paper.result.value),
        serial=serial,
        gross=str(line.gross),
        paper=paper,
    )


def _serial(contract: str, part: str, number: int) -> str:
    """Return the 流水号: contract, instalment, the how-manieth blue invoice; its end if long."""
    tail = f"-{part}-{number}"
    room = (column(LINES, SERIAL).limit or 0) - len(tail)
    return f"{contract[-room:]}{tail}"


def invoice_of(
    contract: Contract, line: InstalmentInvoice, serial: str, note: str
) -> InvoiceToWrite:
    """Return the rows of the two sheets, every value with the place where it was read."""
    return InvoiceToWrite(
        invoice=dict(_invoice(contract, serial, note)),
        lines=(dict(_invoice_line(contract, line, serial)),),
    )


Cells = Iterator[tuple[str, Given]]


def _invoice(contract: Contract, serial: str, note: str) -> Cells:
    client, terms, account = contract.client, contract.invoicing, contract.payment.account
    yield SERIAL, Given(serial, contract.identity.place("number"))
    yield "发票类型", _fact(terms, "type")
    yield "是否含税", Given(YES, terms.place("rate"))
    yield "购买方名称", _fact(client, "name")
    yield "购买方纳税人识别号", _fact(client, "credit_code")
    yield "购买方地址", _fact(client, "address")
    yield "购买方电话", _fact(terms, "buyer_phone")
    yield "购买方开户银行", _fact(terms, "buyer_bank")
    yield "购买方银行账号", _fact(terms, "buyer_account")
    yield "是否展示购买方地址电话银行账号", _fact(terms, "buyer_shown")
    yield "备注", Given(note, contract.identity.place("title"))
    yield "销售方开户行", _fact(account, "bank")
    yield "销售方银行账号", _fact(account, "number")
    yield "是否展示销售方地址电话银行账号", _fact(terms, "seller_shown")
    yield "购买方邮箱", _fact(client, "invoice_email")
    yield "收款人", _fact(terms, "payee")
    yield "复核人", _fact(terms, "reviewer")


def _invoice_line(contract: Contract, line: InstalmentInvoice, serial: str) -> Cells:
    terms = contract.invoicing
    amount = Given(f"{line.gross.value:.2f}", contract.payment.place("instalments"))
    yield SERIAL, Given(serial, contract.identity.place("number"))
    yield "项目名称", _fact(terms, "item")
    yield "商品和服务税收编码", _fact(terms, "tax_code")
    if terms.unit:
        yield "单位", _fact(terms, "unit")
        yield "数量", Given("1", terms.place("unit"))
        yield "单价", amount
    yield "金额", amount
    yield "税率", Given(show_plain(terms.one_rate or Decimal(0)), terms.place("rate"))
    if not line.rate.value:
        yield "是否使用优惠政策", Given(YES, terms.place("rate"))
        yield "优惠政策类型", Given(EXEMPT, terms.place("rate"))


def _fact(record: Record, field: str) -> Given:
    value = getattr(record, field)
    return Given(value if isinstance(value, Missing) else value or "", record.place(field))
