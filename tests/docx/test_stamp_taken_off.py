"""Taking the marks off gives back the document that was marked, and keeps what a person wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from lxml import etree
from stamped import DRAFT, PROPERTIES, Context, bare, full

from deliverables.docx.package import Package, W, parse, serialise
from deliverables.docx.render import Stamp, render
from deliverables.docx.stamp import marks_left, take_off

FINAL = Stamp(draft=False, sample=False)
FOOTED = Stamp(draft=True, sample=False, footer="草稿 2026-08-03")


def made(template: Path, stamp: Stamp) -> Package:
    return Package.of(render(template, Context(), stamp, PROPERTIES))


def canonical(package: Package) -> dict[str, bytes]:
    return {name: etree.tostring(parse(part), method="c14n2", strip_text=True)
            for name, part in package.parts.items()}  # fmt: skip


def headers(package: Package) -> list[str]:
    roots = (parse(package.parts[part]) for part in package.related(package.document, "header"))
    return ["".join(root.itertext()) for root in roots]


@pytest.mark.parametrize("template", [bare, full])
@pytest.mark.parametrize("stamp", [DRAFT, FOOTED])
def test_what_is_left_is_what_was_there_before(
    tmp_path: Path, template: Callable[[Path], Path], stamp: Stamp
) -> None:
    path = template(tmp_path / "letter.docx")
    package = made(path, stamp)
    assert marks_left(package)
    take_off(package, stamp)
    assert marks_left(package) == ()
    assert canonical(package) == canonical(made(path, FINAL))


def test_taking_off_twice_does_nothing_more(tmp_path: Path) -> None:
    package = made(full(tmp_path / "letter.docx"), FOOTED)
    take_off(package, FOOTED)
    once = dict(package.parts)
    take_off(package, FOOTED)
    assert package.parts == once


def test_what_a_person_wrote_beside_the_mark_stays(tmp_path: Path) -> None:
    package = made(bare(tmp_path / "letter.docx"), FOOTED)
    for part in package.related(package.document, "header"):
        package.parts[part] = package.parts[part].replace(
            ">草稿</w:t>".encode(), ">草稿 内部资料</w:t>".encode()
        )
    take_off(package, FOOTED)
    assert {text.strip() for text in headers(package)} == {"内部资料"}
    assert marks_left(package) == ()


def test_a_line_cut_into_runs_by_another_program_goes_too(tmp_path: Path) -> None:
    package = made(bare(tmp_path / "letter.docx"), FOOTED)
    for part in package.related(package.document, "footer"):
        package.parts[part] = package.parts[part].replace(
            "草稿 2026-08-03</w:t>".encode(),
            "草稿 </w:t></w:r><w:r><w:t>2026-08-03</w:t>".encode(),
        )
    take_off(package, FOOTED)
    assert list(package.related(package.document, "footer")) == []


def test_a_watermark_that_was_made_a_drawing_is_known_by_its_name(tmp_path: Path) -> None:
    package = made(bare(tmp_path / "letter.docx"), DRAFT)
    for part in package.related(package.document, "header"):
        root = parse(package.parts[part])
        (run,) = [pict.getparent() for pict in root.iter(f"{W}pict")]
        assert run is not None
        run[:] = [parse(
            '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
            ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
            '<wp:anchor><wp:docPr id="1" name="PowerPlusWaterMarkObject357"/></wp:anchor>'
            "</w:drawing>"
        )]  # fmt: skip
        package.parts[part] = serialise(root)
    take_off(package, DRAFT)
    assert list(package.related(package.document, "header")) == []


def test_a_blank_header_that_hides_the_one_before_stays_blank(tmp_path: Path) -> None:
    document = docx.Document(str(bare(tmp_path / "letter.docx")))
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.add_section().header.is_linked_to_previous = False
    document.save(str(tmp_path / "two.docx"))
    package = made(tmp_path / "two.docx", DRAFT)
    take_off(package, DRAFT)
    assert headers(package) == ["页眉", ""]


def test_a_mark_that_is_none_of_ours_is_told_of_and_left(tmp_path: Path) -> None:
    document = docx.Document(str(full(tmp_path / "letter.docx")))
    document.sections[0].header.paragraphs[0].text = "（草稿，勿外传）"
    document.save(str(tmp_path / "letter.docx"))
    package = made(tmp_path / "letter.docx", DRAFT)
    take_off(package, DRAFT)
    assert marks_left(package) == ("（草稿，勿外传）",)
