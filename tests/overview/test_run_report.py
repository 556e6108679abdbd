"""What a run leaves for the morning: which contracts are broken, what waits, what is to be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree

import builders
import finished
import pytest
from builders import NUMBER
from click.testing import CliRunner, Result
from lxml import html

from deliverables.cli import main
from deliverables.files.result import Result as Became
from deliverables.kinds import Deliverable
from deliverables.overview.run_report import (
    broken_off,
    contract_line,
    report,
    run_facts,
    run_folder,
    summary,
    time_left,
)
from deliverables.pdf.press import PressReport
from deliverables.plan import Outcome, Request
from deliverables.run import Built, Run
from deliverables.values.fault import Fault
from deliverables.values.figure import Line
from deliverables.values.problem import TO_FILL, Severity, error, say, warning

BEGAN = datetime(2026, 11, 2, 0, 30, 15, tzinfo=UTC)  # 08:30 in Beijing
ENDED = BEGAN + timedelta(seconds=95)
FOLDER = Path("out/runs/2026-11-02T0830")

Command = Callable[..., Result]


def outcome(contract: str, became: Became, *reasons: str, part: str = "1") -> Outcome:
    one = Deliverable(kind="payment_request", part=part, contract=contract, title="付款申请函",
                      article="", possible_from=None, due=None,
                      folder="payments", stem=f"{contract}_付款申请函_第{part}期")  # fmt: skip
    file = Path(f"out/{contract}/payments/{one.stem}.docx") if became is Became.MADE else None
    told = tuple(say("{why}", why=reason) for reason in reasons)
    return Outcome(deliverable=one, result=became, file=file, reasons=told)


def built(contract: str, *outcomes: Outcome, faults: tuple[str, ...] = ()) -> Built:
    problems = [error("amount", Line(f"data/{contract}/contract.yaml", 31, 13),
                      say("{fault}", fault=fault), say("mend it")) for fault in faults]  # fmt: skip
    note = warning("note", Line("x"), say("only a warning"), say("nothing"))
    return Built(contract=contract, book=None, problems=(*problems, note), elsewhere=True,
                 outcomes=outcomes)  # fmt: skip


RUN = Run(
    request=Request(as_of=date(2026, 11, 2), moment=BEGAN, command="deliverables build --due"),
    ended=ENDED,
    of=4,
    pressed=PressReport(),
    done=(
        built("HT-1", outcome("HT-1", Became.MADE), outcome("HT-1", Became.UNCHANGED)),
        built("HT-2", faults=("0.01 too much",)),
        built("HT-3", outcome("HT-3", Became.BLOCKED, "no acceptance in data/HT-3/ledger")),
        built("HT-4", outcome("HT-4", Became.BLOCKED, "no acceptance in data/HT-4/ledger"),
              outcome("HT-4", Became.KEPT, "edited by hand")),
    ),
)  # fmt: skip


def told(run: Run = RUN, language: str = "en") -> str:
    page = html.fromstring(report(run, FOLDER, language).decode())
    return " ".join(" ".join(page.find("body").itertext()).split())


def test_where_all_is_broken_it_counts_the_errors_and_tells_once_what_several_contracts_have() -> (
    None
):
    broken = replace(
        RUN,
        of=3,
        done=(
            built("HT-1", faults=("0.01 too much", "0.02 too much")),
            built("HT-2", faults=("0.03 too much",)),
            built("HT-3", faults=("0.04 too much",)),
        ),
    )
    text = told(broken)
    assert "3 Contract 3 with errors 4 errors" in text
    shared = "3 HT-1, HT-2, HT-3 0.01 too much mend it"
    assert text.index(shared) < text.index("Contracts that nothing was made for")
    assert "in several contracts" not in told()


def test_it_says_first_how_many_contracts_wait_to_be_mended_and_where() -> None:
    text = told()
    verdict = "1 of 4 contracts have errors in their data and wait to be mended"
    assert verdict in text
    assert "HT-2 1 errors" in text
    assert " contract.yaml:31:13 0.01 too much mend it" in text
    assert text.index(verdict) < text.index("HT-2") < text.index("Made: to be read")
    assert "only a warning" not in text


def test_blocked_documents_are_gathered_by_reason_whatever_the_contract() -> None:
    assert "no acceptance in ledger 2 HT-3 付款申请函 第1期、HT-4 付款申请函 第1期" in told()


def test_what_holds_up_many_documents_is_told_with_their_number_by_name() -> None:
    waiting = (outcome(f"HT-{one}", Became.BLOCKED, "no seal") for one in range(13))
    assert "no seal 13 付款申请函 第1期 (13)" in told(replace(RUN, done=(built("HT", *waiting),)))


def test_of_many_documents_of_a_kind_only_their_number_is_told() -> None:
    several = [outcome("HT-1", Became.MADE, part=str(number)) for number in range(1, 7)]
    few, many = (
        told(replace(RUN, done=(built("HT-1", *made),))) for made in (several[1:], several)
    )
    assert "Made: to be read 5" in few
    assert "付款申请函 第6期" in few
    assert "Made: to be read 6" in many
    assert "HT-1 付款申请函 (6)" in many


def test_what_was_made_is_linked_from_where_the_report_lies() -> None:
    page = html.fromstring(report(RUN, FOLDER, "en").decode())
    (link,) = page.xpath("//main/ul//a/@href")
    assert (FOLDER / link).resolve() == Path("out/HT-1/payments").resolve() / (
        "HT-1_%E4%BB%98%E6%AC%BE%E7%94%B3%E8%AF%B7%E5%87%BD_%E7%AC%AC1%E6%9C%9F.docx"
    )


def test_the_place_of_an_error_is_linked_too() -> None:
    page = html.fromstring(report(RUN, FOLDER, "en").decode())
    (link,) = page.xpath("//td//a/@href")
    assert (FOLDER / link).resolve() == Path("data/HT-2/contract.yaml").resolve()


def test_what_an_earlier_run_made_is_folded_away() -> None:
    page = html.fromstring(report(RUN, FOLDER, "en").decode())
    (folded,) = page.xpath("//details")
    assert "Unchanged: as an earlier run made them 1" in " ".join(
        "".join(folded.itertext()).split()
    )


def test_in_a_terminal_a_few_lines_say_which_contracts_wait_and_for_what() -> None:
    fault = Fault("way", "0a1b2c3d")
    run = replace(RUN, done=(*RUN.done, replace(built("HT-5"), fault=fault)))
    assert [line.in_language("en") for line in summary(run, "en")] == [
        "HT-2: data/HT-2/contract.yaml:31:13: 0.01 too much (1 errors)",
        "HT-5: the program failed at it (0a1b2c3d)",
        "blocked 2: no acceptance in ledger",
        "after 95 s: 2 of 5 contracts have errors in their data and wait to be mended",
    ]


def test_a_contract_that_is_not_filled_in_yet_is_one_line() -> None:
    begun = replace(built("HT-6", faults=("missing",)), elsewhere=False)
    gap = replace(begun.problems[0], code=TO_FILL, severity=Severity.GAP)
    text = told(replace(RUN, done=(replace(begun, problems=(gap, gap)),)))
    assert "not ready, 2 places are still to be filled in" in text
    assert "deliverables check --contract HT-6 lists them" in text


def test_a_document_with_personal_data_is_named_and_not_linked() -> None:
    (one, *_) = RUN.done[0].outcomes
    private = replace(one, deliverable=replace(one.deliverable, private=True))
    run = replace(RUN, done=(built("HT-1", private),))
    assert b"<a " not in report(run, FOLDER, "en")
    assert "付款申请函 第1期" in told(run)


def test_a_run_that_ended_early_says_so_and_what_to_do() -> None:
    text = told(replace(RUN, of=5))
    assert "the run ended early, after 4 contracts: the same command goes on" in text


def test_nothing_of_the_data_becomes_markup() -> None:
    run = replace(RUN, done=(built("HT-2", faults=("<script>alert(1)</script>",)),))
    assert b"<script" not in report(run, FOLDER, "en")


def test_programs_are_told_the_same_counts() -> None:
    facts = run_facts(RUN, 4, {"contracts": []})
    assert facts["broken"] == ["HT-2"]
    assert facts["seconds"] == 95.0
    assert facts["counts"] == {
        "made": 1, "unchanged": 1, "blocked": 2, "not yet possible": 0, "kept": 1,
        "failed verification": 0, "failed": 0,
    }  # fmt: skip


def test_a_folder_is_named_by_the_minute_in_beijing_and_none_is_used_twice(tmp_path: Path) -> None:
    first = run_folder(tmp_path, BEGAN)
    assert first == tmp_path / "runs" / "2026-11-02T0830"
    assert first.is_dir()
    assert run_folder(tmp_path, ENDED - timedelta(seconds=60)).name == "2026-11-02T0830-2"
    assert run_folder(tmp_path, BEGAN).name == "2026-11-02T0830-3"


def test_a_run_knows_the_one_before_it_that_was_killed(tmp_path: Path) -> None:
    killed, next_one = run_folder(tmp_path, BEGAN), run_folder(tmp_path, ENDED)
    assert broken_off(next_one) == killed
    (next_one / "report.json").touch()
    assert broken_off(run_folder(tmp_path, ENDED)) is None
    assert broken_off(run_folder(tmp_path / "other", BEGAN)) is None


@pytest.mark.parametrize(
    ("done", "left"), [(0, None), (1, timedelta(seconds=30)), (3, timedelta(seconds=10 / 3)),
                       (4, None)],
)  # fmt: skip
def test_the_time_left_goes_by_the_pace_so_far(done: int, left: timedelta | None) -> None:
    assert time_left(BEGAN, BEGAN + timedelta(seconds=10), done, 4) == left


def test_a_line_of_the_log_says_which_contract_of_how_many() -> None:
    first = replace(RUN, done=RUN.done[:1], ended=BEGAN + timedelta(seconds=10))
    line = contract_line(first).in_language("en")
    assert line == "[1/4] HT-1: made 1, unchanged 1; about 30 s left"
    broken = contract_line(replace(RUN, done=RUN.done[:2], of=2)).in_language("en")
    assert broken == "[2/2] HT-2: 1 errors, nothing was made"


class TestTheBatch:
    @pytest.fixture
    def run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
        """Run the command where of two contracts the second is broken."""
        monkeypatch.chdir(tmp_path)
        builders.project(Path("data"))
        other = Path("data/HT-2026-002")
        copytree(Path("data") / NUMBER, other)
        contract = other / "contract.yaml"
        contract.write_text(
            contract.read_text("utf-8")
            .replace(NUMBER, other.name)
            .replace("term_months: 12", "term_months: 十二"),
            "utf-8",
        )

        return finished.run

    def test_it_leaves_page_facts_and_log_and_says_where(self, run: Command) -> None:
        done = run("build", "--due", "--no-pages", "--as-of", "2026-08-03")
        assert done.exit_code == 4
        (folder,) = Path("out/runs").iterdir()
        assert sorted(file.name for file in folder.iterdir()) == [
            "report.html", "report.json", "run.log",
        ]  # fmt: skip
        assert f"report: {folder.as_posix()}/report.html" in done.stderr
        facts = json.loads((folder / "report.json").read_text("utf-8"))
        assert (facts["code"], facts["broken"], facts["whole"]) == (4, ["HT-2026-002"], True)
        assert [one["contract"] for one in facts["contracts"]] == [NUMBER, "HT-2026-002"]
        first, *log = (folder / "run.log").read_text("utf-8").splitlines()
        assert " 2 contracts: deliverables" in first
        assert [line.partition("[")[2].partition(":")[0] for line in log] == [
            f"1/2] {NUMBER}", "2/2] HT-2026-002",
        ]  # fmt: skip

    def test_quietly_only_the_last_line_is_told(self, run: Command) -> None:
        done = run("-q", "build", "--due", "--no-pages", "--as-of", "2026-08-03",
                   "--contract", NUMBER)  # fmt: skip
        assert done.output.splitlines() == ["made 5, blocked 1, not yet possible 5"]

    def test_a_document_made_by_name_leaves_no_report(self, run: Command) -> None:
        run("build", "payment_request", "--contract", NUMBER, "--as-of", "2026-08-03")
        assert not Path("out/runs").exists()

    def test_one_that_is_broken_off_leaves_what_it_did(
        self, run: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken_off(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("deliverables.overview.run_report.time_left", broken_off)
        CliRunner().invoke(main, ["build", "--due", "--no-pages", "--as-of", "2026-08-03"])
        (folder,) = Path("out/runs").iterdir()
        facts = json.loads((folder / "report.json").read_text("utf-8"))
        assert facts["whole"] is False
        assert [one["contract"] for one in facts["contracts"]] == [NUMBER]
