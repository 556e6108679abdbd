"""The overview: one page about all contracts, for people, made from what the commands know."""

from deliverables.overview.contracts_page import ContractSection, Overview, overview, page, subject

__all__ = ["ContractSection", "Overview", "overview", "page", "subject"]
