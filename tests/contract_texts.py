"""The contract texts of the tests, what each one says, and a measure of what was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from ruamel.yaml import YAML

from deliverables.model.contract_text import ContractText
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
}
SILENT = "缺"
ANSWERS: dict[str, dict[str, object]] = YAML(typ="safe").load(
    (HERE / "answers.yaml").read_text("utf-8")
)


@dataclass
class Measure:
    """How much of a text was read right, left as a gap, missed, or read wrong."""

    right: int = 0
    gap: int = 0
    missed: int = 0
    wrong: list[str] = field(default_factory=list)


def text_of_contract(name: str) -> ContractText:
    return read_contract_text(FILES[name])


def lines_of_contract(name: str) -> list[str]:
    return FILES[name].read_text("utf-8").splitlines()


def read_lines(lines: list[str]) -> TextReading:
    return read_text(ContractText("contract.txt", tuple(lines)))


def measure(name: str, reading: TextReading) -> Measure:
    """Hold a reading against what the text says."""
    found = Measure(wrong=list(wrong_facts(name, reading)))
    gaps = {one.path for one in reading.gaps}
    for path, expected in ANSWERS[name].items():
        value = reading.value(path)
        if str(expected) == SILENT or any(one.startswith(f"{path} ") for one in found.wrong):
            continue
        if value:
            found.right += 1
        elif any(path.startswith(one) for one in gaps):
            found.gap += 1
        else:
            found.missed += 1
    return found


def wrong_facts(name: str, reading: TextReading) -> Iterator[str]:
    """Yield every fact that the text does not say."""
    for path, expected in ANSWERS[name].items():
        value = reading.value(_as_read(path, name, reading))
        if value and (str(expected) == SILENT or not _same(path, value, str(expected))):
            yield f"{path} is {value}, the text says {expected}"


def _as_read(path: str, name: str, reading: TextReading) -> str:
    """Return where a reading has it: a series is told by its name, wherever it stands."""
    found = re.fullmatch(r"(reports\[\d+\])\.(\w+)", path)
    if not found:
        return path
    called = str(ANSWERS[name][f"{found[1]}.name"])
    read = {one.value: at.rpartition(".")[0] for at, one in reading.by_path.items()
            if re.fullmatch(r"reports\[\d+\]\.name", at)}  # fmt: skip
    every = {str(ANSWERS[name].get(f"reports[{n}].name")) for n in range(1, 9)}
    strange = [at for called, at in read.items() if called not in every]
    return f"{read.get(called, (strange or ['none'])[0])}.{found[2]}"


def _same(path: str, value: str, expected: str) -> bool:
    if path.endswith(".conditions"):
        return set(value.split(", ")) == set(expected.split(", "))
    if path.endswith((".deadline", ".due")):
        return parse(value) == parse(expected)
    if path.endswith((".amount", ".total")):
        return Decimal(value.replace(",", "")) == Decimal(expected)
    return value == expected
