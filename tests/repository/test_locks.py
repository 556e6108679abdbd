"""The lock files: every package pinned and hashed, no host named, nothing forgotten."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)")
HOST = re.compile(r"://|^\s*-{1,2}(?:index|extra-index|find-links|trusted-host|[if]\b)|\w@\w", re.M)


def requirements(lock: str) -> list[str]:
    """Return each requirement with its hashes as one line."""
    lines = lock.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def faults(lock: str) -> list[str]:
    """Return what makes a lock file unsafe to install from, or unfit to publish."""
    found = [f"names a host: {match.group()}" for match in HOST.finditer(lock)]
    for line in requirements(lock):
        if not PIN.match(line):
            found.append(f"is not pinned: {line[:60]}")
        elif not re.search(r"--hash=sha256:[0-9a-f]{64}\b", line):
            found.append(f"has no hash: {line[:60]}")
    return found


def pins(lock: str) -> dict[str, str]:
    """Return the version of each package."""
    matches = filter(None, map(PIN.match, requirements(lock)))
    return {normal(match["name"]): match["version"] for match in matches}


def normal(name: str) -> str:
    """Return the name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def absent(wanted: list[str], lock: str) -> set[str]:
    """Return the names of the wanted requirements that the lock does not pin."""
    names = {
        normal(re.split(r"[\s<>=!~;\[]", requirement, maxsplit=1)[0]) for requirement in wanted
    }
    return names - pins(lock).keys()


@pytest.fixture(params=LOCKS)
def lock(request: pytest.FixtureRequest, root: Path) -> str:
    return (root / str(request.param)).read_text("utf-8")


@pytest.fixture
def project(root: Path) -> dict[str, list[str]]:
    """What pyproject.toml asks for, by the lock that must hold it."""
    declared = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    runtime = declared["project"]["dependencies"]
    dev = declared["dependency-groups"]["dev"]
    return {LOCKS[0]: runtime, LOCKS[1]: [*runtime, *dev]}


def test_every_package_is_pinned_and_hashed_and_no_host_is_named(lock: str) -> None:
    assert pins(lock)
    assert not faults(lock)


@pytest.mark.parametrize("name", LOCKS)
def test_everything_that_the_project_asks_for_is_locked(
    root: Path, project: dict[str, list[str]], name: str
) -> None:
    assert not absent(project[name], (root / name).read_text("utf-8"))


def test_the_tests_run_against_the_versions_that_users_get(root: Path) -> None:
    runtime, dev = (pins((root / name).read_text("utf-8")) for name in LOCKS)
    assert runtime.items() <= dev.items()


def test_the_environment_that_the_tests_run_in_is_what_the_lock_names(root: Path) -> None:
    """`run.py` built it with the pip of its Python, anew whenever the lock changed."""
    lock = (root / "requirements-dev.lock").read_text("utf-8")
    named = [Requirement(re.sub(r"--hash=\S+", "", line)) for line in requirements(lock)]
    here = [one for one in named if one.marker is None or one.marker.evaluate()]
    assert len(here) > 60
    assert [str(one) for one in here if version(one.name) not in one.specifier] == []


def test_users_do_not_install_the_development_tools(root: Path) -> None:
    assert not {"pytest", "mypy", "ruff"} & pins((root / LOCKS[0]).read_text("utf-8")).keys()


HASH = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("lxml==6.1\n", "has no hash"),
        ("lxml==6.1 \\\n    --hash=sha256:abc\n", "has no hash"),
        ("lxml==6.1 \\\n    --hash=md5:" + "0" * 64 + "\n", "has no hash"),
        (f"lxml>=6.1 \\\n    {HASH}\n", "is not pinned"),
        (f"lxml @ https://example.invalid/lxml.whl \\\n    {HASH}\n", "names a host"),
        (f"--index-url=https://example.invalid/simple\nlxml==6.1 {HASH}\n", "names a host"),
        (f"--find-links wheels\nlxml==6.1 {HASH}\n", "names a host"),
        (f"-i mirror\nlxml==6.1 {HASH}\n", "names a host"),
        (f"# from https://example.invalid\nlxml==6.1 {HASH}\n", "names a host"),
    ],
)
def test_a_planted_fault_is_noticed(planted: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults(planted))


def test_a_sound_lock_has_no_faults() -> None:
    assert not faults(f"# a comment\nlxml==6.1 ; sys_platform == 'win32' \\\n    {HASH}\n")


def test_a_forgotten_dependency_is_noticed() -> None:
    assert absent(["ruamel.yaml>=0.18", "lxml>=6; sys_platform == 'win32'"], "lxml==6.1") == {
        "ruamel-yaml"
    }
