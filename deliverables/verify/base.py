"""What a document said when it was made: its blocks with their figures, and the cells behind them.

The base lies beside the register. A file is compared with it (what people did), and it with what
the data say today (what changed since).
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

from deliverables.model.content import Chart, Insert, Picture
from deliverables.values.figure import Cell, Cells, Derivation, Figure, Line, Source, fields_in
from deliverables.values.problem import say
from deliverables.values.trace import CLOSE, OPEN, SPLIT, TOKEN, Trace
from deliverables.verify.chart import chart_said
from deliverables.verify.document import (
    Block,
    BlockDraft,
    FileIdentity,
    Form,
    Stories,
    identity_of,
    numbered,
    read_stories,
    settled,
)
from deliverables.verify.package import OpenedPackage

FORMAT: Final = "1"
MOST_CELLS: Final = 4
"""Of the cells that a figure was counted or added up from a base names the first few."""

CUTS: Final = re.compile(r"\r\n?|[\n\t\u0085\u2028\u2029]")
"""Where a text ends a line, or goes on after a tab: each piece has a token of its own."""


class NewerFormatError(Exception):
    """A base that a newer version of the program has left; `message` says what to do."""

    message: Final = say(
        "a newer version of deliverables made this file: update, then verify it again"
    )


# What a context says


def leaves(context: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every figure, text, insert, switch and number of a context with its path, in order."""
    kind: Any = type(context)
    if isinstance(context, Figure | str | bool | int | Insert) or context is None:
        yield path, context
    elif kind is tuple:
        items: tuple[object, ...] = context  # type: ignore[assignment]  # as just seen
        for number, item in enumerate(items):
            yield from leaves(item, f"{path}[{number}]")
    else:
        before = f"{path}." if path else ""
        for name in fields_in(kind):
            yield from leaves(getattr(context, name), before + name)


def said(leaf: object) -> str:
    """Return what a leaf of a context says, on as many lines as it has."""
    if isinstance(leaf, Figure):
        return leaf.text
    if isinstance(leaf, Chart):
        return "\n".join((*chart_said(leaf), leaf.title, leaf.description))
    if isinstance(leaf, Picture):
        return f"{sha256(leaf.content).hexdigest()} {leaf.description}"
    return str(leaf)


def digest_of(context: object) -> str:
    """Return the SHA-256 of what a context says: `key NUL text LF` of every leaf, in order."""
    told = "".join(f"{key}\0{said(leaf)}\n" for key, leaf in leaves(context))
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


class Origins:
    """Where figures come from: the cells and lines, each with its text, and what led from them.

    `cells` are places with texts; a node is a list of numbers: of a cell, or, below 0, of another
    node (-1 is the first). `homes` are cut off the names of files.
    """

    def __init__(self, home: str = "") -> None:
        self._home = home and f"/{home}/"
        self.cells: list[tuple[str, str]] = []
        self.nodes: list[list[int]] = []
        self.lines: list[bool] = []
        """For each node, whether it rests on lines of text files alone."""
        self._known: dict[int, int] = {}
        self._places: dict[Source, int] = {}

    def add(self, figure: Figure[object]) -> int:
        """Return the number of a figure's cell, or of its node."""
        known = self._known.get(id(figure))
        if known is not None:
            return known
        origin = figure.origin
        if isinstance(origin, Derivation):
            inside = list(dict.fromkeys(self._inside(origin.inputs or origin.among or ())))
            self.nodes.append(inside)
            self.lines.append(all(self.on_lines(one) for one in inside))
            number = -len(self.nodes)
        else:
            number = self._cell(origin, figure.text)
        self._known[id(figure)] = number
        return number

    def _inside(self, inputs: Sequence[Figure[Any]]) -> Iterator[int]:
        """Yield the numbers of what went into a figure; of a thousand rows the first few.

        The input files themselves are kept, and tell of all.
        """
        if not isinstance(inputs, Cells):
            yield from map(self.add, inputs)
            return
        for one in islice(inputs, MOST_CELLS):
            if not isinstance(one.origin, Derivation):
                yield self._cell(one.origin, one.text)

    def _cell(self, origin: Source, text: str) -> int:
        number = self._places.get(origin, -1)
        if number < 0:
            number = self._places[origin] = len(self.cells)
            self.cells.append((self.place(origin), text))
        return number

    def on_lines(self, number: int) -> bool:
        """Whether a cell or a node rests on lines of text files alone."""
        if number < 0:
            return self.lines[-1 - number]
        return "[" not in self.cells[number][0] and ".xlsx" not in self.cells[number][0]

    def place(self, source: Source) -> str:
        """Return a place as text, from the folder of the contract on."""
        told = str(source)
        return told.rpartition(self._home)[2] if self._home else told


def _reached(number: int, nodes: Sequence[Sequence[int]]) -> Iterator[int]:
    """Yield the cells that a node leads back to, each once, in the order of its inputs."""
    waiting, seen = [number], set[int]()
    while waiting:
        at_hand = waiting.pop()
        if at_hand in seen:
            continue
        seen.add(at_hand)
        if at_hand >= 0:
            yield at_hand
        else:
            waiting.extend(reversed(nodes[-1 - at_hand]))


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as the base keeps it; a text of the context that is no figure has no name.

    `prose` says that it is sentences, which a person may well mend in the document; what was read
    from a cell should then be carried back to it.
    """

    name: str
    text: str
    private: bool = False
    prose: bool = False
    origin: int | None = None
    _sources: Callable[[int], tuple[str, ...]] | None = field(
        default=None, repr=False, compare=False
    )

    @property
    def is_free(self) -> bool:
        """Whether it is prose that was read from one cell as it is."""
        return self.prose and self.origin is not None and self.origin >= 0

    @property
    def sources(self) -> tuple[str, ...]:
        """The cells and lines it comes from, keys of `Base.cells`."""
        if self.origin is None or self._sources is None:
            return ()
        return self._sources(self.origin)


_SHORT: Final = 12
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_PUNCTUATED: Final = re.compile(r"[，。；！？]")
NAMELIKE: Final = re.compile(
    r"名称|姓名|名$|单位|[甲乙]方|户名|开户|银行|联系人|负责人|经办|公司|机构|地址|项目$|人员|客户|员工|"
    r"人$|者$|^(?:编制|批准|审核|复核|校对|制表|记录|签发)$"
)
"""What figures are called that are names."""


def is_prose(figure: Figure[object]) -> bool:
    """Tell sentences of the data from numbers, dates, names, and quotations of the contract."""
    if figure.private or isinstance(figure.origin, Line):
        return False
    if isinstance(figure.origin, Cell) and figure.text.endswith(("。", "！", "？")):
        return True
    if len(figure.text) <= _SHORT:
        return False
    if _PUNCTUATED.search(figure.text):
        return True
    in_cell = isinstance(figure.origin, Cell) and isinstance(figure.value, str)
    chinese = 2 * len(_CHINESE.findall(figure.text)) > len(figure.text)
    return in_cell and chinese and not NAMELIKE.search(figure.name)


# The document as it was made


@dataclass(frozen=True)
class Frame:
    """What documents of one template have in common that print the same sites.

    `pieces` are, for each part with figures, the markup between the tokens; `keys` name what each
    token prints, story after story. `stories` hold numbered tokens; `members` are the other members
    of the package as they are packed. `uncalled` are the numbers of tokens that no tag of the
    template stands for: those in the list of contents.
    """

    pieces: Mapping[str, tuple[str, ...]]
    keys: tuple[str, ...]
    stories: Stories
    members: Mapping[str, bytes]
    uncalled: frozenset[int]
    record: dict[object, bytes] = field(default_factory=dict, repr=False, compare=False)
    sound: set[str] = field(default_factory=set, repr=False, compare=False)
    """What the proof remembers: that no rule found anything amiss in it, but for its figures."""
    needed: dict[object, bool] = field(default_factory=dict, repr=False, compare=False)
    """For each rule about figures, whether the words of the frame are such as it looks for."""

    @cached_property
    def words(self) -> str:
        """What its drafts say, with numbered tokens, a line for each text."""
        return "\n".join(text for draft in self.stories.drafts for text in draft.texts)


@dataclass(frozen=True, slots=True)
class Made:
    """A document just made: its bytes as a package, its frame, its template."""

    document: bytes
    package: OpenedPackage
    frame: Frame
    template: Path


@dataclass(frozen=True)
class Base:
    """What a document said when it was made, and of what.

    `drafts` are its blocks with a numbered token for each printing, `printings` the key and the
    text of each. `figures` are all of the context by their keys, printed or not, and
    whom its sentences name; `cells` the text
    of every cell and line behind them by its place, `operations/Q2.xlsx[工单]!C20`.
    """

    drafts: tuple[BlockDraft, ...]
    printings: tuple[tuple[str, str], ...]
    identity: FileIdentity | None
    stage: str
    template: str
    template_sha256: str
    options: frozenset[str]
    figures: Mapping[str, Told]
    cells: Mapping[str, str]
    nodes: tuple[tuple[int, ...], ...] = ()
    format: str = FORMAT
    made: Made | None = field(default=None, repr=False, compare=False)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks in reading order, with the figures they print."""
        return settled(self.drafts, self.printings)

    @cached_property
    def printed(self) -> frozenset[str]:
        """The keys of the figures that the document prints."""
        return frozenset(key for key, _ in self.printings)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what it says, in hexadecimal; approvals of edits hold for it."""
        told = json.dumps([[b.form, b.place.story, b.texts, b.odd] for b in self.blocks])
        return sha256(told.encode()).hexdigest()

    def records(self) -> tuple[bytes, bytes]:
        """Return the record of what documents of a sort share, to be kept by content, and its own.

        Neither depends on what was made before. Only the second may hold identity numbers.
        """
        fixed, shared = _shared_of(self)
        return shared, _own_of(self, fixed, shared)

    @classmethod
    def of_records(cls, shared: bytes, own: bytes) -> Base:
        """Return the base that left these records. Raises NewerFormatError, ValueError."""
        return _of_records(shared, own)

    def of_blocks(self, blocks: Iterable[Block], identity: FileIdentity | None, stage: str) -> Base:
        """Return the base of a document that says these blocks, with the figures in their slots."""
        drafts: list[BlockDraft] = []
        printings: list[tuple[str, str]] = []
        for block in blocks:
            texts = list(block.texts)
            for slot in sorted(block.slots, key=lambda one: (one.text, -one.begin)):
                text = texts[slot.text]
                printings.append((slot.key, text[slot.begin : slot.end]))
                token = numbered(len(printings) - 1)
                texts[slot.text] = text[: slot.begin] + token + text[slot.end :]
            odd = tuple((kind, words) for kind, _, words in (o.partition(": ") for o in block.odd))
            drafts.append(
                BlockDraft(
                    block.form,
                    tuple(texts),
                    block.place.story,
                    block.style,
                    block.level,
                    block.number,
                    block.place.table,
                    block.place.row,
                    block.columns,
                    block.continued,
                    odd,
                    block.part,
                    block.at,
                )
            )
        return replace(self, drafts=tuple(drafts), printings=tuple(printings), stage=stage,
                       identity=identity or self.identity, made=None)  # fmt: skip


def base_of(
    document: bytes,
    trace: Trace,
    context: object,
    *,
    template: Path,
    template_sha256: str = "",
    stage: str = "draft",
    options: Iterable[str] = (),
) -> Base:
    """Return the base of a document just made of a template and a context.

    The hash of the template is reckoned where it is not given. Raises UnreadableDocumentError.
    """
    package = OpenedPackage.of(document)
    frame, printed = frame_of(document, package, trace)
    identity = identity_of(package)
    origins = Origins(identity.contract if identity else "")
    figures: dict[str, Told] = {}
    sources = _Sources()
    for key, leaf in leaves(context):
        if isinstance(leaf, Figure):
            figures[key] = Told(leaf.name, leaf.text, leaf.private, is_prose(leaf),
                                origins.add(leaf), sources)  # fmt: skip
            for name in _named_by(leaf):
                told = Told(name.name, name.text, name.private, prose=False,
                            origin=origins.add(name), _sources=sources)  # fmt: skip
                figures[f"{key}（{name.text}）"] = told
        elif isinstance(leaf, str) and leaf:
            figures[key] = Told("", leaf)
    sources.settle([place for place, _ in origins.cells], origins.nodes)
    return Base(
        drafts=frame.stories.drafts,
        printings=tuple(zip(frame.keys, map(_unescaped, printed), strict=True)),
        identity=identity,
        stage=stage,
        template=template.name,
        template_sha256=template_sha256 or sha256(template.read_bytes()).hexdigest(),
        options=frozenset(options),
        figures=figures,
        cells=dict(origins.cells),
        nodes=tuple(map(tuple, origins.nodes)),
        made=Made(document, package, frame, template),
    )


def _named_by(figure: Figure[Any]) -> Iterator[Figure[Any]]:
    """Yield the persons and parties that a sentence of facts names without printing them alone."""
    if not isinstance(figure.value, str) or not isinstance(figure.origin, Derivation):
        return
    inputs = figure.origin.inputs
    for one in () if isinstance(inputs, Cells) else inputs:
        if not one.text or one.text not in figure.text:
            continue
        if isinstance(one.value, str) and NAMELIKE.search(one.name):
            yield one
        yield from _named_by(one)


def cells_of(context: object, contract: str) -> Mapping[str, str]:
    """Return the text of every cell and line behind what a context says, by its place."""
    origins = Origins(contract)
    for _, leaf in leaves(context):
        if isinstance(leaf, Figure):
            origins.add(leaf)
    return dict(origins.cells)


class _Sources:
    """Finds the cells behind a figure, once they are known."""

    def __init__(self) -> None:
        self._cells: Sequence[str] = ()
        self._nodes: Sequence[Sequence[int]] = ()

    def settle(self, cells: Sequence[str], nodes: Sequence[Sequence[int]]) -> None:
        """Say which cells and nodes there are."""
        self._cells, self._nodes = cells, nodes

    def __call__(self, origin: int) -> tuple[str, ...]:
        return tuple(self._cells[number] for number in _reached(origin, self._nodes))


_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&"))


def _unescaped(text: str) -> str:
    if "&" in text:
        for entity, letter in _ENTITIES:
            text = text.replace(entity, letter)
    return text


_FRAMES: Final[dict[object, Frame]] = {}
_MOST_FRAMES: Final = 24


def frame_of(
    document: bytes, package: OpenedPackage, trace: Trace
) -> tuple[Frame, tuple[str, ...]]:
    """Return the frame of a document just made, and what each token prints, as it is written."""
    pieces: dict[str, tuple[str, ...]] = {}
    sites: dict[str, tuple[str, ...]] = {}
    printed: list[str] = []
    for part, story in trace.stories.items():
        if OPEN in story:
            cut = TOKEN.split(story)
            pieces[part], sites[part] = tuple(cut[0::3]), tuple(cut[1::3])
            printed += cut[2::3]
    members = package.packed(document, without=frozenset(pieces))
    name = (*pieces.items(), *sites.items(), trace.sites)
    frame = _FRAMES.get(name)
    if frame is None or frame.members != members:
        frame = _read_frame(package, trace, pieces, sites, members)
        while len(_FRAMES) >= _MOST_FRAMES:
            del _FRAMES[next(iter(_FRAMES))]
        _FRAMES[name] = frame
    return frame, tuple(printed)


def _read_frame(
    package: OpenedPackage,
    trace: Trace,
    pieces: Mapping[str, tuple[str, ...]],
    sites: Mapping[str, tuple[str, ...]],
    members: Mapping[str, bytes],
) -> Frame:
    traced: dict[str, str] = {}
    keys: list[str] = []
    for part, static in pieces.items():
        numbers = [numbered(len(keys) + at) for at in range(len(sites[part]))]
        keys += [trace.key(site) for site in sites[part]]
        traced[part] = "".join(
            piece + token for piece, token in zip(static, (*numbers, ""), strict=True)
        )
    stories = read_stories(package, traced)
    uncalled = frozenset(
        int(token) for draft in stories.drafts if draft.style.startswith(("toc ", "contents "))
        for text in draft.texts for token in _NUMBER.findall(text)
    )  # fmt: skip
    return Frame(pieces, tuple(keys), stories, members, uncalled)


_NUMBER: Final = re.compile(f"{OPEN}([0-9]+){SPLIT}{CLOSE}")


# Records


_LEVEL: Final = 9
_DICTIONARY: Final = 32_000


def _shared_of(base: Base) -> tuple[list[bool], bytes]:
    """Return which figures documents of the sort share, those from lines alone, and the record."""
    frame = base.made.frame if base.made else None
    listed = list(base.figures)
    fixed = [_is_fixed(told, base) for told in base.figures.values()]
    constants = tuple((key, base.figures[key].text)
                      for key, same in zip(listed, fixed, strict=True) if same)  # fmt: skip
    number = {key: at for at, key in enumerate(listed)}
    name = (constants, tuple(listed), tuple(told.name for told in base.figures.values()),
            base.template_sha256, base.stage)  # fmt: skip
    if frame is not None and name in frame.record:
        return fixed, frame.record[name]
    cells = [place for place in base.cells if _is_line(place)]
    at = {place: n for n, place in enumerate(cells)}
    content = [
        base.format,
        base.stage,
        [base.template, base.template_sha256],
        [_listed(draft) for draft in base.drafts],
        [number.get(key, key) for key, _ in base.printings],
        [[key, told.name, int(told.private), int(told.prose), int(same),
          *([told.text, _lines_behind(told, at)] if same else [])]
         for (key, told), same in zip(base.figures.items(), fixed, strict=True)],
        [[place, base.cells[place]] for place in cells],
    ]  # fmt: skip
    record = _packed(content)
    if frame is not None:
        frame.record[name] = record
    return fixed, record


def _is_fixed(told: Told, base: Base) -> bool:
    """Tell what rests on lines of text files alone from what a document has for itself."""
    if told.private or told.origin is None:
        return False
    return all(map(_is_line, told.sources))


def _is_line(place: str) -> bool:
    return "[" not in place and not place.endswith(".xlsx")


def _lines_behind(told: Told, at: Mapping[str, int]) -> list[int]:
    return [at[place] for place in told.sources]


def _listed(draft: BlockDraft) -> list[Any]:
    return [draft.form.value, list(draft.texts), draft.story, draft.style, draft.level,
            draft.number, draft.table, draft.row, list(draft.columns), list(draft.continued),
            [list(one) for one in draft.odd],
            draft.part, draft.at]  # fmt: skip


def _own_of(base: Base, fixed: list[bool], record: bytes) -> bytes:
    varying = [told for told, same in zip(base.figures.values(), fixed, strict=True) if not same]
    identity = base.identity
    content = [
        base.format,
        sha256(record).hexdigest(),
        None if identity is None else [identity.contract, identity.kind, identity.part,
                                       identity.day.isoformat(), identity.digest, identity.format],
        sorted(base.options),
        [told.text for told in varying],
        [told.origin for told in varying],
        _printed_by(base),
        [_is_line(place) or [place, text] for place, text in base.cells.items()],
        [list(node) for node in base.nodes],
    ]  # fmt: skip
    return _packed(content, _dictionary(record))


def _printed_by(base: Base) -> list[Any]:
    """Return for each printing 0, where it is its figure's text whole, else the text itself."""
    figures = base.figures
    return [
        0 if key in figures and figures[key].text == text else text for key, text in base.printings
    ]


def _dictionary(record: bytes) -> bytes:
    return zlib.decompress(record)[-_DICTIONARY:]


def _packed(content: object, dictionary: bytes = b"") -> bytes:
    told = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    packing = zlib.compressobj(_LEVEL, zdict=dictionary) if dictionary else zlib.compressobj(_LEVEL)
    return packing.compress(told) + packing.flush()


@lru_cache(8)
def _opened(shared: bytes) -> tuple[list[Any], tuple[BlockDraft, ...], bytes, str]:
    """Return a shared record, its drafts, its end as a dictionary for others, and its hash."""
    told = json.loads(zlib.decompress(shared))
    _refuse_newer(told[0])
    drafts = tuple(_draft(one) for one in told[3])
    return told, drafts, _dictionary(shared), sha256(shared).hexdigest()


def _of_records(shared: bytes, own: bytes) -> Base:
    try:
        told, drafts, dictionary, digest = _opened(shared)
        unpacking = zlib.decompressobj(zdict=dictionary)
        mine = json.loads(unpacking.decompress(own) + unpacking.flush())
        _refuse_newer(mine[0])
    except (zlib.error, UnicodeDecodeError, json.JSONDecodeError, IndexError) as broken:
        raise ValueError("no records of a base") from broken
    if mine[1] != digest:
        raise ValueError("records of two bases")
    return _read_records(told, mine, drafts)


def _refuse_newer(version: str) -> None:
    if int(version) > int(FORMAT):
        raise NewerFormatError(version)


def _read_records(told: list[Any], mine: list[Any], drafts: tuple[BlockDraft, ...]) -> Base:
    _, stage, template, _, printed, names, lines = told
    _, _, identity, options, texts, origins, literal, listed, nodes = mine
    in_order = iter(lines)
    cells = [tuple(next(in_order)) if one is True else tuple(one) for one in listed]
    places = [place for place, _ in cells]
    number = {place: at for at, place in enumerate(places)}
    sources = _Sources()
    nodes = [list(node) for node in nodes]
    figures: dict[str, Told] = {}
    varying = iter(zip(texts, origins, strict=True))
    for key, name, private, prose, fixed, *rest in names:
        if fixed:
            text, behind = rest
            nodes.append([number[lines[at][0]] for at in behind])
            origin = -len(nodes)
        else:
            text, origin = next(varying)
        figures[key] = Told(name, text, bool(private), bool(prose), origin, sources)
    sources.settle(places, nodes)
    keys = [names[one][0] if isinstance(one, int) else one for one in printed]
    return Base(
        drafts=drafts,
        printings=tuple((key, figures[key].text if text == 0 else text)
                        for key, text in zip(keys, literal, strict=True)),
        identity=identity and FileIdentity(
            contract=identity[0], kind=identity[1], part=identity[2],
            day=date.fromisoformat(identity[3]), digest=identity[4], format=identity[5],
        ),
        stage=stage,
        template=template[0],
        template_sha256=template[1],
        options=frozenset(options),
        figures=figures,
        cells=dict(cells),
        nodes=tuple(map(tuple, nodes)),
    )  # fmt: skip


def _draft(one: list[Any]) -> BlockDraft:
    form, texts, story, style, level, number, table, row, columns, continued, odd, part, at = one
    seen = tuple((kind, words) for kind, words in odd)
    return BlockDraft(
        Form(form),
        tuple(texts),
        story,
        style,
        level,
        number,
        table,
        row,
        tuple(columns),
        tuple(continued),
        seen,
        part,
        at,
    )
