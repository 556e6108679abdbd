"""Text as markup, as xml.sax.saxutils does it, which brings half of urllib along."""

from __future__ import annotations


def escape(text: str) -> str:
    """Return `text` as the text of an element."""
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def attribute(text: str) -> str:
    """Return `text` as an attribute is written, in double quotes."""
    escaped = escape(text).replace('"', "&quot;")
    return (
        f'"{escaped.replace(chr(10), "&#10;").replace(chr(13), "&#13;").replace(chr(9), "&#9;")}"'
    )
