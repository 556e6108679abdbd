"""House text: a page as people write it, read line by line.

It looks like Markdown and is stricter: a line is a paragraph, a heading, a directive (@ and its
word), a row of a table, a condition or a loop; what is none of these is a problem with its line.
docs/用文本写函件.md says how it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from deliverables.docx.page import (
    ApprovalTable,
    Block,
    Branch,
    Branches,
    CellSide,
    ChartBlock,
    Contents,
    CoverPage,
    FactTable,
    Field,
    FixedTable,
    Footer,
    FormTable,
    FrontMatter,
    Header,
    KeyFigures,
    Loop,
    LoopColumn,
    LoopedTable,
    Page,
    PageBreak,
    Reference,
    SealBlock,
    StyledParagraph,
    TableCaption,
    Text,
    TextRun,
    Turn,
    joined,
    texts,
    walk,
)
from deliverables.docx.style import LETTER, REPORT, Layout
from deliverables.read.characters import nearest
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, Severity, error, listed, say

# --- the words of the language

PARAGRAPHS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "文号": "DocumentNumber",
        "主送": "Recipient",
        "附件": "Attachment",
        "金额大写": "AmountInWords",
        "单据标题": "ContentsTitle",
        "说明": "Note",
        "条目": "Item",
        "来源": "Source",
        "小字": "TableSmall",
        "表文": "TableText",
        "右文": "TableNumber",
    }
)
"""Directives that set one line in a style of the house, by its id."""

HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {"#": "Title", "##": "Heading1", "###": "Heading2", "####": "Heading3", "#####": "Heading4"}
)
LAYOUTS: Final[Mapping[str, Layout]] = MappingProxyType({"函件": LETTER, "报告": REPORT})
DIRECTIVES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{word: f"@{word} 文字" for word in PARAGRAPHS},
        "不分页": "@不分页 文字",
        "空行": "@空行",
        "版式": "@版式 函件",
        "页眉": "@页眉 左 | 右",
        "页脚": "@页脚",
        "封面": "@封面 标题 | 期间 | 单位 | 日期",
        "目录": "@目录",
        "附录": "@附录 标题",
        "附章": "@附章 标题",
        "分页": "@分页",
        "横页": "@横页",
        "直页": "@直页",
        "落款": "@落款 单位 | 日期",
        "审批表": "@审批表 编制 | 审核 | 批准",
        "表单": "@表单",
        "表": "@表 题名 #name",
        "逐行": "@逐行 row in rows",
        "定表": "@定表 40左 60右",
        "信息表": "@信息表 20",
        "主要指标": "@主要指标",
        "用": "@用 文件.md",
        "词": "@词 名 = 文字",
    }
)
"""Every directive with how it is written."""

_TABLES: Final = ("@逐行", "@定表", "@信息表", "@表单", "@主要指标")
DEFAULT_SHARE: Final = 28.0

_FILE_NAME: Final = re.compile(r"[^/\\]+$")
_NAME: Final = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_PRINTED: Final = re.compile(rf"\{{\{{\s*({_NAME})\s*\}}\}}")
_IF: Final = re.compile(rf"(if|elif)\s+(not\s+)?({_NAME})")
_FOR: Final = re.compile(rf"for\s+([^\W\d]\w*)\s+in\s+({_NAME})")
_BRACES: Final = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_STATEMENT: Final = re.compile(r"\{%\s*(.*?)\s*%\}")
_TOKENS: Final = re.compile(
    r"(?P<escape>\\.?)|(?P<tag>\{\{.*?\}\}|\{%.*?%\})|(?P<strong>\*\*)"
    r"|(?P<reference>\[\[\w+\]\])|(?P<break><br>)|(?P<tab><tab>)|(?P<text>.)"
)
_ESCAPED: Final = frozenset("\\*[]<>|#@{}!-+~`_＠｜＃　")
_CHART: Final = re.compile(r"!\[(.*)\]\((" + _NAME + r")\)")
_WIDTH: Final = re.compile(r"(\d+(?:\.\d+)?)([左中右])")
_CAPTION_NAME: Final = re.compile(r"\s+#(\w+)$")
_FOREIGN: Final = (
    (re.compile(r"[-*+] "), say("a list; write each item as a paragraph, 1. or @条目 before it")),
    (re.compile(r"> "), say("a quotation; write it as a paragraph")),
    (re.compile(r"(```|~~~)"), say("a block of code; there are none in a document")),
    (re.compile(r"(-{3,}|\*{3,}|_{3,})$"), say("a rule; a new page is @分页")),
    (re.compile(r"#+"), say("a heading; write # to ##### , a space and the words")),
    (re.compile(r"[＠]"), say("a full-width ＠; directives begin with @")),
    (re.compile(r"[｜]"), say("a full-width ｜; rows of a table begin with |")),
    (re.compile(r"[＃]"), say("a full-width ＃; headings begin with #")),
    (re.compile(r"[　]"), say("spaces to indent with; the style of the paragraph indents it")),
    (re.compile(r"!"), say("a picture; write ![题名](name)")),
)
"""How other languages, and other keyboards, begin a line."""


# --- reading

Find = Callable[[str], str | None]
"""Returns the text of a shared chapter by the name of its file; None if there is none."""


def read_page(text: str, file: str, find: Find = lambda _name: None) -> Page | tuple[Problem, ...]:
    """Return the page that `text` says, or every problem of it; `file` is how problems name it."""
    reader = _LineReader(find)
    front, lines = reader.front_matter(text.removeprefix("\ufeff"), file)
    reader.take_in(lines, file)
    blocks = reader.blocks()
    reader.check_references(blocks)
    if reader.problems:
        return tuple(reader.problems)
    return Page(file, reader.layout, blocks, front, tuple(reader.used))


def page_at(
    path: Path, elsewhere: Callable[[str], Path] | None = None
) -> Page | tuple[Problem, ...]:
    """Return the page of the text at `path`; shared chapters lie beside it or `elsewhere`.

    A file that cannot be read raises OSError.
    """

    def find(name: str) -> str | None:
        beside = path.with_name(name)
        places = (beside, elsewhere(name)) if elsewhere else (beside,)
        return next((place.read_text("utf-8") for place in places if place.is_file()), None)

    try:
        return read_page(path.read_text("utf-8"), path.as_posix(), find)
    except UnicodeDecodeError:
        what = say("the text or a chapter of it is not written in UTF-8")
        return (error("text-file", Line(path.as_posix()), what, say("save it as UTF-8")),)


class _UnreadableError(Exception):
    """A line that is not understood: what was expected, and what to do."""

    def __init__(self, what: Message, fix: Message, code: str = "text-line") -> None:
        super().__init__()
        self.what, self.fix, self.code = what, fix, code


@dataclass(slots=True)
class _Written:
    """A line to be read, with its place."""

    source: Line
    text: str


@dataclass(slots=True)
class _Open:
    """A condition or loop that waits for its end."""

    source: Line
    word: str
    cases: list[Branch] = field(default_factory=list)


class _LineReader:
    """Reads line after line; problems are kept and reading goes on with the next line."""

    def __init__(self, find: Find) -> None:
        self.find = find
        self.problems: list[Problem] = []
        self.layout = LETTER
        self.used: list[str] = []
        self._lines: list[_Written] = []
        self._next = 0
        self._words: dict[str, str | bool] = {}
        self._files: list[str] = []

    # --- lines

    def front_matter(self, text: str, file: str) -> tuple[FrontMatter | None, list[_Written]]:
        """Return what stands between --- and --- at the top, and the lines after it."""
        lines = [
            _Written(Line(file, number, 1), line.rstrip(" \t\r"))
            for number, line in enumerate(text.split("\n"), 1)
        ]
        if lines[0].text != "---":
            return None, lines
        for end in range(1, len(lines)):
            if lines[end].text == "---":
                between = "\n".join(line.text for line in lines[1:end])
                return FrontMatter(f"{between}\n" if between else "", 2), lines[end + 1 :]
        self._refuse(
            lines[0].source,
            say("the block that begins with --- does not end"),
            say("write --- on a line of its own after the last fact"),
        )
        return None, []

    def take_in(self, lines: Sequence[_Written], file: str) -> None:
        """Add lines to be read, those of shared chapters in the place of their @用."""
        self._files.append(file)
        for line in lines:
            words = line.text.strip(" \t")
            directive, _, rest = words.partition(" ")
            try:
                if directive == "@用":
                    self._share(line.source, rest.strip())
                elif directive == "@词":
                    self._define(rest.strip())
                elif directive == "@版式":
                    self.layout = self._layout(rest.strip())
                else:
                    self._lines.append(_Written(line.source, self._filled(words)))
            except _UnreadableError as why:
                self._refuse(line.source, why.what, why.fix, why.code)
        self._files.pop()

    def _share(self, source: Line, name: str) -> None:
        if not re.fullmatch(r"[^/\\\s]+\.md", name):
            raise _UnreadableError(
                say("@用 names the file of a shared chapter, found {found}", found=name or "—"),
                say("write {form}", form=DIRECTIVES["用"]),
                "text-use",
            )
        file = source.file.removesuffix(_FILE_NAME.findall(source.file)[0]) + name
        if file in self._files:
            raise _UnreadableError(
                say("{file} uses itself", file=name), say("take the line out"), "text-use"
            )
        text = self.find(name)
        if text is None:
            raise _UnreadableError(
                say("there is no shared chapter {file}", file=name),
                say("put the file beside this text, or correct its name"),
                "text-use",
            )
        if name not in self.used:
            self.used.append(name)
        front, lines = self.front_matter(text.removeprefix("\ufeff"), file)
        if front is not None:
            raise _UnreadableError(
                say("{file} is no shared chapter: it declares a letter", file=name),
                say("take out the block between --- and ---, or do not use it here"),
                "text-use",
            )
        self.take_in(lines, file)

    def _define(self, rest: str) -> None:
        name, equals, words = rest.partition("=")
        name, words = name.strip(), words.strip()
        if not equals or not re.fullmatch(r"[^\W\d]\w*", name) or not words:
            raise _UnreadableError(
                say("@词 gives a name its words, found {found}", found=rest or "—"),
                say("write {form}", form=DIRECTIVES["词"]),
            )
        self._words[name] = {"是": True, "否": False}.get(words, words)

    def _layout(self, rest: str) -> Layout:
        if rest not in LAYOUTS:
            raise _UnreadableError(
                say("the layout is 函件 or 报告, found {found}", found=rest or "—"),
                say("write {form}", form=DIRECTIVES["版式"]),
            )
        return LAYOUTS[rest]

    def _filled(self, text: str) -> str:
        """Return a line with the words that @词 gave in the place of their names."""

        def word(found: re.Match[str]) -> str:
            known = self._words.get(found[1])
            return known if isinstance(known, str) else found[0]

        if not self._words:
            return text
        for tag in () if self._statement(text) else TAG.findall(text):
            asked = _IF.fullmatch(_statement_of(tag))
            if asked and isinstance(self._words.get(asked[3]), bool):
                raise _UnreadableError(
                    say("{tag} asks a word of @词 within a line", tag=tag),
                    say("write the condition on lines of its own"),
                    "text-block",
                )
        return _PRINTED.sub(word, text)

    # --- blocks

    def blocks(self) -> tuple[Block, ...]:
        """Return everything that was taken in."""
        found = self._body(None)
        return tuple(found)

    def _body(self, opened: _Open | None) -> list[Block]:
        """Return the blocks up to the line that ends or divides `opened`, which is left there."""
        found: list[Block] = []
        while self._next < len(self._lines):
            line = self._lines[self._next]
            word = self._statement(line.text)
            if word in ("else", "elif", "endif", "endfor"):
                wanted = {"if": ("else", "elif", "endif"), "for": ("endfor",)}
                if opened and word in wanted[opened.word]:
                    return found
                self._next += 1
                self._refuse(
                    line.source,
                    say("{tag} ends or divides nothing", tag=line.text),
                    say("take it out, or write the line that begins the condition or loop"),
                    "text-block",
                )
                continue
            self._next += 1
            if not line.text or re.fullmatch(r"<!--.*-->", line.text):
                continue
            try:
                if word == "if":
                    found += self._condition(line)
                elif word == "for":
                    found.append(self._loop(line))
                else:
                    found += self._block(line)
            except _UnreadableError as why:
                self._refuse(line.source, why.what, why.fix, why.code)
        if opened:
            self._refuse(
                opened.source,
                say("the {word} that begins here has no end", word=opened.word),
                say("write {tag} on a line of its own", tag=f"{{% end{opened.word} %}}"),
                "text-block",
            )
        return found

    @staticmethod
    def _statement(text: str) -> str:
        """Return the word of a condition or loop that stands alone on its line."""
        whole = _STATEMENT.fullmatch(text)
        return whole[1].partition(" ")[0] if whole and len(TAG.findall(text)) == 1 else ""

    def _condition(self, line: _Written) -> list[Block]:
        opened = _Open(line.source, "if")
        at = line
        while True:
            name, negated = self._asked(at)
            if opened.cases and not opened.cases[-1].name:
                self._refuse(
                    at.source,
                    say("{tag} follows the {other} of its condition", tag=at.text, other="else"),
                    say("put it before, or end the condition first"),
                    "text-block",
                )
            opened.cases.append(Branch(at.source, name, negated, tuple(self._body(opened))))
            if self._next >= len(self._lines):
                return []
            at = self._lines[self._next]
            self._next += 1
            if self._statement(at.text) == "endif":
                self._checked(at)
                return self._decided(opened)

    def _asked(self, line: _Written) -> tuple[str, bool]:
        """Return the name a line asks for, and whether it must be missing; else asks for none."""
        found = _IF.fullmatch(_statement_of(line.text))
        if found:
            return found[3], bool(found[2])
        self._checked(line, bad=self._statement(line.text) != "else")
        return "", False

    def _checked(self, line: _Written, *, bad: bool = False) -> None:
        """Refuse a line that begins, divides or ends something in words that are not its own."""
        if bad or _statement_of(line.text) not in ("else", "endif", "endfor"):
            why = _no_tag(line.text)
            self._refuse(line.source, why.what, why.fix, why.code)

    def _decided(self, opened: _Open) -> list[Block]:
        """Return a condition; one on a word of @词 is decided here and leaves what it holds."""
        decided = [case for case in opened.cases if isinstance(self._words.get(case.name), bool)]
        if not decided:
            return [Branches(opened.source, tuple(opened.cases))]
        if len(decided) < sum(bool(case.name) for case in opened.cases):
            raise _UnreadableError(
                say("a condition asks words of @词 or facts, not both"),
                say("write one condition inside the other"),
                "text-block",
            )
        for case in opened.cases:
            if not case.name or self._words[case.name] is not case.negated:
                return list(case.body)
        return []

    def _loop(self, line: _Written) -> Loop:
        found = _FOR.fullmatch(_statement_of(line.text))
        if not found:
            self._checked(line, bad=True)
        body = tuple(self._body(_Open(line.source, "for")))
        if self._next < len(self._lines):
            self._checked(self._lines[self._next])
        self._next += 1
        return Loop(line.source, found[1] if found else "", found[2] if found else "", body)

    def _block(self, line: _Written) -> list[Block]:
        text, at = line.text, line.source
        if text.startswith("@"):
            return self._directive(line)
        if text.startswith("|"):
            raise _UnreadableError(
                say("a row without its table"),
                say("write a directive before it: @逐行, @定表, @信息表, @表单 or @主要指标"),
                "text-table",
            )
        mark, space, words = text.partition(" ")
        if space and mark in HEADINGS:
            return [self._paragraph(at, HEADINGS[mark], words)]
        if found := _CHART.fullmatch(text):
            return [ChartBlock(at, found[2], _text(found[1]))]
        if self._statement(text):
            raise _no_tag(text)
        for beginning, what in _FOREIGN:
            if beginning.match(text):
                raise _UnreadableError(what, say("if it is meant as it stands, write \\ before it"))
        return [self._paragraph(at, "Paragraph", text)]

    def _paragraph(self, at: Line, style: str, words: str) -> StyledParagraph:
        if style not in {look.id for look in self.layout.looks}:
            named = next(name for name, layout in LAYOUTS.items() if layout is self.layout)
            raise _UnreadableError(
                say("a page of the layout {layout} has no such line", layout=named),
                say("choose another directive, or another @版式"),
            )
        text = _text(words.strip(" \t"))
        if not text and style != "TableText":
            raise _UnreadableError(say("the words are missing"), say("write them on the same line"))
        return StyledParagraph(at, style, text)

    # --- directives

    def _directive(self, line: _Written) -> list[Block]:
        word, _, rest = line.text[1:].partition(" ")
        rest = rest.strip(" \t")
        if word in PARAGRAPHS:
            return [self._paragraph(line.source, PARAGRAPHS[word], rest)]
        known = _BLOCKS.get(word)
        if known is None:
            near = nearest(word, DIRECTIVES)
            raise _UnreadableError(
                say("there is no directive @{word}", word=word),
                say("did you mean {form}?", form=DIRECTIVES[near])
                if near
                else say("the directives are {names}", names=listed(DIRECTIVES)),
                "text-directive",
            )
        return known(self, line.source, rest)

    def keep(self, at: Line, rest: str) -> list[Block]:
        """@不分页: a paragraph that stays on the page of what follows."""
        return [replace(self._paragraph(at, "Paragraph", rest), keep=True)]

    def gap(self, at: Line, rest: str) -> list[Block]:
        """@空行: an empty line."""
        _alone("空行", rest)
        return [StyledParagraph(at, "Normal")]

    def header(self, at: Line, rest: str) -> list[Block]:
        """@页眉: what stands at the head of every page."""
        left, *right = _fields(rest, "页眉", 1, 2)
        return [Header(at, left, right[0] if right else ())]

    def footer(self, at: Line, rest: str) -> list[Block]:
        """@页脚: the number of the page."""
        _alone("页脚", rest)
        return [Footer(at)]

    def cover(self, at: Line, rest: str) -> list[Block]:
        """@封面: the cover, its facts in the rows that follow."""
        self._for_reports("封面")
        title, subtitle, organisation, date = _fields(rest, "封面", 4, 4)
        facts = tuple((name, value) for _, (name, value) in self._rows("封面", 2))
        return [CoverPage(at, title, subtitle, organisation, date, facts)]

    def contents(self, at: Line, rest: str) -> list[Block]:
        """@目录: the table of contents."""
        self._for_reports("目录")
        _alone("目录", rest)
        return [Contents(at)]

    def appendix(self, at: Line, rest: str) -> list[Block]:
        """@附录: a chapter without a number."""
        return [replace(self._paragraph(at, "Heading1", rest), numbered=False)]

    def annex(self, at: Line, rest: str) -> list[Block]:
        """@附章: a chapter behind the body, counted by itself: 附1, its tables 附表 1-1."""
        self._for_reports("附章")
        return [replace(self._paragraph(at, "Heading1", rest), annex=True)]

    def page_break(self, at: Line, rest: str) -> list[Block]:
        """@分页: a new page."""
        _alone("分页", rest)
        return [PageBreak(at)]

    def landscape(self, at: Line, rest: str) -> list[Block]:
        """@横页: pages on their side."""
        _alone("横页", rest)
        return [Turn(at, landscape=True)]

    def portrait(self, at: Line, rest: str) -> list[Block]:
        """@直页: upright pages again."""
        _alone("直页", rest)
        return [Turn(at, landscape=False)]

    def seal(self, at: Line, rest: str) -> list[Block]:
        """@落款: who signs and when."""
        return [SealBlock(at, *_fields(rest, "落款", 2, 2))]

    def approval(self, at: Line, rest: str) -> list[Block]:
        """@审批表: who prepared, reviewed and approved."""
        return [ApprovalTable(at, *_fields(rest, "审批表", 3, 3))]

    def form(self, at: Line, rest: str) -> list[Block]:
        """@表单: a form; a value after @小字 is set small."""
        _alone("表单", rest)
        rows = []
        for line, cells in self._cells("表单"):
            if len(cells) not in (2, 4):
                self._refuse(
                    line.source,
                    say("a row of a form has 2 or 4 cells, found {count}", count=len(cells)),
                    say("write | 名称 | 内容 | or | 名称 | 内容 | 名称 | 内容 |"),
                    "text-table",
                )
                continue
            rows.append((line, cells))
        fields = []
        for line, cells in rows:
            read = self._read_cells(line, cells)
            small = [cell.startswith("@小字 ") for cell in cells]
            fields.append(
                tuple(
                    Field(read[place], read[place + 1], small[place + 1])
                    for place in range(0, len(read), 2)
                )
            )
        return [FormTable(at, tuple(fields))]

    def caption(self, at: Line, rest: str) -> list[Block]:
        """@表: the title of the table that follows."""
        named = _CAPTION_NAME.search(rest)
        words = rest[: named.start()] if named else rest
        if not words:
            raise _UnreadableError(
                say("the title of the table is missing"),
                say("write {form}", form=DIRECTIVES["表"]),
            )
        lines = (line.text for line in self._lines[self._next :])
        if not next((line for line in lines if line), "").startswith(_TABLES):
            raise _UnreadableError(
                say("no table follows the title"),
                say("write {names} in the line below it", names=listed(_TABLES)),
                "text-table",
            )
        return [TableCaption(at, _text(words), named[1] if named else "")]

    def looped(self, at: Line, rest: str) -> list[Block]:
        """@逐行: a table with a row for each of a list, a line here for each column."""
        loop, options = _options(rest, ("小字", "整表"))
        found = _FOR.fullmatch(f"for {loop}")
        if not found:
            raise _UnreadableError(
                say("@逐行 names a row and its list, found {found}", found=loop or "—"),
                say("write {form}", form=DIRECTIVES["逐行"]),
            )
        columns, has_total = [], False
        for line, cells in self._cells("逐行"):
            width = _WIDTH.fullmatch(cells[1]) if len(cells) in (3, 4) else None
            if not width:
                self._refuse(
                    line.source,
                    say("a column is its head, its width and side, its content, its total if any"),
                    say("write | 金额 | 30右 | {{ name }} | or with a fourth cell for the total"),
                    "text-table",
                )
                continue
            head, _, content, *total = self._read_cells(line, cells)
            has_total = has_total or len(cells) == 4  # noqa: PLR2004  # the fourth is the total
            columns.append(
                LoopColumn(
                    line.source, head, float(width[1]), CellSide(width[2]), content,
                    total[0] if total else (),
                )
            )  # fmt: skip
        return [
            LoopedTable(
                at, found[1], found[2], tuple(columns), "小字" in options, "整表" in options,
                has_total,
            )
        ]  # fmt: skip

    def fixed(self, at: Line, rest: str) -> list[Block]:
        """@定表: a table of the rows that follow."""
        widths, options = _options(rest, ("合计",))
        columns = [_WIDTH.fullmatch(each) for each in widths.split()]
        if not columns or not all(columns):
            raise _UnreadableError(
                say("@定表 gives each column its width and side, found {found}", found=rest or "—"),
                say("write {form}", form=DIRECTIVES["定表"]),
            )
        known = [column for column in columns if column]
        rows = tuple(cells for _, cells in self._rows("定表", len(known)))
        return [
            FixedTable(
                at,
                tuple(float(column[1]) for column in known),
                tuple(CellSide(column[2]) for column in known),
                rows,
                "合计" in options,
            )
        ]

    def facts(self, at: Line, rest: str) -> list[Block]:
        """@信息表: names and values."""
        if rest and not re.fullmatch(r"\d+(\.\d+)?", rest):
            raise _UnreadableError(
                say("@信息表 says how many of 100 parts the names take, found {found}", found=rest),
                say("write {form}", form=DIRECTIVES["信息表"]),
            )
        rows = tuple((name, value) for _, (name, value) in self._rows("信息表", 2))
        return [FactTable(at, rows, float(rest) if rest else DEFAULT_SHARE)]

    def key_figures(self, at: Line, rest: str) -> list[Block]:
        """@主要指标: large values."""
        _alone("主要指标", rest)
        rows = self._rows("主要指标", 3)
        return [KeyFigures(at, tuple((name, value, asked) for _, (name, value, asked) in rows))]

    def _for_reports(self, word: str) -> None:
        if self.layout is not REPORT:
            raise _UnreadableError(
                say("only a report has @{word}", word=word), say("write @版式 报告 at the top")
            )

    # --- rows

    def _cells(self, word: str) -> list[tuple[_Written, list[str]]]:
        """Return the rows that follow, each split at its upright strokes."""
        found = []
        while self._next < len(self._lines) and self._lines[self._next].text.startswith("|"):
            line = self._lines[self._next]
            self._next += 1
            if len(line.text) < 2 or not line.text.endswith("|") or line.text.endswith(r"\|"):  # noqa: PLR2004
                self._refuse(
                    line.source,
                    say("a row begins and ends with |"),
                    say("write | at the end of the line"),
                    "text-table",
                )
                continue
            found.append((line, _split(line.text[1:-1])))
        if not found:
            raise _UnreadableError(
                say("@{word} has no rows", word=word),
                say("write its rows in the lines below it, | before, between and after the cells"),
                "text-table",
            )
        return found

    def _rows(self, word: str, count: int) -> list[tuple[_Written, tuple[Text, ...]]]:
        """Return the rows that follow, each of `count` cells."""
        found = []
        for line, cells in self._cells(word):
            if len(cells) != count:
                self._refuse(
                    line.source,
                    say(
                        "a row of @{word} has {count} cells, found {found}",
                        word=word,
                        count=count,
                        found=len(cells),
                    ),
                    say("correct the row; a | that is printed is written \\|"),
                    "text-table",
                )
            else:
                found.append((line, self._read_cells(line, cells)))
        return found

    def _read_cells(self, line: _Written, cells: Sequence[str]) -> tuple[Text, ...]:
        found: list[Text] = []
        for cell in cells:
            try:
                found.append(_text(cell.removeprefix("@小字 ")))
            except _UnreadableError as why:
                self._refuse(line.source, why.what, why.fix, why.code)
                found.append(())
        return tuple(found)

    # --- the page as a whole

    def check_references(self, blocks: Sequence[Block]) -> None:
        """Refuse names of tables and charts that are given twice, or referred to and not given."""
        given: dict[str, Line] = {}
        for block in walk(blocks):
            name = (
                block.name if isinstance(block, TableCaption)
                else block.name.replace(".", "_") if isinstance(block, ChartBlock) and block.caption
                else ""
            )  # fmt: skip
            if name and name in given:
                self._refuse(
                    block.source,
                    say("the name {name} is given in line {line} too", name=name,
                        line=given[name].line),
                    say("give each table and chart a name of its own"),
                    "text-reference",
                )  # fmt: skip
            elif name:
                given[name] = block.source
        for block in walk(blocks):
            for source, text in texts(block):
                for each in text:
                    if isinstance(each, Reference) and each.name not in given:
                        near = nearest(each.name, given)
                        self._refuse(
                            source,
                            say("no table or chart has the name {name}", name=each.name),
                            say("did you mean {name}?", name=near)
                            if near
                            else say("give the table its name: @表 题名 #{name}", name=each.name),
                            "text-reference",
                        )

    def _refuse(self, at: Line, what: Message, fix: Message, code: str = "text-line") -> None:
        self.problems.append(Problem(code, Severity.ERROR, at, what, fix))


_BLOCKS: Final[Mapping[str, Callable[[_LineReader, Line, str], list[Block]]]] = MappingProxyType(
    {
        "不分页": _LineReader.keep,
        "空行": _LineReader.gap,
        "页眉": _LineReader.header,
        "页脚": _LineReader.footer,
        "封面": _LineReader.cover,
        "目录": _LineReader.contents,
        "附录": _LineReader.appendix,
        "附章": _LineReader.annex,
        "分页": _LineReader.page_break,
        "横页": _LineReader.landscape,
        "直页": _LineReader.portrait,
        "落款": _LineReader.seal,
        "审批表": _LineReader.approval,
        "表单": _LineReader.form,
        "表": _LineReader.caption,
        "逐行": _LineReader.looped,
        "定表": _LineReader.fixed,
        "信息表": _LineReader.facts,
        "主要指标": _LineReader.key_figures,
    }
)


def _alone(word: str, rest: str) -> None:
    if rest:
        raise _UnreadableError(
            say("@{word} stands alone on its line, found {found}", word=word, found=rest),
            say("write the rest on a line of its own"),
        )


def _options(rest: str, known: Sequence[str]) -> tuple[str, list[str]]:
    """Return what stands before the options at the end of a directive, and the options."""
    words, found = rest.split(), []
    while words and words[-1] in known:
        found.append(words.pop())
    return " ".join(words), found


def _split(text: str) -> list[str]:
    """Return what stands between upright strokes; an escaped one is part of its cell."""
    cells = [""]
    for sign in re.findall(r"\\.|.", text):
        if sign == "|":
            cells.append("")
        else:
            cells[-1] += sign
    return [cell.strip(" \t") for cell in cells]


def _fields(rest: str, word: str, least: int, most: int) -> list[Text]:
    cells = _split(f"{rest}") if rest else []
    if not least <= len(cells) <= most or not all(cells):
        raise _UnreadableError(
            say("@{word} has {count} parts with | between them, found {found}",
                word=word, count=most, found=len(cells)),
            say("write {form}", form=DIRECTIVES[word]),
        )  # fmt: skip
    return [_text(cell) for cell in cells]


# --- text within a line


def _text(words: str) -> Text:
    """Return what a line says: its weights, references and tags."""
    _tags(words)
    pieces: list[TextRun | Reference] = []
    strong = False
    for found in _TOKENS.finditer(words):
        kind, written = found.lastgroup, found[0]
        match kind:
            case "strong":
                strong = not strong
                continue
            case "reference":
                pieces.append(Reference(written[2:-2]))
                continue
            case "escape":
                if written[1:] not in _ESCAPED or len(written) == 1:
                    raise _UnreadableError(
                        say("{found} is not a sign that is written after \\", found=written),
                        say("write \\\\ for one \\"),
                    )
                written = written[1:]
            case "break":
                written = "\n"
            case "tab":
                written = "\t"
            case _:
                pass
        pieces.append(TextRun(written, strong))
    if strong:
        raise _UnreadableError(
            say("the ** before strong words has no end"),
            say("write ** after the words, or \\*\\* for two stars"),
        )
    return joined(tuple(pieces))


def refusal(tag: str, *, alone: bool = True) -> Message | None:
    """Return why a tag is none of a text; `alone` is one that stands on a line of its own."""
    said = _statement_of(tag)
    if _is_tag(tag, said) and not (alone and tag.startswith("{{")):
        return None
    return _no_tag(tag).what


def _statement_of(text: str) -> str:
    found = _STATEMENT.fullmatch(text)
    return " ".join(found[1].split()) if found else ""


def _no_tag(tag: str) -> _UnreadableError:
    inner = re.sub(r"[{}%]", " ", tag)
    if re.search(r"\{%(p|tr|tc|r)\s", tag):
        fix = say("write the condition or loop on a line of its own, {form}", form="{% if … %}")
    elif re.search(r"[=<>|+*/\"'()\[\]]|\b(and|or|in|is)\b", inner) and "for " not in inner:
        fix = say("a tag asks for one name; what needs more is a named fact")
    else:
        fix = say("write {forms}", forms=listed(_FORMS))
    return _UnreadableError(say("{tag} is no tag of a text", tag=tag), fix, "text-tag")


_FORMS = (
    "{{ name }}", "{% if name %}", "{% if not name %}", "{% elif name %}", "{% else %}",
    "{% endif %}", "{% for row in rows %}", "{% endfor %}",
)  # fmt: skip


def _tags(words: str) -> None:
    """Refuse a tag that is none, and conditions and loops that do not end on the line."""
    opened: list[tuple[str, str]] = []
    for tag in TAG.findall(words):
        said = _statement_of(tag)
        word = said.partition(" ")[0]
        if not _is_tag(tag, said):
            raise _no_tag(tag)
        if word in ("if", "for"):
            opened.append((word, tag))
        elif word:
            if not opened or opened[-1][0] != ("for" if word == "endfor" else "if"):
                raise _UnreadableError(
                    say("{tag} ends or divides nothing", tag=tag),
                    say("take it out, or write what it belongs to on the same line"),
                    "text-block",
                )
            if word.startswith("end"):
                opened.pop()
    if opened:
        raise _UnreadableError(
            say("{tag} does not end on its line", tag=opened[-1][1]),
            say(
                "write {end} on the same line, or put the tag on a line of its own",
                end=f"{{% end{opened[-1][0]} %}}",
            ),
            "text-block",
        )
    if found := _BRACES.search(TAG.sub("", re.sub(r"\\.", "", words))):
        raise _UnreadableError(
            say("{found} belongs to no tag", found=found[0]),
            say("write {forms}", forms=listed(_FORMS)),
            "text-tag",
        )


def _is_tag(tag: str, said: str) -> bool:
    """Return whether a tag is one of `_FORMS`; `said` is what stands between {% and %}."""
    match said.partition(" ")[0]:
        case "":
            return bool(_PRINTED.fullmatch(tag))
        case "if" | "elif":
            return bool(_IF.fullmatch(said))
        case "for":
            return bool(_FOR.fullmatch(said))
        case _:
            return said in ("else", "endif", "endfor")
