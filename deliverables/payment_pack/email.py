"""The e-mail that goes with the letter: subject, body and attachments, in the letter's own words.

The template is plain text in Jinja. Every value stands on one line, so none can add a line, and
with it a second subject, to the text.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, meta, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from deliverables.kinds.payment_request import PaymentRequest
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.problem import Problem, error
from deliverables.source import Line

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
    """An invoice; one that is not `issued` has no number yet."""

    type: str
    rate: str
    net: str
    tax: str
    gross: str
    number: str
    issued: bool


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
class Written:
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
        unmet=letter.unmet,
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
        amounts=tuple(
            AmountText(line.label, str(line.amount), line.basis) for line in letter.amounts
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
            )
            for line in letter.invoices
        ),
        deadline=str(letter.deadline),
        account_holder=str(letter.account_holder),
        account_bank=str(letter.account_bank),
        account_number=str(letter.account_number),
        attachments=("付款申请函", *letter.attachments),
        sender=str(letter.contact),
        sender_phone=str(letter.contact_phone),
        contractor=str(letter.contractor),
        dated=str(letter.dated),
    )


def write_email(template: Path, said: EmailText) -> Written:
    """Return the e-mail that the template makes, or everything that is wrong with the template."""
    place = template.as_posix()
    try:
        source = template.read_text("utf-8-sig")
        tree = _language().parse(source)
    except UnicodeDecodeError:
        return Written(problems=(_fault(place, 0, say("it is not UTF-8 text")),))
    except TemplateSyntaxError as fault:
        return Written(problems=(_fault(place, fault.lineno, say("{why}", why=str(fault))),))
    unknown = tuple(_unknown(place, tree))
    if unknown:
        return Written(problems=unknown)
    try:
        text = _language().from_string(source).render(_one_line_each(asdict(said)))
    except (JinjaError, TypeError, ValueError, ArithmeticError) as fault:
        return Written(problems=(_fault(place, 0, say("{why}", why=str(fault))),))
    first = text.partition("\n")[0]
    if not first.startswith(SUBJECT):
        return Written(
            problems=(_fault(place, 1, say("the first line does not begin with {mark}",
                                           mark=SUBJECT)),)
        )  # fmt: skip
    return Written(text, first.removeprefix(SUBJECT).strip())


def _language() -> ImmutableSandboxedEnvironment:
    """Return the language of text templates: strict, sandboxed, without Jinja's own names."""
    language = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # plain text: there is no markup to protect
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    language.globals.clear()
    language.filters = {"length": len, "count": len}
    return language


def _one_line_each(value: Any) -> Any:
    """Return the value with every line break in its texts made a space."""
    if isinstance(value, str):
        return " ".join(value.splitlines())
    if isinstance(value, dict):
        return {key: _one_line_each(item) for key, item in value.items()}
    return tuple(map(_one_line_each, value)) if isinstance(value, tuple) else value


def _unknown(place: str, tree: nodes.Template) -> tuple[Problem, ...]:
    """Return a problem for each name that the e-mail does not offer, where it first stands."""
    offered = [field.name for field in fields(EmailText)]
    found = sorted(meta.find_undeclared_variables(tree) - set(offered))
    lines = {node.name: node.lineno for node in reversed(list(tree.find_all(nodes.Name)))}
    return tuple(_fault(place, lines.get(name, 0), _no_such(name, offered)) for name in found)


def _no_such(name: str, offered: list[str]) -> Message:
    near = get_close_matches(name, offered, n=1)
    if near:
        return say("there is no name {name}; did you mean {near}?", name=name, near=near[0])
    return say("there is no name {name}; there are {all}", name=name, all=", ".join(offered))


def _fault(place: str, line: int, why: Message) -> Problem:
    return error(
        "email-template",
        Line(place, line, 1 if line else 0),
        why,
        say("mend the template, or delete it: then the shipped one is used"),
    )
