"""deliverables invoice-import: what is still to be invoiced, in the portal's own workbook."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import builders
import pytest
from builders import NUMBER
from checking import LEDGER, in_contract, row
from click.testing import CliRunner, Result
from finished import Run
from openpyxl import load_workbook
from portal_workbook import INVOICES, LINES, portal_workbook

from deliverables.cli import main

COPY = Path(f"out/{NUMBER}/payments/第1期/{NUMBER}_批量开票_第1期.xlsx")
DOWNLOAD = Path("批量开票.xlsx")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with one small sound project and a fresh download."""
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))
    portal_workbook(DOWNLOAD)

    def invoke(*words: str, instalment: str = "1", day: str = "2026-08-03") -> Result:
        command = ["--lang", "en", "invoice-import", instalment, "--as-of", day, *words]
        result = CliRunner().invoke(main, command)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def edit(*changes: Any) -> None:
    for change in changes:
        builders.edit(Path("data") / NUMBER, change)


def invoiced(net: str, tax: str, gross: str) -> Any:
    return row(
        LEDGER,
        "发票",
        期次=1,
        发票号码="26112000000000000001",
        开票日期=date(2026, 7, 1),
        发票种类="普通发票",
        不含税金额=Decimal(net),
        税率=Decimal("0.06"),
        税额=Decimal(tax),
        价税合计=Decimal(gross),
        数据来源="开票记录",
    )


def told(sheet: str, number: int = 4, path: Path = COPY) -> dict[str, object]:
    found = load_workbook(path)[sheet]
    return {found.cell(3, cell.column).value: cell.value for cell in found[number] if cell.value}


def test_the_copy_holds_the_invoice_with_everything_the_contract_tells(run: Run) -> None:
    result = run("--template", str(DOWNLOAD))
    assert result.exit_code == 0, result.output
    assert told(INVOICES) == {
        "发票流水号": f"{NUMBER}-1-1",
        "发票类型": "普通发票",
        "是否含税": "是",
        "购买方名称": "示范甲方单位",
        "购买方纳税人识别号": "11999999999999990K",
        "购买方地址": "北京市示范路1号",
        "备注": f"合同号{NUMBER}；示范单位政务云运维服务项目；第一期款（40%）",
        "销售方开户行": "示范银行",
        "销售方银行账号": "01234567890123456789",
        "购买方邮箱": "fapiao@example.invalid",
    }
    assert told(LINES) == {
        "发票流水号": f"{NUMBER}-1-1",
        "项目名称": "政务云基础服务费",
        "商品和服务税收编码": "3040203000000000000",
        "金额": "400000.00",
        "税率": "0.06",
    }


def test_the_further_facts_of_the_contract_go_where_the_portal_wants_them(run: Run) -> None:
    facts = """before_payment: true
  unit: 项
  buyer_phone: "01000000000"
  buyer_bank: 示范银行甲支行
  buyer_account: "09876543210987654321"
  buyer_shown: 展示开户银行、银行账号
  seller_shown: 展示地址、电话
  payee: 甲收款
  reviewer: 乙复核"""
    edit(in_contract("before_payment: true", facts))
    assert run("--template", str(DOWNLOAD)).exit_code == 0
    assert (
        told(INVOICES).items()
        >= {
            "购买方电话": "01000000000",
            "购买方开户银行": "示范银行甲支行",
            "购买方银行账号": "09876543210987654321",
            "是否展示购买方地址电话银行账号": "展示开户银行、银行账号",
            "是否展示销售方地址电话银行账号": "展示地址、电话",
            "收款人": "甲收款",
            "复核人": "乙复核",
        }.items()
    )
    assert told(LINES).items() >= {"单位": "项", "数量": "1", "单价": "400000.00"}.items()


def test_an_exempt_sale_names_its_privilege(run: Run) -> None:
    edit(in_contract("rate: 6%", "rate: 免税"))
    assert run("--template", str(DOWNLOAD)).exit_code == 0
    line = {"金额": "400000.00", "税率": "0", "是否使用优惠政策": "是", "优惠政策类型": "免税"}
    assert told(LINES).items() >= line.items()


def test_an_invoice_of_several_rates_is_keyed_in_by_hand(run: Run) -> None:
    edit(in_contract("rate: 6%", "rate: 多种税率"))
    result = run("--template", str(DOWNLOAD))
    assert result.exit_code == 1
    assert "a line for each rate, together 400,000.00" in " ".join(result.output.split())


def test_only_what_is_not_yet_invoiced_is_asked_for(run: Run) -> None:
    edit(invoiced("94339.62", "5660.38", "100000.00"))
    run("--template", str(DOWNLOAD))
    assert told(LINES)["金额"] == "300000.00"
    assert told(INVOICES)["发票流水号"] == f"{NUMBER}-1-2"


def test_an_invoice_that_was_reversed_is_asked_for_again_under_the_next_serial(run: Run) -> None:
    blue = invoiced("377358.49", "22641.51", "400000.00")
    red = invoiced("-377358.49", "-22641.51", "-400000.00")
    number = "26112000000000000001"
    reverses = [number.replace("1", "2") if one == number else one for one in red["values"]]
    edit(blue, {**red, "row": 4, "values": [*reverses[:8], number, *reverses[9:]]})
    run("--template", str(DOWNLOAD))
    assert told(LINES)["金额"] == "400000.00"
    assert told(INVOICES)["发票流水号"] == f"{NUMBER}-1-2"


def test_with_everything_invoiced_nothing_is_made(run: Run) -> None:
    edit(invoiced("377358.49", "22641.51", "400000.00"))
    result = run("--template", str(DOWNLOAD))
    assert result.exit_code == 1
    assert "everything due is invoiced already" in result.stdout
    assert not Path("out").exists()


def test_the_download_is_found_among_the_data(run: Run) -> None:
    DOWNLOAD.rename(Path("data") / NUMBER / "下载.xlsx")
    assert run().exit_code == 0
    assert COPY.is_file()


def test_without_a_download_it_says_where_to_get_one(run: Run) -> None:
    result = run()
    assert result.exit_code == 2
    assert f"no workbook of the tax portal in data/{NUMBER} or data" in result.stderr


def test_of_two_downloads_one_must_be_named(run: Run) -> None:
    portal_workbook(Path("data/one.xlsx"))
    portal_workbook(Path("data") / NUMBER / "two.xlsx")
    result = run()
    assert result.exit_code == 2
    assert f"data/{NUMBER}/two.xlsx, data/one.xlsx" in result.stderr


def test_facts_that_are_missing_are_asked_for_all_at_once(run: Run) -> None:
    edit(in_contract("type: 普通发票", "type: {missing: 请与甲方确认}"),
         in_contract("item: 政务云基础服务费", "item: {missing: 请财务确认}"))  # fmt: skip
    result = run("--template", str(DOWNLOAD))
    assert result.exit_code == 1
    assert result.stderr.count("error[portal-required]") == 2
    assert f"data/{NUMBER}/contract.yaml:66:9: error[portal-required] 发票类型" in result.stderr
    assert not Path("out").exists()


def test_a_blocked_instalment_is_not_invoiced_unless_told_so(run: Run) -> None:
    result = run("--template", str(DOWNLOAD), instalment="2", day="2027-05-10")
    assert result.exit_code == 1
    assert "blocked" in result.stdout
    assert run("--template", str(DOWNLOAD), "--anyway", instalment="2", day="2027-05-10",
               ).exit_code == 0  # fmt: skip


def test_an_edited_copy_is_kept(run: Run) -> None:
    run("--template", str(DOWNLOAD))
    book = load_workbook(COPY)
    book[INVOICES]["W4"] = "我改过的备注"
    book.save(COPY)
    assert "kept" in run("--template", str(DOWNLOAD)).stdout
    assert told(INVOICES)["备注"] == "我改过的备注"
    assert "made" in run("--template", str(DOWNLOAD), "--replace").stdout
    assert told(INVOICES, path=COPY.with_name(f"{COPY.stem}_旧1.xlsx"))["备注"] == "我改过的备注"


def test_what_is_made_from_sample_data_says_so_on_the_invoice(run: Run) -> None:
    edit({"file": LEDGER, "sheet": "说明", "cell": "B2", "value": "是"})
    result = run("--template", str(DOWNLOAD))
    copy = COPY.with_name(f"{COPY.stem}_示例.xlsx")
    assert str(told(INVOICES, path=copy)["备注"]).startswith("【示例】")
    assert "do not import it" in result.stderr


def test_a_long_contract_number_keeps_its_end_in_the_serial(run: Run) -> None:
    long = "GF-ZB-2026-YUNFUWU-000123"
    (Path("data") / NUMBER).rename(Path("data") / long)
    path = Path("data") / long / "contract.yaml"
    path.write_text(path.read_text("utf-8").replace(NUMBER, long), "utf-8")
    assert run("--template", str(DOWNLOAD)).exit_code == 0
    copy = Path(f"out/{long}/payments/第1期/{long}_批量开票_第1期.xlsx")
    assert told(LINES, path=copy)["发票流水号"] == "2026-YUNFUWU-000123-1-1"[-20:]


def test_json_tells_programs_the_file_and_the_serial(run: Run) -> None:
    (facts,) = json.loads(run("--template", str(DOWNLOAD), "--format", "json").stdout)["contracts"]
    assert (facts["result"], facts["file"], facts["serial"], facts["gross"]) == (
        "made",
        COPY.as_posix(),
        f"{NUMBER}-1-1",
        "400,000.00",
    )
