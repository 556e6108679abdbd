"""A small workbook built as the tax portal's is: rows 1 to 3, hidden lists, drop-downs, names."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

VERSION = "pt:20260401"
INVOICES, LINES = "1-发票基本信息", "2-发票明细信息"
SHEETS = [INVOICES, "sfzjlx", "excelVersion", "gjhdq", LINES, "3-特定业务信息", "4-附加要素信息"]
HIDDEN = ["sfzjlx", "excelVersion", "gjhdq"]

# Header and limit of each column, as the portal publishes them; / stands for merged cells.
INVOICE_COLUMNS = (
    "发票流水号20 发票类型10 特定业务类型10 是否含税2 受票方自然人标识2 购买方名称100 "
    "购买方纳税人识别号20 购买方证件类型40 购买方证件号码30 购买方国籍（或地区）40 "
    "购买方地址100 购买方所在地区（报废产品收购必填）100 / / / "
    "购买方详细地址（报废产品收购必填） 购买方电话50 购买方开户银行100 购买方银行账号100 "
    "是否展示购买方地址电话银行账号20 是否开具涉税专业服务发票品目2 "
    "涉税专业服务协议编号20 备注230 报废产品销售类型24 每千克煤炭发热量5 干基全硫6 "
    "干燥无灰基挥发分6 销售方开户行100 销售方银行账号60 是否展示销售方地址电话银行账号20 "
    "购买方邮箱72 购买方经办人姓名150 购买方经办人证件类型40 购买方经办人证件号码30 "
    "经办人国籍(地区)40 经办人自然人纳税人识别号20 放弃享受减按1%征收率原因100 收款人16 "
    "复核人16 "
)
LINE_COLUMNS = (
    "发票流水号20 项目名称100 商品和服务税收编码20 规格型号40 单位22 数量16 单价16 "
    "金额16 税率8 折扣金额16 是否使用优惠政策2 优惠政策类型15 即征即退类型46 煤炭种类15 "
)


def portal_workbook(path: Path, version: str = VERSION) -> Path:
    """Save the workbook as somebody would have downloaded it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in SHEETS:
        sheet = book.create_sheet(name)
        if name in HIDDEN:
            sheet.sheet_state = "hidden"
    _head(book[INVOICES], INVOICE_COLUMNS)
    _head(book[LINES], LINE_COLUMNS)
    book[INVOICES].merge_cells("L2:P2")
    book[INVOICES].merge_cells("L3:O3")
    book["excelVersion"]["A4"] = version
    for number, kind in enumerate(("居民身份证", "护照"), start=1):
        book["sfzjlx"][f"A{number}"] = kind
    _drop_down(book[INVOICES], "B4:B1001", '"增值税专用发票,普通发票"')
    _drop_down(book[INVOICES], "D4:D1001", '"是,否"')
    _drop_down(book[INVOICES], "AG4:AG1001", "sfzjlx!$A$1:$A$2")
    _drop_down(book[LINES], "K4:K1001", '"是,否"')
    for name in ("北京市东城区", "北京市西城区"):
        book.defined_names[name] = DefinedName(name, attr_text="gjhdq!$A$1:$A$2")
    book.save(path)
    return path


def _head(sheet: Worksheet, columns: str) -> None:
    sheet["A1"] = "填表说明：所有内容输入均为文本格式输入"
    for number, column in enumerate(columns.split(), start=1):
        header = column.rstrip("0123456789")
        limit = column.removeprefix(header)
        cell = sheet.cell(3, number)
        sheet.column_dimensions[cell.column_letter].number_format = "@"
        if header != "/":
            cell.value = header.replace("征收率原因", "征收率\n原因")
        if limit:
            sheet.cell(2, number).value = f"非必填（限{limit}字符)"


def _drop_down(sheet: Worksheet, cells: str, formula: str) -> None:
    sheet.add_data_validation(DataValidation(type="list", sqref=cells, formula1=formula))
