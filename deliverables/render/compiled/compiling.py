"""From a template to its programs: patched and read by docxtpl and Jinja, settled, cut at sites."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import TemplateSyntaxError

from deliverables.render.compiled.holes import Holed, NotCompilableError
from deliverables.render.compiled.listing import list_contents
from deliverables.render.compiled.program import Program
from deliverables.render.compiled.reading import Reader
from deliverables.render.compiled.settling import number, open_page, open_section, settle
from deliverables.render.compiled.shape import CHART, PICTURE, Shape
from deliverables.render.compiled.sites import resolve
from deliverables.render.contents import styles_by_name
from deliverables.render.general import prepared
from deliverables.render.package import Package
from deliverables.render.place import W

_PAGES = (f"{W}hdr", f"{W}ftr")


def compile_template(
    parts: Mapping[str, bytes], shape: Mapping[str, Shape]
) -> dict[str, Program] | None:
    """Return the program of each story, or None for a template that only the general way knows."""
    package = Package(parts)
    items = 0
    programs = {}
    try:
        for part in package.stories():
            source, marker = prepared(package.parts[part])
            reader = Reader(shape, marker, items)
            story = Holed(reader.read(source))
            items = reader.items
            programs[part] = _program(story, package, is_body=part == package.document)
    except (NotCompilableError, TemplateSyntaxError):
        return None
    return programs


def _program(story: Holed, package: Package, *, is_body: bool) -> Program:
    hollow = settle(story)
    if any(op[1] in (CHART, PICTURE) for op in story.every("print")) and not is_body:
        raise NotCompilableError("a chart or picture outside the body")
    if is_body:
        list_contents(story, styles_by_name(package))
        open_section(story)
    number(story)
    if story.root.tag in _PAGES and not story.is_text():
        open_page(story)
    return Program(resolve(story.stream()), hollow)
