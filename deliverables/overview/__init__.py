"""The overview: one page about all contracts, for people, made from what the commands know."""

from deliverables.overview.page import page
from deliverables.overview.subject import Subject, subject
from deliverables.overview.view import Overview, overview

__all__ = ["Overview", "Subject", "overview", "page", "subject"]
