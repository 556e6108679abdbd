"""A letter that was made and then edited as a person does."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import builders
import finished
import pytest
from finished import Run
from lxml import etree

DAY = ("--as-of", "2026-08-03")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LETTER = Path("out/HT-2026-001/payments/HT-2026-001_付款申请函_第1期_草稿.docx")
AGREEMENT = Path("out/HT-2026-001/staff/HT-2026-001_保密协议_S001_草稿.docx")


def with_a_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs the command where a small sound project lies whose first letter is made."""
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))

    assert finished.run("build", "payment_request", "--period", "1", *DAY).exit_code == 0
    return finished.run


def edited(document: Path, copy: Path, change: Callable[[etree._Element], None]) -> Path:
    """Save a document under another name after a change of its body."""
    with ZipFile(document) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    body = etree.fromstring(parts["word/document.xml"])
    change(body)
    parts["word/document.xml"] = etree.tostring(body, encoding="UTF-8", standalone=True)
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(buffer.getvalue())
    return copy


def words(paragraph: etree._Element) -> str:
    return "".join(piece.text or "" for piece in paragraph.iter(f"{W}t"))


def paragraph_with(body: etree._Element, text: str) -> etree._Element:
    return next(one for one in body.iter(f"{W}p") if text in words(one))


def replaced(body: etree._Element, old: str, new: str) -> None:
    piece = next(one for one in body.iter(f"{W}t") if old in (one.text or ""))
    piece.text = (piece.text or "").replace(old, new)
