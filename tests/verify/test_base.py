"""What a document said when it was made is kept small, and is there again as it was."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import documents
import pytest
from documents import EVERY_KIND, makeable
from papers import cell, figure, made, paragraph, row, table

from deliverables.kinds import Kind
from deliverables.values.figure import Derivation, Figure, Line
from deliverables.verify.base import Base, NewerFormatError, digest_of
from deliverables.verify.document import read_document


@dataclass(frozen=True)
class Person:
    name: Figure[str]
    number: Figure[str]


@dataclass(frozen=True)
class Agreement:
    contract: Figure[str]
    members: tuple[Person, ...]
    count: Figure[int]
    notes: tuple[str, ...]
    shown: bool


def context(name: str = "张示例", number: str = "999999199003070038") -> Agreement:
    file = "data/HT-2026-001/staff.xlsx"
    person = Person(
        figure("姓名", name, cell("B3", "人员名册", file)),
        figure("证件号码", number, cell("E3", "人员名册", file), private=True),
    )
    count = figure("人数", "1", Derivation("计数", "", (person.name,)), value=1)
    return Agreement(
        figure("合同号", "HT-2026-001", Line("data/HT-2026-001/contract.yaml", 2, 11)),
        (person,), count, ("假设一",), shown=True,
    )  # fmt: skip


BODY = (
    paragraph("合同{{ contract }}，共 {{ count }} 人：")
    + table(row("{%tr for one in members %}", ""), row("{{ one.name }}", "{{ one.number }}"),
            row("{%tr endfor %}", ""))
    + paragraph("{%p for note in notes %}") + paragraph("{{ note }}") + paragraph("{%p endfor %}")
)  # fmt: skip


def test_the_blocks_of_a_base_are_those_of_the_document_and_know_their_figures(
    tmp_path: Path,
) -> None:
    document, base = made(tmp_path, BODY, context())
    read = read_document(bytes(document)).blocks
    assert [replace(block, slots=()) for block in base.blocks] == list(read)
    assert [
        (block.texts[slot.text][slot.begin : slot.end], slot.key)
        for block in base.blocks for slot in block.slots
    ] == [
        ("HT-2026-001", "contract"), ("1", "count"),
        ("张示例", "members[0].name"), ("999999199003070038", "members[0].number"),
    ]  # fmt: skip


def test_the_lines_of_a_figure_and_spaces_around_it_are_folded(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Note:
        text: Figure[str]

    _, base = made(tmp_path, paragraph("说明：  {{ text }}。"), Note(figure("说明", "一\n 二\t三")))
    (block,) = base.blocks
    assert block.texts == ("说明： 一 二 三。",)
    assert [block.texts[0][s.begin : s.end] for s in block.slots] == ["一", "二", "三"]


def test_figures_lead_to_the_cells_behind_them_by_the_contracts_folder(tmp_path: Path) -> None:
    _, base = made(tmp_path, BODY, context())
    assert base.figures["count"].sources == ("staff.xlsx[人员名册]!B3",)
    assert base.cells["staff.xlsx[人员名册]!B3"] == "张示例"
    assert base.cells["contract.yaml:2:11"] == "HT-2026-001"
    assert base.identity is not None
    assert base.identity.contract == "HT-2026-001"


def test_a_base_is_there_again_as_it_was(tmp_path: Path) -> None:
    _, base = made(tmp_path, BODY, context())
    base = replace(base, options=frozenset({"no-id"}), stage="final")
    again = Base.of_records(*base.records())
    for one in (again, Base.of_records(*base.records())):
        assert one.blocks == base.blocks
        assert one.cells == base.cells
        assert {key: (told, told.sources) for key, told in one.figures.items()} == {
            key: (replace(told, origin=one.figures[key].origin), told.sources)
            for key, told in base.figures.items()
        }
        assert (one.stage, one.options) == (base.stage, base.options)
        assert one.digest == base.digest


def test_documents_of_one_sort_share_a_record_that_names_nobody(tmp_path: Path) -> None:
    records = [
        made(tmp_path, BODY, context(name, number))[1].records()
        for name, number in (("张示例", "999999199003070038"), ("李示例", "999999199003070046"))
    ]
    (first, one), (second, other) = records
    assert first == second
    assert one != other
    shared = zlib.decompress(first).decode()
    assert "HT-2026-001" in shared
    assert not any(said in shared for said in ("示例", "9999991990"))


def test_a_record_does_not_depend_on_what_was_made_before(tmp_path: Path) -> None:
    first = made(tmp_path, BODY, context())[1].records()
    made(tmp_path, BODY, context("李示例"))
    assert made(tmp_path, BODY, context())[1].records() == first


def test_records_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    shared, own = made(tmp_path, BODY, context())[1].records()
    other, _ = made(tmp_path, BODY + paragraph("另"), context())[1].records()
    for pair in ((other, own), (shared, b"nothing"), (b"nothing", own)):
        with pytest.raises(ValueError, match=r"records"):
            Base.of_records(*pair)


def test_a_base_of_a_newer_version_asks_for_an_update(tmp_path: Path) -> None:
    shared, own = made(tmp_path, BODY, context())[1].records()
    content = json.loads(zlib.decompress(shared))
    content[0] = "2"
    with pytest.raises((NewerFormatError, ValueError)) as refused:
        Base.of_records(zlib.compress(json.dumps(content).encode()), own)
    assert refused.type is NewerFormatError


def test_the_digest_tells_every_figure_text_and_switch() -> None:
    one = context()
    said = {digest_of(one), digest_of(context("李示例")), digest_of(replace(one, notes=("另",))),
            digest_of(replace(one, shown=False))}  # fmt: skip
    assert len(said) == 4
    assert digest_of(one) == digest_of(context())


@EVERY_KIND
def test_the_base_of_every_kind_is_what_a_reader_sees(kind: Kind) -> None:
    one = makeable(kind)[0]
    document, _ = documents.made(kind, one)
    base = documents.base(kind, one)
    read = read_document(bytes(document)).blocks
    assert [replace(block, slots=()) for block in base.blocks] == list(read)
    texts = {key: " ".join(told.text.split()) for key, told in base.figures.items()}
    assert all(block.texts[s.text][s.begin : s.end] in texts[s.key]
               for block in base.blocks for s in block.slots)  # fmt: skip
    assert base.printed == set(document.printed)
