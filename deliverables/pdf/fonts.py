"""Which fonts documents name, and which ones LibreOffice showed in their place.

Stand-ins change where lines and pages end; who reads the PDF must be told.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from deliverables.render.package import Package

_CHOICE: Final = re.compile(rb"<w:rFonts [^>]*>")
_NAMED: Final = re.compile(rb'w:(?:ascii|hAnsi|eastAsia)="([^"]+)"')
_FONT_PARTS: Final = re.compile(r"word/(?:document|styles|header\d*|footer\d*)\.xml")
_POSTSCRIPT: Final = {
    "Times New Roman": ("TimesNewRoman",),
    "仿宋": ("FangSong",),
    "仿宋_GB2312": ("FangSong_GB2312",),
    "宋体": ("SimSun",),
    "方正小标宋简体": ("FZXBSJW", "FZXiaoBiaoSong"),
    "楷体": ("KaiTi",),
    "楷体_GB2312": ("KaiTi_GB2312",),
    "黑体": ("SimHei",),
}
"""How the names of fonts begin inside a PDF, where that is not the name itself."""


def fonts_named(package: Package) -> frozenset[str]:
    """Return the names of fonts that a document asks for."""
    return frozenset(
        name.decode("utf-8", "replace")
        for part, content in package.parts.items()
        if _FONT_PARTS.fullmatch(part)
        for choice in _CHOICE.findall(content)
        for name in _NAMED.findall(choice)
    )


def stand_ins(named: Iterable[str], used: Iterable[str]) -> dict[str, str]:
    """Return what was `used` in a PDF for each font `named` that is not installed.

    Without fontconfig (Windows, macOS) nobody can say which font stood in for which: all that are
    used and not named stand under the key "".
    """
    named, used = frozenset(named), frozenset(used)
    if shutil.which("fc-match"):
        return dict(_matched(sorted(named), used))
    strangers = [font for font in used if not any(_is(font, name) for name in named)]
    return {"": "、".join(sorted(strangers))} if strangers else {}


def _matched(named: Iterable[str], used: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name in named:
        families = _match(name)
        if families and name not in families and any(_is(font, families[0]) for font in used):
            yield name, families[0]


@cache
def _match(name: str) -> tuple[str, ...]:
    """Return the names of the family that fontconfig gives for a font."""
    asked = ["fc-match", "-f", "%{family}", f"{_escaped(name)}:lang=zh-cn"]
    answer = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    return tuple(answer.stdout.split(",")) if answer.returncode == 0 and answer.stdout else ()


def _escaped(name: str) -> str:
    return re.sub(r"([\\:,-])", r"\\\1", name)


def _is(font: str, family: str) -> bool:
    """Return whether the PostScript name `font` is of `family`."""
    beginnings = (*_POSTSCRIPT.get(family, ()), family)
    plain = re.sub(r"[\s_]", "", font)
    return any(plain.startswith(re.sub(r"[\s_]", "", beginning)) for beginning in beginnings)
