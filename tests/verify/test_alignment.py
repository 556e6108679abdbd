"""Two documents side by side: which base a file belongs to, and where its figures still stand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from papers import BODY, edited, figure, made, paper, paragraph, told

from deliverables.values.figure import Figure
from deliverables.verify.alignment import aligned, as_settled, best_match, likeness
from deliverables.verify.base import Base
from deliverables.verify.document import read_document


@dataclass(frozen=True)
class Report:
    availability: Figure[str]
    minutes: Figure[str]


CONTEXT = Report(figure("可用性", "99.93%"), figure("中断时间", "87"))
TEXT = (
    paragraph("运行报告", "h")
    + paragraph("可用性为{{ availability }}，累计中断{{ minutes }}分钟。")
    + paragraph("报告期内平台运行平稳，值守人员及时处理告警，有关记录已归档。")
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Base]:
    document, base = made(tmp_path_factory.mktemp("aligned"), TEXT, CONTEXT)
    return bytes(document), base


def test_a_copy_is_most_like_the_base_it_was_made_of(
    report: tuple[bytes, Base], tmp_path: Path
) -> None:
    document, base = report
    _, other = made(tmp_path, TEXT, Report(figure("可用性", "99.98%"), figure("中断时间", "41")))
    copy = read_document(edited(document, ("运行平稳", "总体平稳")))
    assert [name for name, _ in best_match(copy, {"a": base, "b": other})] == ["a", "b"]
    assert likeness(copy, base) == 1 > likeness(copy, other)


def test_a_block_that_moved_is_paired_with_itself() -> None:
    first = read_document(paper(paragraph("甲甲甲") + paragraph("乙乙乙") + paragraph("丙丙丙")))
    second = read_document(paper(paragraph("乙乙乙") + paragraph("丙丙丙") + paragraph("甲甲甲")))
    assert list(aligned(first.blocks, second.blocks)) == [(1, 0), (2, 1), (0, 2)]


def test_the_base_of_a_final_has_its_figures_where_they_still_stand(
    report: tuple[bytes, Base],
) -> None:
    document, base = report
    final = edited(document, ("运行平稳", "总体平稳"), ("99.93%", "99.9"))
    settled = as_settled(base, read_document(final), "final")
    assert told(settled, final) == []
    assert told(settled, edited(final, ("累计中断87", "累计中断78"))) == [
        "error[figure-changed] minutes"
    ]
    assert Base.of_records(*settled.records()).blocks == settled.blocks
    assert BODY in {block.part for block in settled.blocks}
