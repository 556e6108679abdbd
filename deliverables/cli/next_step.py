"""The one line after a command that says what one would do next, by how the command ended.

A command may tell more than its exit code with `tell_next`; one that nobody wrote a line for still
ends with a hint. The line goes to standard error; --quiet and --format json leave it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from deliverables.cli.workplace import Exit
from deliverables.message import Message, say

Facts = Mapping[str, Any]
_META = "deliverables.outcome"


def tell_next(**facts: object) -> None:
    """Tell what the next step depends on, such as the file that was made."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta.setdefault(_META, {}).update(facts)


def next_step(command: str, code: int, context: click.Context) -> Message:
    """Return what one would do after a command that ended with `code`."""
    facts: Facts = context.meta.get(_META, {})
    written = _AFTER.get(command)
    step = written(Exit(code), facts) if written else None
    return step or (_SHOW_PLAN if code == Exit.DONE else _MEND)


_SHOW_PLAN = say("next: deliverables plan shows what is due and what stands in its way")
_MEND = say("next: mend what is said above and run the command again")
_CHECK_ROWS = say("next: deliverables check reads the new rows with all the others")
_CHECK = say("next: mend the errors, from the first on, and run deliverables check again")


def _check(code: Exit, facts: Facts) -> Message | None:
    if facts.get("unfinished"):
        return say("next: fill in what is listed, from the top, and run deliverables check again")
    return _SHOW_PLAN if code is Exit.DONE else _CHECK


def _plan(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return _CHECK
    if facts.get("ready"):
        return say("next: deliverables build --due --as-of {day} makes what is ready", **facts)
    return say("next: supply what is missing; the table says what, and from which day on")


def _build(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.REFUTED:
        return say("next: nothing was replaced; deliverables template check looks for the fault")
    if code is not Exit.DONE:
        return _SHOW_PLAN if facts.get("sound") else _CHECK
    if facts.get("made"):
        return say("next: read {made} in Word or WPS, mend the prose, then deliverables verify",
                   **facts)  # fmt: skip
    return _SHOW_PLAN


def _verify(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.REFUTED:
        return say("next: put back what is named as an error, or correct the data and make it anew "
                   "with deliverables build KIND --keep-edits")  # fmt: skip
    if not facts.get("proved"):
        return say("next: deliverables build --due makes what can be made")
    if facts.get("changed") and facts.get("edited"):
        return say("next: deliverables build --edits-from {proved} makes it anew, with the edits",
                   **facts)  # fmt: skip
    if facts.get("changed"):
        return say("next: deliverables build makes anew what the data have changed")
    if facts.get("edited"):
        return say("next: read the edits, then deliverables final {proved} --approve all "
                   "--by NAME --role ROLE", **facts)  # fmt: skip
    return say("next: deliverables final {proved} once it has been read and approved", **facts)


def _explain(code: Exit, facts: Facts) -> Message | None:
    return say("next: deliverables diff FILE tells what the data of today would change")


def _diff(code: Exit, facts: Facts) -> Message | None:
    return say("next: deliverables explain FILE FIGURE tells where a figure comes from")


def _final(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE and facts.get("unapproved"):
        return say("next: read the edited passages, then run deliverables final again with "
                   "--approve all --by NAME --role ROLE")  # fmt: skip
    if code is not Exit.DONE:
        return say("next: mend what is said above, then run deliverables final again")
    return say("next: print and sign the form; when it is sealed: "
               "deliverables sealed {file} --scan SCAN.pdf --date DATE", **facts)  # fmt: skip


def _sealed(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return None
    return say("next: hand it over, then deliverables delivered {file} --date DATE", **facts)


def _delivered(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return None
    if facts.get("awaited"):
        return say("next: when the client has answered: deliverables accepted {file} --date DATE",
                   **facts)  # fmt: skip
    return _SHOW_PLAN


def _accepted(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return None
    return say("next: add the row to ledger.xlsx, then deliverables check")


def _status(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.DONE and facts.get("stale"):
        return say("next: deliverables status --figures tells what changed; "
                   "deliverables build makes the stale documents anew")  # fmt: skip
    return None


def _import(code: Exit, facts: Facts) -> Message | None:
    if facts.get("dry_run") and code is Exit.DONE:
        return say("next: run the same command without --dry-run")
    if code is not Exit.DONE:
        return say("next: mend the mapping or the rows named above and import again: "
                   "rows that were added are not added twice")  # fmt: skip
    return _CHECK_ROWS if facts.get("added") else None


def _finance(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return _CHECK
    if facts.get("command"):
        return say("next: the most urgent first: {command}", **facts)
    return _SHOW_PLAN


def _ledger(code: Exit, facts: Facts) -> Message | None:
    if facts.get("kept"):
        return say("next: compare what was edited with the account above; --replace keeps both")
    if code is not Exit.DONE:
        return _CHECK
    if facts.get("open"):
        return say("next: settle what is inconsistent, enter it in ledger.xlsx, and run this again")
    if facts.get("written"):
        return _FINANCE
    return say("next: deliverables ledger --xlsx --as-of {day} writes the workbook for month-end",
               **facts)  # fmt: skip


_FINANCE = say("next: deliverables finance says what is to be done, and by when")


def _pack(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.REFUTED:
        return say("next: make the letter anew with --replace, or correct it in Word")
    if code is not Exit.DONE:
        return _FINANCE if facts.get("sound") else _CHECK
    if facts.get("to_issue"):
        return say("next: have the invoice issued by the 开票申请单, or deliverables "
                   "invoice-import {instalment}; enter it in ledger.xlsx and run this again",
                   **facts)  # fmt: skip
    return say("next: read {letter} in Word or WPS, then deliverables final {letter}", **facts)


def _invoice_import(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.DONE and facts.get("file"):
        return say("next: import {file} in the tax portal, issue the invoice there, and enter it "
                   "in ledger.xlsx", **facts)  # fmt: skip
    return None if facts.get("sound") else _CHECK


def _new(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return None
    return say("next: fill in {file}, then deliverables check --contract {number}", **facts)


def _workbook(code: Exit, facts: Facts) -> Message | None:
    if facts.get("kept"):
        return say("next: fill in what is there; --replace sets it aside, --merge takes its rows "
                   "along")  # fmt: skip
    if code is not Exit.DONE:
        return None
    return say("next: fill in {file} in Excel or WPS, then deliverables check", **facts)


def _overview(code: Exit, facts: Facts) -> Message | None:
    if code not in (Exit.DONE, Exit.BAD_DATA) or not facts:
        return None
    if facts.get("shown"):
        return _SHOW_PLAN if code is Exit.DONE else _CHECK
    return say("next: open {file} in the browser; --open does so at once", **facts)


def _completion(code: Exit, facts: Facts) -> Message | None:
    return say("next: start a new shell; then the Tab key finishes what is typed")


def _kinds(code: Exit, facts: Facts) -> Message | None:
    if facts.get("kind"):
        return say("next: after a change of the template: deliverables template check {kind}",
                   **facts)  # fmt: skip
    return say("next: deliverables kinds KIND lists the names its template may use")


def _template(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.DONE:
        return say("next: make a document with it: deliverables build KIND")
    return say("next: deliverables template dress mends the looks; names are mended in Word")


_AFTER: Mapping[str, Callable[[Exit, Facts], Message | None]] = {
    "check": _check,
    "plan": _plan,
    "build": _build,
    "verify": _verify,
    "explain": _explain,
    "diff": _diff,
    "final": _final,
    "sealed": _sealed,
    "delivered": _delivered,
    "accepted": _accepted,
    "status": _status,
    "finance": _finance,
    "ledger": _ledger,
    "pack": _pack,
    "invoice-import": _invoice_import,
    "new": _new,
    "workbook": _workbook,
    "overview": _overview,
    "completion": _completion,
    "import": _import,
    "kinds": _kinds,
    "template": _template,
}
