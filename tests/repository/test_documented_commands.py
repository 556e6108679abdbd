"""The README and the manual are promises: every command in them is run, in order."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner
from places import ROOT

from deliverables.cli import main

DOCUMENTS = [
    "README.md",
    "docs/使用手册.md",
    "docs/季度末一页通.md",
    "docs/付款一页通.md",
    "docs/another-contract.md",
]
RUN = "python run.py "
EXIT_CODES = {0}


def commands_in(text: str) -> Iterator[str]:
    """Yield what follows `$ ` in the console blocks of a Markdown text."""
    for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from (line[2:] for line in block.splitlines() if line.startswith("$ "))


BEGIN = "python run.py build --due --as-of 2026-11-02"
"""The first command of README and manual: whoever reads on has run it."""


QUESTIONS = ("check", "diff", "explain", "finance", "kinds", "plan", "status", "verify")
"""They change nothing: what a page asks that another page asked before is not asked again."""


@pytest.fixture(scope="module")
def asked() -> set[str]:
    """The questions that pages have asked so far."""
    return set()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample in which the first command was run."""
    folder = tmp_path_factory.mktemp("begun")
    shutil.copytree(ROOT / "data", folder / "data")
    with chdir(folder):
        result = CliRunner().invoke(main, BEGIN.removeprefix(RUN).split())
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.whole_sample
@pytest.mark.usefixtures("while_books_are_kept")
@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_does_what_the_document_promises(
    document: str, begun: Path, asked: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    commands = list(commands_in((ROOT / document).read_text("utf-8")))
    assert commands
    for command in commands:
        if command == RUN + "test":
            continue  # that is what runs this very test
        assert command.startswith(RUN), command
        if command in asked:
            continue
        if command.removeprefix(RUN).startswith(QUESTIONS):
            asked.add(command)
        result = CliRunner().invoke(main, command.removeprefix(RUN).split())
        assert result.exit_code in EXIT_CODES, f"{command}\n{result.output}"


def test_commands_are_found_in_console_blocks_alone() -> None:
    text = "$ not this\n```console\n$ python run.py plan\noutput\n```\n```text\n$ nor this\n```\n"
    assert list(commands_in(text)) == ["python run.py plan"]


def test_the_readme_has_the_two_commands_that_do_everything() -> None:
    commands = list(commands_in((ROOT / "README.md").read_text("utf-8")))
    assert commands[:2] == [BEGIN, "python run.py test"]


PAGES = sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md"))


def headings_in(page: Path) -> set[str]:
    """Return the names by which the headings of a page are linked to."""
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def dead_links_in(page: Path) -> list[str]:
    """Return every link of a page, and every picture, that leads to no file or no heading."""
    text = re.sub(r"`[^`\n]+`", "", page.read_text("utf-8"))
    links = re.findall(r"(?:\]\(|src=\")([^)\s\"]+)", text)
    return [link for link in links if "://" not in link and not _leads(page, link)]


def _leads(page: Path, link: str) -> bool:
    name, _, heading = link.partition("#")
    target = page.parent / name if name else page
    return target.exists() and (not heading or heading in headings_in(target))


@pytest.mark.parametrize("document", PAGES)
def test_every_link_leads_somewhere(document: Path) -> None:
    assert dead_links_in(document) == []


def test_a_link_that_leads_nowhere_would_be_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# 第一步：取表、填表\n[a](#第一步取表填表) [b](#第二步) [c](page.md#gone) [d](https://x.org)\n"
        '![e](e.png) <img src="f.png"> [g](page.md)\n',
        "utf-8",
    )
    assert dead_links_in(page) == ["#第二步", "page.md#gone", "e.png", "f.png"]
