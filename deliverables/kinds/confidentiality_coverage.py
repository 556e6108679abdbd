"""The coverage list (保密协议签署情况表): who signed, who must, who saw things before signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from deliverables.compute.figures import Rows, or_unfilled, staff_of
from deliverables.kinds import STAFF, Blocker, Deliverable, Group, Kind, Sealing, file_stem
from deliverables.model.book import ContractBook
from deliverables.model.contract import Confidentiality, cited
from deliverables.model.roster_sheets import Roster, StaffMember
from deliverables.values.calendar import show_day
from deliverables.values.figure import Derivation, Figure, Statement
from deliverables.values.problem import say


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One person on the day of the list; what happens later is not on it."""

    number: Figure[str]
    name: Figure[str]
    post: Figure[str]
    joined: Figure[date | None]
    trained: Figure[date | None]
    access_granted: Figure[date | None]
    signed: Figure[date | None]
    finding: Statement


@dataclass(frozen=True, slots=True)
class CoverageFinding:
    """People about whom something has to be done: how many, who, what."""

    name: str
    count: Figure[Decimal]
    people: Statement
    action: Statement


@dataclass(frozen=True, slots=True)
class UnsignedMember:
    """Someone on the project who has not signed: since when, why, who sees to it, by what day."""

    number: Figure[str]
    name: Figure[str]
    joined: Figure[date]
    reason: Figure[str]
    owner: Figure[str]
    sign_by: Figure[date | None]
    late: bool


@dataclass(frozen=True, slots=True)
class ConfidentialityCoverage:
    """Everything the coverage list prints; identity numbers are not on it."""

    contract_number: Figure[str]
    project: Figure[str]
    client: Figure[str]
    employer: Figure[str]
    as_of: Figure[date]
    conclusion: Statement
    findings: tuple[CoverageFinding, ...]
    unsigned: tuple[UnsignedMember, ...]
    rows: tuple[CoverageRow, ...]
    notes: tuple[Statement, ...]


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return the one list of the contract; it needs the roster. None without such a duty."""
    terms = book.contract.confidentiality
    if terms is None or not book.contract.owes_agreements:
        return ()
    return (
        Deliverable(
            kind="confidentiality_coverage",
            contract=book.number,
            part="coverage",
            title="保密协议签署情况表",
            article=str(cited(terms.clause("agreement_article"))),
            folder=STAFF,
            stem=file_stem(book.number, "保密协议签署情况表"),
            possible_from=book.contract.identity.signed_on,
            due=None,
            blockers=() if book.roster else (_NO_ROSTER,),
            sample=book.roster is not None and book.roster.cover.sample,
        ),
    )


_NO_ROSTER = Blocker(
    say("staff.xlsx is missing, blank or unreadable: fill in the roster first"),
    on_document="缺少人员名册",
)


def compose(
    book: ContractBook,
    deliverable: Deliverable,
    as_of: date,
) -> ConfidentialityCoverage:
    """Return who is covered on the day `as_of`."""
    if book.roster is None:
        raise ValueError("the coverage list needs the roster")
    if book.contract.confidentiality is None:
        raise ValueError("the contract has no duty of confidence")
    contract, people = book.contract, [_on(day=as_of, member=m) for m in book.roster.members]
    counts, findings = _findings(people, book.roster, book.contract.confidentiality)
    return ConfidentialityCoverage(
        contract_number=contract.identity.figure("number"),
        project=contract.identity.figure("title"),
        client=contract.client.figure("name"),
        employer=contract.contractor.figure("name"),
        as_of=Figure("截止日期", as_of, show_day(as_of), Derivation("制表时指定的日期", "")),
        conclusion=_conclusion(counts),
        findings=findings,
        unsigned=tuple(_unsigned(member, as_of) for member in book.roster.unsigned(as_of)),
        rows=tuple(_row(person) for person in people),
        notes=_notes(book.contract.confidentiality),
    )


def _unsigned(member: StaffMember, as_of: date) -> UnsignedMember:
    return UnsignedMember(
        number=member.figure("number"),
        name=member.figure("name"),
        joined=member.figure("joined"),
        reason=or_unfilled(member, "why_unsigned"),
        owner=or_unfilled(member, "owner"),
        sign_by=or_unfilled(member, "sign_by"),
        late=member.sign_by is not None and member.sign_by < as_of,
    )


def _by_clause(terms: Confidentiality, name: str, text: str) -> Statement:
    """Return a note with the clause that asks for what it says, where the contract has one."""
    clause = terms.clause(name)
    if not getattr(terms, name):
        return Statement.of("说明", f"{text}。", "", clause)
    return Statement.of("说明", f"{text}（合同{{article}}）。", "", article=clause)


def _notes(terms: Confidentiality) -> tuple[Statement, ...]:
    text = "须签署人员为截止日期前已进入项目的全体人员，含已离开人员"
    return (_by_clause(terms, "agreement_article", text),)


@dataclass(frozen=True, slots=True)
class _Person:
    """A member as known on the day: what is dated later has not happened."""

    member: StaffMember
    here: bool
    trained: date | None
    signed: date | None
    access: date | None
    left: date | None

    @property
    def saw_before_signing(self) -> bool:
        return self.access is not None and (self.signed is None or self.access < self.signed)

    @property
    def finding(self) -> str:
        if not self.here:
            return "尚未进入项目"
        remarks = [
            text
            for text, applies in (
                ("未签署", self.signed is None),
                ("先开通权限后签署", self.saw_before_signing),
                ("已离开", self.left is not None),
            )
            if applies
        ]
        return "；".join(remarks) or "已签署"


def _on(day: date, member: StaffMember) -> _Person:
    def happened(event: date | None) -> date | None:
        return event if event is not None and event <= day else None

    return _Person(
        member,
        here=member.joined <= day,
        trained=happened(member.trained),
        signed=happened(member.signed),
        access=happened(member.access_granted),
        left=happened(member.left),
    )


def _findings(
    people: list[_Person], roster: Roster, terms: Confidentiality
) -> tuple[tuple[Figure[Decimal], ...], tuple[CoverageFinding, ...]]:
    """Return how many must sign, have and have not, and those about whom more is to be done."""
    everybody, signing = staff_of(roster), terms.clause("agreement_article")
    must = [person for person in people if person.here]
    those = Rows([person.member for person in must], everybody.sheets)

    def counted(  # what is counted, of whom, and the columns that show it
        name: str, rule: str, chosen: list[_Person], among: Rows[StaffMember], *columns: str
    ) -> Figure[Decimal]:
        rows = [person.member for person in chosen]
        return among.count(f"{name}人数", rule, rows, "name", *columns)

    def finding(
        name: str, rule: str, applies: list[_Person], action: Statement, *columns: str
    ) -> CoverageFinding:
        listed = Statement.literal("、".join(_called(person) for person in applies))
        count = counted(name, rule, applies, those, *columns)
        return CoverageFinding(name, count, Statement.of("人员", listed or "—", "", count), action)

    rule = "进入项目日期不晚于截止日期"
    joined = counted("须签署", rule, must, everybody, "joined")
    rule = "须签署人员中协议签署日期不晚于截止日期"
    signed = counted("已签署", rule, [one for one in must if one.signed], those, "signed")
    rule = "须签署人员中截止日期前无协议签署日期"
    lacking = [one for one in must if one.signed is None]
    found = (
        finding(
            "权限开通先于签署",
            "权限开通日期早于协议签署日期，或已开通权限而未签署",
            [one for one in must if one.saw_before_signing],
            Statement.of("须办理", "须核对签署前接触的资料，留存说明。", "", signing),
            "access_granted",
            "signed",
        ),
        finding(
            "已离开项目",
            "离开日期不晚于截止日期",
            [one for one in must if one.left],
            _by_clause(
                terms, "return_article", "名册不登记返还情况，须另行核对返还清单及无留存承诺"
            ),
            "left",
        ),
    )
    unsigned = counted("未签署", rule, lacking, those, "signed")
    return (joined, signed, unsigned), tuple(one for one in found if one.count.value)


def _called(person: _Person) -> str:
    """Return somebody's number and name and, of one who left, the day."""
    named = f"{person.member.number} {person.member.name}"
    return f"{named}（{show_day(person.left)}离开）" if person.left else named


def _conclusion(counts: tuple[Figure[Decimal], ...]) -> Statement:
    must, signed, unsigned = counts
    if not must.value:
        return Statement.of("核对结果", "截止日期前尚无人员进入项目。", "", must)
    if not unsigned.value:
        pattern = "须签署{must}人，已全部签署保密协议。"
        return Statement.of("核对结果", pattern, "", unsigned, must=must)
    pattern = "须签署{must}人，已签署{signed}人，未签署{unsigned}人。未签署的，签署前不开通权限。"
    return Statement.of("核对结果", pattern, "", must=must, signed=signed, unsigned=unsigned)


def _row(person: _Person) -> CoverageRow:
    member = person.member
    return CoverageRow(
        number=member.figure("number"),
        name=member.figure("name"),
        post=member.figure("post"),
        joined=_as_known(member, "joined", member.joined),
        trained=_as_known(member, "trained", person.trained),
        access_granted=_as_known(member, "access_granted", person.access),
        signed=_as_known(member, "signed", person.signed),
        finding=Statement.of(
            "核对",
            person.finding,
            "",
            *(member.figure(name) for name in _LOOKED_AT),
            rule="进入、签署、开通权限、离开的日期与截止日期比较",
        ),
    )


_LOOKED_AT = ("joined", "access_granted", "signed", "left")


def _as_known(member: StaffMember, name: str, day: date | None) -> Figure[date | None]:
    """Return a day as a narrow column prints it; a dash where it is empty or still to come."""
    text = day.isoformat() if day else "—"
    return Figure(member.figure(name).name, day, text, member.place(name))


KIND = Kind(
    name="confidentiality_coverage",
    title="保密协议签署情况表",
    group=Group.AGREEMENTS,
    context=ConfidentialityCoverage,
    plan=plan,
    compose=compose,
    article="保密条款",
    occasion=say("one, from the signing on"),
    sealing=Sealing(personal="人员姓名、岗位及签署情况"),
)
