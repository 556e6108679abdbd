"""Documents that were made are put in place and recorded, in order, a few at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from deliverables.bases import BaseRecord, Bases, Inputs
from deliverables.files.digest import sha256_of
from deliverables.files.placement import Transaction, for_its_owner
from deliverables.files.refusal import refusal
from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.kinds import STAFF, Deliverable
from deliverables.plan import Outcome, Request
from deliverables.register import CONTENTS, EDITED, OPTIONS, Entry, Writer
from deliverables.values.problem import Message, say
from deliverables.version import __version__

if TYPE_CHECKING:  # slow to import, and not needed to record
    from deliverables.edits import Conflict
    from deliverables.verify.finding import Finding

_TOGETHER: Final = 64
_PATIENCE_SECONDS: Final = 0.5
"""So long, and so many, documents wait for those that are put in place with them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A document that was made and proved, and what the register is to say of it.

    `before` is the hash of the draft before it, empty if there was none. `inputs` are the hashes
    of the files that its figures lead back to; `base` is what it said when it was made, `recipe`
    what it was made from, `recorded` that of the draft before it. `contents` says whether their
    pages were counted, empty where it has no contents; `occasion` is why it was made although it
    was there, or although a condition is unmet. `kept` passages that people wrote were put back,
    the `conflicts` could not be.
    """

    deliverable: Deliverable
    before: str
    document: bytes = field(repr=False)
    sha256: str
    content: str
    inputs: Mapping[str, str]
    template: str
    template_sha256: str
    base: BaseRecord = field(repr=False)
    says: str
    substance: str
    recipe: str
    recorded: str
    findings: tuple[Finding, ...]
    contents: str = ""
    occasion: tuple[Message, ...] = ()
    kept: int = 0
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class _Placed:
    """A draft on its way to its file: the name its predecessor was given, or why it stays out."""

    draft: Draft
    file: Path
    unchanged: bool = False
    replaced: str = ""
    fault: OSError | None = None

    @property
    def is_recorded(self) -> bool:
        """Whether the register says of it already what there is to say."""
        return self.unchanged and self.draft.recorded == self.draft.recipe


@dataclass(slots=True)
class Recorder:
    """Puts the documents of one contract in place and records them in its register.

    A few at a time are one change: they are all there and recorded, or none of them is. Nobody is
    told before that is so.
    """

    folders: Folders
    contract: str
    request: Request
    _register: Writer = field(init=False)
    _bases: Bases = field(init=False)
    _inputs: Inputs = field(init=False)
    _waiting: list[tuple[Draft | Outcome, Path]] = field(default_factory=list)
    _files: set[Path] = field(default_factory=set)
    _since: float = 0.0

    def __post_init__(self) -> None:
        self._register = Writer(self.folders.register(self.contract))
        self._bases = Bases(self.folders.bases(self.contract))
        self._inputs = Inputs(self.folders.inputs(self.contract))

    def take(self, made: Draft | Outcome) -> Iterator[Outcome]:
        """Take in what was made; yield what became of it and others, once they are in place."""
        file = self.folders.document(made.deliverable)
        if isinstance(made, Draft) and file in self._files:
            yield from self.flush()
        if not self._waiting:
            self._since = monotonic()
        self._waiting.append((made, file))
        self._files.add(file)
        late = monotonic() - self._since > _PATIENCE_SECONDS
        if late or len(self._waiting) >= _TOGETHER:
            yield from self.flush()

    def flush(self) -> Iterator[Outcome]:
        """Put in place and record what waits; yield what became of each, in order."""
        waiting, self._waiting, self._files = self._waiting, [], set()
        steps: list[_Placed | Outcome] = []
        fault: OSError | None = None
        try:
            if any(isinstance(made, Draft) or made.again for made, _ in waiting):
                with Transaction(self.folders.contract(self.contract)) as change:
                    steps += [self._prepared(made, file, change) for made, file in waiting]
                    self._record(steps, change)
        except OSError as refused:
            fault = refused
        for made, file in waiting:
            if isinstance(made, Draft) and made.deliverable.folder == STAFF:
                for_its_owner(file.parent)
        for (made, file), step in zip_longest(waiting, steps):
            if isinstance(made, Outcome):
                yield made
            else:
                placed = step if isinstance(step, _Placed) else _Placed(made, file)
                yield _outcome(placed, fault)

    def _record(self, steps: Iterable[_Placed | Outcome], change: Transaction) -> None:
        """Let a change record what is put in place, and keep what it was made from."""
        entries, bases = [], []
        for step in steps:
            if isinstance(step, Outcome):
                entries += [step.again] if step.again is not None else []
            elif step.fault is None and not step.is_recorded:
                bases.append(step.draft.base)
                entries.append(self._entry(step))
        for entry in entries:
            self._inputs.keep(self.folders.data, entry.inputs, change)
        if bases:
            self._bases.put(bases)
        if entries:
            self._register.enter(change, *entries)

    def _prepared(
        self, made: Draft | Outcome, file: Path, change: Transaction
    ) -> _Placed | Outcome:
        """Let a draft be put in place; a file that the register does not vouch for is kept."""
        if isinstance(made, Outcome):
            return made
        try:
            if file.is_file() and sha256_of(file) == made.sha256:
                return _Placed(made, file, unchanged=bool(made.before))
            private = made.deliverable.private
            return _Placed(
                made,
                file,
                replaced=change.put(file, made.document, private=private, over=made.before),
            )
        except OSError as refused:
            return _Placed(made, file, fault=refused)

    def _entry(self, placed: _Placed) -> Entry:
        draft, request = placed.draft, self.request
        deliverable = draft.deliverable
        return Entry(
            deliverable=deliverable.key,
            kind=deliverable.kind,
            part=deliverable.part,
            file=f"{deliverable.folder}/{placed.file.name}",
            sha256=draft.sha256,
            content=draft.content,
            as_of=request.as_of,
            made_at=request.moment,
            inputs=draft.inputs,
            template=draft.template,
            template_sha256=draft.template_sha256,
            version=__version__,
            command=request.command,
            base=draft.base.digest,
            says=draft.says,
            substance=draft.substance,
            recipe=draft.recipe,
            sample=deliverable.sample,
            findings=len(draft.findings),
            replaced=placed.replaced,
            details=_details(draft),
        )


def _outcome(placed: _Placed, fault: OSError | None) -> Outcome:
    draft, refused = placed.draft, placed.fault or fault
    if refused is not None and not (placed.is_recorded and placed.fault is None):
        reasons = (refusal(refused),)
        return Outcome(deliverable=draft.deliverable, result=Result.FAILED, reasons=reasons)
    return Outcome(
        deliverable=draft.deliverable,
        result=Result.UNCHANGED if placed.unchanged else Result.MADE,
        file=Path(placed.file),  # a path that was used keeps its text twice while it lives
        reasons=() if placed.unchanged else tuple(_occasion(placed)),
        findings=draft.findings,
        kept=0 if placed.unchanged else draft.kept,
        conflicts=draft.conflicts,
    )


def _occasion(placed: _Placed) -> Iterator[Message]:
    """Yield why a document was made that was there, or that conditions speak against."""
    yield from placed.draft.occasion
    if placed.draft.kept:
        yield say("{count} edited passages were put back", count=placed.draft.kept)
    if placed.replaced:
        yield say("what was edited is kept as {name}", name=placed.replaced)


def _details(draft: Draft) -> dict[str, str]:
    facts = {
        OPTIONS: " ".join(sorted(draft.deliverable.options)),
        CONTENTS: draft.contents,
        EDITED: "yes" if draft.kept else "",
    }
    return {name: fact for name, fact in facts.items() if fact}
