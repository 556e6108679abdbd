"""Pictures in a run of their own, as docxtpl draws them, with the text for those who cannot see."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from deliverables.docx.package import DRAWING, RELATIONSHIPS, Package
from deliverables.docx.text import UnprintableError, attribute, printable
from deliverables.model.content import Picture
from deliverables.values.problem import Message, say

MEDIA: Final = "word/media/"
_TYPES: Final = {"png": "image/png", "jpg": "image/jpeg"}
_EMU_PER_MM: Final = 36000
_NAME: Final = "图片"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a picture turned out to be: its extension, and its size on paper in Word's unit."""

    extension: str
    width: int
    height: int


def make_room(package: Package, part: str, extension: str) -> tuple[str, str]:
    """Add the part of one more picture, empty yet; return its name and a part's relation to it."""
    taken = {name.rpartition(".")[0] for name in package.parts}
    number = next(n for n in range(1, len(taken) + 2) if f"{MEDIA}image{n}" not in taken)
    name = f"{MEDIA}image{number}.{extension}"
    package.add(name, b"", _TYPES[extension])
    return name, package.relate(part, "image", name)


def drawing(picture: Picture, relation: str, number: str) -> str:
    """Return the place in the text that shows the picture which the relation points to."""
    drawn = looked_at(picture)
    size = f'cx="{drawn.width}" cy="{drawn.height}"'
    described = attribute(" ".join(printable(picture.description).split()))
    return (
        f'<w:drawing><wp:inline xmlns:wp="{DRAWING}/wordprocessingDrawing"><wp:extent {size}/>'
        f'<wp:docPr id="{number}" name="{_NAME}" descr={described}/><wp:cNvGraphicFramePr>'
        f'<a:graphicFrameLocks xmlns:a="{DRAWING}/main" noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic xmlns:a="{DRAWING}/main">'
        f'<a:graphicData uri="{DRAWING}/picture"><pic:pic xmlns:pic="{DRAWING}/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="0" name="image.{drawn.extension}"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip xmlns:r="{RELATIONSHIPS}" r:embed="{relation}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        f'<a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


@lru_cache(maxsize=64)
def looked_at(picture: Picture) -> Drawn:
    """Return what the bytes of a picture say it is; refuse all but PNG and JPEG.

    python-docx reads them, as it does for docxtpl, so the height comes out the same.
    """
    from docx.image.image import Image  # noqa: PLC0415  # only documents with pictures need it

    if not picture.description.strip():
        raise UnprintableError(say("the picture has no description"))
    width = _emu(picture.width)
    height = None if picture.height is None else _emu(picture.height)
    try:
        image = Image.from_blob(picture.content)
        extension = image.ext
        sides = image.scaled_dimensions(width, height)
        has_size = min(image.px_width, image.px_height, *sides) > 0
    except Exception as broken:  # python-docx raises just that where a JPEG ends
        raise UnprintableError(_no_picture()) from broken
    if _TYPES.get(extension) != image.content_type or not has_size:
        raise UnprintableError(_no_picture())
    return Drawn(extension, *(int(side) for side in sides))


def _no_picture() -> Message:
    return say("the picture is neither a PNG nor a JPEG, or it is damaged")


def _emu(millimetres: Decimal | int) -> int:
    if not 0 < millimetres <= _WIDEST_MM:
        raise UnprintableError(say("{size} mm is no size of a picture on paper", size=millimetres))
    return int(millimetres * _EMU_PER_MM)


_WIDEST_MM: Final = 558
"""Word's widest paper."""
