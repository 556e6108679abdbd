"""Which leaves of a context are plain text, and not figures or statements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from deliverables.values.figure import Figure


def plain_texts(context: type, path: str = "") -> Iterator[str]:
    """Yield the path of every leaf of a context type that is plain text."""
    hints = get_type_hints(context)
    for field in fields(context):
        hint: Any = hints[field.name]
        while get_origin(hint) is tuple:
            hint = get_args(hint)[0]
        kind = get_origin(hint) or hint
        if kind is str:
            yield f"{path}{field.name}"
        elif is_dataclass(kind) and not issubclass(kind, Figure):
            yield from plain_texts(kind, f"{path}{field.name}.")
