"""Words that people wrote are put into a new document where the old one agrees with it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from finals import LETTER, REPORT, drafted, parts_of, project
from lxml import etree

from deliverables.bases import Bases
from deliverables.edits import Kept, reword, with_edits
from deliverables.folders import Folders
from deliverables.register import read_register
from deliverables.verify.base import Base
from deliverables.verify.document import read_document
from deliverables.verify.judgement import account

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Change = Callable[[etree._Element], object]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    made = project(tmp_path_factory.mktemp("edits"))
    drafted(made, LETTER)
    drafted(made, REPORT)
    return made


def document_of(folders: Folders, key: str) -> tuple[bytes, Base]:
    """Return a document that was made, and its base."""
    folder = folders.contract("HT-2026-001")
    entries, _ = read_register(folder / "register.jsonl")
    entry = next(one for one in entries if one.deliverable == key)
    record = Bases(folder / "bases.jsonl").get(entry.base)
    return (folder / entry.file).read_bytes(), Base.of_records(record.shared, record.own)


def changed(document: bytes, change: Change) -> bytes:
    """Return a document after a change of its body."""
    parts = parts_of(document)
    body = etree.fromstring(parts["word/document.xml"])
    change(body)
    parts["word/document.xml"] = etree.tostring(body, encoding="UTF-8", standalone=True)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def words(paragraph: etree._Element) -> str:
    return "".join(piece.text or "" for piece in paragraph.iter(f"{W}t"))


def paragraph_with(body: etree._Element, text: str) -> etree._Element:
    return next(one for one in body.iter(f"{W}p") if text in words(one))


def body_of(document: bytes) -> etree._Element:
    return etree.fromstring(parts_of(document)["word/document.xml"])


def replaced(old: str, new: str) -> Change:
    def change(body: etree._Element) -> None:
        piece = next(one for one in body.iter(f"{W}t") if old in (one.text or ""))
        piece.text = (piece.text or "").replace(old, new)

    return change


def kept(folders: Folders, change: Change, key: str = LETTER) -> Kept:
    """Put the edits of a document into the very same one, made anew; they must be all of them."""
    document, base = document_of(folders, key)
    edited = read_document(changed(document, change))
    done = with_edits(edited, base, document, base)
    before = [(one.code, one.before, one.after) for one in account(base, edited) if one.is_edit]
    after = account(base, read_document(done.document))
    assert [(one.code, one.before, one.after) for one in after] == before
    return done


def test_a_mended_sentence_stands_in_the_new_document_and_the_looks_of_the_others_stay(
    folders: Folders,
) -> None:
    document, _ = document_of(folders, LETTER)
    done = kept(folders, replaced("现申请支付", "现谨此申请支付"))
    assert (done.count, done.conflicts) == (1, ())
    old, new = (
        paragraph_with(body_of(one), "申请支付第一期款") for one in (document, done.document)
    )
    assert words(new) == words(old).replace("现申请支付", "现谨此申请支付")
    assert [etree.tostring(one) for one in new.iter(f"{W}rPr")] == [
        etree.tostring(one) for one in old.iter(f"{W}rPr")
    ]


def test_paragraphs_that_were_written_one_after_the_other_keep_their_order(
    folders: Folders,
) -> None:
    def change(body: etree._Element) -> None:
        at = paragraph_with(body, "现申请支付")
        for text in ("所附材料均已备齐。", "请予审核。"):
            new = etree.Element(f"{W}p")
            etree.SubElement(etree.SubElement(new, f"{W}r"), f"{W}t").text = text
            at.addnext(new)
            at = new

    done = kept(folders, change)
    texts = [words(one) for one in body_of(done.document).iter(f"{W}p")]
    at = next(number for number, text in enumerate(texts) if "现申请支付" in text)
    assert texts[at + 1 : at + 3] == ["所附材料均已备齐。", "请予审核。"]


def test_a_text_of_the_data_that_was_mended_in_the_report_is_kept(folders: Folders) -> None:
    done = kept(folders, replaced("本季度平台运行平稳", "本季度平台运行总体平稳"), REPORT)
    assert (done.count, done.conflicts) == (1, ())


def test_a_figure_that_was_changed_by_hand_is_not_put_back(folders: Folders) -> None:
    document, base = document_of(folders, LETTER)
    edited = read_document(changed(document, replaced("400,000.00", "400,000.10")))
    done = with_edits(edited, base, document, base)
    assert done.count == 0
    (conflict,) = done.conflicts
    assert "400,000.10" in conflict.edited
    assert "400,000.00" in conflict.now
    assert read_document(done.document).blocks == read_document(document).blocks


@pytest.mark.parametrize("there", [True, False])
def test_words_in_several_runs_are_mended_where_they_differ(there: bool) -> None:
    runs = ("甲方", "应当", "付款") if there else ()
    paragraph = etree.Element(f"{W}p")
    for text in runs:
        etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t").text = text
    reword(paragraph, "甲方应当及时付款")
    assert words(paragraph) == "甲方应当及时付款"
    if there:
        assert [words(run) for run in paragraph] == ["甲方", "应当及时", "付款"]
    reword(paragraph, "")
    assert words(paragraph) == ""
