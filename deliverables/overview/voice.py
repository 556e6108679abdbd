"""How the page speaks: in one language, and never of a number that belongs to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from deliverables.model.book import ContractBook
from deliverables.values.problem import Message
from deliverables.verify.finding import discreet

_SHORTEST: Final = 7
"""A shorter text is no number of a person; to mask it would eat into other words."""


@dataclass(frozen=True, slots=True)
class Voice:
    """The language of the page, and the numbers of one contract that are masked in it."""

    language: str
    private: frozenset[str] = frozenset()

    def __call__(self, said: Message | str) -> str:
        """Return the words in the language of the page, private numbers masked."""
        text = said.in_language(self.language) if isinstance(said, Message) else said
        return discreet(text, self.private)


def private_numbers(book: ContractBook | None) -> frozenset[str]:
    """Return the identity numbers, the account and the phones that the data of a contract hold."""
    if book is None:
        return frozenset()
    contract = book.contract
    known = (
        contract.payment.account.number,
        contract.client.contact.phone,
        contract.contractor.contact.phone,
        *(member.identity_number for member in (book.roster.members if book.roster else ())),
    )
    return frozenset(one for one in known if isinstance(one, str) and len(one) >= _SHORTEST)
