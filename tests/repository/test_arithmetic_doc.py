import dataclasses
import doctest
import importlib
import re

import pytest
from places import TESTS

DOCUMENT = TESTS.parent / "docs" / "arithmetic.md"
RULES = DOCUMENT.read_text("utf-8").split("\n### ")[1:]
MODULES = [
    "values.money",
    "values.capitals",
    "values.calendar",
    "values.dates",
    "values.identifiers",
    "compute.availability",
    "compute.late_payment",
    "compute.figures",
]


def titles(rules: list[str]) -> list[str]:
    return [rule.partition("\n")[0] for rule in rules]


def failures(document: str) -> int:
    examples = doctest.DocTestParser().get_doctest(document, {}, "arithmetic.md", None, 0)
    return doctest.DocTestRunner(verbose=False).run(examples, out=lambda _: None).failed


def test_the_examples_are_true() -> None:
    assert doctest.testfile(str(DOCUMENT), module_relative=False, encoding="utf-8").failed == 0


def test_a_false_example_is_noticed() -> None:
    assert failures(DOCUMENT.read_text("utf-8").replace("'2026-10-30'", "'2026-10-29'")) == 1


@pytest.mark.parametrize("rule", RULES, ids=titles(RULES))
def test_every_rule_has_a_source_an_example_and_a_test_that_exists(rule: str) -> None:
    assert "Source: " in rule
    assert ">>> " in rule
    proof = re.search(r"Test: `([\w/]+\.py)`,\s`(test_\w+)`", rule)
    assert proof is not None
    assert f"def {proof[2]}(" in (TESTS / proof[1]).read_text("utf-8")


@pytest.mark.parametrize("name", MODULES)
def test_what_is_worked_out_cannot_be_changed(name: str) -> None:
    module = importlib.import_module(f"deliverables.{name}")
    values = [
        value
        for value in vars(module).values()
        if dataclasses.is_dataclass(value) and value.__module__ == module.__name__
    ]
    for value in values:
        assert value.__dataclass_params__.frozen, value  # type: ignore[union-attr]
        assert hasattr(value, "__slots__"), value
