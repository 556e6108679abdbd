"""A YAML file is read as text with places; nothing is guessed from how a text looks."""

from __future__ import annotations

import builders
import pytest

from deliverables.read.tree import Items, KeyBlock, Node, Scalar
from deliverables.read.yaml import parse_yaml
from deliverables.values.figure import Line
from deliverables.values.problem import Problem


def parsed(text: str) -> Node:
    problems: list[Problem] = []
    tree = parse_yaml(text.encode(), "f.yaml", problems)
    assert not problems
    assert tree is not None
    return tree


def scalar(text: str) -> Scalar:
    tree = parsed(f"key: {text}\n")
    assert isinstance(tree, KeyBlock)
    ((_, value),) = tree.entries
    assert isinstance(value, Scalar)
    return value


@pytest.mark.parametrize(
    "text",
    ["12:30", "010", "no", "1e5", "0x1F", "1_000", "99.90", "2026-04-29", "11050192360000000776",
     "1,957,783.48", "40%", "=1+1", "阿卜杜拉·买买提", "𠮷", "a/b\\c", "若A<B且B>C"],
)  # fmt: skip
def test_a_plain_scalar_stays_the_text_it_is(text: str) -> None:
    assert scalar(text).text == text
    assert not scalar(text).quoted


@pytest.mark.parametrize("text", ["", "~", "null"])
def test_nothing_and_null_are_none(text: str) -> None:
    assert scalar(text).text is None


@pytest.mark.parametrize("text", ['""', '"null"', "'~'"])
def test_in_quotes_even_null_is_text(text: str) -> None:
    assert scalar(text).text == text[1:-1]
    assert scalar(text).quoted


def test_every_node_knows_its_line_and_column() -> None:
    tree = parsed("# 注释\n甲方: 某局\nlist:\n  - 一\n  - 二\n")
    assert isinstance(tree, KeyBlock)
    (key, value), (_, items) = tree.entries
    assert key.source == Line("f.yaml", 2, 1)
    assert value.source == Line("f.yaml", 2, 5)
    assert isinstance(items, Items)
    assert [item.source.line for item in items.items] == [4, 5]


def test_windows_line_ends_count_as_one_line() -> None:
    tree = parsed("a: 1\r\nb: 2\r\n")
    assert isinstance(tree, KeyBlock)
    assert tree.entries[1][0].source == Line("f.yaml", 2, 1)


def test_a_file_with_a_byte_order_mark_is_read_all_the_same() -> None:
    problems: list[Problem] = []
    tree = parse_yaml(b"\xef\xbb\xbf" + builders.CONTRACT.encode(), "f.yaml", problems)
    assert tree is not None
    assert [problem.code for problem in problems] == ["byte-order-mark"]


def test_aliases_are_refused_before_they_grow() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n"
        for old, new in zip("abcdefghijklmnopqrstuvwx", "bcdefghijklmnopqrstuvwxy", strict=True)
    )
    problems: list[Problem] = []
    assert parse_yaml(bomb.encode(), "f.yaml", problems) is None
    assert [str(problem.source) for problem in problems] == ["f.yaml:2:8"]


@pytest.mark.parametrize(
    "data",
    [
        *(b"\xff\xfe\x00a", b"a: \x01", b"a: 'open", b"- a\nb: c", b"a: *x", b"---\n---\n"),
        *(b"%YAML 9.9\n", b"{" * 5000, b"a: !!python/object/apply:os.system [x]"),
        *(b"\xed\xa0\x80", b"? [a]\n: b", b"{: x}"),
    ],
)
def test_whatever_the_bytes_are_nothing_is_raised(data: bytes) -> None:
    problems: list[Problem] = []
    assert parse_yaml(data, "f.yaml", problems) is None
    assert problems
