"""Renew the pictures of documents in docs/images: python -m scripts.pictures [NAME…].

The sample contract is built on the day of each picture, LibreOffice prints it, and poppler's
pdftoppm draws the page. Workbooks are printed in the same way, and the margins cut off. Chromium
draws the overview.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
COLOURS, KEEPING_RARE_ONES, KEEPING_ITS_GROUND = (
    64,
    Image.Quantize.MAXCOVERAGE,
    Image.Quantize.MEDIANCUT,
)
"""A mark in red on a page of black and grey stays red; the ground of the overview its colour."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of a document as of a day; `shows` are words on it, the first page that has them."""

    name: str
    day: str
    kind: str
    part: str
    shows: str
    resolution: int = 62


PICTURES = (
    Picture("quarterly-cover", "2027-02-05", "quarterly_report", "Q3", "编制单位"),
    Picture("quarterly-contents", "2027-02-05", "quarterly_report", "Q3", "目录一、"),
    Picture("quarterly-report", "2027-02-05", "quarterly_report", "Q3", "服务情况一览", 80),
    Picture("quarterly-resources", "2027-02-05", "quarterly_report", "Q3", "表 2-1 资源变动情况"),
    Picture("quarterly-availability", "2027-02-05", "quarterly_report", "Q3", "中断时长与允许时长"),
    Picture("annual-conclusion", "2027-05-25", "annual_summary", "annual", "服务情况一览"),
    Picture("acceptance-record", "2027-05-25", "acceptance_record", "final", "自查结论汇总"),
    Picture("payment-request-1", "2027-05-25", "payment_request", "3", "付款条件"),
    Picture("late-payment-claim", "2026-11-30", "late_payment_claim", "1", "主张违约金"),
    Picture("settlement-statement", "2026-11-30", "settlement_statement", "statement", "各期款项"),
    Picture("agreement", "2026-11-02", "confidentiality_agreement", "S003", "协议编号"),
    Picture("coverage", "2026-11-02", "confidentiality_coverage", "coverage", "须签署"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook that a command makes; `shows` are words on the page that is drawn.

    `workbook` is found below the folder of the data, `change` what is done to it before. `share`
    is how much of the page is shown, from its top; its foot is none of it.
    """

    name: str
    command: tuple[str, ...]
    workbook: str
    shows: str
    change: Callable[[Workbook], None] | None = None
    share: float = 0.9
    resolution: int = 105


def _three_that_turn_red(book: Workbook) -> None:
    """Enter outages of which one ends before it begins, one has no scope, one no day."""
    sheet = book["中断"]
    place = {cell.value: at for at, cell in enumerate(sheet[1], 1)}
    for at, row in enumerate(_RED, 3):
        for label, value in row.items():
            sheet.cell(at, place[label], value)
            if isinstance(value, str):
                column = sheet.column_dimensions[get_column_letter(place[label])]
                column.width = max(
                    column.width, 2 * len(value) if value[0] > "z" else len(value) + 2
                )


_RED: tuple[dict[str, str | int | datetime], ...] = (
    {"编号": "ZD-2026-007", "开始时间": datetime(2026, 11, 18, 9, 5),
     "恢复时间": datetime(2026, 11, 18, 9, 40), "影响范围": "药品经营许可审批系统",
     "受影响主机数": 6, "主机总数": 314, "原因类别": "网络", "原因": "接入交换机端口故障",
     "处理措施": "更换端口模块", "数据来源": "网管系统导出"},
    {"编号": "ZD-2026-008", "开始时间": datetime(2026, 12, 3, 23, 50),
     "恢复时间": datetime(2026, 12, 3, 0, 20), "影响范围": "化妆品备案系统", "受影响主机数": 4,
     "主机总数": 314, "原因类别": "软件", "原因": "数据库进程异常退出",
     "处理措施": "重启进程，补打补丁", "数据来源": "网管系统导出"},
    {"编号": "ZD-2026-009", "开始时间": datetime(2027, 1, 9, 2, 0),
     "恢复时间": datetime(2027, 1, 9, 2, 45), "主机总数": 314, "原因类别": "计划维护",
     "原因": "存储固件升级", "处理措施": "按计划完成", "甲方同意作业": "作业申请单第21号",
     "同意不计入": "备忘录第3号", "数据来源": "变更单"},
)  # fmt: skip


def _without_the_account(book: Workbook) -> None:
    """Leave the account number out: it is of no use in a picture."""
    for row in book["开票申请单"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and "支行" in cell.value:
                cell.value = f"{cell.value.partition('支行')[0]}支行　（账号略）"


_QUARTER = "data/*/operations/Q3.xlsx"
SHEETS = (
    Sheet("workbook-guide", ("workbook", "Q3"), _QUARTER, "从“说明”表填起", share=0.6),
    Sheet("workbook-red", ("workbook", "Q3"), _QUARTER, "存储固件", _three_that_turn_red,
          resolution=125),
    Sheet("month-end", ("ledger", "--as-of", "2026-11-30", "--xlsx"),
          "out/*/payments/*收付款台账*.xlsx", "账龄（未到账金额"),
    Sheet("invoice-application", ("pack", "2", "--as-of", "2026-11-17"),
          "out/*/payments/*/*请款资料*.xlsx", "商品和服务税收编码", _without_the_account,
          resolution=90),
)  # fmt: skip
"""A quarter's workbook is written anew, so that of the sample is taken away before."""


def main() -> None:
    """Make every document once and draw its pages; names given choose among the pictures."""
    chosen = [one for one in PICTURES if one.name in sys.argv[1:] or not sys.argv[1:]]
    with TemporaryDirectory() as folder:
        printed = {key: _printed(Path(folder), *key) for key in dict.fromkeys(map(_key, chosen))}
        for picture in chosen:
            _draw(picture, printed[_key(picture)], Path(folder))
            print(f"{picture.name}.png")
        for sheet in SHEETS:
            if sheet.name in sys.argv[1:] or not sys.argv[1:]:
                _draw_sheet(sheet, Path(folder))
                print(f"{sheet.name}.png")
        if OVERVIEW in sys.argv[1:] or not sys.argv[1:]:
            _overview(Path(folder))
            print(f"{OVERVIEW}.png")


OVERVIEW, OVERVIEW_DAY, WINDOW = "overview", "2026-11-02", "1040,1125"


def _overview(folder: Path) -> None:
    """Draw the top of the overview, with everything made that was due on the day."""
    home = folder / OVERVIEW
    shutil.copytree(ROOT / "data", home / "data")
    _run(home, "build", "--due", "--as-of", OVERVIEW_DAY, "--no-pages")
    _run(home, "--lang", "zh", "overview", "--as-of", OVERVIEW_DAY)
    target = folder / f"{OVERVIEW}-page.png"
    page = (home / "out" / "index.html").as_uri()
    window = ("--hide-scrollbars", f"--window-size={WINDOW}", f"--screenshot={target}")
    _tool("chromium", "--headless", "--no-sandbox", "--disable-gpu", *window, page)
    _save(target, OVERVIEW, KEEPING_ITS_GROUND)


def _draw_sheet(sheet: Sheet, folder: Path) -> None:
    """Draw the sheet as it is printed, without the margins of the paper."""
    home = folder / sheet.name
    shutil.copytree(ROOT / "data", home / "data")
    if sheet.workbook == _QUARTER:
        next(home.glob(_QUARTER)).unlink()
    _run(home, "--lang", "zh", *sheet.command)
    (path,) = home.glob(sheet.workbook)
    if sheet.change is not None:
        book = load_workbook(path)
        sheet.change(book)
        book.save(path)
    _tool("soffice", "--headless", "--convert-to", "pdf", "--outdir", str(home), str(path))
    pdf, target = home / f"{path.stem}.pdf", home / "page"
    number = str(_page_with(sheet.shows, pdf))
    page = ("-f", number, "-l", number, "-r", str(sheet.resolution), "-singlefile")
    _tool("pdftoppm", "-png", *page, str(pdf), str(target))
    with Image.open(target.with_suffix(".png")) as opened:
        drawn = opened.convert("RGB")
    _cut(drawn, sheet.share).save(target.with_suffix(".png"))
    _save(target.with_suffix(".png"), sheet.name)


_EDGE = 8
"""White around what is cut out, in dots."""


def _cut(page: Image.Image, share: float) -> Image.Image:
    upper = page.crop((0, 0, page.width, round(page.height * share)))
    white = Image.new("RGB", upper.size, "white")
    drawn = ImageChops.difference(upper, white).getbbox()
    left, top, right, bottom = drawn or (0, 0, *upper.size)
    return upper.crop(
        (
            max(0, left - _EDGE),
            max(0, top - _EDGE),
            right + _EDGE,
            min(upper.height, bottom + _EDGE),
        )
    )


def _key(picture: Picture) -> tuple[str, str, str]:
    return picture.day, picture.kind, picture.part


def _printed(folder: Path, day: str, kind: str, part: str) -> Path:
    """Return the PDF of a document of the sample as of a day."""
    home = folder / f"{day}-{kind}-{part}"
    shutil.copytree(ROOT / "data", home / "data")
    _run(home, "build", kind, "--period", part, "--as-of", day, "--pdf")
    (pdf,) = home.rglob("*.pdf")
    return pdf


def _run(home: Path, *words: str) -> None:
    command = [sys.executable, "-m", "deliverables", *words]
    subprocess.run(  # noqa: S603  # our own program
        command, cwd=home, check=True, capture_output=True, env=_surroundings()
    )


def _surroundings() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _draw(picture: Picture, pdf: Path, folder: Path) -> None:
    number = _page_with(picture.shows, pdf)
    target = folder / picture.name
    page = ["-f", str(number), "-l", str(number), "-r", str(picture.resolution), "-singlefile"]
    _tool("pdftoppm", "-png", *page, str(pdf), str(target))
    _save(target.with_suffix(".png"), picture.name)


def _save(drawn: Path, name: str, keeping: Image.Quantize = KEEPING_RARE_ONES) -> None:
    few = Image.open(drawn).convert("RGB").quantize(COLOURS, keeping)
    few.save(IMAGES / f"{name}.png", optimize=True)


def _page_with(words: str, pdf: Path) -> int:
    """Return the number of the first page that has the words; ValueError if none has."""
    pages = _tool("pdftotext", "-layout", str(pdf), "-").split("\f")
    plain = words.replace(" ", "")
    for number, text in enumerate(pages, start=1):
        if plain in "".join(text.split()):
            return number
    raise ValueError(f"{pdf.name}: no page has {words}")


def _tool(tool: str, *words: str) -> str:
    found: Sequence[str] = [shutil.which(tool) or tool, *words]
    done = subprocess.run(found, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout


if __name__ == "__main__":
    main()
