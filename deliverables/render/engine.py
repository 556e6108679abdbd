"""From a template and a context to the bytes of a document."""

from __future__ import annotations

from dataclasses import is_dataclass
from pathlib import Path

from deliverables.render.properties import Properties
from deliverables.render.rendered import Rendered, TemplateError
from deliverables.render.stamp import Stamp

__all__ = ["Properties", "Rendered", "Stamp", "TemplateError", "render"]


def render(template: Path, context: object, stamp: Stamp, properties: Properties) -> Rendered:
    """Return the document that `template` makes of `context`, a frozen dataclass.

    Raises:
        TemplateError: The template is badly written, names what the context does not offer, or
            a value cannot stand in a document.
    """
    if not is_dataclass(context) or isinstance(context, type):
        raise TypeError("a context is an instance of a dataclass")
    compiled = _compiled(template, context)
    if compiled:
        try:
            return compiled.render(context, stamp, properties)
        except UnusualError:
            pass
    from deliverables.render.general import render_generally

    return render_generally(template, context, stamp, properties)


_c = {}
def _compiled(template, context):
    k=(template,type(context))
    if k not in _c:
        parts=Package.read(template).parts
        programs=compile_template(parts, shape_of(type(context)))
        _c[k]=CompiledTemplate(parts,programs) if programs else None
    return _c[k]
from deliverables.render.package import Package
from deliverables.render.compiled.compiling import compile_template
from deliverables.render.compiled.template import CompiledTemplate
from deliverables.render.compiled.text import UnusualError
from deliverables.render.compiled.shape import shape_of
