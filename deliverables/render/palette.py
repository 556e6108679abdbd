"""The colours and the faces of every document."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

INK, PRIMARY, SECONDARY = "1F2937", "1F4E79", "2E75B6"
GREY, RULE, FILL = "7F8A99", "BFC5CD", "EEF2F7"
ATTENTION, FAILING = "C55A11", "C00000"

LATIN = "Times New Roman"
BODY_FACE, SONG, HEI, KAI, TITLE_FACE = "仿宋", "宋体", "黑体", "楷体", "方正小标宋简体"
FACES: Mapping[str, str] = MappingProxyType(
    {
        BODY_FACE: "FangSong",
        SONG: "SimSun",
        HEI: "SimHei",
        KAI: "KaiTi",
        TITLE_FACE: "华文中宋",
        LATIN: "",
    }
)
"""Every face a document names, with what may stand in for it where it is not installed."""
