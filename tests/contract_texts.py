"""The contract texts of the tests, what each one says, and a measure of what was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from ruamel.yaml import YAML

from deliverables.model.contract import Contract
from deliverables.model.contract_text import ContractText
from deliverables.model.fields import Record, declarations, record_type, stated_fields
from deliverables.read.contract_text import read_contract_text
from deliverables.read.from_text import TextReading, read_text
from deliverables.values.time_limit import parse

HERE = Path(__file__).parent / "contracts"
FILES = {
    "SXYSR202604152": HERE.parents[1] / "data" / "SXYSR202604152" / "contract.txt",
    "monthly": HERE / "monthly.txt",
    "yearly": HERE / "yearly.txt",
    "frozen": HERE / "frozen.md",
    "blind": HERE / "blind.txt",
    "agreement": HERE / "agreement.txt",
    "hospital": HERE / "hospital.txt",
    "traffic": HERE / "traffic.txt",
}
SILENT = "缺"
_STATED = "stated_terms"
_OF_THE_HOUSE = (
    "exit.", "cessation.ended", "duties", "discrepancies", _STATED,
    "identity.title_read_from", "identity.signed_on_read_from", "identity.text_sha256",
)  # fmt: skip
"""What happens later, is written about the contract, or tells how it was read."""


@cache
def _written() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load((HERE / "answers.yaml").read_text("utf-8"))
    return found


@cache
def answers_of(name: str) -> dict[str, object]:
    """Return what a text says by path, `SILENT` where it says nothing that a value follows from."""
    told = dict(_written()[name])
    told.pop(_STATED)
    silent = f"{_written()['everywhere']['silent']} {told.pop('silent')}".split()
    return dict.fromkeys(silent, SILENT) | told


@dataclass
class Measure:
    """How much of a text was read right, left as a gap, missed, or read wrong."""

    right: int = 0
    gap: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def text_of_contract(name: str) -> ContractText:
    return read_contract_text(FILES[name])


@cache
def reading_of(name: str) -> TextReading:
    return read_text(text_of_contract(name))


def lines_of_contract(name: str) -> list[str]:
    return FILES[name].read_text("utf-8").splitlines()


def read_lines(lines: list[str]) -> TextReading:
    return read_text(ContractText("contract.txt", tuple(lines)))


def fields_of_a_text(kind: type[Record] = Contract, path: str = "") -> Iterator[str]:
    """Yield every field of contract.yaml that a text can fill; entries of a list are []."""
    hints, declared = get_type_hints(kind), declarations(kind)
    for item in stated_fields(kind):
        here = f"{path}.{item.name}" if path else item.name
        if "records" in item.metadata:
            yield from fields_of_a_text(item.metadata["records"], f"{here}[]")
        elif item.name not in declared:
            yield from fields_of_a_text(record_type(hints[item.name]), here)
        elif item.name not in ("article", "quote", "number") or here == "identity.number":
            yield from [here] if not here.startswith(_OF_THE_HOUSE) else []


def unanswered(name: str) -> list[str]:
    """Return the fields, in each entry that a text has, to which the answers say nothing."""
    told = answers_of(name)
    return [
        path
        for one in fields_of_a_text()
        for path in (
            (one,)
            if "[]" not in one
            else (one.replace("[]", f"[{n}]") for n in range(1, _entries(told, one) + 1))
        )
        if path not in told
    ]


def _entries(told: Iterable[str], path: str) -> int:
    """Return how many entries the answers have of a list."""
    pattern = re.compile(rf"{re.escape(path.partition('[]')[0])}\[(\d+)\]")
    return max((int(found[1]) for one in told if (found := pattern.match(one))), default=0)


def measure(name: str, reading: TextReading) -> Measure:
    """Hold a reading against what the text says."""
    found = Measure(wrong=list(wrong_facts(name, reading)))
    read = {_as_answered(path, name, reading) for path in reading.by_path}
    wrong = {one.partition(" ")[0] for one in found.wrong}
    gaps = {_as_answered(one.path, name, reading) for one in reading.gaps}
    for path, expected in answers_of(name).items():
        if expected == SILENT or path in wrong:
            continue
        if path in read:
            found.right += 1
        elif any(path == one or path.startswith(f"{one}[") for one in gaps):
            found.gap.append(path)
        else:
            found.missed.append(path)
    stated = set(_stated(reading))
    found.right += len(stated.intersection(_written()[name][_STATED]))
    doubted = {f"{one.reading} {one.passage.article}" for one in reading.gaps
               if one.passage and one.path.startswith(_STATED)}  # fmt: skip
    for one in set(_written()[name][_STATED]) - stated:
        (found.gap if one in doubted else found.missed).append(f"{_STATED} {one}")
    return found


def wrong_facts(name: str, reading: TextReading) -> Iterator[str]:
    """Yield every fact that the text does not say."""
    for path, fact in reading.by_path.items():
        if path.startswith(_OF_THE_HOUSE) or path.endswith(".article"):
            continue
        at = _as_answered(path, name, reading)
        expected = answers_of(name).get(at, SILENT)
        if expected == SILENT or not _same(path, fact.value, str(expected)):
            yield f"{at} is {fact.value}, the text says {expected}"
    for one in _stated(reading):
        if one not in _written()[name][_STATED]:
            yield f"{_STATED} {one} is none"


def _stated(reading: TextReading) -> Iterator[str]:
    for path, fact in reading.by_path.items():
        if path.startswith(_STATED) and path.endswith(".subject"):
            yield f"{fact.value} {fact.passage.article}"


def _as_answered(path: str, name: str, reading: TextReading) -> str:
    """Return where the answers have it: a report and a level are told by their names."""
    found = re.fullmatch(r"(?P<list>reports|service_levels\.targets)\[\d+\](?P<rest>.*)", path)
    called = reading.value(f"{path[: found.start('rest')]}.name") if found else ""
    if found is None or not called:
        return path
    for at, answer in answers_of(name).items():
        if answer == called and at.startswith(found["list"]) and at.endswith("].name"):
            return f"{at.removesuffix('.name')}{found['rest']}"
    return f"{found['list']}[{called}]{found['rest']}"


def _same(path: str, value: str, expected: str) -> bool:
    if path.endswith(".conditions"):
        return set(value.split(", ")) == set(expected.split(", "))
    if path.endswith((".deadline", ".due")):
        return parse(value) == parse(expected)
    if path.endswith((".amount", ".total", ".net", ".tax")):
        return Decimal(value.replace(",", "")) == Decimal(expected)
    return value == expected
