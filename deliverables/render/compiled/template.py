"""A compiled template: its programs, the package around them, and the documents they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Final

from deliverables.model.chart import Chart
from deliverables.model.picture import Picture
from deliverables.render.chart import DATA
from deliverables.render.chart_markup import chart_markup
from deliverables.render.chart_workbook import chart_workbook
from deliverables.render.compiled.frame import DECLARATION, Frame, frame_of
from deliverables.render.compiled.program import Program
from deliverables.render.compiled.shape import CHART
from deliverables.render.compiled.sheet import Sheet
from deliverables.render.compiled.text import UnusualError
from deliverables.render.compiled.writing import function_of
from deliverables.render.package import Package
from deliverables.render.packing import Member, archive, pack, pack_once
from deliverables.render.picture import MEDIA, looked_at
from deliverables.render.properties import APP, CORE, Properties, app, core
from deliverables.render.rendered import Rendered
from deliverables.render.stamp import Stamp

_MOST_INSERTS: Final = 200
_MOST_FRAMES: Final = 64


class CompiledTemplate:
    """The programs of a template's stories, the body's first, as functions."""

    def __init__(self, parts: Mapping[str, bytes], programs: Mapping[str, Program]) -> None:
        package = Package(parts)
        self._body = package.document
        self._relations = tuple(islice(package.free_relations(self._body), _MOST_INSERTS))
        self._stories = [
            (part, function_of(program), program.hollow)
            for part, program in programs.items()
            if not program.is_text
        ]
        self._media = {content for name, content in parts.items() if name.startswith(MEDIA)}
        self._lists_headings = programs[self._body].lists_headings

        @lru_cache(maxsize=_MOST_FRAMES)
        def frame(inserts: tuple[str, ...], stamp: Stamp) -> Frame:
            return frame_of(parts, programs, inserts, stamp)

        self._frame = frame

    def render(self, context: object, stamp: Stamp, properties: Properties) -> Rendered:
        """Return the document of a context; raise UnusualError where the general way is needed."""
        sheet = Sheet(self._relations, self._media, lists_headings=self._lists_headings)
        members: dict[str, Member] = {}
        frame: Frame | None = None
        try:
            for part, run, hollow in self._stories:
                sheet.begin_page(*(frame.pages[part] if frame else (b"", b"")))
                run(context, sheet)
                if frame is None:
                    frame = self._frame(tuple(map(_room, sheet.inserts)), stamp)
                    sheet.fill(frame.section)
                members[part] = pack(part, DECLARATION + sheet.written(hollow))
        except (AttributeError, TypeError) as fault:
            raise UnusualError(f"a context that is not as declared: {fault}") from fault
        assert frame is not None  # noqa: S101  # the body is no fixed text: its sections are open
        for names, insert in zip(frame.rooms, sheet.inserts, strict=True):
            for name, content in zip(names, _contents(insert), strict=True):
                members[name] = pack(name, content)
        members[CORE] = pack(CORE, core(properties).encode())
        members[APP] = pack_once(APP, app(properties).encode())
        return Rendered(archive(_filled(frame, members)), Counter(sheet.printed))


def _room(insert: Chart | Picture) -> str:
    """Return what room an insert needs: that of a chart, or of a picture with an extension."""
    return CHART if isinstance(insert, Chart) else looked_at(insert).extension


def _contents(insert: Chart | Picture) -> tuple[bytes, ...]:
    """Return what the parts of an insert hold."""
    if isinstance(insert, Picture):
        return (insert.content,)
    return chart_markup(insert, DATA).encode(), chart_workbook(insert)


def _filled(frame: Frame, members: Mapping[str, Member]) -> Iterator[Member]:
    for name, shared in frame.members:
        yield shared or members[name]
