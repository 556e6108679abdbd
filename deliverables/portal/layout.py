"""What the program knows of the portal's workbook: versions, sheets, columns and their limits.

Row 2 of a sheet states what must be filled in and how long it may be, row 3 the headers; data
stand from row 4 on, every cell of them as text. Sheets that the program never fills (special
trades, additional elements, the hidden lists behind the drop-downs) are not described.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from deliverables.lazily import dataclass
from deliverables.model.payment_terms import SHOWN_ON_INVOICES

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
class Column:
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


SHEETS: Final[Mapping[str, tuple[Column, ...]]] = {
    INVOICES: (
        Column(SERIAL, 20, required=True),
        Column("发票类型", 10, required=True, choices=("增值税专用发票", "普通发票")),
        Column("特定业务类型", 10),
        Column("是否含税", 2, required=True, choices=(YES, NO)),
        Column("受票方自然人标识", 2, choices=(YES, NO)),
        Column("购买方名称", 100, required=True),
        Column("购买方纳税人识别号", 20, required=True),
        Column("购买方证件类型", 40),
        Column("购买方证件号码", 30),
        Column("购买方国籍（或地区）", 40),
        Column("购买方地址", 100),
        Column("购买方所在地区（报废产品收购必填）", 100),
        Column("购买方详细地址（报废产品收购必填）", None),
        Column("购买方电话", 50),
        Column("购买方开户银行", 100),
        Column("购买方银行账号", 100),
        Column("是否展示购买方地址电话银行账号", 20, choices=SHOWN_ON_INVOICES),
        Column("是否开具涉税专业服务发票品目", 2, choices=(YES, NO)),
        Column("涉税专业服务协议编号", 20),
        Column("备注", 230),
        Column("报废产品销售类型", 24),
        Column("每千克煤炭发热量", 5),
        Column("干基全硫", 6),
        Column("干燥无灰基挥发分", 6),
        Column("销售方开户行", 100),
        Column("销售方银行账号", 60),
        Column("是否展示销售方地址电话银行账号", 20, choices=SHOWN_ON_INVOICES),
        Column("购买方邮箱", 72),
        Column("购买方经办人姓名", 150),
        Column("购买方经办人证件类型", 40),
        Column("购买方经办人证件号码", 30),
        Column("经办人国籍(地区)", 40),
        Column("经办人自然人纳税人识别号", 20),
        Column("放弃享受减按1%征收率原因", 100),
        Column("收款人", 16),
        Column("复核人", 16),
    ),
    LINES: (
        Column(SERIAL, 20, required=True),
        Column("项目名称", 100, required=True),
        Column("商品和服务税收编码", 20, required=True),
        Column("规格型号", 40),
        Column("单位", 22),
        Column("数量", 16, decimals=13),
        Column("单价", 16, decimals=13),
        Column("金额", 16, required=True, decimals=2, fixed=True),
        Column("税率", 8, required=True, decimals=6),
        Column("折扣金额", 16, decimals=2, fixed=True),
        Column("是否使用优惠政策", 2, choices=(YES, NO)),
        Column("优惠政策类型", 15),
        Column("即征即退类型", 46),
        Column("煤炭种类", 15),
    ),
}
"""Every column with a header of the two sheets that are filled, in the portal's order.

The portal asks for 购买方纳税人识别号 on special invoices, and on others if the buyer is an
enterprise; here it is always asked for, since the buyers of these contracts all have one.
"""


def column(sheet: str, header: str) -> Column:
    """Return a column by its header."""
    return next(one for one in SHEETS[sheet] if one.header == header)
