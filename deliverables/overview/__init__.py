"""The overview: one page about all contracts, for people, made from what the commands know."""

from deliverables.overview.page import Overview, Subject, overview, page, subject

__all__ = ["Overview", "Subject", "overview", "page", "subject"]
