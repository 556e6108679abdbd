"""Believable operations, roster and ledger of the sample contract, drawn from a fixed seed."""
