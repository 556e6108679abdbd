"""The e-mail of a payment request: its text, the names it may use, faults of its template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from deliverables.compute.request import PaymentRequest
from deliverables.docx.package import TemplatePlace
from deliverables.docx.tags import (
    CELLS,
    LOOP_FLAGS,
    LOOP_NUMBERS,
    MERGES,
    TAG,
    Tag,
    as_jinja,
    refusal,
)
from deliverables.model.book import ContractBook
from deliverables.model.fields import SEVERAL_RATES
from deliverables.read.characters import nearest
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, error, listed, say

TEMPLATE: Final = "payment_email"
SUFFIX: Final = ".txt.jinja"
SUBJECT: Final = "主题："


@dataclass(frozen=True, slots=True)
class AmountText:
    """A line of the amounts."""

    label: str
    amount: str
    basis: str


@dataclass(frozen=True, slots=True)
class InvoiceText:
    """An invoice; one that is not `issued` has no number yet.

    One that is not `split` states neither net nor tax; one of `several` rates has no rate to name.
    """

    type: str
    rate: str
    net: str
    tax: str
    gross: str
    number: str
    issued: bool
    exempt: bool
    several: bool
    split: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailText:
    """The names that the template may use; every text is one line."""

    sample: bool
    draft: bool
    unmet: tuple[str, ...]
    contact: str
    client: str
    you: str
    project: str
    service: str
    contract_number: str
    signed_on: str
    instalment: str
    name: str
    article: str
    standing: str
    amounts: tuple[AmountText, ...]
    requested: str
    requested_in_words: str
    invoices: tuple[InvoiceText, ...]
    deadline: str
    account_holder: str
    account_bank: str
    account_number: str
    attachments: tuple[str, ...]
    sender: str
    sender_phone: str
    contractor: str
    dated: str


@dataclass(frozen=True, slots=True)
class WrittenEmail:
    """The e-mail as text and its subject, or what is wrong with the template."""

    text: str = ""
    subject: str = ""
    problems: tuple[Problem, ...] = ()


def email_text(
    book: ContractBook, letter: PaymentRequest, *, sample: bool, sealed: bool
) -> EmailText:
    """Return what the e-mail says, every amount as the letter has it."""
    contract = book.contract
    return EmailText(
        sample=sample,
        draft=not sealed,
        unmet=tuple(map(str, letter.unmet)),
        contact=str(contract.client.contact.figure("name")),
        client=str(letter.client),
        you=letter.you,
        project=str(letter.project),
        service=contract.service.name,
        contract_number=str(letter.contract_number),
        signed_on=str(letter.signed_on),
        instalment=letter.instalment,
        name=str(letter.name),
        article=str(letter.article),
        standing=str(letter.standing),
        amounts=tuple(
            AmountText(line.label, str(line.amount), str(line.basis)) for line in letter.amounts
        ),
        requested=str(letter.requested),
        requested_in_words=str(letter.requested_in_words),
        invoices=tuple(
            InvoiceText(
                type=str(line.type),
                rate=str(line.rate),
                net=str(line.net),
                tax=str(line.tax),
                gross=str(line.gross),
                number=str(line.number),
                issued=line.number.value is not None,
                exempt=line.rate.value == 0,
                several=line.rate.value == SEVERAL_RATES,
                split=line.net.value is not None,
            )
            for line in letter.invoices
        ),
        deadline=str(letter.deadline),
        account_holder=str(letter.account_holder),
        account_bank=str(letter.account_bank),
        account_number=str(letter.account_number),
        attachments=("付款申请函", *map(str, letter.attachments)),
        sender=str(letter.contact),
        sender_phone=str(letter.contact_phone),
        contractor=str(letter.contractor),
        dated=str(letter.dated),
    )


def write_email(template: Path, said: EmailText) -> WrittenEmail:
    """Return the e-mail that the template makes, or everything that is wrong with the template.

    Its tags are those of all templates, without what takes paragraphs or cells with it.
    """
    place = template.as_posix()
    try:
        source = template.read_text("utf-8-sig")
    except UnicodeDecodeError:
        return WrittenEmail(problems=(_fault(place, 0, say("it is not UTF-8 text")),))
    faults = [_fault(place, line, why) for line, why in _faults(source)]
    if not source.startswith(SUBJECT):
        faults.append(_fault(place, 1, say("the first line does not begin with {mark}",
                                           mark=SUBJECT)))  # fmt: skip
    if faults:
        return WrittenEmail(problems=tuple(faults))
    text = _LANGUAGE.from_string(_as_jinja(source)).render(_one_line_each(asdict(said)))
    return WrittenEmail(text, text.partition("\n")[0].removeprefix(SUBJECT).strip())


_LANGUAGE: Final = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    autoescape=False,  # plain text: there is no markup to protect
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
"""The language of text templates: strict, sandboxed, without Jinja's own names."""
_LANGUAGE.globals.clear()
_LANGUAGE.filters = {"length": len, "count": len}


def _tag(found: re.Match[str]) -> Tag:
    return Tag(found[0], TemplatePlace("", ""))


def _as_jinja(source: str) -> str:
    """Return the source with typographic quotation marks in its tags made Jinja's."""
    return TAG.sub(lambda found: as_jinja(_tag(found)) or found[0], source)


def _one_line_each(value: Any) -> Any:
    """Return the value with every line break in its texts made a space."""
    if isinstance(value, str):
        return " ".join(value.splitlines())
    if isinstance(value, dict):
        return {key: _one_line_each(item) for key, item in value.items()}
    return tuple(map(_one_line_each, value)) if isinstance(value, tuple) else value


def _faults(source: str) -> list[tuple[int, Message]]:
    """Return what is wrong with the tags, line by line; with the names once all can be read."""
    found = sorted((*_torn(source), *_misfits(source)), key=lambda one: one[0])
    if found:
        return found
    try:
        return list(_unknown(_LANGUAGE.parse(_as_jinja(source))))
    except TemplateError as fault:  # what no tag alone tells
        return [(getattr(fault, "lineno", 0), say("the tags cannot be read as they stand"))]


def _line(source: str, at: int) -> int:
    return source.count("\n", 0, at) + 1


_BRACES: Final = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")


def _torn(source: str) -> Iterator[tuple[int, Message]]:
    """Yield the braces that belong to no tag."""
    left = TAG.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)
    for found in _BRACES.finditer(left):
        yield _line(source, found.start()), say("{found} belongs to no tag", found=found[0])


def _misfits(source: str) -> Iterator[tuple[int, Message]]:
    """Yield what tags say that no text can, and blocks without beginning or end."""
    opened: list[tuple[int, Tag]] = []
    for found in TAG.finditer(source):
        line, tag = _line(source, found.start()), _tag(found)
        if tag.scope or tag.word in (*MERGES, *CELLS):
            yield line, say("{tag} belongs in a Word template", tag=tag.text)
        elif why := refusal(tag.text, plain=True):
            yield line, say("{tag}: {why}", tag=" ".join(tag.text.split()), why=why)
            if tag.opens:  # or its end would be told too
                opened.append((line, tag))
        elif tag.opens:
            opened.append((line, tag))
        elif tag.closes and opened and opened[-1][1].opens == tag.closes:
            opened.pop()
        elif tag.closes:
            yield line, say("nothing is open that {tag} could end", tag=tag.text)
        elif tag.continues and not (opened and opened[-1][1].opens == "if"):
            yield line, say("nothing is open that {tag} could continue", tag=tag.text)
    for line, tag in opened:
        yield line, say("the {word} that begins here has no end", word=tag.opens)


_ROWS: Final = {"amounts": AmountText, "invoices": InvoiceText}
"""What the rows of a name have; all other rows are texts."""


def _unknown(
    tree: nodes.Node, rows: dict[str, list[str]] | None = None
) -> Iterator[tuple[int, Message]]:
    """Yield each name that the e-mail does not offer; `rows` are the names of loops around it."""
    known = rows or {}
    offered = [field.name for field in fields(EmailText)]
    for node in tree.iter_child_nodes():
        match node:
            case nodes.For(target=nodes.Name() as target, iter=nodes.Name() as each):
                yield from _unknown(nodes.Output([each], lineno=node.lineno), known)
                parts = [one.name for one in fields(_ROWS[each.name])] if each.name in _ROWS else []
                inner = nodes.Output(node.body, lineno=node.lineno)
                yield from _unknown(inner, {**known, target.name: parts, "loop": [*_LOOP]})
                continue
            case nodes.Getattr(node=nodes.Name() as row):
                if row.name in known and node.attr not in known[row.name]:
                    yield node.lineno, _no_such(f"{row.name}.{node.attr}", known[row.name])
                elif row.name in offered:
                    yield node.lineno, say("{name} has no parts", name=row.name)
            case nodes.Getattr() | nodes.Getitem():
                yield node.lineno, say("a name has one part at most")
                continue
            case nodes.Name():
                if node.name not in (*offered, *known):
                    yield node.lineno, _no_such(node.name, offered)
        yield from _unknown(node, known)


_LOOP: Final = (*LOOP_NUMBERS, *LOOP_FLAGS)


def _no_such(name: str, offered: list[str]) -> Message:
    near = nearest(name.rpartition(".")[2], offered)
    if near:
        return say("there is no name {name}; did you mean {near}?", name=name, near=near)
    return say("there is no name {name}; there are {all}", name=name, all=listed(offered))


def _fault(place: str, line: int, why: Message) -> Problem:
    return error(
        "email-template",
        Line(place, line, 1 if line else 0),
        why,
        say("mend the template, or delete it: then the shipped one is used"),
    )
