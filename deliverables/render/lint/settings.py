"""Rules on what a file holds beside its words and does not hand on to the documents made of it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from deliverables.message import Message, say
from deliverables.problem import Problem, warning
from deliverables.render.lint.subject import Subject, first_place, with_tags
from deliverables.render.outside import outside
from deliverables.render.package import parse
from deliverables.render.place import W
from deliverables.render.tag import TAG
from deliverables.render.word_file import has_macros

_SETTINGS = {
    "trackRevisions": say("changes are tracked"),
    "documentProtection": say("it is protected"),
    "writeProtection": say("it is protected against writing"),
    "mailMerge": say("it is connected to the data of a mail merge"),
    "attachedTemplate": say("a template of Word is attached to it"),
}
_OFF = ("0", "false", "off")


def settings_that_stay(subject: Subject) -> Iterator[Problem]:
    """Tracking, protection, mail merge, an attached template, macros: no document has them."""
    package = subject.package
    parts = tuple(package.related(package.document, "settings"))
    for part in parts:
        targets = {found.id: found.target for found in outside(package, part)}
        for element in parse(package.parts[part]).iterchildren(etree.Element):
            name = etree.QName(element).localname
            if name in _SETTINGS and element.get(f"{W}val") not in _OFF:
                yield _dropped(subject, _with_source(_SETTINGS[name], element, targets))
    for found in outside(package):
        if found.is_setting and found.part not in parts:
            what = _SETTINGS["attachedTemplate"]
            yield _dropped(subject, say("{what}: {source}", what=what, source=found.target))
    if has_macros(package):
        yield _dropped(subject, say("it is a file with macros"))


def bound_controls(subject: Subject) -> Iterator[Problem]:
    """Tags in a control bound to data: Word shows those data in place of what the tag prints."""
    for story in subject.stories:
        for control in story.root.iter(f"{W}sdt"):
            binding = control.find(f"{W}sdtPr/{W}dataBinding")
            text = "".join(found.text or "" for found in control.iter(f"{W}t"))
            if binding is not None and TAG.search(text):
                place = first_place(story, control)
                yield warning(
                    "template-binding",
                    subject.source,
                    say(
                        "{place}: the control shows the data {path}, not what the tag prints; "
                        "documents are made without that binding",
                        place=with_tags(place),
                        path=binding.get(f"{W}xpath", ""),
                    ),
                    say("take the content control away in Word and leave the tag"),
                )


def _dropped(subject: Subject, what: Message) -> Problem:
    return warning(
        "template-setting",
        subject.source,
        say("{what}; documents are made without it", what=what),
        say("turn it off in Word and save the template"),
    )


def _with_source(what: Message, element: etree._Element, targets: dict[str, str]) -> Message:
    """Return what is set, with the file or the query it points to."""
    values = [str(value) for found in element.iter(etree.Element) for value in found.values()]
    source = next((targets[value] for value in values if value in targets), "")
    for name in ("connectString", "query"):
        found = element.find(f"{W}{name}")
        source = source or ("" if found is None else found.get(f"{W}val", ""))
    return say("{what}: {source}", what=what, source=source) if source else what
