"""From a template and a context to the bytes of a document.

A template is compiled once (docs/engine.md) and then writes bytes. What the compiled form does not
know goes the general way, which is slower and comes to the same document.
"""

from __future__ import annotations

import os
from dataclasses import is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from deliverables.render.compiled.cache import MissingError, key_of, load, store
from deliverables.render.compiled.shape import shape_of
from deliverables.render.compiled.template import CompiledTemplate
from deliverables.render.compiled.text import UnusualError
from deliverables.render.package import Package
from deliverables.render.properties import Properties
from deliverables.render.rendered import Rendered, TemplateError
from deliverables.render.stamp import Stamp

_MOST_TEMPLATES: Final = 64

__all__ = ["Properties", "Rendered", "Stamp", "TemplateError", "render"]


def render(template: Path, context: object, stamp: Stamp, properties: Properties) -> Rendered:
    """Return the document that `template` makes of `context`, a frozen dataclass.

    Raises:
        TemplateError: The template is badly written, names what the context does not offer, or
            a value cannot stand in a document.
    """
    if not is_dataclass(context) or isinstance(context, type):
        raise TypeError("a context is an instance of a dataclass")
    compiled = compiled_template(template, type(context))
    if compiled is not None:
        try:
            return compiled.render(context, stamp, properties)
        except UnusualError:
            pass  # the general way knows what to do, or how to refuse it
    from deliverables.render.general import render_generally  # noqa: PLC0415  # brings docxtpl

    return render_generally(template, context, stamp, properties)


def compiled_template(template: Path, context: type) -> CompiledTemplate | None:
    """Return a template compiled for a context, or None where only the general way will do."""
    state = os.stat(template)  # noqa: PTH116  # a few microseconds sooner, for each document
    version = (state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino)
    return _compiled(template, version, context)


@lru_cache(maxsize=_MOST_TEMPLATES)
def _compiled(template: Path, _version: tuple[int, ...], context: type) -> CompiledTemplate | None:
    content = template.read_bytes()
    shape = shape_of(context)
    key = key_of(content, shape)
    parts = Package.of(content).parts
    try:
        programs = load(key)
        return None if programs is None else CompiledTemplate(parts, programs)
    except MissingError:
        pass
    from deliverables.render.compiled.compiling import compile_template  # noqa: PLC0415
    from deliverables.render.names import template_problems  # noqa: PLC0415

    if template_problems(template, context):
        return None
    programs = compile_template(parts, shape)
    store(key, programs)
    return None if programs is None else CompiledTemplate(parts, programs)
