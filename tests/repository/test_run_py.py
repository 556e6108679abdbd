"""The bootstrap: when it sets up, what it passes on, and what it says when it cannot."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import venv
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import IO

import office
import pytest
from places import ROOT

pytestmark = pytest.mark.processes

TOOL = """
import os, sys
print("|".join(sys.argv[1:]), os.getcwd(), sys.flags.utf8_mode, sep="\\n")
sys.exit(7)
"""


@pytest.fixture(scope="module")
def run() -> ModuleType:
    """The module run.py, loaded by its path: it belongs to no package."""
    spec = importlib.util.spec_from_file_location("run_py", ROOT / "run.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Pip:
    """Stands in for pip: remembers what was to be installed, and can fail."""

    def __init__(self) -> None:
        self.installed: list[str] = []
        self.failure: BaseException | None = None
        self.seconds = 0.0

    def install(self, _root: Path, lock: str) -> None:
        self.installed.append(lock)
        time.sleep(self.seconds)
        if self.failure:
            raise self.failure


@pytest.fixture
def pip(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Pip:
    """Nothing is fetched: the environment is a link to this Python, made anew each time."""
    stand_in = Pip()

    def create(folder: Path, **_options: object) -> None:
        python = run.python(folder.parent)
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)

    monkeypatch.setattr(run, "install", stand_in.install)
    monkeypatch.setattr(venv, "create", create)
    return stand_in


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with lock files and a tool that shows how it was called."""
    folder = tmp_path / "项目 one"
    (folder / "deliverables").mkdir(parents=True)
    (folder / "deliverables/__init__.py").touch()
    (folder / "deliverables/__main__.py").write_text(TOOL, encoding="utf-8")
    (folder / "requirements.lock").write_text("lxml==1", encoding="utf-8")
    (folder / "requirements-dev.lock").write_text("lxml==1\npytest==1", encoding="utf-8")
    return folder


def test_the_first_run_sets_up_and_the_second_does_not(
    run: ModuleType, pip: Pip, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run.set_up(project, run.LOCK)
    first = capfd.readouterr()
    assert first.out == ""
    assert len(first.err.splitlines()) == 1
    run.set_up(project, run.LOCK)
    assert pip.installed == ["requirements.lock"]
    assert capfd.readouterr().err == ""


def test_a_changed_lock_is_installed_into_an_empty_environment(
    run: ModuleType, pip: Pip, project: Path
) -> None:
    run.set_up(project, run.LOCK)
    left_over = project / ".venv/bin/left-over"
    left_over.touch()
    (project / "requirements.lock").write_text("lxml==2", encoding="utf-8")
    run.set_up(project, run.LOCK)
    assert pip.installed == ["requirements.lock"] * 2
    assert not left_over.exists()


def test_the_tools_for_the_tests_join_an_environment_that_is_sound(
    run: ModuleType, pip: Pip, project: Path
) -> None:
    run.set_up(project, run.LOCK)
    kept = project / ".venv/kept"
    kept.touch()
    run.set_up(project, run.TEST_LOCK)
    run.set_up(project, run.LOCK)  # what the tests need holds all that the tool needs
    assert pip.installed == ["requirements.lock", "requirements-dev.lock"]
    assert kept.exists()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_an_interrupted_set_up_is_done_again(
    run: ModuleType, pip: Pip, project: Path, lock: str
) -> None:
    run.set_up(project, run.LOCK)
    (project / "requirements.lock").write_text("lxml==2", encoding="utf-8")
    pip.failure = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        run.set_up(project, lock)
    half = project / ".venv/half-installed"
    half.touch()
    pip.failure = None
    run.set_up(project, lock)
    assert pip.installed == ["requirements.lock", lock, lock]
    assert not half.exists()


def test_an_environment_whose_python_was_removed_is_made_anew(
    run: ModuleType, pip: Pip, project: Path
) -> None:
    run.set_up(project, run.LOCK)
    run.python(project).unlink()
    run.python(project).symlink_to(project / "no-longer-there")
    run.set_up(project, run.LOCK)
    assert len(pip.installed) == 2
    assert run.python(project).exists()


def test_an_environment_of_another_python_is_made_anew(
    run: ModuleType, pip: Pip, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.set_up(project, run.LOCK)
    version = SimpleNamespace(major=3, minor=99)
    monkeypatch.setattr(run, "sys", SimpleNamespace(version_info=version, stderr=sys.stderr))
    run.set_up(project, run.LOCK)
    assert len(pip.installed) == 2


def test_of_two_first_runs_at_once_one_sets_up(run: ModuleType, pip: Pip, project: Path) -> None:
    pip.seconds = 0.3
    runs = [threading.Thread(target=run.set_up, args=(project, run.LOCK)) for _ in range(4)]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()
    assert pip.installed == ["requirements.lock"]


def test_a_failed_set_up_is_explained_in_both_languages(
    run: ModuleType, pip: Pip, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pip.failure = subprocess.CalledProcessError(1, ["pip"])
    assert run.main(["build"], project) == 2
    said = capfd.readouterr()
    assert "运行环境没有装好" in said.err
    assert "Set-up failed" in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


CREATE = venv.create


@pytest.fixture
def environments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real ones, into which the pip of this environment is copied: unpacking it takes seconds."""

    def create(folder: Path, *, with_pip: bool, **options: bool) -> None:
        assert with_pip
        CREATE(folder, **options)
        (packages,) = folder.glob("[Ll]ib/**/site-packages")
        found = importlib.util.find_spec("pip")
        assert found and found.origin
        own = Path(found.origin).parent
        for part in (own, *own.parent.glob("pip-*.dist-info")):
            shutil.copytree(part, packages / part.name)

    monkeypatch.setattr(venv, "create", create)


@pytest.mark.network
@pytest.mark.usefixtures("environments")
def test_what_a_lock_names_is_installed_by_the_pip_of_this_python_without_a_cache(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One package of it: that all of it can be had, the environment of these tests shows."""
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    pinned = re.search(r"^filelock==.*?(?=^\w)", (ROOT / run.LOCK).read_text("utf-8"), re.M | re.S)
    assert pinned
    for lock in (run.LOCK, run.TEST_LOCK):
        (tmp_path / lock).write_text(pinned[0], encoding="utf-8")
    try:
        run.set_up(tmp_path, run.TEST_LOCK)
    except run.InstallError as failure:
        office.missing(f"the package could not be fetched: {failure}")
    assert run.is_set_up(tmp_path, run.LOCK)
    subprocess.run([str(run.python(tmp_path)), "-c", "import filelock"], check=True)


@pytest.mark.usefixtures("environments")
def test_when_packages_cannot_be_installed_the_installer_speaks_for_itself(
    run: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for lock in (run.LOCK, run.TEST_LOCK):
        (tmp_path / lock).write_text("lxml", encoding="utf-8")  # neither pinned nor hashed
    assert run.main(["build"], tmp_path) == 2
    said = capfd.readouterr().err
    assert "must have their versions pinned with ==" in said
    assert "network" not in said
    assert not run.is_set_up(tmp_path, run.LOCK)


@pytest.mark.usefixtures("pip")
def test_arguments_folder_and_exit_code_pass_through(
    run: ModuleType, project: Path, tmp_path: Path
) -> None:
    run.set_up(project, run.LOCK)
    (tmp_path / "json.py").write_text("raise SystemExit('the folder of the user was imported')")
    code = (
        "import importlib.util as u, pathlib, sys;"
        "s = u.spec_from_file_location('run_py', sys.argv[1]);"
        "m = u.module_from_spec(s); s.loader.exec_module(m);"
        "sys.exit(m.main(sys.argv[3:], pathlib.Path(sys.argv[2])))"
    )
    command = [sys.executable, "-P", "-c", code, str(ROOT / "run.py"), str(project)]
    done = subprocess.run(
        [*command, "build", "--period", "Q2", "", "年度 总结", "*"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["build|--period|Q2||年度 总结|*", str(tmp_path), "1"]
    assert done.returncode == 7


@pytest.mark.usefixtures("pip")
def test_where_a_process_cannot_become_another_the_exit_code_passes_too(
    run: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(run.os, "name", "a system without exec")
    assert run.hand_over([sys.executable, "-c", "raise SystemExit(5)"], dict(os.environ)) == 5


class Checks:
    """Stands in for the checks: remembers what was run, and how each is to end."""

    def __init__(self, codes: dict[str, int]) -> None:
        self.codes = codes
        self.called: list[list[str]] = []

    def call(self, command: list[str], *, cwd: Path, env: dict[str, str]) -> int:
        assert env["PYTHONPATH"] == str(cwd)
        self.called.append(command[2:])
        return self.codes.get(command[2], 0)

    def begin(self, command: list[str], *, stdout: IO[bytes], **rest: object) -> SimpleNamespace:
        code = self.call(command, cwd=rest["cwd"], env=rest["env"])
        stdout.write("一个错误 / found 1 error\n".encode())
        return SimpleNamespace(wait=lambda: code)


def checks(monkeypatch: pytest.MonkeyPatch, **codes: int) -> Checks:
    stand_in = Checks(codes)
    monkeypatch.setattr(subprocess, "call", stand_in.call)
    monkeypatch.setattr(subprocess, "Popen", stand_in.begin)
    return stand_in


def test_all_checks_run_and_the_first_failure_is_the_exit_code(
    run: ModuleType, pip: Pip, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = checks(monkeypatch, pytest=1, ruff=3)
    assert run.main(["test", "-k", "money"], project) == 3
    assert pip.installed == ["requirements-dev.lock"]
    assert found.called == [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        [*run.PYTEST, "-k", "money"],
    ]


@pytest.mark.usefixtures("pip")
def test_what_works_beside_the_tests_speaks_after_them_and_can_fail(
    run: ModuleType,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    checks(monkeypatch, mypy=2)
    assert run.main(["test"], project) == 2
    assert capfd.readouterr().err.endswith("== mypy\n一个错误 / found 1 error\n")


def test_bytecode_is_kept_even_where_the_surroundings_forbid_it(
    run: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("ELSE", "kept")
    variables = run.environment(project)
    assert "PYTHONDONTWRITEBYTECODE" not in variables
    assert variables["ELSE"] == "kept"


def test_quick_leaves_out_what_needs_other_programs_or_long(
    run: ModuleType, pip: Pip, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = checks(monkeypatch)
    assert run.main(["test", "--quick", "-x"], project) == 0
    assert pip.installed == ["requirements-dev.lock"]
    assert len(found.called) == 4
    assert found.called[-1] == [*run.PYTEST, *run.QUICK, "-x"]


def test_an_old_python_is_refused_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = (ROOT / "run.py").read_text("utf-8")
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    monkeypatch.setattr(sys, "version", "3.8.18 (main)")
    with pytest.raises(SystemExit) as stop:
        exec(compile(source, "run.py", "exec"), {"__name__": "__main__"})  # noqa: S102
    assert stop.value.code == 2
    chinese, english = capsys.readouterr().err.splitlines()
    assert chinese == "需要 Python 3.11 或更新的版本，当前版本是 3.8.18。"
    assert english == "Python 3.11 or newer is needed; this is 3.8.18."


def test_an_old_python_can_read_the_whole_file() -> None:
    ast.parse((ROOT / "run.py").read_text("utf-8"), feature_version=(3, 7))


def test_newer_grammar_in_the_file_would_be_noticed() -> None:
    with pytest.raises(SyntaxError):
        ast.parse("if (n := 1): pass", feature_version=(3, 7))


def test_only_the_standard_library_is_imported() -> None:
    tree = ast.parse((ROOT / "run.py").read_text("utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_bench_hands_over_to_the_benchmarks(
    run: ModuleType, pip: Pip, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[list[str]] = []
    monkeypatch.setattr(run, "hand_over", lambda command, _: handed.append(command) or 0)
    assert run.main(["bench", "reading"], project) == 0
    assert handed == [[str(run.python(project)), "-P", str(project / "benchmarks"), "reading"]]


def test_a_command_does_not_wait_for_what_only_a_set_up_needs() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import run; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert {b"venv", b"sqlite3", b"subprocess"} & set(done.stdout.split()) == set()
