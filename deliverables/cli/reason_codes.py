"""The codes by which programs know a reason, whatever words people are told it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CODES: Final[Mapping[str, str]] = {
    # What happened, and when
    "possible from {day}": "possible-from",
    "paid in full on {day}": "paid-in-full",
    "settled {day}": "settled",
    "accepted {day}": "accepted",
    "final, dated {day}": "final",
    "sealed {day}": "sealed",
    "delivered {day}": "delivered",
    "acceptance answered {day}": "acceptance-answered",
    "withdrawn {day}": "withdrawn",
    "withdrawn {day} by {name}: {reason}": "withdrawn-by",
    "acceptance is due {due}; silence is no acceptance": "acceptance-due",
    "not accepted: mend and hand in again by {due}": "not-accepted",
    "the contract gives no days for it that can be counted": "no-countable-days",
    (
        "the days to accept run from the day on which the client receives the notice of "
        "acceptance: enter it in the sheet 验收, 通知送达日期"
    ): "notice-not-received",
    # What became of the file
    "changed since: {inputs}": "changed-since",
    "changed: {inputs}": "changed",
    "the file was edited after it was made": "edited",
    "final, so kept; --replace makes a new draft and leaves the final document": "kept-final",
    (
        "edited by hand, so kept; --keep-edits makes it anew with what was written in it,"
        " --replace without; both keep the edited file"
    ): "kept-edited",
    "edited by hand, so kept; the data say what they said": "kept-same-data",
    (
        "kept: what it said when it was made is not there, so edits cannot be told; "
        "--replace makes it anew without them"
    ): "kept-without-base",
    "the contract no longer calls for {key}": "not-called-for",
    "the earlier one was as of {day}": "earlier-day",
    "the earlier one was made by version {version}": "earlier-version",
    "{count} edited passages were put back": "edits-put-back",
    "what was edited is kept as {name}": "edited-kept-as",
    "the process that made it was lost, twice; nothing was saved": "process-lost",
    "a fault of the program, {name}; nothing was saved": "program-fault",
    # What is missing of the data
    "operations/{name}.xlsx is blank or has errors, which check names": "workbook-blank",
    (
        "operations/{name}.xlsx is missing, blank or unreadable: fill it in first"
    ): "workbook-missing",
    "ledger.xlsx is missing or unreadable: fill it in first": "ledger-missing",
    "staff.xlsx is missing, blank or unreadable: fill in the roster first": "roster-missing",
    # What a payment waits for
    "nothing is left to pay after deductions of {sum}": "nothing-after-deductions",
    "nothing is left to pay": "nothing-left",
    "{reason}; met already: {since}": "partly-met",
    "not met yet: {conditions}": "conditions-unmet",
    "{name} ({article}) is not before {day}": "condition-not-before",
    ("{name} ({article}): the day from which it is counted is not known"): "condition-from-unknown",
    "{name} ({article}) comes no more: the service ends early, on {day}": "condition-lapsed",
    "{name} ({article}) is not known of, see {place}": "condition-unknown",
    "{kind} ({article}) did not pass on {day}, see {place}": "condition-not-passed",
    (
        "{kind} ({article}) has no result yet in {place}; the notice arrived on {day}"
    ): "condition-without-result",
    "{kind} ({article}) has no evidence in {place}": "condition-without-evidence",
    "no days of fiscal approval are known": "no-fiscal-days",
    "the contract names no day to pay": "no-day-to-pay",
    "payment is due on {day}": "payment-not-due",
    "the contract gives a time limit for payment": "has-time-limit",
    "a day was demanded already: {place}": "demanded-already",
    "no request for payment was delivered: ledger.xlsx, sheet 请款": "request-undelivered",
    "the instalment is not wholly invoiced": "not-wholly-invoiced",
    # What an acceptance waits for
    "the service runs until {day}": "service-not-over",
    "the term is past half from {day}": "before-half",
    "no payment hangs on an interim acceptance": "no-interim-acceptance",
    "no interim acceptance was passed": "interim-acceptance-not-passed",
    "it was accepted already: {place}": "accepted-already",
    "the client was notified on {day}": "notified-already",
    "{name} comes first": "other-first",
    "{name} is not before {day}": "milestone-not-before",
    "the payment does not hang on half of the term": "not-at-half",
    "contract.yaml does not say that it is public procurement": "not-public-procurement",
    "no acceptance was refused": "nothing-refused",
    "not sealed yet: {titles}": "unsealed",
    "the contract states no procedure for the interim acceptance": "no-interim-procedure",
    # What a letter waits for
    "{item} {day} is not after the day of the letter": "day-not-after-letter",
    "{item} {day} has not come": "day-not-come",
    "{place}: {day} has not come": "listed-day-not-come",
    "letters.xlsx: the sheet 函件明细 lists nothing that was mended": "nothing-mended",
    "not mended yet: {names}": "not-mended",
    "{place}: {name} was mended on {day}, after 完成日期": "mended-late",
    (
        "no drill {name} is over: its name in the sheet 演练与重保 stands under 关联 in "
        "letters.xlsx"
    ): "no-drill",
    "{place}: {name} is not one person of the roster": "not-on-roster",
    "{place}: the day is missing": "listed-day-missing",
    "{place}: {name} is not on the project on {day}": "not-on-project",
    "{place}: {name} left the project on {day}": "left-before",
    "原人员 and 接替人员 are both {name}": "same-person",
    "{name} is not 主要人员 in staff.xlsx: nobody's consent is asked for": "not-key-staff",
    (
        "the new contact stands in contract.yaml already: enter it there once the letter "
        "was delivered"
    ): "contact-not-new",
    "切换结束 {day} is after {limit}": "switch-over-late",
    "{last} {ends} is before {first} {begins}": "wrong-order",
    "返还日期 {day} is before the client asked for it, {asked}": "returned-before-asked",
    "the contract has no reports whose frequency it leaves open": "no-open-frequency",
    "the days it reports on are not filled in, or lie outside the term": "span-unknown",
    "the days it reports on run until {day}": "span-not-over",
    (
        "the last day of service {day} does not lie between the letter and {end}, when "
        "service ends anyway"
    ): "last-day-outside",
    (
        "letters.xlsx: the letter named under 关联 was not delivered, or is not there"
    ): "related-undelivered",
    "letters.xlsx: what stands under 关联 is no 不可抗力通知": "related-no-notice",
    "{notice} told of 发生日期 {before}, this letter of {after}": "other-day-told",
    "the client never received what was withdrawn": "withdrawn-undelivered",
    "nothing is sealed in the place of what was withdrawn": "replacement-unsealed",
    "the incident was not over on the day": "incident-not-over",
    "the day by which it must be written is not known": "writing-day-unknown",
    "it had to be written by {day}, and says that it is in time": "written-late",
    "{item}: {name} left the project on {day}": "person-left",
    "the contract has no {name}": "not-in-contract",
    "{name} is not filled in": "not-filled-in",
    "letters.xlsx: {number} has no list, sheet 函件明细": "no-list",
    "{name} has no rows": "no-rows",
    "no clause of the contract speaks of this: contract.yaml, duties": "no-clause",
    "{name} is not known on the day": "not-known",
    "letters.xlsx has no row of this letter: deliverables letter add {kind}": "not-entered",
    "letters.xlsx: {item} of {number} is not filled in": "letter-not-filled-in",
    # What the system refuses
    (
        "{file}: you may not write there, or another program holds it: close it, or have "
        "the rights of the folder changed"
    ): "file-barred",
    (
        "{file} is open in another program: close it in Word or WPS and run the command again"
    ): "file-open",
    (
        "{file} is open in another program, as {lock} beside it says: close it in Excel, "
        "Word or WPS; if nobody has it open, delete {lock}; then run the command again"
    ): "file-open-by-word",
    (
        "{file}: the path is too long for the system ({count} characters): move the "
        "project to a folder nearer to the drive's root, or give --out a shorter one"
    ): "path-too-long",
    "{folder}: {why}: {remedy}": "folder-shut",
    "{file}: what stands where the file belongs is none: move it away": "no-file",
    "{file}: the disk is full; nothing was replaced": "disk-full",
    "{file}: the disk is full: free some space": "disk-full-halfway",
    "{file}: the system refuses it ({code})": "file-refused",
    (
        "{folder}: {who}; wait until it has ended and run the command again, or let this "
        "one wait longer (--wait SECONDS)"
    ): "folder-busy",
    (
        "{why}; {folder} is between two states: all of it is there, and the next command "
        "completes it, once what is in the way is gone"
    ): "change-unfinished",
    (
        "{file} was damaged, or a newer deliverables wrote it; it says how to complete a "
        "change: give the folder that it lies in to whoever looks after the program"
    ): "change-damaged",
    ("{file} was changed by something else meanwhile: restore it from a copy"): "changed-meanwhile",
}
"""The code of each English sentence that may be a reason; one that is reworded keeps its code."""

OTHER: Final = "other"
"""The code of a reason that has no code of its own."""
