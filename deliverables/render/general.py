"""The general way from a template and a context to a document: every step, every time.

docxtpl defines the tags and how they unfold; every story of the document (body, headers,
footers, notes) is rendered exactly once, and what a value holds is never read as a tag.
A compiled template has to come to the same; what it does not know is left to this way.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path

import jinja2
from docxtpl import DocxTemplate
from lxml import etree

from deliverables.message import Message, say
from deliverables.problem import Problem, error
from deliverables.render.chart import hang
from deliverables.render.contents import MissingReferenceError, finish_contents
from deliverables.render.identifiers import make_unique
from deliverables.render.inserting import Inserter
from deliverables.render.language import Language, names_of, printing
from deliverables.render.marker import FILTER, Marker, Marks, marking
from deliverables.render.marks import drop_empty_runs
from deliverables.render.names import template_problems
from deliverables.render.package import Package, parse, serialise
from deliverables.render.printable import UnprintableError
from deliverables.render.properties import Properties, write_properties
from deliverables.render.rendered import Rendered, TemplateError
from deliverables.render.stamp import Stamp, put_stamp
from deliverables.render.subdocument import keep_prefixes
from deliverables.render.tags import source_of
from deliverables.render.wholeness import make_whole

_COMPILED_PARTS = 256

keep_prefixes()


def render_generally(
    template: Path, context: object, stamp: Stamp, properties: Properties
) -> Rendered:
    """Return the document that `template` makes of `context`; raise TemplateError."""
    problems = template_problems(template, type(context))
    if problems:
        raise TemplateError(problems)
    package = Package.read(template)
    names, printed, marks = names_of(context), Counter[str](), Marks()
    stories = {}
    for part in package.stories():
        try:
            with marking(marks):
                stories[part] = _rendered(package, part, names, printed)
        except (jinja2.TemplateError, UnprintableError, etree.XMLSyntaxError, TypeError) as fault:
            raise TemplateError([_failure(template, part, fault)]) from fault
    try:
        finish_contents(package, stories[package.document])
    except MissingReferenceError as fault:
        raise TemplateError([_failure(template, package.document, fault)]) from fault
    make_unique(stories.values())
    for part, root in stories.items():
        package.parts[part] = serialise(root)
    put_stamp(package, stamp)
    write_properties(package, properties)
    return Rendered(package.to_bytes(), printed)


def prepared(part: bytes) -> tuple[str, Marker]:
    """Return a part as Jinja source, a paragraph a line, as docxtpl makes it; and its marker."""
    markup = docxtpl_functions().patch_xml(etree.tostring(parse(part), encoding="unicode"))
    marker = Marker()
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", marker.prepare(markup)), marker


@cache
def docxtpl_functions() -> DocxTemplate:
    """Return docxtpl for its pure functions; the file it is given is never opened."""
    return DocxTemplate("")


def _rendered(
    package: Package, part: str, names: dict[str, object], printed: Counter[str]
) -> etree._Element:
    """Return the part with its tags filled: docxtpl's steps, with a strict parser at the end."""
    inserter, docxtpl = Inserter(package, part), docxtpl_functions()
    with printing(inserter.markup, printed):
        filled = _as_jinja(package.parts[part]).render(names)
    markup = docxtpl.resolve_listing(_PARAGRAPH_LINE.sub(r"<w:p\1", filled))
    parse(markup)  # docxtpl's own parser would mend broken markup by dropping what follows it
    root: etree._Element = parse(etree.tostring(docxtpl.fix_tables(markup)))
    hang(root)
    drop_empty_runs(root)
    make_whole(root)
    return root


_PARAGRAPH_LINE = re.compile(r"\n<w:p([ >])")


@lru_cache(maxsize=_COMPILED_PARTS)
def _as_jinja(part: bytes) -> jinja2.Template:
    source, marker = prepared(part)
    language = Language()
    language.filters[FILTER] = marker.mark
    return language.from_string(source)


def _failure(template: Path, part: str, fault: Exception) -> Problem:
    story = part.rsplit("/", 1)[-1].removesuffix(".xml")
    return error(
        "template-value",
        source_of(template),
        say("{story}: {why}", story=story, why=_reason(fault)),
        (isinstance(fault, UnprintableError) and fault.fix)
        or say("mend the tag in the template, or the value in the data"),
    )


def _reason(fault: Exception) -> Message:
    why = fault.args[0] if fault.args else ""
    return why if isinstance(why, Message) else say("{why}", why=str(fault))
