"""What must hold among the cells of a row and the rows of a sheet, declared once beside them.

The rules of `check` and the red cells of a workbook follow it. A sheet without an entry has no
more rules than its columns have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deliverables.model.fields import Row
from deliverables.model.ledger_sheets import (
    Claim,
    FiscalApproval,
    Invoice,
    Payment,
    Reminder,
    TaxFiling,
)
from deliverables.model.operations_sheets import (
    AddressBlock,
    Alarm,
    Backup,
    Change,
    Drill,
    Durability,
    Incident,
    Inspection,
    Issue,
    Meeting,
    Opinion,
    Outage,
    Resource,
    Security,
    StaffChange,
    Ticket,
    Usage,
)
from deliverables.model.roster_sheets import StaffMember

Pair = tuple[str, str]

UNITS = {
    "云主机": "台", "vCPU": "核", "内存": "GB", "存储": "GB", "带宽": "Mb",
    "IP地址": "个", "VPN账号": "个", "堡垒机账号": "个",
}  # fmt: skip
"""The unit in which the report adds up each kind of resource."""


@dataclass(frozen=True, slots=True)
class Total:
    """A column that is the sum of some columns less others."""

    whole: str
    added: tuple[str, ...]
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """The rules of one sheet, by the names of its fields.

    `happened` is the moment or day that decides to which quarter a row belongs. `spans` are two
    columns in the order of time; of `lasting` ones the second must be later. Each tuple of `keys`
    names what a row is about: no two rows have the same. Of `parts` the first counts some of what
    the second counts, of `peaks` the second is the highest of what the first averages, of `fits`
    the first has room in the second. `needs` names a column that must be filled where another has
    the given word, or anything at all where no word is given. `signed` amounts may be negative.
    `known` columns can be written before the
    quarter begins: they name what is looked after, not what came of it.
    """

    happened: str = ""
    spans: tuple[Pair, ...] = ()
    lasting: bool = False
    keys: tuple[tuple[str, ...], ...] = ()
    parts: tuple[Pair, ...] = ()
    peaks: tuple[Pair, ...] = ()
    fits: tuple[Pair, ...] = ()
    totals: tuple[Total, ...] = ()
    needs: tuple[tuple[str, str, str], ...] = ()
    units: Pair | None = None
    signed: frozenset[str] = frozenset()
    known: tuple[str, ...] = ()


NUMBER = ("number",)
"""The key of sheets whose rows are numbered."""

_NUMBERED = (NUMBER,)
_NONE = Rules()

RULES: Mapping[type[Row], Rules] = {
    Resource: Rules(
        keys=(("system", "kind", "specification"),),
        totals=(Total("closing", ("opening", "added"), ("released",)),),
        units=("kind", "unit"),
        known=("system", "kind", "specification", "unit", "contracted"),
    ),
    Usage: Rules(
        keys=(("month", "host"),),
        peaks=(("cpu_average", "cpu_peak"), ("memory_average", "memory_peak")),
        fits=(("storage_used", "storage"),),
        known=("system", "host", "vcpu", "memory", "storage"),
    ),
    Outage: Rules(
        spans=(("started", "ended"),),
        lasting=True,
        keys=_NUMBERED,
        fits=(("affected_hosts", "total_hosts"),),
        needs=(("excluded_on", "exclusion", ""), ("exclusion", "excluded_on", "")),
    ),
    Durability: Rules(
        keys=(("month", "storage"),),
        parts=(("integrity_failures", "integrity_checks"),),
        known=("storage", "scheme", "design_value", "design_evidence"),
    ),
    Alarm: Rules(happened="raised", spans=(("raised", "cleared"),), keys=_NUMBERED),
    Ticket: Rules(
        happened="opened", spans=(("opened", "closed"), ("opened", "responded")), keys=_NUMBERED
    ),
    Incident: Rules(
        happened="started",
        spans=(("started", "ended"), ("started", "responded")),
        keys=_NUMBERED,
        needs=(("timeline", "major", "是"), ("prevention", "major", "是")),
    ),
    Change: Rules(happened="done", keys=_NUMBERED),
    Inspection: Rules(
        keys=(("month", "subject"),),
        parts=(("done", "planned"), ("mended", "found")),
        known=("subject",),
    ),
    Backup: Rules(
        keys=(("month", "target"),),
        parts=(("succeeded", "planned"), ("restore_succeeded", "restore_tests")),
        known=("target",),
    ),
    Security: Rules(
        keys=(("month", "kind"),), totals=(Total("due", ("mended", "overdue")),), known=("kind",)
    ),
    AddressBlock: Rules(
        happened="changed", known=("block", "zone", "system", "addresses", "state")
    ),
    Drill: Rules(spans=(("first_day", "last_day"),)),
    StaffChange: Rules(happened="day"),
    Issue: Rules(
        keys=_NUMBERED,
        known=(
            "number",
            "kind",
            "subject",
            "action",
            "article",
            "owner",
            "due",
            "state",
            "level",
        ),
        needs=(("outcome", "closed", ""),),
    ),
    Opinion: Rules(
        happened="day",
        spans=(("day", "closed"),),
        parts=(("returned", "sent"),),
        totals=(Total("returned", ("satisfied", "fair", "dissatisfied")),),
        needs=(
            ("sent", "kind", "满意度调查"),
            ("returned", "kind", "满意度调查"),
            ("outcome", "closed", ""),
            ("closed", "outcome", ""),
        ),
    ),
    Meeting: Rules(happened="day", keys=(("number", "topic", "decision"),)),
    StaffMember: Rules(
        spans=(("joined", "left"), ("access_granted", "left")),
        keys=(NUMBER, ("identity_number",)),
        needs=(("explained", "why_unsigned", ""), ("explained", "sign_by", "")),
    ),
    Invoice: Rules(
        keys=_NUMBERED,
        totals=(Total("gross", ("net", "tax")),),
        signed=frozenset({"net", "tax", "gross"}),
    ),
    Payment: Rules(signed=frozenset({"amount"})),
    FiscalApproval: Rules(spans=(("first_day", "last_day"),)),
    Reminder: Rules(spans=(("delivered", "pay_by"),), lasting=True),
    Claim: Rules(spans=(("claimed", "disputed"), ("disputed", "settled"))),
    TaxFiling: Rules(keys=(("month",),)),
}


def rules_of(row: type[Row]) -> Rules:
    """Return the rules of a sheet; of one that has none, rules that ask for nothing."""
    return RULES.get(row, _NONE)
