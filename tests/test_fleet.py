"""A fleet of processes makes the same documents, in the same order, and loses one at most."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import builders
import pytest

from deliverables import build as builds
from deliverables import draft
from deliverables import fleet as fleets
from deliverables.build import STEPS, build, build_all
from deliverables.docx.render import Rendered
from deliverables.examination import Examined, examine
from deliverables.files.result import Result
from deliverables.fleet import FEW_CONTRACTS, Fleet, Terms, survey
from deliverables.folders import Folders
from deliverables.model.roster_sheets import Roster
from deliverables.plan import Outcome, Planned, Request
from deliverables.register import read_register
from deliverables.run import Built, book_of

pytestmark = pytest.mark.processes

DAY = date(2026, 8, 3)
REQUEST = Request(
    as_of=DAY, moment=datetime(2026, 8, 3, 9, 0, tzinfo=UTC), command="deliverables build"
)
PEOPLE = 5


def with_people(data: Path) -> None:
    """Make a project with a few people on its roster, whose documents are all possible."""
    folder = builders.project(data)
    people = [{**builders.FIRST_PERSON, **another(number)} for number in range(1, PEOPLE + 1)]
    roster = builders.workbook(Roster, {"示例数据": "否"}, {"人员名册": people})
    roster.save(folder / "staff.xlsx")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of that project, for one test."""
    builders.copy_of(with_people, tmp_path / "data")
    return tmp_path / "data"


Ran = tuple[list[str], dict[str, bytes]]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """What one process alone makes of the project and tells."""
    return run(builders.once(with_people), tmp_path_factory.mktemp("alone"), Fleet(1))


def forked(count: int) -> Executor:
    """Return processes that have what a test put in place, and end when they are told to."""
    fork = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(count, fork, signal.signal, (signal.SIGTERM, signal.SIG_DFL))


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fleet's processes are copies of this one where a system can: fresh ones start slowly."""
    if os.name != "nt":
        monkeypatch.setattr(fleets, "_processes", forked)


def with_copies(test: Callable[..., None]) -> Callable[..., None]:
    """Let the fleet of a test, which is not about how its processes begin, have copies."""
    quiet = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
    return pytest.mark.usefixtures("copied")(quiet(test))


def another(number: int) -> dict[str, object]:
    first = {"证件号码": builders.FIRST_PERSON["证件号码"]} if number == 1 else {"证件号码": None}
    return {"编号": f"S{number:03}", "姓名": f"示例{number}", **first}


def run(data: Path, out: Path, fleet: Fleet, request: Request = REQUEST) -> Ran:
    """Build everything; return what was told, line by line, and every file that is there."""
    told: list[str] = []

    def report(outcome: Outcome) -> None:
        reasons = "; ".join(map(str, outcome.reasons))
        told.append(f"{outcome.deliverable.key} {outcome.result.value} {reasons}".strip())

    folders = Folders(data, out)
    with fleet:
        for examined, _ in build_all(
            folders, request, report, fleet, begin=lambda one: told.append(one.contract)
        ):
            assert examined.sound
    return told, files_in(out)


def files_in(out: Path) -> dict[str, bytes]:
    paths = sorted(path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


@contextmanager
def dask_cluster() -> Iterator[Executor]:
    from dask import config
    from distributed import Client, LocalCluster

    quiet = {"distributed.admin.large-graph-warning-threshold": "1GB"}
    with (
        config.set(quiet),
        LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        yield client.get_executor()


_LEAST = "spawn" if os.name == "nt" else "fork"
"""How processes begin soonest; `test_two_processes_…` begins them as the toolkit does."""
POOLS: dict[str, Callable[[], object]] = {
    "threads": lambda: ThreadPoolExecutor(2),
    "processes": lambda: ProcessPoolExecutor(2, multiprocessing.get_context(_LEAST)),
    "dask": dask_cluster,
}


def test_two_processes_make_the_same_bytes_register_and_messages_as_one(
    data: Path, alone: Ran, tmp_path: Path
) -> None:
    assert run(data, tmp_path / "2", Fleet(2, few=0)) == alone
    assert len([name for name in alone[1] if name.endswith(".docx")]) == PEOPLE + 4


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("pool", POOLS)
def test_any_executor_makes_the_same(pool: str, data: Path, alone: Ran, tmp_path: Path) -> None:
    with POOLS[pool]() as executor:  # type: ignore[attr-defined]
        assert run(data, tmp_path / "2", Fleet(2, executor)) == alone
        assert executor.submit(abs, -1).result() == 1  # it is left as it was given


@with_copies
def test_many_contracts_are_read_by_the_fleet_and_told_in_their_order(
    data: Path, tmp_path: Path
) -> None:
    for number in range(2, FEW_CONTRACTS + 2):
        builders.copy_of_contract(data, f"HT-2026-{number:03}")
    alone = run(data, tmp_path / "1", Fleet(1))
    assert run(data, tmp_path / "2", Fleet(2)) == alone
    assert [line for line in alone[0] if line.startswith("HT")] == [
        f"HT-2026-{number:03}" for number in range(1, FEW_CONTRACTS + 2)
    ]


@with_copies
def test_a_contract_with_errors_is_told_by_the_fleet_as_by_one_process(
    data: Path, tmp_path: Path
) -> None:
    for number in range(2, FEW_CONTRACTS + 2):
        builders.copy_of_contract(data, f"HT-2026-{number:03}")
    contract = data / "HT-2026-003" / "contract.yaml"
    contract.write_text(contract.read_text("utf-8").replace("600,000.00", "600,000.01"), "utf-8")
    folders, seen = Folders(data, tmp_path / "out"), list[tuple[str, bool, list[str]]]()
    for fleet in (Fleet(1), Fleet(2)):
        with fleet:
            for examined, _ in build_all(folders, REQUEST, lambda _: None, fleet):
                seen.append((examined.contract, examined.sound, [*map(str, examined.problems)]))
    half = len(seen) // 2
    assert seen[:half] == seen[half:]
    assert [contract for contract, sound, _ in seen[:half] if not sound] == ["HT-2026-003"]
    assert not (tmp_path / "out" / "HT-2026-003").exists()


def kills_its_process(planned: Planned, *given: object) -> object:
    if planned.deliverable.part == "S003":
        os.kill(os.getpid(), signal.SIGKILL)
    return _compose(planned, *given)  # type: ignore[arg-type]


_compose = draft.compose


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_document_that_kills_its_process_is_the_only_one_that_fails(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft, "compose", kills_its_process)
    monkeypatch.setattr(fleets, "_processes", forked)
    told, files = run(data, tmp_path / "out", Fleet(2, few=0))
    lost = "confidentiality_agreement/S003 failed"
    assert [line for line in told if " failed" in line] == [
        f"{lost} the process that made it was lost, twice; nothing was saved"
    ]
    assert sum(line.endswith(" made") for line in told) == PEOPLE + 3
    assert not any("S003" in name for name in files)
    assert read_register(tmp_path / "out" / builders.NUMBER / "register.jsonl")[1] == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_document_whose_process_was_killed_from_outside_is_made_by_another(
    data: Path, alone: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork = multiprocessing.get_context("fork")
    monkeypatch.setattr(draft, "compose", kills_its_process)
    with ProcessPoolExecutor(2, fork) as mortal:
        assert run(data, tmp_path / "2", Fleet(2, mortal)) == alone


def fails(planned: Planned, *given: object) -> object:
    if planned.deliverable.part == "S003":
        raise ZeroDivisionError("a fault of the program")
    return _compose(planned, *given)  # type: ignore[arg-type]


@with_copies
@pytest.mark.parametrize("few", [0, 48])
def test_a_document_whose_pages_were_counted_still_says_why_it_was_made_anew(
    few: int, data: Path, tmp_path: Path
) -> None:
    paged = replace(REQUEST, paginate=lambda document, file: document)
    run(data, tmp_path / "out", Fleet(1), paged)
    later = replace(paged, as_of=REQUEST.as_of + timedelta(days=1))
    told, _ = run(data, tmp_path / "out", Fleet(2, few=few), later)
    (report,) = (line for line in told if line.startswith("quarterly_report/Q1 made"))
    assert f"the earlier one was as of {REQUEST.as_of}" in report


@pytest.mark.parametrize("where", ["here", "threads", "processes"])
@pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fault_of_the_program_in_one_document_leaves_all_others(
    where: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft, "compose", fails)
    fork = multiprocessing.get_context("fork")
    pools: dict[str, Callable[[], Executor]] = {
        "threads": lambda: ThreadPoolExecutor(2),
        "processes": lambda: ProcessPoolExecutor(2, fork),
    }
    fleet = Fleet(1) if where == "here" else Fleet(2, pools[where]())
    told, _ = run(data, tmp_path / "out", fleet)
    (failed,) = (line for line in told if " failed" in line)
    assert failed.startswith("confidentiality_agreement/S003 failed a fault of the program, ")
    assert sum(line.endswith(" made") for line in told) == PEOPLE + 3
    entries, problems = read_register(tmp_path / "out" / builders.NUMBER / "register.jsonl")
    assert problems == ()
    assert "S003" not in [entry.part for entry in entries]


@with_copies
@pytest.mark.parametrize("few", [0, 48])
def test_a_fault_while_pages_are_counted_leaves_all_others(
    few: int, data: Path, tmp_path: Path
) -> None:
    def count(document: Rendered, file: Path) -> Rendered:
        raise ZeroDivisionError("a fault of the program")

    told, _ = run(data, tmp_path / "out", Fleet(2, few=few), replace(REQUEST, paginate=count))
    assert [line.partition(" a fault")[0] for line in told if " failed" in line] == [
        "quarterly_report/Q1 failed"
    ]


def survey_that_kills(contract: str, *given: object) -> object:
    if contract == "HT-2026-002":
        os.kill(os.getpid(), signal.SIGKILL)
    return _survey(contract, *given)  # type: ignore[arg-type]


_survey = builds.survey


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_contract_that_kills_whoever_reads_it_is_the_only_one_that_is_stopped(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2, FEW_CONTRACTS + 2):
        builders.copy_of_contract(data, f"HT-2026-{number:03}")
    monkeypatch.setattr(fleets, "_processes", forked)
    monkeypatch.setattr(builds, "STEPS", builds.STEPS._replace(survey=survey_that_kills))
    folders = Folders(data, tmp_path / "out")
    with Fleet(2) as fleet:
        done = list(build_all(folders, REQUEST, lambda _: None, fleet))
    assert [one.contract for one, _ in done if one.fault] == ["HT-2026-002"]
    assert all(outcomes for one, outcomes in done if not one.fault)


def numbered(document: Rendered, file: Path) -> Rendered:
    return Rendered(bytes(document), document.trace)


@with_copies
@pytest.mark.parametrize("few", [0, 48])
def test_pages_are_counted_while_other_documents_are_made(
    few: int, data: Path, tmp_path: Path
) -> None:
    counted: list[str] = []

    def count(document: Rendered, file: Path) -> Rendered:
        time.sleep(0.2)  # the documents after it are begun meanwhile, and still come after it
        counted.append(file.name)
        return numbered(document, file)

    told, _ = run(data, tmp_path / "out", Fleet(2, few=few), replace(REQUEST, paginate=count))
    assert counted == ["HT-2026-001_季度报告_Q1_草稿.docx"]
    made = [line.removesuffix(" made") for line in told if line.endswith(" made")]
    assert made == sorted(made)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no owner-only mode")
@with_copies
def test_agreements_of_a_fleet_can_be_read_by_their_owner_alone(data: Path, tmp_path: Path) -> None:
    run(data, tmp_path / "out", Fleet(2, few=0))
    (agreement,) = (tmp_path / "out").rglob("*S001*.docx")
    assert stat.S_IMODE(agreement.stat().st_mode) == 0o600
    assert stat.S_IMODE(agreement.parent.stat().st_mode) == 0o700
    assert agreement.parent.name == "staff"


def test_few_documents_are_made_without_another_process(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    def start(count: int) -> Executor:
        started.append(count)
        return ThreadPoolExecutor(count)

    monkeypatch.setattr(fleets, "_processes", start)
    run(data, tmp_path / "out", Fleet(2))
    assert started == []
    run(data, tmp_path / "anew", Fleet(2, few=0))
    assert started == [2]


def test_a_killed_run_leaves_a_sound_register_and_the_next_one_no_second_file(
    data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    program = (
        "import os, signal, sys; from deliverables import recorder, cli\n"
        "recorder._TOGETHER, recorder._PATIENCE_SECONDS = 2, 60\n"
        "honest = recorder.Writer.enter\n"
        "def enter(self, change, *entries):\n"
        "    if any(entry.part == 'S004' for entry in entries): os.kill(os.getpid(), 9)\n"
        "    return honest(self, change, *entries)\n"
        "recorder.Writer.enter = enter\n"
        "cli.main(sys.argv[1:])\n"
    )
    arguments = ["--data", data, "--out", out, "build", "--due", "--jobs", "1"]
    command = [sys.executable, "-c", program, *map(str, arguments), "--as-of", DAY.isoformat()]
    killed = subprocess.run(command, check=False, capture_output=True)
    assert killed.returncode == -9 or os.name == "nt"
    register = out / builders.NUMBER / "register.jsonl"
    entries, problems = read_register(register)
    assert (problems, [entry.part for entry in entries]) == ((), ["S001", "S002", "S003"])
    assert not any("S004" in name for name in files_in(out))
    told, files = run(data, out, Fleet(1))
    assert not any("旧" in name or name.endswith(".tmp") for name in files)
    assert "confidentiality_agreement/S004 made" in told
    assert read_register(register)[1] == ()


def test_examined_books_stay_with_the_process_that_read_them() -> None:
    here = Examined(contract="X", book=None, problems=())
    assert not here.sound
    assert replace(here, elsewhere=True).sound


def test_numbers_of_people_are_known_of_a_book_that_another_process_read(data: Path) -> None:
    folders = Folders(data, data.parent / "out")
    (examined,) = examine(folders)
    assert examined.book is not None
    people = {one.identity_number for one in examined.book.roster.members if one.identity_number}
    found = survey(Terms(STEPS, folders, REQUEST), builders.NUMBER, make=False)
    assert found.examined.book is None
    assert people
    assert people <= found.examined.private_numbers


def test_a_book_that_another_process_read_is_printed_like_any(data: Path) -> None:
    folders = Folders(data, data.parent / "out")
    there = Built(contract=builders.NUMBER, book=None, problems=(), elsewhere=True)
    assert book_of(there, folders) is not None
    assert book_of(replace(there, elsewhere=False), folders) is None


def test_a_single_contract_is_built_as_before(data: Path, tmp_path: Path) -> None:
    folders = Folders(data, tmp_path / "out")
    (examined,) = examine(folders)
    outcomes = build(examined, folders, REQUEST, lambda _: None)
    assert Result.MADE in {outcome.result for outcome in outcomes}
