"""Turns a contract's structured data into the documents it owes.

The public door: `open_data` opens a data folder, and what it returns checks, plans, builds,
verifies and explains. docs/python.md shows it.
"""

from __future__ import annotations

from deliverables.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:  # `import deliverables` costs nothing: each step is loaded when it is taken
    from collections.abc import Callable, Collection
    from datetime import date, datetime
    from pathlib import Path

    from deliverables.examination import Checked
    from deliverables.folders import Folders
    from deliverables.lineage import Explanation
    from deliverables.plan import Outcome, Plan
    from deliverables.recognition import Untold, Verified
    from deliverables.values.problem import Problem

__all__ = ["ProgramFaultError", "Project", "UnsoundDataError", "__version__", "open_data"]


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


class UnsoundDataError(Exception):
    """The data of a contract have errors, so nothing is told; `problems` are all of them."""

    def __init__(self, contract: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{contract}: its data have errors")
        self.contract, self.problems = contract, problems


class ProgramFaultError(Exception):
    """A fault of the program stopped the work on a contract; `way` tells where it happened."""

    def __init__(self, contract: str, way: str) -> None:
        super().__init__(f"{contract}: a fault of the program\n{way}")
        self.contract, self.way = contract, way


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
        from deliverables.read.files import find_contracts

        return tuple(folder.name for folder in find_contracts(self.folders.data))

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
        anyway: bool = False,
        replace: bool = False,
        keep_edits: bool = False,
        jobs: int = 1,
        moment: datetime | None = None,
        report: Callable[[Outcome], None] = lambda _: None,
    ) -> tuple[Outcome, ...]:
        """Make what can be made on a day, prove it, record it, and return what became of each.

        Without kinds and parts current drafts are left alone. `anyway` makes marked drafts although
        a waivable condition is unmet; `replace` makes edited ones anew, `keep_edits` with what was
        written in them. `moment` is what the register says of when, now if it is not given;
        `report` is called for each as it is done. Contracts whose data have errors are passed over:
        `check` tells them. Contents show no pages until a program counts them.

        Raises:
            ProgramFaultError: The program has a fault that stopped a contract; all others are made.
        """
        from datetime import UTC, datetime

        from deliverables.build import build_all
        from deliverables.fleet import Fleet
        from deliverables.plan import Request

        request = Request(
            as_of=as_of,
            moment=moment or datetime.now(UTC),  # noqa: TID251  # as a command does
            command="deliverables.Project.build",
            kinds=frozenset(kinds),
            parts=frozenset(parts),
            only_needed=not (kinds or parts),
            anyway=anyway,
            replace_edited=replace,
            keep_edits=keep_edits,
        )
        with Fleet(jobs) as fleet:
            built = build_all(self.folders, request, report, fleet, only=contract)
            done = list(built)
        for examined, _ in done:
            if examined.fault is not None:
                raise ProgramFaultError(examined.contract, examined.fault.way)
        return tuple(outcome for _, outcomes in done for outcome in outcomes)

    def rows(
        self,
        as_of: date,
        *,
        contract: str | None = None,
        kinds: Collection[str] = (),
        parts: Collection[str] = (),
    ) -> list[dict[str, object]]:
        """Return the figures of documents that can be made on a day as rows of one table.

        Nothing is made. Each row has the same keys: contract, kind, part, figure (its path), name,
        number (a Decimal; None for a text or a day), text (as it is printed, an identity number
        masked) and origin (the cell or line it was read from, or the rule that made it). Contracts
        whose data have errors are passed over: `check` tells them.
        """
        from deliverables.examination import examine
        from deliverables.letters import every_kind
        from deliverables.lineage import Explanation
        from deliverables.plan import plan
        from deliverables.values.figure import Figure
        from deliverables.verify.base import leaves

        told: list[dict[str, object]] = []
        for one in examine(self.folders, contract):
            if one.book is None or not one.sound:
                continue
            known = every_kind(self.folders, one.contract)
            for planned in plan(one.book, self.folders, as_of):
                wanted = planned.deliverable
                called = not kinds or any(map(wanted.is_of, kinds))
                if not called or (parts and not any(map(wanted.answers_to, parts))):
                    continue
                if wanted.blockers or (wanted.possible_from and as_of < wanted.possible_from):
                    continue
                for key, leaf in leaves(known[wanted.kind].compose(one.book, wanted, as_of)):
                    if isinstance(leaf, Figure):
                        told.append(
                            {
                                "contract": one.contract,
                                "kind": wanted.kind,
                                "part": wanted.part,
                                **Explanation(key, leaf).row,
                            }
                        )
        return told

    def verify(self, *files: str | Path) -> tuple[Verified | Untold, ...]:
        """Account for everything in documents, or in all that were made.

        A file may have been renamed, mailed or saved elsewhere; of one that is no document of this
        project the reason is returned.
        """
        from pathlib import Path

        from deliverables.recognition import verify_files

        return tuple(verify_files(self.folders, [Path(file) for file in files]))

    def explain(self, file: str | Path, figure: str | None = None) -> tuple[Explanation, ...]:
        """Return where the figures that a document prints come from, with the data of today.

        `figure` is a path such as service.this.percent, or words as the document prints them.

        Raises:
            UnknownFileError: No register knows the file.
            UnsoundDataError: The data of its contract have errors.
            NoLongerDueError: The contract does not call for it any more.
        """
        from pathlib import Path

        from deliverables.compare import Again
        from deliverables.draft import recompose
        from deliverables.examination import examine
        from deliverables.lineage import explanations, find
        from deliverables.recognition import Registers

        known = Registers(self.folders).recognise(Path(file))
        (found,) = examine(self.folders, known.contract)
        if found.book is None or not found.sound:
            raise UnsoundDataError(known.contract, found.problems)
        now = Again(recompose(known.entry, found.book, self.folders))
        told = explanations(now.figures, now.printed)
        return told if figure is None else find(figure, told, now.words, now.figures)
