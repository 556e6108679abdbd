"""What looks like a tag and is none: it would be printed as it stands, in a letter to a client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from deliverables.message import Message, say
from deliverables.render.place import Inside, Story, W, own
from deliverables.render.tag import ESCAPED, TAG, Fault, Tag
from deliverables.trace import RESERVED

_DELIMITER = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_APART = re.compile(r"[{｛]\s*[{｛%][^{}｛｝]*[}｝%]\s*[}｝]")
_SINGLE = re.compile(r"[{｛][^{}｛｝]*[}｝]")
_MERGED = re.compile(r"«[^«»]*»")
_BRACE = re.compile(r"[{}｛｝]")
_GAP = "\N{NO-BREAK SPACE}"
_MERGE_FIELD = re.compile(r"\s*MERGEFIELD\s+(\"[^\"]*\"|\S+)", re.IGNORECASE)
_LONGEST = 60


def broken_tags(story: Story) -> Iterator[Fault]:
    """Yield every tag of a story that is opened and not closed, or closed and never opened."""
    for line, _ in story.paragraphs:
        rest = TAG.sub("", line.text)
        if found := _DELIMITER.search(rest):
            opened = found[0].startswith("{")
            broken = rest[found.start() :] if opened else rest[: found.end()]
            why = say("the tag is not closed") if opened else say("the tag was never opened")
            yield Fault(Tag(broken.strip()[:_LONGEST], line), why)


def lookalikes(story: Story) -> Iterator[Fault]:
    """Yield what looks like a tag and is none: { x }, ｛｛ x ｝｝, «x», a brace left over."""
    for place, paragraph in story.paragraphs:
        if found := RESERVED.search(place.text):
            why = say("the program uses the character U+{code} itself", code=f"{ord(found[0]):X}")
            yield Fault(Tag(found[0], place), why)
        rest = ESCAPED.sub("", TAG.sub(_GAP, place.text))
        if not _DELIMITER.search(rest):
            for pattern, why in _KINDS:
                for found in pattern.finditer(rest):
                    yield Fault(Tag(found[0], place), why)
                rest = pattern.sub(_GAP, rest)
        codes = "".join(code.text or "" for code in own(paragraph, f"{W}instrText"))
        simple = [field.get(f"{W}instr", "") for field in own(paragraph, f"{W}fldSimple")]
        for code in (codes, *simple):
            for field in _MERGE_FIELD.finditer(code):
                yield Fault(
                    Tag(field[0].strip(), replace(place, inside=Inside.FIELD)),
                    say("a field of Word's mail merge is not filled; write {{{{ name }}}}"),
                )


_WRITE = say("it looks like a tag and would be printed as it stands; write {{{{ name }}}} with two "
             "plain braces on each side")  # fmt: skip
_KINDS: tuple[tuple[re.Pattern[str], Message], ...] = (
    (_APART, _WRITE),
    (_SINGLE, _WRITE),
    (_MERGED, say("it was left by Word's mail merge; write {{{{ name }}}}")),
    (_BRACE, say("a brace is left over; to print one, write {tag}", tag='{{ "{" }}')),
)
