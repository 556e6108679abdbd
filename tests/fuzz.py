"""Inputs that nobody would write, from seeds: whatever is read, bad data become problems.

`python tests/fuzz.py [CAMPAIGN] [--seeds 5000] [--first 0]` runs longer than the tests do, and
prints each seed that ends in anything but an answer. A traceback on any input is a fault.
"""

# ruff: noqa: E402  # the folder of the package has to be on the path first

# ruff: noqa: T201, E501  # prints; lists of odd things read best unbroken
from __future__ import annotations

import argparse
import random
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import builders
from lxml import etree
from old_excel import old_excel
from small_templates import bookmark, field, small

from deliverables.checks import check
from deliverables.docx.lint import Purpose, lint
from deliverables.docx.render import Properties, Stamp, TemplateError, render
from deliverables.import_mapping import read_plan
from deliverables.import_rows import (
    Target,
    import_rows,
    read_export,
)
from deliverables.model.book import ContractBook
from deliverables.model.operations_sheets import Alarm, Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.book import read_book
from deliverables.read.workbook import (
    raw_sheets,
    read_workbook,
)
from deliverables.read.yaml import (
    bind_contract,
    parse_yaml,
)
from deliverables.register import Entry, append, read_register
from deliverables.values.calendar import load_calendar
from deliverables.values.dates import Period
from deliverables.values.figure import Figure, Line
from deliverables.values.period_names import Wording
from deliverables.values.problem import Problem, Severity
from deliverables.verify.document import read_document
from deliverables.verify.package import UnreadableDocumentError

MAPPING = """\
file: {encoding: utf-8, header_row: 1}
columns:
  编号: ID
  告警时间: {from: Time, zone: UTC, format: "%Y-%m-%d %H:%M:%S"}
  级别: {from: Severity, values: {High: 主要, Warning: 警告}}
  类别: {constant: 计算}
  告警对象: Host
where: [{column: Severity, is_not: [Info]}]
"""
EXPORT = (
    "ID,Time,Severity,Host\nA-1,2026-05-01 18:00:00,High,node-1\nA-2,2026-05-02 08:00:00,Info,n\n"
)

# What breaks readers: numbers at the edge, signs that mean something, what cannot be seen.
ODD = (
    "", "0", "-1", "9" * 5000, "1e999999", "NaN", "inf", "２０２６", "\u200b", "\u202e", "\ufeff",
    "\u2f00", "\U0010ff00", "\ue000", "\x00", "\x0b", "\ud7ff", "A" * 40_000, "XFD1048576", "A0",
    "1048577", "4294967296", "-2147483649", "&#0;", "&x;", "<![CDATA[x]]>", "<!DOCTYPE x []>", "*a",
    "&a x", "!!python/object:x y", "? ", "- ", "{", "[" * 50, "'", '"', "“", "%", "2026-02-30",
    "0000-00-00", "99999-01-01", "24:61", "1904", "true", "null", "~", "【待补】", "{missing: x}",
)  # fmt: skip

FINAL = Stamp(draft=False, sample=False)
PROPERTIES = Properties(
    title="函", subject="", contract_number="HT-2026-001", creator="", made_on=date(2026, 8, 3)
)

Campaign = Callable[[random.Random], None]


@cache
def _project() -> ContractBook:
    with tempfile.TemporaryDirectory() as folder:
        calendar, _ = load_calendar(Path(folder))
        book = read_book(builders.project(Path(folder)), calendar).book
    assert book is not None
    return book


@cache
def _workbooks() -> Mapping[str, bytes]:
    rows = {"中断": [builders.FIRST_OUTAGE], "资源台账": [builders.FIRST_STOCK]}
    quarter, roster = BytesIO(), BytesIO()
    builders.workbook(Operations, builders.QUARTER_COVER, rows).save(quarter)
    people = builders.workbook(Roster, {"示例数据": "否"}, {"人员名册": [builders.FIRST_PERSON]})
    people.save(roster)
    return {"quarter": quarter.getvalue(), "roster": roster.getvalue(), "old": old_excel(people)}


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few of them changed, cut, doubled or moved."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at, much = chance.randrange(len(changed) + 1), chance.choice((1, 2, 8, 300))
        match chance.randrange(5):
            case 0:
                changed[at : at + much] = chance.randbytes(much)
            case 1:
                del changed[at : at + much]
            case 2:
                changed[at:at] = changed[at : at + much]
            case 3:
                changed[at : at + 4] = chance.choice(
                    (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\x7f")
                )
            case _:
                changed[at:at] = chance.choice(ODD).encode("utf-8", "surrogatepass")
    return bytes(changed)


def twisted(text: str, chance: random.Random) -> str:
    """Return a text in which a few words, signs and values are others."""
    for _ in range(chance.randint(1, 4)):
        places = [at for at, sign in enumerate(text) if sign in ' "<>=/:\n,{}[]']
        if not places:
            return text + chance.choice(ODD)
        start = chance.choice(places) + 1
        end = next((at for at in places if at >= start), len(text))
        new = chance.choice((*ODD, text[chance.choice(places) :][:30]))
        text = text[:start] + new + text[end + chance.randrange(2) :]
    return text


def _read(data: bytes, kind: type) -> None:
    problems: list[Problem] = []
    found = read_workbook("Q1.xlsx", data, kind, problems)
    assert found is not None or problems
    raw_sheets("Q1.xlsx", data, problems)
    for problem in problems:
        problem.in_language("zh")
    if isinstance(found, Operations):
        check(replace(_project(), quarters={1: found}))
    elif isinstance(found, Roster):
        check(replace(_project(), roster=found))


def workbook_bytes(chance: random.Random) -> None:
    """Read a workbook with spoilt bytes."""
    name = chance.choice(tuple(_workbooks()))
    _read(spoilt(_workbooks()[name], chance), Operations if name == "quarter" else Roster)


def workbook_xml(chance: random.Random) -> None:
    """Read a workbook with twisted XML in one of its parts."""
    name = chance.choice(("quarter", "roster"))
    changed = BytesIO()
    with ZipFile(BytesIO(_workbooks()[name])) as package, ZipFile(changed, "w", ZIP_DEFLATED) as to:
        parts = [part for part in package.namelist() if "theme" not in part]
        chosen = chance.choice([*parts, *(part for part in parts if "sheets" in part)])
        for part in package.namelist():
            content = package.read(part)
            if part == chosen:
                text = twisted(content.decode(), chance)
                content = text.encode("utf-8", "surrogatepass")
            to.writestr(part, content)
    _read(changed.getvalue(), Operations if name == "quarter" else Roster)


def contract_yaml(chance: random.Random) -> None:
    """Read and check a contract.yaml with twisted or spoilt text."""
    text = twisted(builders.CONTRACT, chance).encode("utf-8", "surrogatepass")
    data = spoilt(text, chance) if chance.random() < 0.2 else text
    problems: list[Problem] = []
    tree = parse_yaml(data, "contract.yaml", problems)
    contract = bind_contract(tree, problems) if tree else None
    assert contract is not None or problems
    if contract:
        problems += check(replace(_project(), contract=contract))
    for problem in problems:
        problem.in_language("zh")


def mapping_and_export(chance: random.Random) -> None:
    """Import an export by a mapping, one of them twisted or spoilt."""
    mapping, export = MAPPING.encode(), EXPORT.encode()
    match chance.randrange(4):
        case 0:
            mapping = twisted(MAPPING, chance).encode("utf-8", "surrogatepass")
        case 1:
            export = twisted(EXPORT, chance).encode("utf-8", "surrogatepass")
        case 2:
            export = spoilt(chance.choice([export, EXPORT.encode("utf-16-le")]), chance)
        case _:
            export = spoilt(_workbooks()["quarter"], chance)
    with tempfile.TemporaryDirectory() as name:
        folder, problems = Path(name), list[Problem]()
        (folder / "map.yaml").write_bytes(mapping)
        (folder / "export").write_bytes(export)
        operations = folder / "operations"  # the folder above it is swept
        operations.mkdir()
        (operations / "Q1.xlsx").write_bytes(_workbooks()["quarter"])
        plan = read_plan(folder / "map.yaml", Alarm, problems)
        found = read_export(folder / "export", plan.form, problems) if plan else None
        if plan and found:
            first = Period(date(2026, 4, 30), date(2026, 7, 29))
            target = Target(folder=operations, periods={1: first}, names=Wording().names)
            import_rows(plan, found, target)
        assert found or problems


def register_lines(chance: random.Random) -> None:
    """Read a register with spoilt lines."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "register.jsonl")
        path.write_bytes(spoilt(_register(), chance))
        read_register(path)


@cache
def _register() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "register.jsonl")
        for part in ("S001", "S002", "Q1"):
            append(path, Entry(
                deliverable=f"kind/{part}", kind="kind", part=part, file=f"staff/{part}.docx",
                sha256="0" * 64, content="1" * 64, as_of=date(2026, 8, 3),
                made_at=datetime(2026, 8, 3, 9, tzinfo=UTC), inputs={"staff.xlsx": "2" * 64},
                template="kind.docx", template_sha256="3" * 64, version="0", command="build",
            ))  # fmt: skip
        return path.read_bytes()


@dataclass(frozen=True)
class Row:
    """A row of what the templates print."""

    name: Figure[str]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """What the templates print."""

    title: Figure[str]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ("一", "二 & 三")
    urgent: bool = True


def _figure(text: str) -> Figure[str]:
    return Figure("数据项", text, text, Line("contract.yaml", 1))


PURPOSE = Purpose(Context, sealed=False)
CONTEXTS = (
    Context(_figure("函\n& <告>"), (Row(_figure("甲"), ("子", "丑")), Row(_figure("")))),
    Context(_figure(""), (), (), urgent=False),
)
TAGS = (
    "{{ title }}", "{{ r.name }}", "{{ r }}", "{{ n }}", "{% for n in notes %}", "{% endfor %}",
    "{% if urgent %}", "{% if rows|length > 1 %}", "{% elif title == 'a' %}", "{% else %}",
    "{% endif %}", "{%p for r in rows %}", "{%tr for r in rows %}", "{%tc for n in notes %}",
    "{%p endfor %}", "{%tr endfor %}", "{%tc endfor %}", "{%r if urgent %}", "{% vm %}", "{% hm %}",
    "{% colspan 2 %}", "{% cellbg 'FF0000' %}", "{{ loop.index }}", "{{ rows[0].name }}", "{{ 'a' * 9 }}",
    "{{ title|upper }}", "{% set a = 1 %}", "{% raw %}", "{# a #}", "{_{ a }_}", "{{", "}}", "{%", "«a»",
    "{{ title", "{{ ''.__class__ }}", "{{ title.origin }}", "{{ 9" + "9" * 300 + " }}", "{{ (((title))) }}",
    "{%p if not not urgent %}", "{%- if urgent %}", "{% include 'a' %}", "{{ self }}", "{{ _inserts }}",
)  # fmt: skip
ROOT = (
    '<w:x xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml">{}</w:x>'
)
MARKUP = (
    "<w:p/>", "<w:r/>", "<w:tbl/>", "<w:tr/>", "<w:tc/>", "<w:sectPr/>", "<w:t>{{ title }}</w:t>",
    '<w:gridSpan w:val="-1"/>', '<w:gridSpan w:val="x"/>', "<w:tblGrid/>", '<w:gridCol w:w="x"/>',
    '<w:bookmarkStart w:id="x" w:name="a"/>', '<w:bookmarkEnd w:id="7"/>', "<w:sdt><w:sdtPr/></w:sdt>",
    "<w:del><w:r><w:delText>{{ x }}</w:delText></w:r></w:del>", '<w:fldChar w:fldCharType="end"/>',
    '<w:fldChar w:fldCharType="begin"/>', "<w:instrText>TOC \\o</w:instrText>", "<w:vMerge/>",
    "<w:instrText> PAGEREF a</w:instrText>", "<w:txbxContent><w:p/></w:txbxContent>", "<v:shape id=''/>",
    "<w:hdr/>", "<w:body/>", "<w:document/>", "<w:pict/>", '<w:footnoteReference w:id="9"/>',
)  # fmt: skip


@cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return small(
            Path(folder, "a.docx"), "{{ title }}", "{%p for r in rows %}", "{{ r.name }}",
            "{% for p in r.parts %}{{ p }}{% endfor %}", "{%p endfor %}",
            [["{%tr for r in rows %}", ""], ["{{ r.name }}", "{{ title }}"], ["{%tr endfor %}", ""]],
            [["{%tc for n in notes %}", "{{ n }}", "{%tc endfor %}"]],
            "{%p if urgent %}", "急", "{%p else %}", "缓", "{%p endif %}", bookmark("a", "{{ title }}"),
            f"<w:p>{field(' REF a ', 'x')}</w:p>",
            '<w:p><w:hyperlink r:id="rId90"><w:r><w:t>看</w:t></w:r></w:hyperlink></w:p>',
            outside={"rId90": ("hyperlink", "https://a.example/{{ title }}")},
        ).read_bytes()  # fmt: skip


def _spoilt_template(chance: random.Random) -> bytes:
    """Return a template with spoilt bytes, twisted XML, or other tags and elements in its parts."""
    if chance.random() < 0.1:
        return spoilt(_template(), chance)
    changed = BytesIO()
    with ZipFile(BytesIO(_template())) as package, ZipFile(changed, "w", ZIP_DEFLATED) as to:
        parts = package.namelist()
        chosen = chance.choice([*parts, *["word/document.xml"] * 3 * len(parts)])
        for part in parts:
            content = package.read(part)
            if part == chosen:
                root = etree.fromstring(content)
                for _ in range(chance.randint(1, 4)):
                    _rebuild(root, chance)
                content = etree.tostring(root)
                if chance.random() < 0.1:
                    content = twisted(content.decode(), chance).encode("utf-8", "surrogatepass")
            to.writestr(part, content)
    return changed.getvalue()


def _rebuild(root: etree._Element, chance: random.Random) -> None:
    """Put another tag into a text, or move, double, wrap, rename or take out an element."""
    elements = list(root.iter(etree.Element))
    texts = [one for one in elements if one.text and one.text.strip()] or elements
    one, other = chance.choice(elements), chance.choice(elements)
    parent = one.getparent()
    match chance.randrange(10):
        case 0 | 1 | 2 | 3:
            text = chance.choice(texts)
            words = text.text or ""
            at = chance.randrange(len(words) + 1)
            kept = chance.choice((words[:at], words[at:], "", words))
            text.text = chance.choice(("", kept)) + chance.choice(TAGS) + kept
        case 4 if one.attrib:
            odd = chance.choice((*ODD[:6], "-1", "x", "²", "{{ title }}"))
            one.set(chance.choice(list(one.attrib)), odd)
        case 5 if parent is not None:
            parent.remove(one)
        case 6 if parent is not None and one not in other.iterancestors() and other is not one:
            other.insert(chance.randrange(len(other) + 1), one)
        case 7:
            other.append(deepcopy(one))
        case 8:
            one.tag = other.tag
        case _:
            odd = chance.choice(MARKUP)
            other.insert(chance.randrange(len(other) + 1), etree.fromstring(ROOT.format(odd))[0])


def template(chance: random.Random) -> None:
    """Check a template that is spoilt, and render it: whatever passes the check is rendered."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "a.docx")
        path.write_bytes(_spoilt_template(chance))
        found = lint(path, PURPOSE)
        for problem in found:
            problem.in_language("zh")
        passes = not any(problem.severity is Severity.ERROR for problem in found)
        for context in CONTEXTS:
            try:
                document = render(path, context, FINAL, PROPERTIES)
            except TemplateError as fault:
                told = {problem.code for problem in fault.problems}
                assert not passes or told == {"template-value"}, fault
            else:
                read_document(document)


def document(chance: random.Random) -> None:
    """Read a document that is spoilt, as verify does."""
    try:
        read_document(_spoilt_template(chance))
    except UnreadableDocumentError as fault:
        fault.message.in_language("zh")


CAMPAIGNS: dict[str, Campaign] = {
    one.__name__: one
    for one in (
        workbook_bytes,
        workbook_xml,
        contract_yaml,
        mapping_and_export,
        register_lines,
        template,
        document,
    )
}


def faults(name: str, seeds: range) -> Iterator[tuple[int, str]]:
    """Yield each seed of a campaign that ends in an exception, with its traceback."""
    for seed in seeds:
        try:
            CAMPAIGNS[name](random.Random(f"{name} {seed}"))  # noqa: S311  # chance, not secrecy
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001  # any traceback is what is looked for
            yield seed, traceback.format_exc()


def main() -> None:
    """Run campaigns from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaign", nargs="*", default=list(CAMPAIGNS))
    parser.add_argument("--seeds", type=int, default=5_000)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    found = 0
    for name in asked.campaign:
        for seed, trace in faults(name, range(asked.first, asked.first + asked.seeds)):
            found += 1
            print(f"{name} {seed}\n{trace}")
        print(f"{name}: {asked.seeds:,} seeds", flush=True)
    print(f"{found} tracebacks")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
