"""Turns a contract's structured data into the documents it owes.

The public door: `open_data` opens a data folder, and what it returns checks, plans, builds,
verifies and explains. docs/python.md shows it. The commands come in here too.
"""

from __future__ import annotations

from deliverables.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:  # `import deliverables` costs nothing: each step is loaded when it is taken
    from collections.abc import Callable, Collection, Iterator
    from concurrent.futures import Executor
    from datetime import date, datetime
    from pathlib import Path
    from typing import TypeVar

    from deliverables.compare import Cause, Comparison, FigureChange, TextChange
    from deliverables.draft import NoLongerDueError
    from deliverables.examination import Checked, Examined, UnsoundDataError
    from deliverables.files.refusal import PlaceTakenError
    from deliverables.files.result import Result
    from deliverables.folders import Folders
    from deliverables.kinds import Deliverable
    from deliverables.lineage import Explanation, Rest, Search, Sighting, Step
    from deliverables.pdf.press import PressReport, Printout
    from deliverables.pdf.print_set import Laid, Pile
    from deliverables.plan import Outcome, Plan, Planned, Request
    from deliverables.progress import Progress
    from deliverables.provenance import Provenance
    from deliverables.recognition import By, Ground, PlannedFile, Recognised, Untold, Verified
    from deliverables.register import Entry, Life, UnknownFileError
    from deliverables.run import Built, Run, Watch
    from deliverables.setup import FactToFill, Section
    from deliverables.verify.base import NewerFormatError
    from deliverables.verify.document import Form
    from deliverables.verify.finding import Finding
    from deliverables.verify.judgement import DataChange, Difference
    from deliverables.verify.package import UnreadableDocumentError
    from deliverables.versions import VersionsCompared

    R = TypeVar("R")

_HOMES = {
    "compare": ("Cause", "Comparison", "FigureChange", "TextChange"),
    "draft": ("NoLongerDueError",),
    "examination": ("Checked", "Examined", "UnsoundDataError"),
    "kinds": ("Deliverable",),
    "files.refusal": ("PlaceTakenError",),
    "files.result": ("Result",),
    "lineage": ("Explanation", "Rest", "Search", "Sighting", "Step"),
    "pdf.press": ("PressReport", "Printout"),
    "pdf.print_set": ("Laid", "Pile"),
    "plan": ("Outcome", "Plan", "Planned", "Request"),
    "progress": ("Progress",),
    "provenance": ("Provenance",),
    "recognition": ("By", "Ground", "PlannedFile", "Recognised", "Untold", "Verified"),
    "register": ("Entry", "Life", "UnknownFileError"),
    "run": ("Built", "Run", "Watch"),
    "setup": ("FactToFill", "Section"),
    "verify.base": ("NewerFormatError",),
    "verify.document": ("Form",),
    "verify.finding": ("Finding",),
    "verify.judgement": ("DataChange", "Difference"),
    "verify.package": ("UnreadableDocumentError",),
    "versions": ("VersionsCompared",),
}
"""What the steps return, take and raise, by the modules that are loaded when it is asked for."""

__all__ = [
    "Built",
    "By",
    "Cause",
    "Checked",
    "Comparison",
    "DataChange",
    "Deliverable",
    "Difference",
    "Entry",
    "Examined",
    "Explanation",
    "FactToFill",
    "FigureChange",
    "Finding",
    "Form",
    "Ground",
    "Laid",
    "Life",
    "NewerFormatError",
    "NoLongerDueError",
    "Outcome",
    "Pile",
    "PlaceTakenError",
    "Plan",
    "Planned",
    "PlannedFile",
    "PressReport",
    "Printout",
    "Progress",
    "Project",
    "Provenance",
    "Recognised",
    "Request",
    "Rest",
    "Result",
    "Run",
    "Search",
    "Section",
    "Sighting",
    "Step",
    "TextChange",
    "UnknownFileError",
    "UnreadableDocumentError",
    "UnsoundDataError",
    "Untold",
    "Verified",
    "VersionsCompared",
    "Watch",
    "__version__",
    "open_data",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        from importlib import import_module

        for module, values in _HOMES.items():
            if name in values:
                return getattr(import_module(f"deliverables.{module}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def open_data(
    data: str | Path, out: str | Path = "out", templates: str | Path | None = None
) -> Project:
    """Open a data folder: a folder for each contract, with its contract.yaml and workbooks.

    Documents and their register go to `out`; `templates` holds your own, if you have any.

    Raises:
        NotADirectoryError: There is no such folder.
        ValueError: The one folder lies in the other.
    """
    from pathlib import Path

    from deliverables.folders import Folders, overlap

    if not Path(data).is_dir():
        raise NotADirectoryError(data)
    if why := overlap(Path(data), Path(out)):
        raise ValueError(str(why))
    return Project(Folders(Path(data), Path(out), Path(templates) if templates else None))


class Project:
    """The contracts of a data folder and the documents made of them.

    Every method reads what is on the disk when it is called. `contract` names the only one that is
    meant; without it all are.
    """

    def __init__(self, folders: Folders) -> None:
        self.folders = folders

    @property
    def contracts(self) -> tuple[str, ...]:
        """The numbers of the contracts."""
        return self.meant()

    def meant(self, contract: str | None = None) -> tuple[str, ...]:
        """Return the numbers of the contracts that a number or a pattern with * and ? means."""
        from deliverables.read.files import find_contracts

        return tuple(folder.name for folder in find_contracts(self.folders.data, contract))

    def read(self, *, contract: str | None = None, patient: bool = False) -> Iterator[Examined]:
        """Read and check contracts; each comes with its problems and its book, if there is one.

        Who is `patient` is told a fault of the program with its contract, and goes on.
        """
        from deliverables.examination import examine

        return examine(self.folders, contract, patient=patient)

    def each(
        self, work: Callable[[Examined], R], *, contract: str | None = None
    ) -> Iterator[tuple[Examined, R | None]]:
        """Yield each contract, read and checked, with what the work makes of it.

        What stops the work on one does not stop that on the others: the contract then bears the
        fault or the problem, with None.
        """
        from deliverables.examination import examine, for_each

        return for_each(examine(self.folders, contract, patient=True), work)

    def called_for(
        self, as_of: date, *, contract: str | None = None
    ) -> Iterator[tuple[Deliverable, ...]]:
        """Yield the documents that each sound contract calls for, however far they have come."""
        from deliverables.examination import called_for

        return called_for(self.folders, as_of, contract)

    def check(self, as_of: date, *, contract: str | None = None) -> tuple[Checked, ...]:
        """Read everything and return every problem and every assumption, contract by contract."""
        from deliverables.examination import check

        return tuple(check(self.folders, as_of, contract))

    def plan(self, as_of: date, *, contract: str | None = None) -> tuple[Plan, ...]:
        """Return every document that the contracts call for, each with its status on a day."""
        from deliverables.examination import plans

        return tuple(plans(self.folders, as_of, contract))

    def build(
        self,
        as_of: date,
        *,
        contract: str | None = None,
        kinds: Collection[str] = (),
        parts: Collection[str] = (),
        named: Collection[str] = (),
        due: bool | None = None,
        anyway: bool = False,
        replace: bool = False,
        keep_edits: bool = False,
        edits_from: str | Path | None = None,
        identities: bool | None = None,
        pages: bool = False,
        pdf: bool = False,
        print_to: str | Path | None = None,
        jobs: int | None = 1,
        executor: Executor | None = None,
        moment: datetime | None = None,
        command: str = "deliverables.Project.build",
        watch: Watch | None = None,
    ) -> Run:
        """Make what can be made on a day, prove it, record it, and return what became of each.

        What a run that was broken off had made is current, and left alone by the next one.

        Args:
            as_of: The day that the documents state.
            contract: The number of the only contract, or a pattern with * and ?.
            kinds: Names of kinds, also as people call them.
            parts: Such as Q2, annual, 1, S001; with kinds, those of them.
            named: Documents by themselves, by the words on file, title and plan.
            due: Leave current drafts alone, as if nothing were named.
            anyway: Make marked drafts although a waivable condition is unmet.
            replace: Make edited drafts anew, the old file is kept too.
            keep_edits: Make them anew with what was written in them.
            edits_from: A copy that lies elsewhere; its document is made with its edits.
            identities: Whether identity numbers are printed; None as in the draft before.
            pages: Have LibreOffice count the pages of contents, if it is there.
            pdf: Have it lay a PDF beside each document.
            print_to: A file for all PDFs of the run, pile by pile.
            jobs: How many processes make documents; None is one a core.
            executor: Who makes them instead.
            moment: What the register says of when; now if it is not given.
            command: What it says of how.
            watch: Who is told of each contract, document and PDF as it is done.

        Mistakes in the data are told by the contracts of the run, and so is a fault of the program:
        what stops one contract or one document does not stop the others.

        Raises:
            PlaceTakenError: What lies at `print_to` is something else.
            UnknownFileError: No register knows `edits_from`, or it is no copy of a draft.
            UnreadableDocumentError: It is no document any more.
            NewerFormatError: A newer version of the program has made it.
        """
        from datetime import UTC, datetime
        from functools import partial
        from pathlib import Path

        from deliverables.plan import Request
        from deliverables.run import Watch, run

        clock = partial(datetime.now, UTC)  # noqa: TID251  # as a command does
        copy = None
        if edits_from is not None:
            from deliverables.recognition import edited_copy

            copy = edited_copy(self.folders, Path(edits_from))
        request = Request(
            as_of=as_of,
            moment=moment or clock(),
            command=command,
            kinds=frozenset(kinds or (copy.kinds if copy else ())),
            parts=frozenset(parts or (copy.parts if copy else ())),
            named=frozenset(named),
            options=None if identities is None else frozenset(() if identities else {"no-id"}),
            only_needed=not (kinds or parts or named or copy) if due is None else due,
            anyway=anyway,
            replace_edited=replace,
            keep_edits=keep_edits,
            copy=copy,
        )
        return run(
            self.folders,
            request,
            watch or Watch(),
            clock,
            contract=copy.contract if copy else contract,
            pages=pages,
            pdf=pdf,
            print_to=None if print_to is None else Path(print_to),
            jobs=jobs,
            executor=executor,
        )

    def rows(
        self,
        as_of: date,
        *,
        contract: str | None = None,
        kinds: Collection[str] = (),
        parts: Collection[str] = (),
    ) -> list[dict[str, object]]:
        """Return the figures of documents that can be made on a day as rows of one table.

        Nothing is made. Each row has the same keys: contract, kind, part; table, row and label (the
        list that it stands in, its number there from 0 and what it is about; empty and None for
        what stands alone); figure (its path), name, number (a Decimal, all with as many places;
        None for a text or a day), text (as it is printed, an identity number masked) and origin
        (the cell or line it was read from, or the rule that made it). Contracts whose data have
        errors are passed over: `check` tells them.
        """
        from deliverables.provenance import rows

        return rows(self.folders, as_of, contract, kinds, parts)

    def status(
        self, as_of: date | None = None, *, contract: str | None = None, figures: bool = False
    ) -> Iterator[Progress]:
        """Yield how far the recorded documents of each contract have come, and what holds of them.

        With a day, drafts that would read otherwise if made for it are stale too; with `figures`,
        the figures of stale documents are told that would change.
        """
        from deliverables.progress import progress

        return progress(self.folders, contract, as_of, figures=figures)

    def contract_of(self, file: str | Path) -> str:
        """Return the number of the contract that a document belongs to, wherever the file lies.

        Raises:
            UnknownFileError: No register knows the file.
            UnreadableDocumentError: It was a document of a register, and is none any more.
            NewerFormatError: A newer version of the program has made it.
        """
        from pathlib import Path

        from deliverables.recognition import contract_of

        return contract_of(self.folders, Path(file))

    def document(self, file: str | Path, *, copies: bool = False) -> PlannedFile:
        """Return where the document stands that a draft, a final or its PDF is of.

        All that is known of it counts, whatever the day. With `copies` the file may also be a copy
        of the newest draft that lies elsewhere.

        Raises:
            UnknownFileError: No register knows it there, or it is no copy of the newest draft.
            UnreadableDocumentError: It is no document any more.
            NewerFormatError: A newer version of the program has made it.
            UnsoundDataError: The data of its contract cannot be read.
            NoLongerDueError: The contract does not call for it any more.
        """
        from pathlib import Path

        from deliverables.recognition import planned_file

        return planned_file(self.folders, Path(file), copies=copies)

    def compare(self, file: str | Path, other: str | Path | None = None) -> VersionsCompared:
        """Return what differs from one file to another or, without one, to the data of today.

        Raises:
            UnreadableDocumentError: A file is no document.
            NewerFormatError: A newer version of the program has made it.
            UnknownFileError: No register knows it, and there is no other.
            UnsoundDataError: The data of its contract have errors.
            NoLongerDueError: The contract does not call for it any more.
        """
        from pathlib import Path

        from deliverables.versions import file_against_today, two_files

        if other is None:
            return file_against_today(self.folders, Path(file))
        return two_files(self.folders, Path(file), Path(other))

    def verify(self, *files: str | Path) -> tuple[Verified | Untold, ...]:
        """Account for everything in documents, or in all that were made.

        A file may have been renamed, mailed or saved elsewhere; of one that is no document of this
        project the reason is returned.
        """
        from pathlib import Path

        from deliverables.recognition import verify_files

        return tuple(verify_files(self.folders, [Path(file) for file in files]))

    def explain(self, file: str | Path) -> Provenance:
        """Return where the figures that a document prints come from, with the data of today.

        Raises:
            UnreadableDocumentError: It was a document of a register, and is none any more.
            NewerFormatError: A newer version of the program has made it.
            UnknownFileError: No register knows the file.
            UnsoundDataError: The data of its contract have errors.
            NoLongerDueError: The contract does not call for it any more.
        """
        from pathlib import Path

        from deliverables.provenance import provenance

        return provenance(self.folders, Path(file))
