"""Workbooks to fill in, written from the declarations: drop-downs, hints, red cells, a guide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal, get_type_hints
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formatting.rule import Rule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.files.placement import write_atomically
from deliverables.model.fields import (
    AMOUNT,
    DATES,
    DAY,
    DECIMAL,
    DIGITS,
    MOMENT,
    MONTH,
    PERCENTAGE,
    RATIO,
    VAT_RATE,
    WHOLE,
    Declaration,
    Record,
    Row,
    declarations,
    sheets,
)
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import CHAPTERS, Operations
from deliverables.model.roster_sheets import Roster
from deliverables.model.rules import UNITS, Rules, rules_of
from deliverables.read import workbook
from deliverables.read.workbook import PROPERTY, SHEET, digest
from deliverables.values.calendar import show_day
from deliverables.values.period_names import OTHER, Wording


@dataclass(frozen=True, slots=True)
class SheetGuide:
    """Who fills a sheet, what its rows are used for, and a row as an example, by label."""

    who: str
    use: str
    example: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WorkbookGuide:
    """What a workbook is, and the steps of filling it in."""

    title: str
    steps: tuple[str, ...]


_RED_CELLS = (
    "单元格变红，是 check 会指出的问题：必填未填、日期不在本期、前后颠倒、重复、合计不符。"
    "改好即恢复。"
)
_PASTE = (
    "从别处粘贴，请用“选择性粘贴—数值”，以免带走本表的格式。表头已锁定，没有密码；"
    "要记自己的内容，写在最右一列之后。"
)


def _in_words(text: str, wording: Wording) -> str:
    """Return a text of a guide in the contract's words."""
    period = "报告期" if wording.names is OTHER else wording.names.word
    month = (
        "月份写自然月，如 2026-08。"
        if wording.names.of_calendar
        else "月份是服务月，以截止日所在的月份为名，如7月30日至8月29日写 2026-08。"
    )
    return text.format(name=wording.names.name, period=period, report=wording.report, month=month)


WORKBOOKS: Mapping[type, WorkbookGuide] = {
    Operations: WorkbookGuide(
        "{name}运行数据",
        (
            "先看“说明”表：{name}和起止日期已按合同填好，编制、审核、批准由本人填。",
            "逐张工作表填写，每件事一行，从第 3 行起。深色表头的列必填，浅色的可以空着。",
            "没有发生的事不写，表可以空着；整个{period}没有中断的，在“说明”表“正文：服务质量”写明依据。",
            "中断一律计入可用性；双方书面约定某次不计入的，写明文件和日期。只同意作业的不算。",
            "{month}",
            _RED_CELLS,
            _PASTE,
            "填完保存、关闭，运行 deliverables check；没有错误，即可生成{report}。",
        ),
    ),
    Roster: WorkbookGuide(
        "项目人员名册",
        (
            "全体参与本项目的人员每人一行，从第 3 行起。深色表头的列必填，浅色的可以空着。",
            "证件号码按文本输入；不便登记的留空，协议上由本人手写。本文件含个人信息，不要外传。",
            _RED_CELLS,
            _PASTE,
            "填完保存、关闭，运行 deliverables check；再生成每个人的保密协议和签署情况表。",
        ),
    ),
    Ledger: WorkbookGuide(
        "财务台账",
        (
            "开票、到账、验收、扣减发生后随时登记，每笔一行，从第 3 行起。",
            "深色表头的列必填，浅色的可以空着。",
            "发票号码、银行回单号按文本输入；金额以元为单位，最多两位小数。",
            _RED_CELLS,
            _PASTE,
            "登记后保存、关闭，运行 deliverables check；再生成付款申请函。",
        ),
    ),
    Letters: WorkbookGuide(
        "往来函件台账",
        (
            "收到的函件当日登记；要写的函件运行 deliverables letter add 种类，由它写好各行。",
            "在“函件事项”表逐项填写内容，没有填齐的函件不能生成。清单写在“函件明细”表。",
            "我方文号每年从 1 起，一个文号只用一次；作废的也不再用。",
            _RED_CELLS,
            _PASTE,
            "填完保存、关闭，运行 deliverables check；再运行 deliverables plan。",
        ),
    ),
}

SHEETS: Mapping[str, SheetGuide] = {
    "资源台账": SheetGuide(
        "资源管理", "{report}“服务范围与资源台账”；期末数即下一期期初数",
        {"业务系统": "门户网站", "资源类别": "vCPU", "单位": "核", "期初": "120", "新增": "16",
         "回收": "0", "期末": "136", "数据来源": "云管平台资源台账（2026-10-30 09:00导出）"},
    ),
    "资源使用": SheetGuide(
        "监控", "{report}“资源使用情况”",
        {"月份": "2026-08", "业务系统": "门户网站", "主机名称": "portal-web-01", "vCPU": "8",
         "内存": "32", "存储": "500", "CPU平均使用率": "23.5", "CPU峰值使用率": "71.2",
         "内存平均使用率": "48.6", "内存峰值使用率": "63.1", "存储已用": "212",
         "数据来源": "监控平台月报（2026-08-31 09:00导出）"},
    ),
    "中断": SheetGuide(
        "值班、监控", "{report}“服务质量”，可用性由此计算",
        {"编号": "ZD-2026-07", "开始时间": "2026-08-19 09:12", "恢复时间": "2026-08-19 09:58",
         "影响范围": "互联网区出口", "原因类别": "外部", "原因": "运营商主用链路光缆中断",
         "处理措施": "切换至备用链路", "业务系统": "门户网站、公众查询服务系统",
         "数据来源": "故障报告"},
    ),
    "数据可靠性": SheetGuide(
        "存储管理", "{report}“服务质量”",
        {"月份": "2026-08", "存储类别": "高性能存储", "在用容量": "42.5", "冗余方案": "三副本",
         "数据丢失事件": "0", "完整性校验": "4", "校验未通过": "0", "数据来源": "存储巡检记录"},
    ),
    "告警": SheetGuide(
        "监控", "{report}“监控与告警”",
        {"编号": "GJ-0815", "告警时间": "2026-08-15 02:10", "恢复时间": "2026-08-15 02:24",
         "级别": "次要", "类别": "存储", "告警对象": "存储池 P2", "数据来源": "监控平台"},
    ),
    "工单": SheetGuide(
        "服务台", "{report}“工单与服务请求”，按时办结率由此计算",
        {"编号": "GD-1024", "受理时间": "2026-08-03 10:05", "办结时间": "2026-08-03 16:40",
         "类型": "需求处理", "承诺时限": "8", "业务系统": "门户网站", "摘要": "扩容磁盘200GB",
         "数据来源": "工单系统"},
    ),
    "事件": SheetGuide(
        "值班、安全", "{report}“事件与故障”",
        {"编号": "SJ-003", "级别": "未定级", "发生时间": "2026-08-19 09:12",
         "恢复时间": "2026-08-19 09:58", "事件名称": "互联网出口中断", "影响": "门户网站无法访问",
         "原因": "光缆中断", "处理及改进措施": "切换链路，缩短切换时间",
         "关联中断编号": "ZD-2026-07", "数据来源": "故障报告"},
    ),
    "变更": SheetGuide(
        "变更管理", "{report}“变更”",
        {"编号": "BG-021", "类型": "计划", "实施时间": "2026-09-05 22:00",
         "变更内容": "升级负载均衡版本", "结果": "成功", "甲方确认": "邮件确认",
         "数据来源": "变更单"},
    ),
    "巡检": SheetGuide(
        "平台运维", "{report}“巡检”",
        {"月份": "2026-08", "巡检项目": "机房环境", "计划次数": "31", "完成次数": "31",
         "发现问题": "1", "整改完成": "1", "数据来源": "巡检记录表"},
    ),
    "备份": SheetGuide(
        "备份管理", "{report}“备份与恢复”，成功率由此计算",
        {"月份": "2026-08", "备份对象": "门户网站数据库", "计划次数": "31", "成功次数": "31",
         "恢复演练": "1", "演练成功": "1", "数据来源": "备份软件月报"},
    ),
    "漏洞与安全": SheetGuide(
        "安全", "{report}“安全”",
        {"月份": "2026-08", "类别": "高危漏洞", "发现或发生": "2", "应整改": "2", "已整改": "2",
         "逾期未整改": "0", "数据来源": "漏洞扫描报告"},
    ),
    "IP地址": SheetGuide(
        "网络管理", "{report}“IP地址分配管理”",
        {"地址段": "10.20.1.0/28", "网络区域": "政务外网区", "业务系统": "门户网站",
         "地址数": "16", "状态": "在用", "数据来源": "IP地址台账"},
    ),
    "演练与重保": SheetGuide(
        "值班、安全", "{report}“应急演练与重保值守”",
        {"类别": "应急演练", "名称": "主备链路切换演练", "开始日期": "2026-09-10",
         "结束日期": "2026-09-10", "值守": "4", "结论": "达到预期", "数据来源": "演练记录"},
    ),
    "人员": SheetGuide(
        "项目经理", "{report}“人员与保密”，并与人员名册核对",
        {"日期": "2026-08-10", "类别": "培训", "姓名": "运维部全体", "主要人员": "否",
         "数据来源": "培训签到表"},
    ),
    "问题与计划": SheetGuide(
        "项目经理", "{report}“问题与改进”；期末未完成的，办结后在本行补填办结日期和结果，"
        "其后的报告据此写明办理情况",
        {"编号": "WT-2026-001", "类别": "计划", "内容": "完成存储扩容", "完成期限": "2026-12-31",
         "状态": "进行中", "数据来源": "例会纪要"},
    ),
    "满意度": SheetGuide(
        "项目经理", "{report}“工单与服务请求”；没有调查的，报告写明未开展调查",
        {"日期": "2026-10-16", "类别": "满意度调查", "来源部门": "使用云平台的各部门",
         "内容": "服务满意度调查", "发放": "20", "收回": "18", "满意": "14", "基本满意": "3",
         "不满意": "1", "数据来源": "问卷汇总表"},
    ),
    "服务会议": SheetGuide(
        "项目经理", "{report}“工单与服务请求”，以及会议纪要；决定须办理的，列入“问题与计划”",
        {"编号": "HY-2026-02", "日期": "2026-11-05", "参加人": "甲方信息中心、乙方项目组",
         "议题": "上期服务情况", "决定": "补充切换预案", "事项编号": "JH-2026-003",
         "数据来源": "会议纪要"},
    ),
    "人员名册": SheetGuide(
        "项目经理", "保密协议、保密协议签署情况表",
        {"编号": "S001", "姓名": "张某", "证件类型": "居民身份证", "所属部门": "运维部",
         "岗位": "运维工程师", "主要人员": "否", "进入项目日期": "2026-04-29",
         "数据来源": "项目任命文件"},
    ),
    "请款": SheetGuide(
        "财务", "付款申请函的发出记录",
        {"期次": "1", "函号": "某函〔2026〕1号", "发函日期": "2026-05-06", "申请金额": "400,000.00",
         "数据来源": "发文登记"},
    ),
    "发票": SheetGuide(
        "财务", "付款申请函附件清单；开票合计与应收核对",
        {"期次": "1", "发票号码": "26112000000000000000", "开票日期": "2026-05-06",
         "发票种类": "增值税专用发票", "不含税金额": "377,358.49", "税率": "6%",
         "税额": "22,641.51", "价税合计": "400,000.00", "数据来源": "电子发票服务平台"},
    ),
    "到账": SheetGuide(
        "财务", "各期已收、未收金额和逾期",
        {"期次": "1", "到账日期": "2026-06-18", "到账金额": "400,000.00",
         "银行回单号": "20260618001", "数据来源": "银行回单"},
    ),
    "验收": SheetGuide(
        "项目经理、财务", "付款条件是否成就",
        {"阶段": "中期", "通知送达日期": "2026-11-02", "验收日期": "2026-11-06", "结论": "通过",
         "验收文件": "中期验收意见", "数据来源": "中期验收意见"},
    ),
    "扣减": SheetGuide(
        "财务", "付款申请函的扣减和实付金额",
        {"期次": "3", "类别": "违约金", "扣减金额": "1,000.00", "提出依据": "甲方来函",
         "提出日期": "2027-04-20", "状态": "协商一致", "协商文件": "双方会议纪要第2号",
         "协商一致日期": "2027-05-10", "数据来源": "会议纪要"},
    ),
    "财政审批": SheetGuide(
        "财务", "首款的付款条件是否成就；计算迟延时扣除的天数",
        {"期次": "1", "起始日期": "2026-06-01", "截止日期": "2026-06-20", "依据": "甲方来函",
         "依据日期": "2026-06-22", "批复日期": "2026-06-20", "数据来源": "甲方来函"},
    ),
    "催告": SheetGuide(
        "财务", "主张违约金之前的一步；合同没有写付款期限的，迟延从函中写明的日期次日起算",
        {"期次": "2", "函号": "某函〔2026〕9号", "送达日期": "2026-12-01",
         "要求付款日期": "2026-12-31", "数据来源": "签收回执"},
    ),
    "函件": SheetGuide(
        "商务", "决定写哪些函件；来函自收到之日起算期限",
        {"编号": "HJ-01", "方向": "收到", "种类": "整改通知", "日期": "2026-11-20",
         "事由": "补充巡检记录", "对方文号": "某发〔2026〕31号", "来函日期": "2026-11-19",
         "答复期限": "2026-11-27", "数据来源": "来函原件"},
    ),
    "函件事项": SheetGuide(
        "商务、运维", "函件正文中的事实，一项一行",
        {"编号": "HJ-02", "项目": "整改情况", "内容": "已补充巡检记录12份。",
         "数据来源": "巡检系统"},
    ),
    "函件明细": SheetGuide(
        "商务、运维", "函件中的清单",
        {"编号": "HJ-02", "序号": "1", "名称": "巡检记录", "内容": "8月至10月",
         "日期": "2026-11-25", "数量": "12", "数据来源": "巡检系统"},
    ),
    "主张": SheetGuide(
        "财务", "结算对账单、收付款台账中的违约金、赔偿金；不计入合同款",
        {"主张编号": "ZZ-01", "主张事项": "迟延付款违约金", "期次": "1", "主张金额": "3,000.00",
         "主张日期": "2026-12-10", "主张文件": "某函〔2026〕11号", "数据来源": "签收回执"},
    ),
    "纳税申报": SheetGuide(
        "财务", "登记后，finance 不再把该月份列为待办",
        {"税款所属月份": "2026-05", "申报日期": "2026-06-12", "数据来源": "电子税务局"},
    ),
    "履约事件": SheetGuide(
        "项目经理、财务", "付款申请函的付款条件、付款期限的起算",
        {"事件": "收到发票", "期次": "1", "日期": "2026-06-20", "依据": "发票签收回执",
         "数据来源": "签收回执"},
    ),
    "履约情况": SheetGuide(
        "项目经理", "年度项目总结报告“合同履约对照”",
        {"条款": "第八条第7款", "履行情况": "协助甲方修订应急预案并印发", "日期": "2026-09-20",
         "数据来源": "应急预案（2026年修订）"},
    ),
}  # fmt: skip


AnyCell = Cell | MergedCell

FIRST_DATA_ROW = 3
NARROWEST, WIDEST, PADDING = 8, 48, 3

FACE = "等线"
INK, GREY, RULE = "1F2937", "7F8A99", "BFC5CD"
BODY = Font(name=FACE, size=11, color=INK)
HEADER = Font(name=FACE, size=11, color=INK, bold=True)
SMALL = Font(name=FACE, size=9, color=GREY)
REQUIRED = PatternFill("solid", fgColor="D6E0EC")
OPTIONAL = PatternFill("solid", fgColor="EEF2F7")
BELOW = Border(bottom=Side("thin", color=RULE))
LEFT = Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="center", indent=1)
OPEN = Protection(locked=False)
"""What may be typed into although the sheet is protected."""

_SAMPLES = {DAY: "2026-12-31", MOMENT: "2026-12-31 23:59", MONTH: "2026-12"}
"""What a column must have room for before anything is typed into it."""

_NUMBERS = (WHOLE, DECIMAL, AMOUNT, PERCENTAGE, RATIO, VAT_RATE)
_LINE_HEIGHT = 16


def write_header(cell: AnyCell, label: str, fill: PatternFill) -> None:
    """Write the header of a column or a table."""
    write_text(cell, label, HEADER, CENTRE)
    cell.fill = fill


def write_text(cell: AnyCell, text: str, font: Font = BODY, alignment: Alignment = LEFT) -> None:
    """Write text that Excel, too, keeps as text: never a formula, a number or an error value."""
    cell.font = font
    cell.alignment = alignment
    if not text:
        return
    cell.value = text
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True


def write_value(cell: AnyCell, declaration: Declaration, value: Any) -> None:
    """Write a value in the format of its column, into a cell that may be changed."""
    if isinstance(value, bool) or (declaration.type is VAT_RATE and not value):
        value = declaration.type.show(value)
    if isinstance(value, str):
        write_text(cell, value)
        cell.quotePrefix = cell.quotePrefix or declaration.type is DIGITS
    else:
        cell.value = value
        cell.font = BODY
    cell.alignment = _alignment(declaration)
    cell.number_format = _format(declaration, value)
    cell.protection = OPEN


def column_width(declaration: Declaration, values: Sequence[Any]) -> int:
    """Return the width that shows the header and the values of a column."""
    texts = {_shown(declaration, value) for value in values if value not in (None, "")}
    sample = _SAMPLES.get(declaration.type, "")
    widest = max(map(display_width, {declaration.label, declaration.unit, sample, *texts}))
    return min(max(widest + PADDING, NARROWEST), WIDEST)


def raise_row(sheet: Worksheet, number: int, text: str, width: int) -> None:
    """Make a row high enough for a text of several lines; not every program does so by itself."""
    lines = lines_of(text, width - PADDING)
    if lines > 1:
        row = sheet.row_dimensions[number]
        row.height = max(row.height or 0, lines * _LINE_HEIGHT)


def lines_of(text: str, room: int) -> int:
    """Return how many lines a text takes where so many half-width columns fit on each."""
    return sum(max(1, -(-display_width(line) // room)) for line in text.split("\n"))


def display_width(text: str) -> int:
    """Return how many half-width columns a text takes: a Chinese character is two."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def one_page_wide(sheet: Worksheet, orientation: Literal["landscape", "portrait"]) -> None:
    """Print on A4, as many pages high as need be."""
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def set_up_print(sheet: Worksheet, repeated: str | None) -> None:
    """Print on landscape A4, one page wide, with the header rows on every page."""
    one_page_wide(sheet, "landscape")
    if repeated:
        sheet.print_title_rows = repeated
        sheet.print_options.gridLines = True
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart("&A"), right=_HeaderFooterPart("第 &P 页 共 &N 页")
    )


def _shown(declaration: Declaration, value: Any) -> str:
    """Return a value as it is printed, one that does not fit its column as it is."""
    try:
        return value if isinstance(value, str) else declaration.type.show(value)
    except (AttributeError, TypeError, ValueError):
        return str(value)


def _alignment(declaration: Declaration) -> Alignment:
    if declaration.type in _NUMBERS:
        return RIGHT
    return CENTRE if declaration.type.choices or declaration.type in DATES else LEFT


def _format(declaration: Declaration, value: Any) -> str:
    """Return the cell format; a whole number in a decimal column shows no dangling point."""
    if declaration.type is DECIMAL and isinstance(value, Decimal | int) and value == int(value):
        return WHOLE.excel_format
    return declaration.type.excel_format


_EPOCH = datetime(2000, 1, 1)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FONT_ORDER = ("b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset")
"""The order in which Excel writes the children of a font; the schema allows no other."""
_CORE = "docProps/core.xml"
_CUSTOM = "docProps/custom.xml"
_UNKNOWN = "0" * 64
_IDENTIFIER = re.compile(rb"<dc:identifier[^>]*>([0-9a-f]{64})</dc:identifier>")


def saved(book: Workbook, *, blank: bool) -> bytes:
    """Return the bytes of the workbook; a blank one is marked, so that typing into it shows."""
    if not blank:
        return reproducible(book)
    properties = book.custom_doc_props  # type: ignore[attr-defined]  # the stubs lack it
    if PROPERTY not in properties.names:  # a book may be saved again, with another cover
        properties.append(StringProperty(name=PROPERTY, value=_UNKNOWN))
    content = reproducible(book)
    return _told(content, _CUSTOM, digest(content))


def unchanged(name: str, content: bytes) -> bytes:
    """Leave a part of the package as it is."""
    return content


def reproducible(book: Workbook, mend: Callable[[str, bytes], bytes] = unchanged) -> bytes:
    """Save the workbook without the time, the order or the system it was saved in.

    `mend` may change what a part of the package, by its name, holds.
    """
    book.properties.creator = ""
    book.properties.created = _EPOCH
    book.properties.language = "zh-CN"
    saved = BytesIO()
    book.save(saved)
    with ZipFile(saved) as source:
        names = sorted(source.namelist(), key=lambda name: (name[0] != "[", name))
        return _packed((name, mend(name, _mended(name, source.read(name)))) for name in names)


def vouched_for(book: Workbook, mend: Callable[[str, bytes], bytes] = unchanged) -> bytes:
    """Save the workbook with the digest of its parts, by which `as_made` knows it again."""
    book.properties.identifier = _UNKNOWN
    saved = reproducible(book, mend)
    return _told(saved, _CORE, _digest(saved))


def _told(saved: bytes, part: str, digest: str) -> bytes:
    """Return a saved workbook in which one part tells its digest, known only once it was saved."""
    with ZipFile(BytesIO(saved)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = parts[part].replace(_UNKNOWN.encode(), digest.encode())
    return _packed(parts.items())


def as_made(data: bytes) -> bool:
    """Whether a workbook is as `vouched_for` saved it, and nobody has saved it since."""
    try:
        with ZipFile(BytesIO(data)) as package:
            found = _IDENTIFIER.search(package.read(_CORE))
        return found is not None and found[1].decode() == _digest(data)
    except (BadZipFile, KeyError, OSError, EOFError, ValueError):
        return False


def _packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    result = BytesIO()
    with ZipFile(result, "w") as package:
        for name, content in parts:
            entry = ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 0
            package.writestr(entry, content)
    return result.getvalue()


def _mended(name: str, content: bytes) -> bytes:
    if name == "docProps/core.xml":
        stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        return _MODIFIED.sub(rb"\g<1>" + stamp, content)
    if name == "xl/styles.xml":
        styles = etree.fromstring(content)
        for font in styles.iterfind("{*}fonts/{*}font"):
            font[:] = sorted(font, key=_place_in_font)
        return etree.tostring(styles, encoding="UTF-8", xml_declaration=True)
    return content


def _place_in_font(child: etree._Element) -> int:
    name = etree.QName(child).localname
    return _FONT_ORDER.index(name) if name in _FONT_ORDER else len(_FONT_ORDER)


def _digest(data: bytes) -> str:
    digest = sha256()
    with ZipFile(BytesIO(data)) as package:
        for name in sorted(package.namelist()):
            if name != _CORE:
                digest.update(f"{name}\0{sha256(package.read(name)).hexdigest()}\n".encode())
    return digest.hexdigest()


_TITLE = Font(name=FACE, size=16, color=INK, bold=True)
_LINK = Font(name=FACE, size=11, color="1F4E99", underline="single")
_HEADERS = ("工作表", "填什么", "必填的列", "由谁填", "填了做什么用", "填写示例（虚构）")
_WIDTHS = (14, 30, 34, 12, 28, 60)
_ON_TOP = Alignment(horizontal="left", vertical="top", indent=1, wrap_text=True)
_NO_GUIDE = SheetGuide("", "", {})


def write_guide(sheet: Worksheet, workbook: type, subtitle: str, wording: Wording) -> None:
    """Write the guide of a workbook: its title, the steps of filling it in, and its sheets."""
    guide = WORKBOOKS[workbook]
    whole = sum(_WIDTHS)
    write_text(sheet.cell(1, 1), f"{_in_words(guide.title, wording)}：填写说明", _TITLE)
    write_text(sheet.cell(2, 1), subtitle)
    for number, step in enumerate(guide.steps, 1):
        write_text(sheet.cell(number + 2, 1), f"{number}. {_in_words(step, wording)}")
    header = len(guide.steps) + 4
    for row in range(1, header):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADERS))
        raise_row(sheet, row, str(sheet.cell(row, 1).value or ""), whole)
    for column, (title, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True), 1):
        write_header(sheet.cell(header, column), title, REQUIRED)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row_type in enumerate(sheets(workbook).values(), header + 1):
        _write_row(sheet, number, row_type, wording)
    sheet.freeze_panes = f"B{header + 1}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.sheet_view.showGridLines = False
    set_up_print(sheet, None)


def subtitle_of(contract: str, period: str) -> str:
    """Return which contract and which days a workbook is for, as far as that is known."""
    named = f"合同号 {contract}" if contract else ""
    return "　".join(part for part in (named, period, f"从“{SHEET}”表填起。") if part)


def _write_row(sheet: Worksheet, number: int, row_type: type[Row], wording: Wording) -> None:
    guide = SHEETS.get(row_type.sheet, _NO_GUIDE)
    declared = declarations(row_type).values()
    needed = "、".join(item.label for item in declared if not item.optional)
    example = "；".join(
        f"{item.label}：{guide.example[item.label]}"
        for item in declared
        if item.label in guide.example
    )
    use = _in_words(guide.use, wording)
    texts = (row_type.sheet, f"{row_type.purpose}。", needed, guide.who, use, example)
    for column, (text, width) in enumerate(zip(texts, _WIDTHS, strict=True), 1):
        cell = sheet.cell(number, column)
        write_text(cell, text, BODY, _ON_TOP)
        cell.border = BELOW
        raise_row(sheet, number, text, width)
    first = sheet.cell(number, 1)
    first.font = _LINK
    first.hyperlink = Hyperlink(
        ref=first.coordinate, location=f"'{row_type.sheet}'!A3", display=row_type.sheet
    )


FIRST_DAY, LAST_DAY = "首日", "末日"
"""Names of the two cells of the cover that hold the days of the quarter."""

DAY_2000, DAY_2099 = 36526, 73050  # as Excel counts days


@dataclass(frozen=True, kw_only=True, slots=True)
class FormColumn:
    """One column of a sheet, among the others, down to the row `last`."""

    row_type: type[Row]
    name: str
    last: int
    in_quarter: bool

    @property
    def item(self) -> Declaration:
        """What the column holds."""
        return declarations(self.row_type)[self.name]

    @property
    def rules(self) -> Rules:
        """The rules of its sheet."""
        return rules_of(self.row_type)

    @property
    def cell(self) -> str:
        """Its first cell."""
        return self.top(self.name)

    def top(self, name: str) -> str:
        """Return the first cell of a column of the sheet."""
        return f"${letters_of(self.row_type)[name]}{FIRST_DATA_ROW}"

    def down(self, name: str) -> str:
        """Return all cells of a column of the sheet."""
        letter = letters_of(self.row_type)[name]
        return f"${letter}${FIRST_DATA_ROW}:${letter}${self.last}"


def letters_of(row_type: type[Row]) -> dict[str, str]:
    """Return the letters of every column of a sheet by the name of its field."""
    return {name: get_column_letter(n) for n, name in enumerate(declarations(row_type), 1)}


def objections(row_type: type[Row], name: str, last: int, *, in_quarter: bool) -> Iterator[str]:
    """Yield what is true of a cell to which `check` would object; of the quarter if it has one."""
    column = FormColumn(row_type=row_type, name=name, last=last, in_quarter=in_quarter)
    for objection in _OBJECTIONS:
        yield from objection(column)


def _absent(column: FormColumn) -> Iterator[str]:
    names = list(declarations(column.row_type))
    first, end = column.top(names[0]), column.top(names[-1])
    if not column.item.optional:
        started = f'COUNTA({first}:{end})>0,LEFT({first},1)<>"注"'
        yield f"AND({started},LEN(TRIM({column.cell}))=0)"
    for needed, field, word in column.rules.needs:
        if column.name == needed:
            other = column.top(field)
            asked = f'{other}="{word}"' if word else f"LEN(TRIM({other}))>0"
            yield f"AND({asked},LEN(TRIM({column.cell}))=0)"


def _of_another_kind(column: FormColumn) -> Iterator[str]:
    cell, kind = column.cell, column.item.type
    if kind.choices and kind.closed:
        known = ",".join(f'{cell}="{choice}"' for choice in kind.choices)
        yield f"AND(LEN({cell})>0,NOT(OR({known})))"
    elif kind in DATES:
        dashed = f'SUBSTITUTE(SUBSTITUTE({cell},"年","-"),"月","-")'
        dashed = f'{dashed}&"-1"' if kind is MONTH else f'SUBSTITUTE({dashed},"日","")'
        yield f"AND(ISTEXT({cell}),LEN({cell})>0,ISERROR(DATEVALUE({dashed})))"
    beyond = {
        WHOLE: f"{cell}<0,{cell}<>INT({cell})",
        RATIO: f"{cell}<0,{cell}>1",
        VAT_RATE: f"{cell}<=0,{cell}>1",
        PERCENTAGE: f"{cell}<0,{cell}>100,AND({cell}>0,{cell}<=1)",
        **dict.fromkeys(DATES, f"{cell}<{DAY_2000},{cell}>{DAY_2099}"),
    }
    if column.name not in column.rules.signed:
        beyond |= dict.fromkeys((DECIMAL, AMOUNT), f"{cell}<0")
    if kind in beyond:
        yield f"AND(ISNUMBER({cell}),OR({beyond[kind]}))"


def _outside_quarter(column: FormColumn) -> Iterator[str]:
    cell, first = column.cell, FIRST_DAY
    if column.item.type is MONTH:
        second = f"EDATE({FIRST_DAY},1)"  # the month that ends the day before names the first
        first = f"{second}-DAY({second}-1)"
    elif column.name != column.rules.happened:
        return
    if column.in_quarter:
        outside = f"OR({cell}<{first},{cell}>={LAST_DAY}+1)"
        yield f"AND(ISNUMBER({cell}),{FIRST_DAY}>0,{outside})"


def _out_of_order(column: FormColumn) -> Iterator[str]:
    cell, rules = column.cell, column.rules
    late = "<=" if rules.lasting else "<"
    for start, end in rules.spans:
        if column.name == end:
            yield _numbers(f"{cell}{late}{column.top(start)}", cell, column.top(start))
    for part, whole in (*rules.parts, *rules.fits):
        if column.name == part:
            yield _numbers(f"{cell}>{column.top(whole)}", cell, column.top(whole))
    for average, peak in rules.peaks:
        if column.name == peak:
            yield _numbers(f"{cell}<{column.top(average)}", cell, column.top(average))


def _unbalanced(column: FormColumn) -> Iterator[str]:
    for total in column.rules.totals:
        if column.name == total.whole:
            added = [column.top(name) for name in total.added]
            taken = [column.top(name) for name in total.taken]
            sum_ = "+".join(added) + "".join(f"-{one}" for one in taken)
            yield _numbers(f"ROUND({sum_}-{column.cell},4)<>0", column.cell, *added, *taken)


def _in_another_unit(column: FormColumn) -> Iterator[str]:
    if column.rules.units and column.name == column.rules.units[1]:
        kind, cell = column.top(column.rules.units[0]), column.cell
        others = (f'AND({kind}="{one}",{cell}<>"{unit}")' for one, unit in UNITS.items())
        yield f"AND(LEN({cell})>0,OR({','.join(others)}))"


def _repeated(column: FormColumn) -> Iterator[str]:
    """COUNTIF would take long numbers for equal whose first fifteen digits are."""
    declared = declarations(column.row_type)
    for key in column.rules.keys:
        if column.name == key[-1]:
            alone = len(key) == 1
            needed = [name for name in key if alone or not declared[name].optional]
            filled = ",".join(f"LEN({column.top(name)})>0" for name in needed)
            same = "*".join(f"({column.down(name)}={column.top(name)})" for name in key)
            yield f"AND({filled},SUMPRODUCT(({same})*1)>1)"


def _numbers(condition: str, *cells: str) -> str:
    """Return a condition that counts only where all the cells hold numbers or days."""
    return f"AND({','.join(f'ISNUMBER({cell})' for cell in cells)},{condition})"


_OBJECTIONS: tuple[Callable[[FormColumn], Iterator[str]], ...] = (
    _absent,
    _of_another_kind,
    _outside_quarter,
    _out_of_order,
    _unbalanced,
    _in_another_unit,
    _repeated,
)


SPARE_ROWS = 2000

_LAST_COLUMN = 16384
_LONGEST_PROMPT = 255
_LONGEST_ERROR = 225
_LARGEST = 999_999_999_999
_RED = DifferentialStyle(
    font=Font(color="9C0006"), fill=PatternFill("solid", bgColor="FFC7CE", fgColor="FFC7CE")
)


@dataclass(frozen=True, slots=True)
class Limit:
    """What Excel lets pass: the kind of value, its bounds, and what it says to anything else."""

    kind: Literal["whole", "decimal", "date"]
    lowest: str
    highest: str
    refusal: str
    insists: bool = True


_LIMITS = {
    WHOLE: Limit("whole", "0", str(_LARGEST), "请填不小于 0 的整数，不带单位。"),
    RATIO: Limit("decimal", "0", "1", f"请填比例，如 {RATIO.example}。"),
    VAT_RATE: Limit(
        "decimal",
        "0",
        "1",
        "请填税率，如 6%；免税的填 免税；几种税率的填 多种税率。",
        insists=False,
    ),
    PERCENTAGE: Limit(
        "decimal",
        "0",
        "100",
        "请填 0 到 100 之间的数，99.95% 写 99.95；不足 1% 的，先打一个单引号再写，如 '0.8%。",
        insists=False,
    ),
}


def guide_entry(sheet: Worksheet, row_type: type[Row], last: int, *, in_quarter: bool) -> None:
    """Add hints, limits and red cells to every column of a sheet, down to the row `last`."""
    letters = letters_of(row_type)
    happened = rules_of(row_type).happened if in_quarter else ""
    for name, declared in declarations(row_type).items():
        cells = f"{letters[name]}{FIRST_DATA_ROW}:{letters[name]}{last}"
        signed = name in rules_of(row_type).signed
        limit = _limit(declared, signed=signed, in_quarter=name == happened)
        sheet.add_data_validation(validation(declared, cells, limit))
        for formula in objections(row_type, name, last, in_quarter=in_quarter):
            redden(sheet, cells, formula)


def redden(sheet: Worksheet, cells: str, formula: str) -> None:
    """Turn cells red where the formula, written for the first of them, is true."""
    sheet.conditional_formatting.add(cells, Rule("expression", dxf=_RED, formula=[formula]))


def validation(declared: Declaration, cells: str, limit: Limit | None = None) -> DataValidation:
    """Return the hint of a column, with its drop-down or its limits."""
    found = prompt(declared.label, declared.advice, cells)
    if declared.type.choices:
        found.type = "list"
        found.formula1 = f'"{",".join(declared.type.choices)}"'
        if not declared.type.closed:
            found.errorStyle = "warning"
        _refuse(found, declared, f"请从下拉列表中选择：{'、'.join(declared.type.choices)}")
    elif limit:
        found.type, found.operator = limit.kind, "between"
        found.formula1, found.formula2 = limit.lowest, limit.highest
        found.errorStyle = "stop" if limit.insists else "warning"
        _refuse(found, declared, limit.refusal)
    return found


def prompt(title: str, text: str, cells: str) -> DataValidation:
    """Return a hint that shows when a cell is chosen."""
    return DataValidation(
        allowBlank=True,
        showInputMessage=bool(text),
        promptTitle=title if text else None,
        prompt=text[:_LONGEST_PROMPT] or None,
        sqref=cells,
    )


def protect(sheet: Worksheet, columns: int) -> None:
    """Lock what stands there already; cells below the headers and further right stay open.

    There is no password: whoever must change the layout may.
    """
    for number in range(1, columns + 1):
        sheet.column_dimensions[get_column_letter(number)].protection = OPEN
    rest = sheet.column_dimensions[get_column_letter(columns + 1)]
    rest.min, rest.max, rest.protection = columns + 1, _LAST_COLUMN, OPEN
    allowed = sheet.protection
    allowed.sheet = True
    allowed.formatCells = allowed.formatColumns = allowed.formatRows = False
    allowed.insertRows = allowed.deleteRows = allowed.sort = allowed.autoFilter = False
    allowed.insertHyperlinks = False


def _limit(declared: Declaration, *, signed: bool, in_quarter: bool) -> Limit | None:
    kind = declared.type
    if kind in DATES:
        return _date_limit(declared, in_quarter=in_quarter)
    if kind in (DECIMAL, AMOUNT):
        lowest, least = (f"-{_LARGEST}", "") if signed else ("0", "不小于 0 的")
        return Limit("decimal", lowest, str(_LARGEST), f"请填{least}数字，不带单位。")
    return _LIMITS.get(kind)


def _date_limit(declared: Declaration, *, in_quarter: bool) -> Limit:
    form = f"写法如 {declared.type.example}。"
    if in_quarter:
        return Limit(
            "date",
            f"IF({FIRST_DAY}>0,{FIRST_DAY},{DAY_2000})",
            f"IF({FIRST_DAY}>0,{LAST_DAY}+1,{DAY_2099})",
            f"请填本期内的日期（起止见“说明”表），{form}别的期的事，记到那一期的表里。",
        )
    return Limit("date", str(DAY_2000), str(DAY_2099), f"请填{declared.type.name}，{form}")


def _refuse(found: DataValidation, declared: Declaration, words: str) -> None:
    found.showErrorMessage = True
    found.errorTitle = declared.label
    found.error = words[:_LONGEST_ERROR]


Begun = Mapping[str, Any]
"""What is known of a row before it is filled in, or of a cover: values by the name of the field."""

_PALE = "浅色表头的列可不填"
_NARRATIVE_HINT = "一段一行；同一章有多段时增加同名的行；不写的留空"
_COVER_WIDTHS = (28, 88, 46)


def write_workbook(
    target: Path | BinaryIO | None,
    workbook_type: type,
    cover: Record | Begun | None = None,
    narrative: Iterable[tuple[str, str]] = (),
    rows: Mapping[str, Sequence[Row | Begun]] | None = None,
    *,
    contract: str = "",
    extra: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    blank: bool | None = None,
    wording: Wording | None = None,
) -> bytes:
    """Write a workbook of the declared type to a path or buffer and return its bytes.

    `narrative` gives (chapter, paragraph) pairs, `rows` the rows by the name of their field;
    what is only begun may lack values. `extra` sheets follow as they are. Without paragraphs and
    rows, or where `blank` says so, the workbook is marked as one that nobody has filled in yet.
    A roster at a path can be read by its owner only. `wording` has the words of the contract.
    """
    wording = wording or Wording()
    paragraphs = tuple(narrative)
    book = _laid_out(workbook_type, cover, paragraphs, rows, contract=contract, wording=wording)
    for title, lines in (extra or {}).items():
        _write_extra(book.create_sheet(title), lines)
    if blank is None:
        blank = not (paragraphs or any((rows or {}).values()))
    content = saved(book, blank=blank)
    if isinstance(target, Path):
        write_atomically(target, content, private=workbook_type is Roster)
    elif target is not None:
        target.write(content)
    return content


def write_blanks(
    workbook_type: type, covers: Iterable[Begun], *, contract: str, wording: Wording
) -> Iterator[bytes]:
    """Yield the blank workbooks of several covers; the sheets, which are alike, are laid out once.

    Each has the bytes that `write_workbook` gives it.
    """
    book: Workbook | None = None
    for cover in covers:
        if book is None:
            book = _laid_out(workbook_type, cover, (), None, contract=contract, wording=wording)
        else:
            _refuse_unknown("field", cover, declarations(get_type_hints(workbook_type)["cover"]))
            subtitle = subtitle_of(contract, _period(cover, wording))
            write_text(book[workbook.GUIDE].cell(2, 1), subtitle)
            _write_facts(book[workbook.SHEET], get_type_hints(workbook_type)["cover"], cover)
            for sheet in book.worksheets:  # what saving left there would be written the next time
                sheet.column_dimensions.max_outline = None
        yield saved(book, blank=True)


def _laid_out(
    workbook_type: type,
    cover: Record | Begun | None,
    narrative: Sequence[tuple[str, str]],
    rows: Mapping[str, Sequence[Row | Begun]] | None,
    *,
    contract: str,
    wording: Wording,
) -> Workbook:
    """Return a workbook of the declared type with its guide, cover and sheets."""
    _refuse_unknown("sheet", rows or (), sheets(workbook_type))
    book = Workbook()
    book.remove(book.worksheets[0])
    hints = get_type_hints(workbook_type)
    paragraphs = narrative if "narrative" in hints else None
    facts = _values(cover, hints["cover"])
    guide = book.create_sheet(workbook.GUIDE)
    write_guide(guide, workbook_type, subtitle_of(contract, _period(facts, wording)), wording)
    _write_cover(book.create_sheet(workbook.SHEET), hints["cover"], facts, paragraphs, wording)
    in_quarter = workbook_type is Operations
    if in_quarter:
        _name_the_quarter(book, hints["cover"])
    for name, row_type in sheets(workbook_type).items():
        begun = [_values(row, row_type) for row in (rows or {}).get(name, ())]
        _write_rows(book.create_sheet(row_type.sheet), row_type, begun, in_quarter=in_quarter)
    return book


def _values(record: Record | Begun | None, kind: type[Record]) -> Begun:
    if isinstance(record, Mapping):
        _refuse_unknown("field", record, declarations(kind))
        return record
    return {name: getattr(record, name, None) for name in declarations(kind)}


def _refuse_unknown(kind: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raise ValueError for what would otherwise be left out in silence."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"no such {kind}: {', '.join(unknown)}")


def _period(cover: Begun, wording: Wording) -> str:
    number, first, last = (cover.get(name) for name in ("quarter", "first_day", "last_day"))
    if not number:
        return ""
    days = f"：{show_day(first)}至{show_day(last)}" if first and last else ""
    name = wording.names.name
    return f"第{number}个{name}{days}"


def _write_cover(
    sheet: Worksheet,
    cover_type: type[Record],
    facts: Begun,
    paragraphs: Sequence[tuple[str, str]] | None,
    wording: Wording,
) -> None:
    headers = (workbook.ITEM, workbook.CONTENT, workbook.HINT)
    protect(sheet, len(headers))
    for column, (header, width) in enumerate(zip(headers, _COVER_WIDTHS, strict=True), 1):
        write_header(sheet.cell(1, column), header, REQUIRED)
        sheet.column_dimensions[get_column_letter(column)].width = width
    declared = declarations(cover_type)
    for number, as_declared in enumerate(declared.values(), 2):
        label = wording.names.name if as_declared.also else as_declared.label
        declaration = replace(as_declared, label=label)
        write_text(sheet.cell(number, 1), label, HEADER)
        write_text(sheet.cell(number, 3), declaration.advice, SMALL)
        sheet.add_data_validation(validation(declaration, f"B{number}"))
        if not declaration.optional:
            redden(sheet, f"B{number}", f"LEN(TRIM($B${number}))=0")
    _write_facts(sheet, cover_type, facts)
    for number, (chapter, text) in enumerate(_by_chapter(paragraphs), len(declared) + 2):
        item = sheet.cell(number, 1)
        write_text(item, workbook.NARRATIVE + chapter, HEADER)
        write_text(sheet.cell(number, 2), text)
        raise_row(sheet, number, text, _COVER_WIDTHS[1])
        write_text(sheet.cell(number, 3), _NARRATIVE_HINT, SMALL)
        item.protection = sheet.cell(number, 2).protection = OPEN
    sheet.freeze_panes = "A2"
    set_up_print(sheet, "1:1")


def _write_facts(sheet: Worksheet, cover_type: type[Record], facts: Begun) -> None:
    for number, (name, declaration) in enumerate(declarations(cover_type).items(), 2):
        content = sheet.cell(number, 2)
        write_value(content, declaration, facts.get(name))
        content.alignment = LEFT


def _name_the_quarter(book: Workbook, cover_type: type[Record]) -> None:
    """Name the cells with the days of the quarter: the limits of other sheets refer to them."""
    rows = {name: number for number, name in enumerate(declarations(cover_type), 2)}
    for name, field in ((FIRST_DAY, "first_day"), (LAST_DAY, "last_day")):
        place = f"'{workbook.SHEET}'!$B${rows[field]}"
        book.defined_names[name] = DefinedName(name, attr_text=place)


def _by_chapter(paragraphs: Sequence[tuple[str, str]] | None) -> list[tuple[str, str]]:
    """Return the paragraphs in the order of the chapters, an empty one where none is written."""
    if paragraphs is None:
        return []
    _refuse_unknown("chapter", (name for name, _ in paragraphs), CHAPTERS)
    return [
        (chapter, text)
        for chapter in CHAPTERS
        for text in [text for name, text in paragraphs if name == chapter] or [""]
    ]


def _write_rows(
    sheet: Worksheet, row_type: type[Row], rows: Sequence[Begun], *, in_quarter: bool
) -> None:
    declared = declarations(row_type)
    last = FIRST_DATA_ROW + len(rows) + SPARE_ROWS
    protect(sheet, len(declared))
    for column, (name, declaration) in enumerate(declared.items(), 1):
        _write_column(sheet, column, declaration, [row.get(name) for row in rows])
    end = get_column_letter(len(declared))
    headers = f"A1:{end}{FIRST_DATA_ROW - 1}"
    sheet.add_data_validation(prompt(row_type.sheet, f"{row_type.purpose}。{_PALE}", headers))
    guide_entry(sheet, row_type, last, in_quarter=in_quarter)
    sheet.auto_filter.ref = f"A{FIRST_DATA_ROW - 1}:{end}{last}"
    sheet.freeze_panes = f"B{FIRST_DATA_ROW}"
    set_up_print(sheet, f"1:{FIRST_DATA_ROW - 1}")


def _write_column(
    sheet: Worksheet, column: int, declaration: Declaration, values: list[Any]
) -> None:
    fill = OPTIONAL if declaration.optional else REQUIRED
    write_header(sheet.cell(1, column), declaration.label, fill)
    unit = sheet.cell(2, column)
    write_text(unit, declaration.unit, SMALL, CENTRE)
    unit.border = BELOW
    for number, value in enumerate(values, FIRST_DATA_ROW):
        write_value(sheet.cell(number, column), declaration, value)
        if isinstance(value, str):
            raise_row(sheet, number, value, WIDEST)
    width = sheet.column_dimensions[get_column_letter(column)]
    width.width = column_width(declaration, values)
    width.number_format = declaration.type.excel_format


def _write_extra(sheet: Worksheet, lines: Sequence[Sequence[Any]]) -> None:
    """Write lines as they are; the first holds the headers."""
    for number, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            cell = sheet.cell(number, column)
            if number == 1:
                write_header(cell, str(value), OPTIONAL)
            elif isinstance(value, str):
                write_text(cell, value)
            else:
                cell.value = value
    sheet.freeze_panes = "A2"
    set_up_print(sheet, "1:1")
