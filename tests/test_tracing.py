"""A document says of itself which of its words are which figure, for every kind and after edits."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from test_kinds import AS_OF, EVERY_KIND, makeable, sample, template

from deliverables.figure import Figure
from deliverables.kind import Deliverable, Kind, kinds
from deliverables.passages import Passage, paired, passages_of
from deliverables.recomposing import properties_of, stamp_of
from deliverables.docx.render import Rendered, render
from deliverables.source import Line
from deliverables.tracing import Frame, Slot, sightings, traces_of, with_paths
from deliverables.verify.paper import Place
from deliverables.verify.leaves import leaves_of
from deliverables.verify.reader import read_document


def printed(kind: Kind, one: Deliverable, context: object) -> Rendered:
    stamp, properties = stamp_of(one, AS_OF), properties_of(one, sample(), AS_OF)
    return render(template(kind), context, stamp, properties)


@EVERY_KIND
def test_every_printed_figure_is_found_at_its_words(kind: Kind) -> None:
    for one in makeable(kind):
        context = kind.compose(sample(), one, AS_OF)
        document = printed(kind, one, context)
        texts = {leaf.key: leaf.figure.text for leaf in leaves_of(context).figures}
        traces = traces_of(printed(kind, one, with_paths(context)), texts)
        assert [t.passage.texts for t in traces] == [
            p.texts for p in passages_of(read_document(document))
        ]
        found = {slot.key for trace in traces for slot in trace.slots}
        assert found == {key for key in document.printed if texts[key].strip()}, one.key
        seen = list(sightings(traces, read_document(document)))
        assert {s.key for s in seen} == found
        assert all(s.found is not None and s.found in " ".join(texts[s.key].split()) for s in seen)


def test_the_lines_of_a_figure_are_marked_each() -> None:
    @dataclass(frozen=True)
    class Context:
        note: Figure[str]

    marked = with_paths(Context(Figure("正文", "", "一\n\n二", Line("contract.yaml", 1, 1))))
    assert marked.note.text == "\ue000note\ue0010\ue002\n\n\ue000note\ue0012\ue002"


FRAME = Frame(
    ("可用性", Slot("percent", 0, "99.93%"), "，中断", Slot("minutes", 0, "87"), "分钟。")
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("可用性99.93%，中断87分钟。", ("99.93%", "87")),
        ("可用性99.90%，中断131分钟。", ("99.90%", "131")),
        ("平台可用性为99.90%，累计中断131分钟。", ("99.90%", "131")),
        ("可用性99.93%（暂估），中断约87分钟。", ("99.93%", "87")),
        ("可用性99.90%，中断一百余分钟！", ("99.90%", "一百余")),
        ("", (None, None)),
    ],
)
def test_figures_are_read_from_a_text_that_was_mended(
    text: str, read: tuple[str | None, ...]
) -> None:
    assert FRAME.read(text) == read


@pytest.mark.parametrize(
    ("text", "differ"),
    [
        ("可用性99.90%，中断131分钟。", False),
        ("可用性99.93%（暂估），中断87分钟。", True),
        ("可用性99.93%，累计中断87分钟。", True),
    ],
)
def test_words_put_in_beside_a_figure_are_other_words(text: str, *, differ: bool) -> None:
    assert FRAME.words_differ(text) is differ


def row(*texts: str) -> Passage:
    return Passage(texts, Place(table=1, row=1), tuple(range(1, len(texts) + 1)))


def prose(text: str) -> Passage:
    return Passage((text,), Place())


def test_passages_are_paired_by_what_they_say_and_in_order() -> None:
    before = [prose("平台运行平稳。"), row("4月", "12", "3"), row("5月", "8", "1"), prose("完")]
    after = [prose("平台运行总体平稳。"), row("5月", "9", "2"), row("6月", "7", "1"), prose("完")]
    assert list(paired(before, after)) == [(0, 0), (1, None), (2, 1), (None, 2), (3, 3)]


def test_a_row_is_never_paired_with_a_paragraph() -> None:
    assert list(paired([row("完")], [prose("完")])) == [(0, None), (None, 0)]


def test_many_changed_rows_are_paired_without_end() -> None:
    before = [row(f"主机{n}", str(n)) for n in range(1_000)]
    after = [row(f"主机{n}", str(n + 1)) for n in range(1_000)]
    assert list(paired(before, after)) == [(n, n) for n in range(1_000)]


def test_every_kind_is_among_them() -> None:
    assert all(makeable(kind) for kind in kinds().values())


def test_headers_that_a_program_put_in_another_order_are_the_same() -> None:
    texts = ["草稿 2026-11-02", "第 … 页"]
    headers = [Passage((text,), Place(story="footer")) for text in texts]
    assert set(paired(headers, headers[::-1])) == {(0, 1), (1, 0)}
