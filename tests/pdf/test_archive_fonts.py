"""Who reads a PDF is told which fonts stood in for the ones that its document names."""

from __future__ import annotations

from pathlib import Path

import pytest

from deliverables.docx.package import Package
from deliverables.pdf import archive
from deliverables.pdf.archive import fonts_named, stand_ins

INSTALLED = {
    "仿宋": ("FandolFang", "FandolFang R"),
    "黑体": ("SimHei", "黑体"),
    "楷体": ("FandolKai",),
    "Times New Roman": ("Liberation Serif",),
}


@pytest.fixture
def fontconfig(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive.shutil, "which", lambda program: program)
    monkeypatch.setattr(archive, "_match", lambda name: INSTALLED.get(name, ()))


def test_the_templates_name_the_fonts_of_the_house_style(root: Path) -> None:
    named = fonts_named(Package.read(root / "templates" / "payment_request.docx"))
    assert named >= {"仿宋", "黑体", "方正小标宋简体", "Times New Roman"}
    assert not any(name.startswith("zh") for name in named)


@pytest.mark.usefixtures("fontconfig")
def test_a_stand_in_is_named_beside_what_it_stands_for() -> None:
    used = {"FandolFang-Regular", "LiberationSerif-Bold", "SimHei"}
    assert stand_ins(["仿宋", "黑体", "Times New Roman"], used) == {
        "仿宋": "FandolFang",
        "Times New Roman": "Liberation Serif",
    }


@pytest.mark.usefixtures("fontconfig")
def test_a_font_that_no_text_needed_is_not_reported() -> None:
    assert stand_ins(["仿宋", "楷体"], {"FandolFang-Regular"}) == {"仿宋": "FandolFang"}


@pytest.mark.usefixtures("fontconfig")
def test_installed_fonts_are_not_reported() -> None:
    assert stand_ins(["黑体"], {"SimHei"}) == {}


def test_without_fontconfig_the_strangers_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive.shutil, "which", lambda _: None)
    named = ["仿宋", "仿宋_GB2312", "宋体", "Times New Roman"]
    used = {"FangSong", "FangSong_GB2312", "SimSun", "TimesNewRomanPS-BoldMT"}
    assert stand_ins(named, used) == {}
    assert stand_ins(named, {*used, "MSungHK", "Arial"}) == {"": "Arial、MSungHK"}


def test_a_name_with_marks_of_fontconfig_is_asked_for_as_it_is() -> None:
    assert archive._escaped("A-B: C, 1") == r"A\-B\: C\, 1"
