"""A small sound project to break: one contract, its first quarter, one person, an empty ledger."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from cells import write_cells
from old_excel import compound_file, old_excel
from openpyxl import Workbook, load_workbook
from openpyxl.utils import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.model.fields import declarations, sheets
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from deliverables.setup import blank_workbook, wanted

NUMBER = "HT-2026-001"

CONTRACT = """\
identity:
  article: 封面
  number: HT-2026-001
  title: 示范单位政务云运维服务项目
  signed_on: 2026-04-29
  signed_on_read_from: 签署页
  copies: 4
  copies_each: 2
client:
  article: 首部
  name: 示范甲方单位
  address: 北京市示范路1号
  postcode: "100000"
  credit_code: 11999999999999990K
  invoice_email: fapiao@example.invalid
  contact: {article: 第四条, name: 甲联系人, phone: "01000000000"}
contractor:
  article: 首部
  name: 示范乙方公司
  address: 北京市示范路2号
  postcode: "010000"
  credit_code: 91999999MA0000000K
  contact: {article: 第四条, name: 乙联系人, phone: "01000000000"}
service:
  article: 第二条
  name: 政务云运维服务
  catalogue: 附件一
  term_months: 12
reports: [{article: 第三条, name: 季度报告, every_months: 3, count: 4, form: operations,
  sealed: 是}, {article: 第三条, name: 年度项目总结报告, every_months: 12, count: 1, form: summary, sealed: 是}]
service_levels:
  article: 第三条
  availability: 99.9%
  durability: 99.9999%
  measurement: 按季度统计
  incident_grading: 附件二
payment:
  article: 第六条
  total: 1,000,000.00
  total_in_words: 壹佰万元整
  plan: standard
  sme_evidence: 不适用
  instalments:
    - number: 1
      article: 第六条
      name: 首款
      amount: 400,000.00
      ratio: 40%
      conditions: [signing]
      condition_text: 合同签订后40个工作日内，财政审批期间除外
      deadline: 合同签订后40个工作日内
    - number: 2
      article: 第六条
      name: 尾款
      amount: 600,000.00
      ratio: 60%
      conditions: [end_of_term, final_acceptance]
      condition_text: 服务期届满并通过验收后40个工作日内
      deadline: 服务期届满且通过验收后40个工作日内
      deducts: true
  account: {article: 第六条, holder: 示范乙方公司, bank: 示范银行, number: "01234567890123456789"}
  late: {article: 第十二条, daily_rate: 0.0003, base: 逾期金额, cap_ratio: 5%, cap_base: 合同总额}
invoicing:
  article: 第六条
  rate: 6%
  type: 普通发票
  item: 政务云基础服务费
  tax_code: "3040203000000000000"
  before_payment: true
acceptance:
  article: 第三条
  period: 收到验收通知后5个工作日内
  rework: 5个工作日内
  materials: 季度报告4个，年度总结1个
  interim_procedure: 不适用
notices:
  key_staff: {article: 第四条, period: 提前10个工作日}
  exit: {article: 第四条, period: 提前30日}
  force_majeure: {article: 第四条, period: 不可抗力发生后15日内}
confidentiality:
  article: 第十条
  period: 自合同终止起10年
  quoted_scope_limit: 严格控制披露范围
  agreement_article: 第十条第4款
cessation: {article: 第八条, switch_over: 服务期届满后3个月内}
duties:
  - {article: 第二条, duty: 提供服务, owner: 乙方, shown_by: 资源台账}
"""  # noqa: E501  # the two series stand on two lines: many tests count them

QUARTER_COVER: Mapping[str, Any] = {
    "服务季度": 1,
    "起始日期": date(2026, 4, 30),
    "截止日期": date(2026, 7, 29),
    "示例数据": "否",
    "编制": "赵一",
    "审核": "钱二",
    "批准": "孙三",
    "正文：概述": "本季度平台运行平稳。",
}
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
FIRST_OUTAGE: Mapping[str, Any] = {
    "编号": "ZD-01",
    "开始时间": datetime(2026, 5, 6, 23, 50),
    "恢复时间": datetime(2026, 5, 7, 0, 20),
    "影响范围": "网络区",
    "受影响主机数": 10,
    "主机总数": 300,
    "原因类别": "网络",
    "原因": "交换机板卡故障",
    "处理措施": "更换板卡",
    "数据来源": "故障报告",
}
FIRST_STOCK: Mapping[str, Any] = {
    "业务系统": "审批系统",
    "资源类别": "存储",
    "单位": "GB",
    "期初": 8,
    "新增": 2,
    "回收": 0,
    "期末": 10,
    "合同量": 10,
    "数据来源": "云管平台",
}
FIRST_QUARTER: Rows = {
    "资源台账": [FIRST_STOCK, {**FIRST_STOCK, "业务系统": "门户网站", "资源类别": "云主机",
                            "单位": "台", "期初": 1, "新增": 0, "期末": 1, "合同量": 1}],
    "资源使用": [{"月份": "2026-07", "业务系统": "门户网站", "主机名称": "portal-01", "vCPU": 4,
                "内存": 16, "存储": 100, "CPU平均使用率": 30, "CPU峰值使用率": 60,
                "内存平均使用率": 40, "内存峰值使用率": 70, "存储已用": 50,
                "数据来源": "监控平台"}],
    "中断": [FIRST_OUTAGE],
    "数据可靠性": [{"月份": "2026-07", "存储类别": "容量型存储", "在用容量": 30,
                 "冗余方案": "三副本",
                 "设计值": "99.9999%", "设计值依据": "产品白皮书", "数据丢失事件": 0,
                 "完整性校验": 4, "校验未通过": 0, "数据来源": "存储管理平台"}],
    "巡检": [{"月份": "2026-07", "巡检项目": "机房", "计划次数": 31, "完成次数": 31, "发现问题": 0,
            "整改完成": 0, "数据来源": "巡检记录"}],
    "备份": [{"月份": "2026-07", "备份对象": "数据库", "计划次数": 31, "成功次数": 31,
            "恢复演练": 0, "演练成功": 0, "数据来源": "备份平台"}],
    "漏洞与安全": [{"月份": "2026-07", "类别": "安全事件", "发现或发生": 0,
                 "数据来源": "安全值守日报"}],
    "IP地址": [{"地址段": "10.9.0.0/28", "网络区域": "政务外网区", "业务系统": "审批系统",
              "地址数": 16, "状态": "在用", "数据来源": "地址台账"}],
}  # fmt: skip
FIRST_PERSON: Mapping[str, Any] = {
    "编号": "S001",
    "姓名": "阿卜杜拉·买买提",
    "证件类型": "居民身份证",
    "证件号码": "999999199001010016",
    "所属部门": "运维部",
    "岗位": "运维工程师",
    "主要人员": "否",
    "进入项目日期": date(2026, 4, 30),
    "权限开通日期": date(2026, 4, 30),
    "保密培训日期": date(2026, 4, 29),
    "讲解人": "孙三",
    "协议签署日期": date(2026, 4, 29),
    "数据来源": "人事系统",
}


def project(data: Path) -> Path:
    """Make the project below the folder `data` and return the folder of its contract."""
    folder = data / NUMBER
    (folder / "operations").mkdir(parents=True)
    (folder / "contract.yaml").write_text(CONTRACT, "utf-8")
    for name, content in _workbooks().items():
        (folder / name).write_bytes(content)
    return folder


def copy_of_contract(data: Path, number: str) -> Path:
    """Make a contract with another number, otherwise as that of the project, and return it."""
    folder = data / number
    for file in (data / NUMBER).rglob("*.*"):
        copy = folder / file.relative_to(data / NUMBER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes().replace(NUMBER.encode(), number.encode()))
    return folder


def break_instalments(folder: Path) -> None:
    """Let the instalments of a contract miss its price by a fen."""
    edit(folder, {"file": "contract.yaml", "replace": "600,000.00", "with": "600,000.01"})


@cache
def once(make: Callable[[Path], object]) -> Path:
    """Return a folder in which something was made, once for all tests of a run; copy it."""
    folder = Path(tempfile.mkdtemp(prefix="once-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make(folder)
    return folder


def copy_of(make: Callable[[Path], object], folder: Path) -> None:
    """Put into the folder what `make` makes in one, with all its times."""
    shutil.copytree(once(make), folder, dirs_exist_ok=True)


@cache
def _workbooks() -> Mapping[str, bytes]:
    """Return the workbooks of the project, written once for all tests."""
    made = {
        "operations/Q1.xlsx": workbook(Operations, QUARTER_COVER, FIRST_QUARTER),
        "staff.xlsx": workbook(Roster, {"示例数据": "否"}, {"人员名册": [FIRST_PERSON]}),
        "ledger.xlsx": workbook(Ledger, {"示例数据": "否"}, {}),
    }
    contents = {}
    for name, book in made.items():
        content = BytesIO()
        book.save(content)
        contents[name] = content.getvalue()
    return contents


def workbook(kind: type, cover: Mapping[str, Any], rows: Rows) -> Workbook:
    """Return a workbook of the declared kind: headers in row 1, units in row 2, then the rows."""
    book = Workbook()
    first = book.worksheets[0]
    first.title = "说明"
    first.append(["项目", "内容", "填写说明"])
    for label, content in cover.items():
        first.append([label, content])
    for row_type in sheets(kind).values():
        sheet = book.create_sheet(row_type.sheet)
        declared = declarations(row_type).values()
        sheet.append([item.label for item in declared])
        sheet.append([item.unit or None for item in declared])
        for row in rows.get(row_type.sheet, ()):
            sheet.append([_plain(row.get(item.label)) for item in declared])
    return book


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def edit(folder: Path, change: Mapping[str, Any]) -> None:
    """Make one change to the project: to a text, a cell, a sheet or a whole file.

    A change names what it is done to (`file`, `sheet`, `cell`) and what is done: see EDITS.
    """
    (action,) = change.keys() & EDITS.keys()
    EDITS[action](folder, change)


def _replace(folder: Path, change: Mapping[str, Any]) -> None:
    path = folder / change["file"]
    text = path.read_text("utf-8")
    assert text.count(change["replace"]) == 1, change["replace"]
    path.write_text(text.replace(change["replace"], change["with"]), "utf-8")


def _append(folder: Path, change: Mapping[str, Any]) -> None:
    path = folder / change["file"]
    path.write_text(path.read_text("utf-8") + change["append"], "utf-8")


def _write(folder: Path, change: Mapping[str, Any]) -> None:
    path = folder / change["file"]
    content = change["write"]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(bytes.fromhex(content["hex"]) if "hex" in content else
                     content["text"].encode(content.get("encoding", "utf-8")))  # fmt: skip


def _delete(folder: Path, change: Mapping[str, Any]) -> None:
    (folder / change["delete"]).unlink()


def _blank(folder: Path, change: Mapping[str, Any]) -> None:
    """Put a workbook there that the tool wrote and nobody has filled in."""
    path = folder / change["blank"]
    asked = wanted(path.stem)
    assert asked
    path.write_bytes(blank_workbook(asked.kind, NUMBER))


def _become_folder(folder: Path, change: Mapping[str, Any]) -> None:
    (folder / change["become_folder"]).unlink()
    (folder / change["become_folder"]).mkdir()


def _copy(folder: Path, change: Mapping[str, Any]) -> None:
    """Copy a file; a quarter's workbook gets the month of the quarter it is copied to."""
    shutil.copy(folder / change["copy"], folder / change["to"])
    month = _LAST_MONTHS.get(change["to"])
    if month:
        book = load_workbook(folder / change["to"])
        cells = (cell for sheet in book for column in sheet.iter_cols(max_col=1) for cell in column)
        for cell in cells:
            cell.value = month if cell.value == _LAST_MONTHS[_FIRST] else cell.value
        book.save(folder / change["to"])


_FIRST = "operations/Q1.xlsx"
_LAST_MONTHS = {
    _FIRST: "2026-07",
    "operations/Q2.xlsx": "2026-10",
    "operations/Q3.xlsx": "2027-01",
    "operations/Q4.xlsx": "2027-04",
}


def _encrypt(folder: Path, change: Mapping[str, Any]) -> None:
    (folder / change["encrypt"]).write_bytes(compound_file({"EncryptedPackage": b"\0" * 4096}))


def _truncate(folder: Path, change: Mapping[str, Any]) -> None:
    path = folder / change["truncate"]
    path.write_bytes(path.read_bytes()[: change["to_bytes"]])


def _grow(folder: Path, change: Mapping[str, Any]) -> None:
    """Make a file as long as a size says, with nothing in it."""
    os.truncate(folder / change["grow"], change["to_bytes"])


def _claim(folder: Path, change: Mapping[str, Any]) -> None:
    """Let a workbook say that one of its parts is of a size it is not."""
    path = folder / change["claim"]
    data = bytearray(path.read_bytes())
    with ZipFile(path) as package:
        at = package.start_dir
    at = data.index(change["part"].encode(), at) - 46
    data[at + 24 : at + 28] = change["bytes"].to_bytes(4, "little")
    path.write_bytes(data)


def _spoil(folder: Path, change: Mapping[str, Any]) -> None:
    """Change bytes in the middle of a packed part of a workbook."""
    path = folder / change["spoil"]
    data = bytearray(path.read_bytes())
    with ZipFile(path) as package:
        part = package.getinfo(change["part"])
    middle = part.header_offset + 30 + len(part.filename) + part.compress_size // 2
    data[middle : middle + 8] = bytes(8)
    path.write_bytes(data)


def _damage(folder: Path, change: Mapping[str, Any]) -> None:
    """Replace a text in one part inside a workbook."""
    path = folder / change["file"]
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    part = change["damage"]
    assert part in parts
    parts[part] = parts[part].replace(change["replacing"].encode(), change["with"].encode())
    with ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def _to_xls(folder: Path, change: Mapping[str, Any]) -> None:
    """Save a workbook in the binary format of Excel 97, keeping its name."""
    path = folder / change["to_xls"]
    path.write_bytes(old_excel(load_workbook(path)))


def _set(folder: Path, change: Mapping[str, Any]) -> None:
    row, column = coordinate_to_tuple(change["cell"])
    write_cells(folder / change["file"], {change["sheet"]: {(row, column): change["value"]}})


def _set_row(folder: Path, change: Mapping[str, Any]) -> None:
    row = {(change["row"], column): value for column, value in enumerate(change["values"], 1)}
    write_cells(folder / change["file"], {change["sheet"]: row})


def _in_workbook(folder: Path, change: Mapping[str, Any]) -> None:
    path = folder / change["file"]
    book = load_workbook(path)
    if "sheet" in change:
        sheet = book[change["sheet"]]
        _SHEET_EDITS[next(iter(change.keys() & _SHEET_EDITS.keys()))](sheet, change)
    book.save(path)


def _repeat_row(sheet: Worksheet, change: Mapping[str, Any]) -> None:
    row = [cell.value for cell in sheet[change["repeat_row"]]]
    for _ in range(change["times"]):
        sheet.append(row)


def _merge(sheet: Worksheet, change: Mapping[str, Any]) -> None:
    sheet.merge_cells(change["merge"])


def _insert_row(sheet: Worksheet, change: Mapping[str, Any]) -> None:
    sheet.insert_rows(change["insert_row"])


def _delete_row(sheet: Worksheet, change: Mapping[str, Any]) -> None:
    sheet.delete_rows(change["delete_row"])


def _delete_column(sheet: Worksheet, change: Mapping[str, Any]) -> None:
    sheet.delete_cols(change["delete_column"])


def _rename(sheet: Worksheet, change: Mapping[str, Any]) -> None:
    sheet.title = change["rename"]


def _delete_sheet(sheet: Worksheet, change: Mapping[str, Any]) -> None:
    assert change["delete_sheet"] is True
    assert sheet.parent is not None
    sheet.parent.remove(sheet)


def _copy_sheet(sheet: Worksheet, change: Mapping[str, Any]) -> None:
    assert sheet.parent is not None
    sheet.parent.copy_worksheet(sheet).title = change["copy_sheet"]


def _hide_rows(sheet: Worksheet, change: Mapping[str, Any]) -> None:
    for number in change["hide_rows"]:
        sheet.row_dimensions[number].hidden = True


def _hide_columns(sheet: Worksheet, change: Mapping[str, Any]) -> None:
    for letters in change["hide_columns"]:
        sheet.column_dimensions[letters].hidden = True


def _hide_sheet(sheet: Worksheet, change: Mapping[str, Any]) -> None:
    sheet.sheet_state = change["hide_sheet"]


_SHEET_EDITS = {
    "hide_rows": _hide_rows,
    "hide_columns": _hide_columns,
    "hide_sheet": _hide_sheet,
    "repeat_row": _repeat_row,
    "merge": _merge,
    "insert_row": _insert_row,
    "delete_row": _delete_row,
    "delete_column": _delete_column,
    "rename": _rename,
    "delete_sheet": _delete_sheet,
    "copy_sheet": _copy_sheet,
}
EDITS = {
    "replace": _replace,
    "append": _append,
    "write": _write,
    "delete": _delete,
    "blank": _blank,
    "become_folder": _become_folder,
    "copy": _copy,
    "encrypt": _encrypt,
    "truncate": _truncate,
    "damage": _damage,
    "grow": _grow,
    "spoil": _spoil,
    "claim": _claim,
    "to_xls": _to_xls,
    "value": _set,
    "values": _set_row,
    **dict.fromkeys(_SHEET_EDITS, _in_workbook),
}
