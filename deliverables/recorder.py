"""Documents that were made are put in place and recorded, in order, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from deliverables.bases import Bases, Inputs, Record
from deliverables.files import Writing, for_its_owner, refusal, set_aside, sha256_of, write_all
from deliverables.folders import Folders
from deliverables.kinds import STAFF, Deliverable
from deliverables.plan import Outcome, Request, Result
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
    base: Record = field(repr=False)
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


@dataclass(slots=True)
class Recorder:
    """Puts the documents of one contract in place and records them in its register.

    Each file and its base are on the disk before its entry is; the entries are on the disk before
    anybody is told. If the run is killed between the two, the next one finds the very same
    documents.
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
        if isinstance(made, Draft) and made.deliverable.folder == STAFF:
            for_its_owner(file.parent)
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
        steps = [self._prepared(made, file) for made, file in waiting]
        writings = [
            Writing(step.file, step.draft.document, step.draft.deliverable.private)
            for step in steps
            if isinstance(step, _Placed) and not step.unchanged and step.fault is None
        ]
        faults = dict(zip((w.path for w in writings), write_all(writings), strict=True))
        outcomes, entries, bases = [], [], []
        for step in steps:
            if isinstance(step, Outcome):
                outcomes.append(step)
                if step.again is not None:
                    entries.append(step.again)
                continue
            fault = step.fault or faults.get(step.file)
            outcomes.append(_outcome(step, fault))
            if fault is None and not (step.unchanged and step.draft.recorded == step.draft.recipe):
                bases.append(step.draft.base)
                entries.append(self._entry(step))
        for entry in entries:
            self._inputs.keep(self.folders.data, entry.inputs)
        if bases:
            self._bases.put(bases)
        if entries:
            self._register.append(*entries)
        yield from outcomes

    def _prepared(self, made: Draft | Outcome, file: Path) -> _Placed | Outcome:
        """Keep a file that the register does not vouch for beside the one that is to come."""
        if isinstance(made, Outcome):
            return made
        try:
            there = sha256_of(file) if file.exists() else ""
        except OSError as refused:
            return _Placed(made, file, fault=refused)
        if there == made.sha256:  # perhaps of a run that was killed before it was recorded
            return _Placed(made, file, unchanged=bool(made.before))
        if not there or there == made.before:
            return _Placed(made, file)
        try:
            return _Placed(made, file, replaced=set_aside(file))
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
    draft = placed.draft
    if fault is not None:
        reasons = (refusal(fault),)
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
