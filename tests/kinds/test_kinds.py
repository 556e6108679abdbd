"""What must hold for every kind of document; a new kind is tested by being there."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

import pytest
from documents import EVERY_KIND, base, made, made_anew, makeable, template
from office import validate_ooxml
from places import ROOT, TESTS
from scenarios import sample

from deliverables.docx.names import Holds, names_offered, names_used, template_problems
from deliverables.docx.render import Stamp
from deliverables.kinds import Kind, Role, kind_that, kinds
from deliverables.model.content import Insert
from deliverables.values.figure import Figure
from deliverables.verify import prove
from deliverables.verify.document import Form, read_document

GOLDEN = TESTS / "golden"


@EVERY_KIND
def test_has_a_template_of_its_own_name(kind: Kind) -> None:
    assert template(kind).is_file()


def test_what_others_ask_for_is_done_by_one_kind() -> None:
    asked_for = [kind.role for kind in kinds().values() if kind.role]
    assert sorted(asked_for) == sorted(Role)
    assert kind_that(Role.ASKS).name == "payment_request"


@EVERY_KIND
def test_template_uses_only_names_that_the_context_offers(kind: Kind) -> None:
    assert template_problems(template(kind), kind.offers) == ()


@EVERY_KIND
def test_context_offers_only_names_that_a_template_uses(kind: Kind) -> None:
    printed = {field for other in kinds().values() for field in printed_fields(other)}
    unused = [name for name, field in owners(kind.offers).items() if field not in printed]
    assert unused == []


@cache
def printed_fields(kind: Kind) -> set[tuple[type, str]]:
    """Return the dataclass fields that the template of a kind uses."""
    used = {use.name for use in names_used(template(kind))}
    return {field for name, field in owners(kind.offers).items() if name in used}


def owners(context: type) -> dict[str, tuple[type, str]]:
    """Return the dataclass and the field that each name of a context stands for."""
    leaves = {field.name for field in names_offered(context) if field.holds is not Holds.GROUP}
    return {name: found for name, found in _owners(context, "") if name in leaves}


def _owners(context: type, prefix: str) -> Iterator[tuple[str, tuple[type, str]]]:
    hints = get_type_hints(context)
    for field in fields(context):
        name, hint = f"{prefix}{field.name}", hints[field.name]
        item = get_args(hint)[0] if get_origin(hint) is tuple else hint
        yield name, (context, field.name)
        if is_dataclass(item) and isinstance(item, type) and not issubclass(item, Figure | Insert):
            yield from _owners(item, f"{name}.")


@pytest.mark.thorough  # test_verify_prove holds one of each kind
@EVERY_KIND
def test_every_part_renders_and_is_proved(kind: Kind) -> None:
    for one in makeable(kind):
        document, context = made(kind, one)
        found = prove(document, base(kind, one), context)
        refuted = [str(finding) for finding in found if finding.code != "gap"]
        assert refuted == [], one.key


@pytest.mark.thorough
@EVERY_KIND
def test_the_same_data_give_the_same_bytes(kind: Kind) -> None:
    one = makeable(kind)[0]
    assert made_anew(kind, one, None)[0] == made(kind, one)[0]


@pytest.mark.office
@EVERY_KIND
def test_documents_are_valid_office_open_xml(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"{kind.name}.docx"
    path.write_bytes(made(kind, makeable(kind)[0])[0])
    validate_ooxml(path)


@EVERY_KIND
def test_says_what_its_golden_text_says(kind: Kind, request: pytest.FixtureRequest) -> None:
    one = makeable(kind)[0]
    document, _ = made(kind, one, Stamp(draft=False, sample=False))
    text = without_contacts("\n".join(text_of(document)) + "\n")
    golden = GOLDEN / f"{kind.name}-{one.part}.txt"
    if request.config.getoption("--golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, "utf-8")
    expected = golden.read_text("utf-8")
    assert text == expected, "\n".join(
        difflib.unified_diff(expected.splitlines(), text.splitlines(), lineterm="")
    )


def without_contacts(text: str) -> str:
    """Return the text without the people the contract names: they belong to contract.yaml alone."""
    for party in (sample().contract.client, sample().contract.contractor):
        text = text.replace(str(party.contact.name), "〈联系人〉")
        text = text.replace(str(party.contact.phone), "〈联系电话〉")
    return text


def text_of(document: bytes) -> Iterator[str]:
    """Return paragraphs, then tables a row a line, as the independent reader sees them."""
    blocks = read_document(document).blocks
    yield from (block.texts[0] for block in blocks if block.form is Form.PARAGRAPH)
    rows = (block for block in blocks if block.form is Form.ROW)
    for number, table in groupby(rows, lambda row: (row.part, row.place.table)):
        yield f"--- 表 {number[1]}"
        yield from (row.shown for row in table)


@pytest.mark.thorough
@EVERY_KIND
def test_no_identity_number_leaves_its_own_agreement(kind: Kind) -> None:
    roster = sample().roster
    assert roster is not None
    numbers = {member.number: member.identity_number for member in roster.members}
    for one in makeable(kind):
        own = numbers.get(one.part) if one.private else None
        text = "\n".join(text_of(made(kind, one)[0]))
        leaked = [number for number in numbers.values() if number and number in text]
        assert leaked == ([own] if own else []), one.key


def test_a_kind_nobody_planned_for_is_found_by_itself() -> None:
    found = (ROOT / "deliverables" / "kinds").glob("[a-z]*")
    modules = {
        path.stem for path in found if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert set(kinds()) == modules


def test_handwriting_mode_leaves_the_identity_number_blank() -> None:
    kind = kinds()["confidentiality_agreement"]
    one = next(one for one in makeable(kind) if one.part == "S001")
    document, _ = made(kind, replace(one, options=frozenset({"no-id"})))
    assert "999999" not in "\n".join(text_of(document))
