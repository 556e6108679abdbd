"""The payment pack: letter, 开票申请单, list and e-mail of an instalment, with the same figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import builders
import pytest
from asked import asked_of, said_of
from builders import NUMBER
from checking import LEDGER, in_contract, row
from click.testing import Result
from finals import LETTER as LETTER_KEY
from finals import REPORT, as_if_final, drafted, examined_in, happened, mend, project
from finished import Run
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from scenarios import accepted, book, contract, deducted, invoiced, ledger

from deliverables.cli.finance import to_be_told
from deliverables.compute.account import account
from deliverables.finance.application_form import application
from deliverables.finance.payment_pack import (
    REPORTS,
    ListItem,
    PackCase,
    Standing,
    attached,
    checklist,
)
from deliverables.folders import Folders
from deliverables.model.book import ContractBook
from deliverables.plan import plan
from deliverables.register import read_register
from deliverables.status import Stage
from deliverables.values.capitals import read_capitals
from deliverables.verify.document import read_document

pytestmark = pytest.mark.thorough

DAY = date(2026, 11, 17)
PACK = Path(f"out/{NUMBER}/payments/第1期")
WORKBOOK, EMAIL = PACK / f"{NUMBER}_请款资料_第1期.xlsx", PACK / f"{NUMBER}_请款邮件_第1期.txt"
MAIL = EMAIL.with_suffix(".eml")
LETTER = Path(f"out/{NUMBER}/payments/{NUMBER}_付款申请函_第1期_草稿.docx")


def pack(run: Run, *words: str, instalment: str = "1", day: str = "2026-08-03") -> Result:
    return run("pack", instalment, "--as-of", day, "--no-pdf", *words)


def edit(*changes: Any) -> None:
    for change in changes:
        builders.edit(Path("data") / NUMBER, change)


def form(path: Path = WORKBOOK) -> Worksheet:
    return load_workbook(path)["开票申请单"]


def beside(sheet: Worksheet, label: str) -> list[object]:
    """What stands to the right of each cell with that label."""
    found = []
    for line in sheet.iter_rows(values_only=True):
        if label in line:
            at = line.index(label)
            found.append(next((value for value in line[at + 1 :] if value is not None), None))
    return found


def lines(path: Path = WORKBOOK) -> dict[str, tuple[str, str, str]]:
    """The list: standing, place and action of each thing."""
    rows = load_workbook(path)["附件清单"].iter_rows(values_only=True)
    return {str(row[1]): (row[2], row[3], row[4]) for row in rows if str(row[0]).isdecimal()}


INVOICED = row(
    LEDGER,
    "发票",
    期次=1,
    发票号码="26112000000000000001",
    开票日期=date(2026, 7, 1),
    发票种类="普通发票",
    不含税金额=Decimal("94339.62"),
    税率=Decimal("0.06"),
    税额=Decimal("5660.38"),
    价税合计=Decimal("100000.00"),
    数据来源="开票记录",
)


class TestTheCommand:
    def test_it_makes_the_letter_the_form_the_list_and_the_e_mail(self, run: Run) -> None:
        result = pack(run)
        assert result.exit_code == 0, result.output
        assert LETTER.is_file()
        assert load_workbook(WORKBOOK).sheetnames == ["开票申请单", "附件清单"]
        assert EMAIL.read_text("utf-8").startswith("主题：")
        assert "VAT due, paid or not (增值税法 28)" in result.stderr
        assert "22,641.51" in result.stderr

    def test_an_exempt_sale_goes_through_letter_form_and_mail_without_a_tax(self, run: Run) -> None:
        edit(
            in_contract("rate: 6%", "rate: 免税"),
            row(LEDGER, "发票", 期次=1, 发票号码="26112000000000000001",
                开票日期=date(2026, 7, 1), 发票种类="普通发票", 不含税金额=Decimal("100000.00"),
                税率="免税", 税额=Decimal("0.00"), 价税合计=Decimal("100000.00"),
                数据来源="开票记录"),
        )  # fmt: skip
        result = pack(run)
        assert result.exit_code == 0, result.output
        assert "VAT due" not in result.stderr
        invoices = [block.texts for block in read_document(LETTER).blocks if "免税" in block.texts]
        assert invoices == [
            ("普通发票", "免税", "100,000.00", "***", "100,000.00", "26112000000000000001"),
            ("普通发票", "免税", "300,000.00", "***", "300,000.00", "待开，付款前提交"),
        ]
        sheet = form()
        assert beside(sheet, "税率") == ["免税"]
        assert "***" in beside(sheet, "税额")
        assert "免征增值税" in str(beside(sheet, "说明"))
        assert "免税；金额300,000.00元，待开具" in EMAIL.read_text("utf-8")
        assert "税额" not in EMAIL.read_text("utf-8")
        assert "纳税义务发生" not in str(lines())

    def test_three_per_cent_goes_through_letter_and_form(self, run: Run) -> None:
        edit(in_contract("rate: 6%", "rate: 3%"))
        assert pack(run).exit_code == 0
        (invoice,) = [block.texts for block in read_document(LETTER).blocks if "3%" in block.texts]
        split = ("388,349.51", "11,650.49", "400,000.00")
        assert invoice == ("普通发票", "3%", *split, "待开，付款前提交")
        assert beside(form(), "税率") == ["3%"]
        assert 11650.49 in beside(form(), "税额")

    def test_a_mail_to_the_clients_contact_has_the_text_and_the_letter(self, run: Run) -> None:
        edit({"file": "contract.yaml", "replace": "name: 甲联系人,",
              "with": "name: 甲联系人, email: jia@example.invalid,"})  # fmt: skip
        pack(run)
        mail = message_from_bytes(MAIL.read_bytes(), policy=default)
        assert mail["To"] == "甲联系人 <jia@example.invalid>"
        assert f"主题：{mail['Subject']}" == EMAIL.read_text("utf-8").partition("\n")[0]
        assert [part.get_filename() for part in mail.iter_attachments()] == [LETTER.name]

    def test_a_mail_takes_the_scan_of_a_sealed_letter_and_the_copy_of_the_contract(
        self, tmp_path: Path
    ) -> None:
        folders = Folders(tmp_path / "data", tmp_path / "out")
        scan = folders.contract(NUMBER) / "payments" / "盖章件.pdf"
        copy = folders.data / NUMBER / "合同.pdf"
        for file in (scan, copy):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"%PDF-1.7")
        items = (
            ListItem("一、函件", "付款申请函", Standing.THERE, "payments/盖章件.pdf", ""),
            ListItem("二、随函附件", "合同复印件", Standing.THERE, f"{NUMBER}/合同.pdf", ""),
            ListItem("二、随函附件", "发票", Standing.THERE, f"{NUMBER}/ledger.xlsx[发票]!B3", ""),
            ListItem("二、随函附件", "中期验收意见", Standing.LACKING, "payments/盖章件.pdf", ""),
        )
        assert attached(items, folders, NUMBER, tmp_path / "草稿.docx") == (scan, copy)
        assert attached(items[3:], folders, NUMBER, tmp_path / "草稿.docx") == (
            tmp_path / "草稿.docx",
        )

    def test_without_libreoffice_it_says_so_and_makes_the_rest(self, run: Run) -> None:
        result = run("pack", "1", "--as-of", "2026-08-03")
        assert result.exit_code == 0
        assert "pdf-no-libreoffice" in result.stderr
        assert WORKBOOK.is_file()

    @pytest.mark.usefixtures("with_a_running_libreoffice")
    def test_with_libreoffice_a_pdf_lies_beside_the_letter(self, run: Run) -> None:
        assert run("pack", "1", "--as-of", "2026-08-03").exit_code == 0
        assert LETTER.with_suffix(".pdf").is_file()
        assert LETTER.with_suffix(".pdf").name in lines()["付款申请函"][1]

    def test_a_blocked_instalment_gets_no_pack(self, run: Run) -> None:
        result = pack(run, instalment="2", day="2027-05-10")
        assert result.exit_code == 1
        assert "blocked" in result.stdout
        assert "final acceptance (第六条) has no evidence" in result.stdout
        assert not Path("out").exists()

    def test_anyway_it_is_made_and_says_what_is_not_met(self, run: Run) -> None:
        assert pack(run, "--anyway", instalment="2", day="2027-05-10").exit_code == 0
        there = Path(f"out/{NUMBER}/payments/第2期")
        sheet = form(there / f"{NUMBER}_请款资料_第2期.xlsx")
        assert sheet["A2"].value == "付款条件尚未成就：尚无验收通过的书面依据。"
        written = (there / f"{NUMBER}_请款邮件_第2期.txt").read_text("utf-8")
        assert "付款条件尚未全部成就：尚无验收通过的书面依据。仅供预审，不作为付款申请。" in written
        assert "已经成就" not in written

    def test_an_instalment_that_no_contract_has_is_wrong_use(self, run: Run) -> None:
        result = pack(run, instalment="9")
        assert result.exit_code == 2
        assert "no contract has an instalment 9" in result.stderr

    def test_broken_data_make_nothing(self, run: Run) -> None:
        edit(in_contract("600,000.00", "600,000.01"))
        result = pack(run)
        assert result.exit_code == 1
        assert "instalment-total" in result.stderr

    def test_the_same_data_give_the_same_files(self, run: Run) -> None:
        pack(run)
        before = WORKBOOK.read_bytes(), EMAIL.read_bytes()
        assert "unchanged" in pack(run).stdout
        WORKBOOK.unlink()
        pack(run)
        assert (WORKBOOK.read_bytes(), EMAIL.read_bytes()) == before

    def test_new_data_replace_what_nobody_edited(self, run: Run) -> None:
        pack(run)
        edit(in_contract("示范银行", "示范银行北京分行"))
        assert f"made  {WORKBOOK.as_posix()}" in pack(run).stdout
        assert "示范银行北京分行" in EMAIL.read_text("utf-8")
        assert list(PACK.glob("*_旧*")) == []

    def test_an_edited_file_is_kept_until_it_is_told_to_replace_it(self, run: Run) -> None:
        pack(run)
        EMAIL.write_text("我改过的", "utf-8")
        assert f"kept  {EMAIL.as_posix()}  (edited by hand" in pack(run).stdout
        assert EMAIL.read_text("utf-8") == "我改过的"
        pack(run, "--replace")
        assert EMAIL.with_name(f"{EMAIL.stem}_旧1.txt").read_text("utf-8") == "我改过的"
        assert EMAIL.read_text("utf-8").startswith("主题：")

    def test_every_file_is_in_the_register(self, run: Run) -> None:
        pack(run)
        entries, problems = read_register(Path(f"out/{NUMBER}/register.jsonl"))
        assert problems == ()
        assert [(entry.event, Path(entry.file).name) for entry in entries] == [
            ("made", LETTER.name),
            ("packed", WORKBOOK.name),
            ("packed", EMAIL.name),
            ("packed", MAIL.name),
        ]
        assert run("status").exit_code == 0
        assert run("verify").exit_code == 0

    def test_a_letter_edited_by_hand_is_proved_before_it_is_relied_on(self, run: Run) -> None:
        pack(run)
        mend(LETTER, "400,000.00", "400,000.10")
        result = pack(run)
        assert result.exit_code == 3
        assert "400,000.10" in result.stderr

    def test_a_kept_letter_of_an_earlier_day_is_held_against_today(self, run: Run) -> None:
        pack(run)
        mend(LETTER, "联系人", "联络人")
        assert "pack-letter-differs" not in pack(run, day="2026-08-05").stderr
        edit(INVOICED, {"file": LEDGER, "sheet": "发票", "cell": "C3", "value": date(2026, 8, 4)})
        assert "pack-letter-differs" in pack(run, day="2026-08-05").stderr

    def test_json_tells_programs_the_files_the_figures_and_the_list(self, run: Run) -> None:
        (facts,) = json.loads(pack(run, "--format", "json").stdout)["packs"]
        assert facts["invoice"] == {
            "net": "377358.49",
            "rate": "0.06",
            "tax": "22641.51",
            "gross": "400000.00",
        }
        assert [Path(one["file"]) for one in facts["files"]] == [WORKBOOK, EMAIL, MAIL]
        assert facts["subject"] in EMAIL.read_text("utf-8")
        assert {"name": "付款申请函", "standing": "缺"}.items() <= facts["checklist"][0].items()


class TestTheForm:
    def test_it_names_both_parties_and_the_invoice(self, run: Run) -> None:
        edit(in_contract("before_payment: true", "before_payment: true\n  category: 信息技术服务"))
        pack(run)
        sheet = form()
        assert beside(sheet, "名称") == ["示范甲方单位", "示范乙方公司"]
        assert beside(sheet, "统一社会信用代码") == ["11999999999999990K", "91999999MA0000000K"]
        assert beside(sheet, "项目名称") == ["*信息技术服务*政务云基础服务费"]
        assert beside(sheet, "商品和服务税收编码") == ["3040203000000000000"]
        assert beside(sheet, "备注") == [
            f"合同号{NUMBER}；示范单位政务云运维服务项目；第一期款（40%）"
        ]

    def test_its_amounts_are_numbers_that_add_up_and_agree_with_the_words(self, run: Run) -> None:
        pack(run)
        sheet = form()
        (gross,), (words,) = beside(sheet, "价税合计（小写）"), beside(sheet, "价税合计（大写）")
        net, tax = beside(sheet, "不含税金额")[0], beside(sheet, "税额")[0]
        assert (gross, net, tax) == (400000, 377358.49, 22641.51)
        assert read_capitals(str(words)) == 400000

    def test_long_numbers_are_text(self, run: Run) -> None:
        edit(INVOICED)
        pack(run)
        found = {cell.value: cell for line in form() for cell in line if cell.value}
        account = next(value for value in found if "01234567890123456789" in str(value))
        for value in ("3040203000000000000", "26112000000000000001", account):
            assert found[value].data_type == "s"
            assert found[value].number_format == "@"

    def test_what_is_invoiced_already_is_listed_and_the_rest_applied_for(self, run: Run) -> None:
        edit(INVOICED)
        pack(run)
        sheet = form()
        amounts = {label: beside(sheet, label) for label in ("本期应开票", "已开票", "开票后未开")}
        assert amounts == {"本期应开票": [400000], "已开票": [100000], "开票后未开": [0]}
        assert beside(sheet, "本次申请开票") == beside(sheet, "价税合计（小写）") == [300000]
        assert beside(sheet, "26112000000000000001") == ["2026年7月1日"]

    def test_with_everything_invoiced_there_is_no_form(self, run: Run) -> None:
        edit(INVOICED)
        for cell, amount in (("E3", "377358.49"), ("G3", "22641.51"), ("H3", "400000.00")):
            edit({"file": LEDGER, "sheet": "发票", "cell": cell, "value": float(amount)})
        assert pack(run).exit_code == 0
        assert load_workbook(WORKBOOK).sheetnames == ["附件清单"]
        assert lines()["发票（号码26112000000000000001）"][0] == "有"

    def test_what_nobody_supplied_prints_as_missing_and_is_listed(self, run: Run) -> None:
        edit(in_contract('tax_code: "3040203000000000000"', "tax_code: {missing: 请财务确认}"))
        pack(run)
        sheet = form()
        assert beside(sheet, "商品和服务税收编码") == ["【待补】"]
        assert "补齐前不得开票：商品和服务税收编码。" in str(beside(sheet, "说明"))
        assert lines()["商品和服务税收编码"] == (
            "缺",
            f"{NUMBER}/contract.yaml:68:13",
            "请财务确认",
        )

    def test_it_says_that_the_tax_falls_due_before_the_money_comes(self, run: Run) -> None:
        pack(run)
        (note,) = beside(form(), "说明")
        assert "《增值税法》第二十八条" in str(note)
        assert "销项税额22,641.51元" in str(note)

    def test_sample_data_are_marked_in_name_sheet_and_every_page(self, run: Run) -> None:
        edit({"file": LEDGER, "sheet": "说明", "cell": "B2", "value": "是"})
        pack(run)
        marked = WORKBOOK.with_name(f"{WORKBOOK.stem}_示例.xlsx")
        assert form(marked)["A2"].value == "示例：由示例数据生成，不得据以开票。"
        assert form(marked).oddHeader.right.text == "示例"
        assert not WORKBOOK.exists()

    def test_it_prints_on_one_sheet_of_a4(self, run: Run) -> None:
        pack(run)
        sheet = form()
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
        assert sheet.page_setup.fitToWidth == 1

    def test_it_is_a_valid_workbook(self, run: Run, validate_ooxml: Callable[[Path], None]) -> None:
        pack(run)
        validate_ooxml(WORKBOOK)

    def test_a_name_that_looks_like_a_formula_stays_text(self, run: Run) -> None:
        edit(in_contract("item: 政务云基础服务费", 'item: "=HYPERLINK(1)"'))
        pack(run)
        cell = next(cell for line in form() for cell in line if cell.value == "=HYPERLINK(1)")
        assert cell.data_type == "s"


def listed(project: ContractBook, number: int, day: date, folder: Path) -> list[ListItem]:
    folders = Folders(folder / "data", folder / "out")
    planned = next(
        one for one in plan(project, folders, day)
        if one.deliverable.key == f"payment_request/{number}"
    )  # fmt: skip
    assert project.ledger is not None
    state = account(project.contract, project.ledger, project.calendar, day).instalment(number)
    letter = said_of(project, number, day)
    asked = application(project, letter, state, day)
    case = PackCase(
        book=project,
        folders=folders,
        planned=planned,
        letter=letter,
        state=state,
        application=asked,
        as_of=day,
    )
    return list(checklist(case))


def standing(items: list[ListItem]) -> dict[str, Standing]:
    return {item.name: item.standing for item in items if item.group == "二、随函附件"}


class TestTheList:
    def test_the_second_instalment_rests_on_acceptance_and_two_reports_that_do_not_go_with_it(
        self, tmp_path: Path
    ) -> None:
        project = book(ledger=ledger(accepted("中期", date(2026, 11, 16))))
        items = listed(project, 2, date(2027, 4, 1), tmp_path)
        assert [one.name for one in items if one.standing is Standing.LACKING
                and one.group == REPORTS] == ["季度报告（Q1）", "季度报告（Q2）"]  # fmt: skip
        assert standing(items) == {
            "发票（待开）": Standing.LACKING,
            "中期验收意见": Standing.THERE,
            "合同复印件": Standing.LACKING,
        }

    def test_the_last_needs_all_reports_and_the_agreements_on_deductions(
        self, tmp_path: Path
    ) -> None:
        day = date(2027, 5, 25)
        events = accepted("最终", date(2027, 5, 12)), deducted(3, date(2027, 5, 20), "14683.38")
        items = listed(book(ledger=ledger(*events)), 3, day, tmp_path)
        found = standing(items)
        assert found["违约金扣减依据：《协商纪要》"] is Standing.THERE
        assert [one.name for one in items if one.group == REPORTS] == [
            "年度项目总结报告",
            *(f"季度报告（Q{number}）" for number in (1, 2, 3, 4)),
        ]
        (note,) = [item for item in items if item.name == "扣减与发票金额"]
        assert "扣减14,683.38元不自动冲减发票金额" in note.action

    def test_whatever_the_letter_lists_is_on_it(self, tmp_path: Path) -> None:
        first = invoiced(2, date(2026, 11, 10), "94339.62", "5660.38")
        project = book(ledger=ledger(first, accepted("中期", date(2026, 11, 16))))
        names = standing(listed(project, 2, DAY, tmp_path)).keys()
        letter = map(str, said_of(project, 2, DAY).attachments)
        assert set(letter) <= set(names)
        assert f"发票（号码{'9' * 20}）" in names

    def test_a_condition_that_is_not_met_is_lacking(self, tmp_path: Path) -> None:
        found = standing(listed(book(ledger=ledger()), 2, DAY, tmp_path))
        assert found["尚无中期验收通过的书面依据"] is Standing.LACKING

    def test_a_copy_of_the_contract_is_found_in_its_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "data" / contract().identity.number
        folder.mkdir(parents=True)
        (folder / "合同扫描件.pdf").write_bytes(b"%PDF")
        found = listed(book(ledger=ledger()), 1, DAY, tmp_path)
        assert standing(found)["合同复印件"] is Standing.THERE

    def test_every_fact_the_invoice_lacks_is_on_it_with_whom_to_ask(self, tmp_path: Path) -> None:
        items = listed(book(ledger=ledger()), 1, DAY, tmp_path)
        missing = [item for item in items if item.group == "三、开票与收款"
                   and item.standing is Standing.LACKING]  # fmt: skip
        assert [item.name for item in missing] == [
            "购买方统一社会信用代码",
            "购买方收票邮箱",
            "销售方统一社会信用代码",
            "发票种类",
            "开票项目名称",
            "商品和服务税收编码",
        ]
        assert all("请" in item.action and "contract.yaml:" in item.where for item in missing)

    def test_invoiced_and_unpaid_it_says_to_which_month_the_tax_belongs(
        self, tmp_path: Path
    ) -> None:
        all_of_it = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93")
        items = listed(book(ledger=ledger(all_of_it)), 1, DAY, tmp_path)
        (note,) = [item for item in items if item.name == "纳税义务"]
        assert "销项税额属于2026年5月" in note.action

    def test_of_an_invoice_reversed_and_issued_anew_only_the_new_one_counts(
        self, tmp_path: Path
    ) -> None:
        blue = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93", "1" * 20)
        red = invoiced(1, date(2026, 6, 3), "-1846965.55", "-110817.93", "2" * 20)
        anew = invoiced(1, date(2026, 6, 4), "1846965.55", "110817.93", "3" * 20)
        what = ledger(blue, replace(red, reverses="1" * 20), anew)
        items = listed(book(ledger=what), 1, DAY, tmp_path)
        assert [name for name in standing(items) if "发票" in name] == [f"发票（号码{'3' * 20}）"]
        (note,) = [item for item in items if item.name == "纳税义务"]
        assert "销项税额属于2026年6月，" in note.action

    def test_what_is_reversed_is_applied_for_again_beside_what_stands(self, tmp_path: Path) -> None:
        part = invoiced(1, date(2026, 5, 20), "943396.23", "56603.77", "1" * 20)
        rest = invoiced(1, date(2026, 5, 20), "903569.32", "54214.16", "2" * 20)
        red = invoiced(1, date(2026, 6, 3), "-903569.32", "-54214.16", "3" * 20)
        project = book(ledger=ledger(part, rest, replace(red, reverses="2" * 20)))
        items = listed(project, 1, DAY, tmp_path)
        assert [name for name in standing(items) if "发票" in name] == [
            "发票（待开）", f"发票（号码{'1' * 20}）",
        ]  # fmt: skip
        asked = asked_of(project, 1, DAY)
        assert [str(line.number) for line in asked.issued] == ["1" * 20]
        assert [str(amount) for amount in (asked.invoiced, asked.line.gross, asked.left_after)] == [
            "1,000,000.00", "957,783.48", "0.00",
        ]  # fmt: skip

    def test_where_things_lie_does_not_depend_on_where_the_folders_are(
        self, tmp_path: Path
    ) -> None:
        found = []
        for place in (tmp_path / "here", tmp_path / "另一台 机器" / "深一层"):
            folders = project(place)
            drafted(folders, LETTER_KEY, date(2026, 8, 3))
            made = examined_in(folders).book
            assert made is not None
            found.append(listed(made, 1, date(2026, 8, 3), place))
        assert found[0] == found[1]
        assert found[0][0].where == f"payments/{LETTER.name}"
        assert any(item.where.startswith(f"{NUMBER}/contract.yaml:") for item in found[0])

    def test_a_sealed_letter_and_a_sealed_report_are_there(self, tmp_path: Path) -> None:
        folders = project(tmp_path)
        for key in (LETTER_KEY, REPORT):
            drafted(folders, key, date(2026, 8, 3))
            as_if_final(folders, key, date(2026, 8, 3))
            happened(folders, key, Stage.SEALED, date(2026, 8, 6))
        made = examined_in(folders).book
        assert made is not None
        day = date(2026, 8, 7)
        planned = next(one for one in plan(made, folders, day)
                       if one.deliverable.key == LETTER_KEY)  # fmt: skip
        assert made.ledger is not None
        state = account(made.contract, made.ledger, made.calendar, day).instalment(1)
        letter = said_of(made, 1, day)
        case = PackCase(
            book=made,
            folders=folders,
            planned=planned,
            letter=letter,
            state=state,
            application=None,
            as_of=day,
        )
        first = checklist(case)[0]
        assert (first.name, first.standing, first.action) == (
            "付款申请函",
            Standing.THERE,
            "已于2026年8月6日用印",
        )


def test_the_type_of_the_invoice_is_told_to_the_command_where_the_contract_leaves_it_open() -> None:
    terms = contract()
    agreed = replace(terms, invoicing=replace(terms.invoicing, type="普通发票"))
    assert str(to_be_told([terms])) == "--type TYPE --on DATE"
    assert str(to_be_told([agreed])) == "--on DATE"
