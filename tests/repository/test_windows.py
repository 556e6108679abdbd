"""What Windows asks of names, paths, encodings and open files, as far as Linux can show it."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from io import FileIO
from pathlib import Path, PureWindowsPath
from unicodedata import normalize

import builders
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from deliverables.cli import main
from deliverables.examination import examine
from deliverables.files import placement
from deliverables.files.disk import Disk, instead
from deliverables.files.placement import ROOM, write_atomically
from deliverables.files.refusal import FileInUseError, refusal, refuse_if_open
from deliverables.folders import Folders
from deliverables.kinds import confidentiality_agreement, confidentiality_coverage, file_stem
from deliverables.values.figure import Cell, Line

DEVICES = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10)),
}


LOOKING_ALIKE = st.one_of(
    st.sampled_from('aAsSéÉ\u0301ßẞKKİı/\\:*?"<>|_＿. -1'), st.characters(exclude_categories=["Cs"])
)


def is_a_windows_name(name: str) -> bool:
    """Whether Windows creates a file of that name and gives it that very name."""
    return (
        0 < len(name) <= 255
        and not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        and not name.endswith((" ", "."))
        and name.partition(".")[0].rstrip().upper() not in DEVICES
    )


class TestNames:
    @pytest.mark.parametrize(
        ("parts", "stem"),
        [
            (("CON",), "＿CON"),
            (("nul.2026",), "＿nul.2026"),
            (("COM1", "季度报告"), "COM1_季度报告"),
            (("HT/2026:001", "季度报告"), "HT＿2026＿001_季度报告_881c4a6e"),
            (("付款申请函. . ",), "付款申请函_cc1a1b1d"),
            (("a" * 71 + ". 尾" * 5,), "a" * 71 + "_a52a2ddb"),
            (("第1期", "", "S001 张三 "), "第1期_S001 张三_2d715861"),
            (("HT-1", "保密协议", "S001"), "HT-1_保密协议_S001"),
            (("ht-1", "保密协议", "S001"), "ht-1_保密协议_S001"),
        ],
    )
    def test_a_file_is_named_as_windows_allows(self, parts: tuple[str, ...], stem: str) -> None:
        assert file_stem(*parts) == stem
        assert is_a_windows_name(f"{stem}_草稿.docx")

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("a/b", "a\\b"),
            ("S002", "s002"),
            ("X" * 80 + "1", "X" * 80 + "2"),
            ("René", "Rene\u0301"),
            ("S1", "S1."),
            ("A＿B", "A/B"),
            ("STRASSE", "STRAẞE"),
        ],
    )
    @pytest.mark.parametrize("number", ["HT-2026-001", "H" * 71, "H" * 200])
    def test_different_numbers_give_different_files_everywhere(
        self, number: str, one: str, other: str
    ) -> None:
        stems = [file_stem(number, "保密协议", key) for key in (one, other)]
        assert len({normalize("NFC", stem).casefold() for stem in stems}) == 2
        assert all(len(stem) <= 80 for stem in stems)

    def test_a_long_contract_number_gives_way_to_what_tells_a_document_from_others(self) -> None:
        stem = file_stem("H" * 71, "保密协议", "S001")
        assert stem.startswith("HHHH")
        assert "_保密协议_S001_" in stem

    @given(
        st.lists(
            st.lists(st.text(alphabet=LOOKING_ALIKE, min_size=1, max_size=60), min_size=1,
                     max_size=3).map(tuple),
            min_size=2, max_size=8, unique=True,
        )
    )  # fmt: skip
    def test_whatever_two_documents_are_called_their_files_differ(
        self, keys: list[tuple[str, ...]]
    ) -> None:
        stems = [file_stem("HT-2026-001", *key) for key in keys]
        assert len({normalize("NFC", stem).casefold() for stem in stems}) == len(keys)

    def test_two_documents_of_one_path_would_be_noticed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        builders.project(Path("data"))
        monkeypatch.setattr(confidentiality_coverage, "file_stem", lambda *_: "一个名字")
        monkeypatch.setattr(confidentiality_agreement, "file_stem", lambda *_: "一个名字")
        (examined,) = examine(Folders(Path("data"), Path("out")))
        (problem,) = examined.problems
        assert str(problem).startswith(
            "data/HT-2026-001/contract.yaml:3:11: error[path-shared] "
            "confidentiality_coverage/coverage and confidentiality_agreement/S001 "
            "would be written to one file, staff/一个名字. Fix: "
        )
        assert not examined.sound

    @pytest.mark.thorough
    @given(st.lists(st.text(max_size=40), min_size=1, max_size=3).map(lambda p: ("HT", *p)))
    def test_whatever_the_data_say_the_name_is_allowed(self, parts: tuple[str, ...]) -> None:
        assert is_a_windows_name(f"{file_stem(*parts)}_草稿.docx")

    @pytest.mark.parametrize("name", ["CON.docx", "a.", "a:b", "nul", "LPT1.pdf", "x "])
    def test_a_name_that_windows_refuses_would_be_noticed(self, name: str) -> None:
        assert not is_a_windows_name(name)


class TestPaths:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            (r"D:\项目\data\HT-1\contract.yaml", "D:/项目/data/HT-1/contract.yaml:31:13"),
            (r"\\服务器\合同\HT-1\contract.yaml", "//服务器/合同/HT-1/contract.yaml:31:13"),
        ],
    )  # fmt: skip
    def test_a_drive_and_a_network_folder_are_told_whole(self, written: str, shown: str) -> None:
        assert str(Line(PureWindowsPath(written).as_posix(), 31, 13)) == shown

    def test_a_cell_on_a_drive_is_told_whole(self) -> None:
        file = PureWindowsPath(r"C:\My Data\operations\Q2.xlsx").as_posix()
        assert str(Cell(file, "中断", "D14")) == "C:/My Data/operations/Q2.xlsx[中断]!D14"

    def test_a_path_too_long_for_the_system_is_said_so(self, tmp_path: Path) -> None:
        with pytest.raises(OSError) as raised:
            write_atomically(tmp_path / ("长" * 100 + ".docx"), b"new")
        said = str(refusal(raised.value))
        assert "the path is too long for the system" in said
        assert "give --out a shorter one" in said
        assert list(tmp_path.iterdir()) == []

    def test_what_windows_calls_not_found_is_said_to_be_too_long(self, tmp_path: Path) -> None:
        deep = tmp_path.joinpath(*["文件夹名称比较长"] * 40, "a.docx")
        assert "too long" in str(refusal(as_windows_says(3, deep)))
        assert "too long" not in str(refusal(as_windows_says(3, tmp_path / "a.docx")))

    def test_a_document_that_cannot_be_written_stops_no_other(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        builders.project(Path("data"))
        fault = OSError(errno.ENAMETOOLONG, "File name too long", "out/long")
        with instead(RefusingTheFirst(fault)):
            result = CliRunner().invoke(
                main, ["--lang", "en", "build", "--due", "--as-of", "2026-08-03"]
            )
        assert result.exit_code == 1
        assert result.stdout.count("the path is too long for the system") == 1
        assert "made  out/" in result.stdout


class TestOpenFiles:
    def test_a_file_open_in_word_keeps_its_content_and_nothing_is_lost(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document = tmp_path / "报告.docx"
        document.write_bytes(b"old")
        monkeypatch.setattr(placement, "_PAUSE_SECONDS", 0)
        monkeypatch.setattr(Path, "replace", held_by_word)
        with pytest.raises(FileInUseError) as raised:
            write_atomically(document, b"new")
        assert document.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [document]
        assert "报告.docx" in raised.value.message.in_language("zh")
        assert "Word" in raised.value.message.in_language("zh")

    def test_a_scanner_that_lets_go_in_time_is_waited_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document, tries, replace = tmp_path / "报告.docx", [], Path.replace

        def held_once(self: Path, target: Path) -> Path:
            tries.append(target)
            return held_by_word(self, target) if len(tries) == 1 else replace(self, target)

        monkeypatch.setattr(placement, "_PAUSE_SECONDS", 0)
        monkeypatch.setattr(Path, "replace", held_once)
        write_atomically(document, b"new")
        assert document.read_bytes() == b"new"

    @pytest.mark.parametrize(
        ("name", "lock"),
        [
            ("Q2.xlsx", "~$Q2.xlsx"),
            ("付款申请函_第1期.docx", "~$申请函_第1期.docx"),
            ("Q2.xlsx", ".~lock.Q2.xlsx#"),
            ("Q2.xlsx", ".~Q2.xlsx"),
        ],
        ids=["Excel", "Word, long name", "LibreOffice", "WPS"],
    )
    def test_the_word_that_a_program_leaves_beside_an_open_file_is_understood(
        self, tmp_path: Path, name: str, lock: str
    ) -> None:
        (tmp_path / name).write_bytes(b"old")
        refuse_if_open(tmp_path / name)
        (tmp_path / lock).write_bytes(b"")
        with pytest.raises(FileInUseError, match=re.escape(lock)):
            refuse_if_open(tmp_path / name)

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            (errno.EACCES, "may not write in this"),
            (errno.ENOSPC, "is full"),
            (errno.EDQUOT, "larger than you are allowed"),
        ],
    )
    def test_what_the_system_refuses_is_said_without_a_traceback(
        self, code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        builders.project(Path("data"))
        fault = OSError(code, os.strerror(code), "data/HT-2026-001")
        monkeypatch.setattr("deliverables.examination.find_contracts", refusing(fault))
        result = CliRunner().invoke(main, ["--lang", "en", "check"])
        assert result.exit_code == 1
        assert words in result.stderr
        assert "data/HT-2026-001" in result.stderr


class TestEncodings:
    @pytest.fixture
    def console(self, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> object:
        """Run the command with the code page of a Chinese or a Western console."""
        monkeypatch.chdir(tmp_path)
        builders.project(Path("data"))

        def run(page: str, *words: str) -> subprocess.CompletedProcess[bytes]:
            environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": page}
            return subprocess.run(
                [sys.executable, "-m", "deliverables", *words],
                capture_output=True, env=environment, check=False, cwd=tmp_path,
            )  # fmt: skip

        return run

    @pytest.mark.processes
    def test_a_gbk_console_reads_chinese(self, console) -> None:  # type: ignore[no-untyped-def]
        done = console("gbk", "--lang", "zh", "plan", "--as-of", "2026-08-03")
        assert done.returncode == 0
        assert "季度报告" in done.stdout.decode("gbk")
        assert "下一步：" in done.stderr.decode("gbk")

    @pytest.mark.processes
    def test_a_console_without_chinese_does_not_make_the_command_fail(self, console) -> None:  # type: ignore[no-untyped-def]
        for words in (["--lang", "zh", "--help"], ["--lang", "zh", "plan"], ["--lang", "zh", "x"]):
            done = console("cp1252", *words)
            assert b"Traceback" not in done.stderr
            done.stdout.decode("cp1252")

    @pytest.mark.processes
    def test_json_can_be_read_whatever_the_console(self, console) -> None:  # type: ignore[no-untyped-def]
        done = console("gbk", "kinds", "--format", "json")
        assert json.loads(done.stdout.decode("utf-8"))["kinds"][0]["title"]

    def test_yaml_with_a_byte_order_mark_is_read_with_a_remark(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        contract = builders.project(Path("data")) / "contract.yaml"
        contract.write_bytes(b"\xef\xbb\xbf" + contract.read_bytes())
        result = CliRunner().invoke(main, ["--lang", "en", "check"])
        assert result.exit_code == 0
        assert "warning[byte-order-mark]" in result.stdout

    def test_yaml_in_gbk_is_refused_with_the_line(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        contract = builders.project(Path("data")) / "contract.yaml"
        contract.write_bytes(contract.read_text("utf-8").encode("gbk"))
        result = CliRunner().invoke(main, ["--lang", "zh", "check"])
        assert result.exit_code == 1
        assert "contract.yaml:2:12: 错误[not-utf8]" in result.stdout


def as_windows_says(code: int, file: Path) -> OSError:
    """Return the fault that Windows raises, which carries its own number."""
    fault = FileNotFoundError(errno.ENOENT, "The system cannot find the path", str(file))
    fault.winerror = code  # type: ignore[attr-defined]
    return fault


def held_by_word(self: Path, target: Path) -> Path:
    raise PermissionError(errno.EACCES, "The process cannot access the file", str(target))


class RefusingTheFirst(Disk):
    """A disk that refuses the first document of a change."""

    def __init__(self, fault: OSError) -> None:
        self.faults = [fault]

    def create(self, path: Path, mode: int) -> FileIO:
        if self.faults and path.parent == Path("out", builders.NUMBER, ROOM):
            raise self.faults.pop()
        return super().create(path, mode)


def refusing(fault: OSError) -> object:
    def refuse(*given: object) -> None:
        raise fault

    return refuse
