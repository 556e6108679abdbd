"""The one status of a document: how far it has come, and how it stands to its file and its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from deliverables.values.problem import Message, say


class Stage(StrEnum):
    """How far a document has come, in this order."""

    NOT_YET = "not yet"
    BLOCKED = "blocked"
    READY = "ready"
    DRAFT = "draft"
    FINAL = "final"
    SEALED = "sealed"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


RECORDED: Final = (Stage.FINAL, Stage.SEALED, Stage.DELIVERED, Stage.ACCEPTED)
"""The steps on the way to the seal and after it: each is the event of an entry, in this order."""

FINISHED: Final = frozenset({*RECORDED, Stage.SETTLED, Stage.WITHDRAWN})


PASSED, FAILED = "通过", "不通过"
"""How the client answered an acceptance: in the register as in the sheet 验收."""


class Condition(StrEnum):
    """How a recorded document stands to its file and its inputs."""

    CURRENT = "current"
    STALE = "stale"
    EDITED = "edited"
    BOTH = "edited and stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Status:
    """The stage and the condition; `changed` names the inputs that are no longer the same.

    The condition is None where nothing was made. A final document is never edited: that its file
    is another one is a problem.
    """

    stage: Stage
    condition: Condition | None = None
    changed: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The one word for both, a key of `SPOKEN`: of a draft that is not current, why it is not.

        Else it is the stage.
        """
        if self.stage is Stage.DRAFT and self.condition not in (None, Condition.CURRENT):
            return str(self.condition)
        return self.stage.value

    @property
    def is_finished(self) -> bool:
        """Whether it is final, or further."""
        return self.stage in FINISHED

    @property
    def is_edited(self) -> bool:
        """Whether people changed the draft after it was made."""
        return self.condition in (Condition.EDITED, Condition.BOTH)

    @property
    def is_there(self) -> bool:
        """Whether it was made and its file is where it was put."""
        return self.condition not in (None, Condition.MISSING)


SPOKEN: Final[Mapping[str, Message]] = {
    Stage.NOT_YET: say("not yet possible"),
    Stage.BLOCKED: say("blocked"),
    Stage.READY: say("ready"),
    Stage.DRAFT: say("draft"),
    Condition.STALE: say("stale"),
    Condition.EDITED: say("edited by hand"),
    Condition.BOTH: say("edited by hand, and stale"),
    Condition.MISSING: say("missing"),
    Stage.FINAL: say("final"),
    Stage.SEALED: say("sealed"),
    Stage.DELIVERED: say("delivered"),
    Stage.ACCEPTED: say("accepted"),
    Stage.SETTLED: say("settled"),
    Stage.WITHDRAWN: say("withdrawn"),
}
"""Every word of a status, in the order of a life, as people read it."""


def on_day(stage: Stage, day: date) -> Message:
    """Return that a stage was reached, and when."""
    match stage:
        case Stage.FINAL:
            return say("final, dated {day}", day=day)
        case Stage.SEALED:
            return say("sealed {day}", day=day)
        case Stage.DELIVERED:
            return say("delivered {day}", day=day)
        case Stage.ACCEPTED:
            return say("acceptance answered {day}", day=day)
        case _:
            return say("withdrawn {day}", day=day)
