"""Help teaches: in the user's language, with examples that can be run, and the right name."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from deliverables.cli import COMMANDS, main
from deliverables.cli.answer import width_of, wrapped

ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three Latin words in a row are an English sentence; names, files and options are not that."""


def all_commands() -> Iterator[tuple[str, ...]]:
    """Yield the words of every command there is: (), ("check",), ("template", "check") …"""
    yield ()
    for name in COMMANDS:
        yield (name,)
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group):
            yield from ((name, subcommand) for subcommand in command.commands)


EVERY = pytest.mark.parametrize("words", list(all_commands()), ids=" ".join)


def answer(*words: str) -> str:
    return CliRunner().invoke(main, list(words), prog_name="deliverables").output


def examples_in(text: str) -> list[str]:
    return [line.strip() for line in re.findall(r"(?<!\S)deliverables [^\n]*", text)]


@EVERY
def test_every_help_is_chinese_when_chinese_is_asked_for(words: tuple[str, ...]) -> None:
    text = answer("--lang", "zh", *words, "--help")
    own_words = re.sub(r"^.*deliverables .*$", "", text, flags=re.MULTILINE)
    assert "用法：" in text
    assert ENGLISH.findall(own_words) == []


@EVERY
def test_every_help_is_english_when_english_is_asked_for(words: tuple[str, ...]) -> None:
    text = answer("--lang=en", *words, "--help")
    assert "Usage:" in text
    assert "用法" not in text


@pytest.mark.parametrize(("system", "word"), [("zh_CN.UTF-8", "用法："), ("en_US.UTF-8", "Usage:")])
def test_help_speaks_the_language_of_the_system(
    system: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", system)
    assert word in answer("build", "--help")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("chekc",), "没有命令“chekc”。是不是想写“check”？"),
        (("build", "--peiod", "Q2"), "没有选项 '--peiod'。"),
        (("final",), "缺少参数 'FILE'"),
        (("check", "--format", "xml"), "'--format' 的值不对：'xml' 不在可选值之内：'text', 'json'"),
        (("check", "more"), "多出的参数：more"),
        (("build", "--period"), "选项 '--period' 后面要带 1 个值"),
        (("final", "no.docx"), "'no.docx' 不存在"),
        (("--data", "x", "check"), "没有文件夹 x"),
    ],
)
def test_wrong_use_is_answered_in_chinese(words: tuple[str, ...], said: str) -> None:
    text = answer("--lang", "zh", *words)
    assert said in text
    assert ENGLISH.findall(re.sub(r"^.*deliverables.*$", "", text, flags=re.MULTILINE)) == []


@EVERY
def test_every_help_has_an_example_that_click_understands(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click.Path, "convert", lambda _, value, *others: value)
    examples = examples_in(answer("--lang", "en", *words, "--help").partition("Options:")[0])
    examples = [line for line in examples if "[OPTIONS]" not in line]
    assert examples, words
    for example in examples:
        understand(example)


def understand(example: str) -> None:
    """Let click parse an example."""
    context = main.make_context("deliverables", shlex.split(example.partition(" >")[0])[1:])
    command: click.Command = main
    rest = [*context._protected_args, *context.args]
    while isinstance(command, click.Group):
        _, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command = found
        context = command.make_context(command.name, rest, parent=context)
        rest = [*context._protected_args, *context.args]


@pytest.mark.parametrize("planted", ["deliverables build --nothing", "deliverables bild"])
def test_an_example_that_cannot_be_run_would_be_noticed(planted: str) -> None:
    with pytest.raises(click.UsageError):
        understand(planted)


@pytest.mark.parametrize("width", [10, 24, 78])
def test_chinese_lines_are_broken_where_the_terminal_ends(width: int) -> None:
    text = "按合同编号查找 operations/Q2.xlsx，列出全部问题（含默认约定）；没有问题时不输出。"
    lines = list(wrapped(text, width))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert width_of(line) <= width
        assert line[0] not in "，。；：、）"
