"""Nothing leaves the machine when a document is converted or its pages are counted."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from small_templates import RELATIONS, field, small

from deliverables.docx.package import Package
from deliverables.pdf import office as office_module
from deliverables.pdf.office import Office, without_network

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/>'
    f'<wp:docPr id="1" name="p"/><a:graphic xmlns:a="{DRAWING}/main">'
    f'<a:graphicData uri="{DRAWING}/picture"><pic:pic xmlns:pic="{DRAWING}/picture"><pic:nvPicPr>'
    '<pic:cNvPr id="0" name="x"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    '<a:blip r:link="rId92"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect">'
    "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>"
    "</w:drawing></w:r></w:p>"
)
OLD_PICTURE = (
    '<w:p><w:r><w:pict><v:shape id="s" style="width:99pt;height:99pt"><v:imagedata r:id="rId90"/>'
    "</v:shape></w:pict></w:r></w:p>"
)
OBJECT = (
    '<w:p><w:r><w:object><v:shape id="s2" style="width:9pt;height:9pt"/><o:OLEObject Type="Link"'
    ' ProgID="Word.Document.12" ShapeID="s2" DrawAspect="Content" ObjectID="_1" r:id="rId91"'
    ' UpdateMode="Always"/></w:object></w:r></w:p>'
)
FIELDS = ('INCLUDEPICTURE "{}/a.png" \\d', 'INCLUDETEXT "{}/a.docx"', 'DDEAUTO "{}/a"',
          'LINK Word.Document.12 "{}/b.docx" \\a')  # fmt: skip


class Listener:
    """Hears who calls on a port of this machine."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self.heard: list[bytes] = []
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(1)
                self.heard.append(caller.recv(1_000).split(b"\r\n")[0])

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.close()


@pytest.fixture
def hostile(tmp_path: Path, listener: Listener) -> bytes:
    """A document that points to the listener in every way that Word knows."""
    kinds = ("image", "oleObject", "image", "subDocument", "aFChunk", "hyperlink")
    fields = [f"<w:p>{field(f' {code.format(listener.address)} ', 'x')}</w:p>" for code in FIELDS]
    path = small(
        tmp_path / "hostile.docx", "甲", PICTURE, OLD_PICTURE, OBJECT, *fields,
        '<w:subDoc r:id="rId93"/>', '<w:altChunk r:id="rId94"/>',
        '<w:p><w:hyperlink r:id="rId95"><w:r><w:t>看</w:t></w:r></w:hyperlink></w:p>',
        outside={f"rId{90 + at}": (kind, f"{listener.address}/{kind}{at}")
                 for at, kind in enumerate(kinds)},
    )  # fmt: skip
    package = Package.read(path)
    settings = package.parts["word/settings.xml"].decode()
    package.parts["word/settings.xml"] = settings.replace(
        "</w:settings>", f'<w:attachedTemplate xmlns:r="{RELATIONS}" r:id="rId1"/></w:settings>'
    ).encode()
    package.parts["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/attachedTemplate"'
        f' Target="{listener.address}/template.dotm" TargetMode="External"/></Relationships>'
    ).encode()
    return package.to_bytes()


def open_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave only the settings that have nothing to do with it."""
    kept = [one for one in office_module._SETTINGS if one[0].endswith(("L10N", "Office", "Misc"))]
    monkeypatch.setattr(office_module, "_SETTINGS", kept)


def open_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_module, "without_network", lambda: ())


@pytest.mark.parametrize("guard", ["settings", "no network", "none"])
def test_a_document_that_points_outside_is_converted_and_counted_and_nobody_is_called(
    guard: str,
    hostile: bytes,
    listener: Listener,
    with_libreoffice: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if guard != "settings" and not (guard == "no network" and not without_network()):
        open_settings(monkeypatch)
    if guard != "no network":
        open_network(monkeypatch)
    office = Office(with_libreoffice)
    try:
        assert office.convert(hostile, 60).pdf.startswith(b"%PDF")
        office.convert(hostile, 60, pdf=False)
    finally:
        office.close()
    assert office.cut_off is (guard == "no network" and bool(without_network()))
    assert bool(listener.heard) is (guard == "none")  # which shows that it can be heard


@pytest.mark.parametrize("there", [True, False])
def test_whether_the_network_can_be_taken_from_a_program_is_tried(
    there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(command: list[str], **settings: object) -> subprocess.CompletedProcess[bytes]:
        assert command[-1] == "true"
        return subprocess.CompletedProcess(command, 0 if there else 1)

    without_network.cache_clear()
    monkeypatch.setattr(office_module.sys, "platform", "linux")
    monkeypatch.setattr(office_module.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(office_module.subprocess, "run", run)
    assert bool(without_network()) is there
    without_network.cache_clear()
