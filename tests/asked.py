"""What a payment request says and its 开票申请单 asks for, composed for a project."""

from __future__ import annotations

from datetime import date

from deliverables.compute.account import account
from deliverables.finance.application_form import Application, application
from deliverables.kinds.payment_request import KIND, PaymentRequest
from deliverables.model.book import ContractBook


def said_of(project: ContractBook, number: int, day: date) -> PaymentRequest:
    letter = KIND.compose(project, KIND.plan(project, day)[number - 1], day)
    assert isinstance(letter, PaymentRequest)
    return letter


def asked_of(project: ContractBook, number: int, day: date) -> Application:
    assert project.ledger is not None
    state = account(project.contract, project.ledger, project.calendar, day).instalment(number)
    found = application(project, said_of(project, number, day), state, day)
    assert found is not None
    return found
