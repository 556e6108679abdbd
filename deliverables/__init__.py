"""Turns a contract's structured data into the documents it owes."""

__version__ = "0.1.0"
