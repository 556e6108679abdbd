"""What each instalment comes to by the contract, and by which of its two payment plans."""

from __future__ import annotations

from decimal import Decimal

from deliverables.compute.sums import yuan
from deliverables.figure import Figure
from deliverables.instalments import amounts
from deliverables.model.contract import Contract
from deliverables.model.payment_terms import Instalment


def dues(contract: Contract) -> tuple[Figure[Decimal], ...]:
    """Return what each instalment comes to (第六条第2款).

    The standard plan takes the amounts the contract states. The contract states none for small
    and medium enterprises: there all but the last are total × ratio, the last is what remains.
    """
    payment = contract.payment
    stated = [_stated(contract, item) for item in payment.instalments]
    ratios = [ratio_of(contract, item).value for item in payment.instalments]
    return tuple(
        item.figure("amount")
        if amount is not None
        else yuan(
            f"第{item.number}期应付",
            due,
            "合同总额×约定比例，四舍五入到分；末期为余额",
            item.article,
            (payment.figure("total"), *(ratio_of(contract, each) for each in payment.instalments)),
        )
        for item, amount, due in zip(
            payment.instalments, stated, amounts(payment.total, stated, ratios), strict=True
        )
    )


def ratio_of(contract: Contract, instalment: Instalment) -> Figure[Decimal | None]:
    """Return the share of the total by the payment plan; without one the instalment is the rest."""
    name = "sme_ratio" if is_sme(contract) else "ratio"
    figure: Figure[Decimal | None] = instalment.figure(name)
    if figure.value is None:
        return Figure(figure.name, None, "余额", instalment.place(name))
    return figure


def is_sme(contract: Contract) -> bool:
    """Return whether the plan for small and medium enterprises applies."""
    return contract.payment.plan == "sme"


def _stated(contract: Contract, instalment: Instalment) -> Decimal | None:
    return None if is_sme(contract) else instalment.amount
