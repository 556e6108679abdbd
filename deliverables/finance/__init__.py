"""What finance has to do next and until when, found from the contract, the ledger and the register.

`desk` says what a task is and what tasks are found from, `instalments` finds those of one
instalment, `whole` those of the contract, `tax` those of the tax office; `listing` puts them in
order.
"""
