"""The page: one file that asks for nothing, and in which only its own style and script may act."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from deliverables.overview.view import Overview
from deliverables.overview.words import WORDS

_HERE: Final = Path(__file__).parent
_TAGS: Final = {"zh": "zh-CN", "en": "en"}


def page(overview: Overview) -> bytes:
    """Return the page as HTML in UTF-8, the same for the same overview."""
    style, script = _part("page.css"), _part("page.js")
    words = {name: word.in_language(overview.language) for name, word in WORDS.items()}
    text = (
        _environment()
        .get_template("page.html")
        .render(
            view=overview,
            say=words,
            lang=_TAGS[overview.language],
            chinese="" if overview.language == "zh" else Markup(' lang="zh-CN"'),
            style=Markup(style),  # noqa: S704  # our own file
            script=Markup(script),  # noqa: S704  # our own file
            policy=policy(style, script),
        )
    )
    return text.encode()


def policy(style: str, script: str) -> str:
    """Return the Content-Security-Policy that allows this style and this script, nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _part(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
