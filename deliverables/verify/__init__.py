"""The finished document, opened again by a reader of its own and proved against what was made."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from deliverables.model.content import Chart, Picture
from deliverables.values.figure import Figure
from deliverables.values.identifiers import discreet
from deliverables.values.problem import Message, Severity, say
from deliverables.verify.base import CUTS, Base, Frame, Made
from deliverables.verify.chart import chart_said
from deliverables.verify.document import Document, FileIdentity, Form, excerpt, fold, read_document
from deliverables.verify.document_rules import OF_FIGURES, OF_THE_FILE, faults, rules_for
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, fault
from deliverables.verify.judgement import MOST_SOURCES, Difference, account
from deliverables.verify.package import OpenedPackage, UnreadableDocumentError

if TYPE_CHECKING:
    from deliverables.verify.template_figures import Call

__all__ = ["Base", "Difference", "Finding", "UnreadableDocumentError", "account", "prove",
           "read_document", "violated"]  # fmt: skip

_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.GAP, Severity.EDIT)


def prove(document: Path | bytes, base: Base, context: object | None = None) -> tuple[Finding, ...]:
    """Return everything in which a document is not what was made, errors first.

    With the context of a document just made, each figure is held at its traced place, and what the
    template's own tags call for against what was printed; a document whose frame was proved before
    need not be read as a whole again. A file that cannot be read is a finding.
    """
    try:
        found = list(_proved(document, base, context))
    except UnreadableDocumentError as failure:
        return (fault("unreadable", WHOLE_DOCUMENT, failure.message),)
    private = {fold(told.text) for told in base.figures.values() if told.private and told.text}
    masked = (_masked(finding, private) for finding in found)
    return tuple(sorted(masked, key=lambda finding: _ORDER.index(finding.severity)))


def _proved(document: Path | bytes, base: Base, context: object | None) -> Iterator[Finding]:
    called: Mapping[str, list[Call]] = {}
    if context is not None and base.made is not None:
        # Jinja, which reads the tags, takes longer to import than a file takes to be read.
        from deliverables.verify.template_figures import calls_of  # noqa: PLC0415

        called = calls_of(base.made.template, base.template_sha256).of(context)
        wrong = list(_wrong_calls(base, base.made.frame, called))
        if not wrong and isinstance(document, bytes) and _is_filled(base, base.made, document):
            yield from _wrong_when_made(base, base.made.frame, called)
            return
        yield from wrong
    read = read_document(document)
    if read.identity and base.identity and read.identity != base.identity:
        message = say("the file says it is {claimed}, and it was made as {found}",
                      claimed=_named(read.identity), found=_named(base.identity))  # fmt: skip
        yield fault("identity-differs", WHOLE_DOCUMENT, message)
    yield from (difference.finding for difference in account(base, read))
    yield from _wrong_inserts(read, called)
    yield from faults(read, base, (*OF_FIGURES, *OF_THE_FILE))


def _named(identity: FileIdentity) -> str:
    day, digest = identity.day.isoformat(), identity.digest[:_DIGEST_SHOWN]
    return f"{identity.contract} {identity.kind}/{identity.part} {day} {digest}"


_DIGEST_SHOWN: Final = 8


def violated(read: Document, base: Base) -> tuple[Finding, ...]:
    """Return what a document must keep by itself and does not, whatever was made."""
    private = {fold(told.text) for told in base.figures.values() if told.private and told.text}
    return tuple(_masked(one, private) for one in faults(read, base, (*OF_FIGURES, *OF_THE_FILE)))


# A document just made


def _is_filled(base: Base, made: Made, document: bytes) -> bool:
    """Tell whether a finished file is the frame that was read, filled with the context's figures.

    The stories are unpacked, and compared to the letter; the other members lie in the file as they
    lay in the one that was read.
    """
    package = made.package if document is made.document else OpenedPackage.of(document)
    at = 0
    for part, pieces in made.frame.pieces.items():
        texts = [_escaped(text) for _, text in base.printings[at : at + len(pieces) - 1]]
        at += len(texts)
        story = "".join([one for both in zip(pieces, (*texts, ""), strict=True) for one in both])
        if package.content(part) != story.encode():
            return False
    return package.packed(document, frozenset(made.frame.pieces)) == made.frame.members


def _wrong_when_made(
    base: Base, frame: Frame, called: Mapping[str, list[Call]]
) -> Iterator[Finding]:
    """Yield what a document that is its filled frame violates; its frame is looked at once."""
    if any(isinstance(call.leaf, Chart | Picture) for calls in called.values() for call in calls):
        yield from _wrong_inserts(Document(base.blocks), called)
    if _SOUND in frame.sound:
        rules = rules_for(frame, "\n".join([text for _, text in base.printings]))
        if rules:
            yield from faults(Document(base.blocks), base, rules)
        return
    stories = frame.stories
    read = Document(
        base.blocks, base.identity, stories.insertions, stories.deletions, stories.flaws
    )
    amiss = list(faults(read, base, (*OF_FIGURES, *OF_THE_FILE)))
    if all(finding.severity is Severity.GAP for finding in amiss):
        frame.sound.add(_SOUND)
    yield from amiss


_SOUND: Final = "sound"


def _escaped(text: str) -> str:
    """Return a text as it stands in markup; by code that does not render."""
    if text.isalnum():
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# What the template's own tags call for


def _wrong_calls(base: Base, frame: Frame, called: Mapping[str, list[Call]]) -> Iterator[Finding]:
    """Find figures that were printed otherwise, or elsewhere, than tags and context say."""
    at = 0
    for part, pieces in frame.pieces.items():
        count = len(pieces) - 1
        have = [base.printings[number] for number in range(at, at + count)
                if number not in frame.uncalled and base.printings[number][1]]  # fmt: skip
        at += count
        calls = called.get(part, [])
        want = [(call.key, piece) for call in calls if isinstance(call.leaf, Figure)
                for piece in CUTS.split(call.leaf.text) if piece]  # fmt: skip
        if have != want:
            yield from _misprints(base, have, want)
        markup = ""
        for call in calls:
            if isinstance(call.leaf, str) and call.leaf:
                markup = markup or "".join(pieces)
                if not all(_escaped(one) in markup for one in CUTS.split(call.leaf)):
                    yield _misprint(base, call.key, call.leaf, "")
    for part in called.keys() - frame.pieces.keys():
        for call in called[part]:
            if isinstance(call.leaf, Figure) and call.leaf.text:
                yield _misprint(base, call.key, call.leaf.text, "")


def _misprints(
    base: Base, have: list[tuple[str, str]], want: list[tuple[str, str]]
) -> Iterator[Finding]:
    keys, called = [key for key, _ in have], [key for key, _ in want]
    matcher = SequenceMatcher(None, called, keys, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            for (key, text), (_, printed) in zip(want[i:j], have[k:m], strict=True):
                if text != printed and fold(text) != fold(printed):
                    yield _misprint(base, key, text, printed)
            continue
        yield from (_misprint(base, key, text, "") for key, text in want[i:j])
        yield from (_misprint(base, key, "", text) for key, text in have[k:m])


def _misprint(base: Base, key: str, expected: str, found: str) -> Finding:
    told = base.figures.get(key)
    name = told.name if told and told.name else key
    if not found:
        message = say("{name} {text} is not printed where the template calls for it",
                      name=name, text=expected)  # fmt: skip
    elif not expected:
        message = say("{name} {text} is printed where the template does not call for it",
                      name=name, text=found)  # fmt: skip
    else:
        message = say("{name} is {expected}, and {found} is printed",
                      name=name, expected=expected, found=found)  # fmt: skip
    sources = told.sources[:MOST_SOURCES] if told else ()
    return Finding(
        code="misprinted",
        severity=Severity.ERROR,
        where=WHOLE_DOCUMENT,
        message=message,
        expected=expected,
        found=found,
        key=key,
        sources=sources,
    )


def _wrong_inserts(read: Document, called: Mapping[str, list[Call]]) -> Iterator[Finding]:
    """Find charts and pictures that do not show what the data hold."""
    leaves = [call.leaf for calls in called.values() for call in calls]
    charts = [leaf for leaf in leaves if isinstance(leaf, Chart)]
    drawn = [block for block in read.blocks if block.form is Form.CHART]
    if charts and len(charts) != len(drawn):
        message = say("the data call for {count} charts, and {found} are drawn",
                      count=len(charts), found=len(drawn))  # fmt: skip
        yield fault("chart-missing", WHOLE_DOCUMENT, message)
    for chart, block in zip(charts, drawn, strict=False):
        for held, told in zip_longest(chart_said(chart), block.texts[:-1], fillvalue=""):
            shown = told.replace(f"; labels {chart.number_format}", "")
            if fold(held) != fold(shown):
                message = say(
                    "the chart “{title}” shows {shown}, the data hold {held}",
                    title=chart.title,
                    shown=excerpt(shown),
                    held=excerpt(held),
                )
                yield fault("chart-misdrawn", block.place.message(), message, held, shown)
    shown_pictures = iter([block.texts[0] for block in read.blocks if block.form is Form.PICTURE])
    for leaf in leaves:
        if isinstance(leaf, Picture):
            digest = sha256(leaf.content).hexdigest()
            if digest not in shown_pictures:  # which goes on behind the one that was found
                message = say("the picture “{what}” is not the one of the data, or is gone",
                              what=excerpt(leaf.description))  # fmt: skip
                yield fault("picture-changed", WHOLE_DOCUMENT, message)


def _masked(finding: Finding, private: Collection[str]) -> Finding:
    """Return the finding without identity numbers, the right one and one mistyped."""
    return replace(
        finding,
        where=_discreet(finding.where, private),
        message=_discreet(finding.message, private),
        expected=_discreet(finding.expected, private),
        found=_discreet(finding.found, private),
    )


def _discreet(told: Any, private: Collection[str]) -> Any:
    if isinstance(told, Message):
        values = {name: _discreet(value, private) for name, value in told.values.items()}
        return replace(told, values=values)
    return discreet(told, private) if isinstance(told, str) else told
