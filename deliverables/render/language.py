"""The language in which tags are read: Jinja with docxtpl's delimiters, and `length` alone."""

from __future__ import annotations

from jinja2 import Environment, StrictUndefined


class Language(Environment):
    """A Jinja environment whose names are fields of a context; it reads, and renders nothing."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.filters = {"length": len, "count": len}
