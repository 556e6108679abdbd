"""What a context holds beside words: values that a document takes in whole."""

from __future__ import annotations

from typing import TypeAlias

from deliverables.model.chart import Chart
from deliverables.model.picture import Picture
from deliverables.model.rich_text import RichText
from deliverables.model.subdocument import Subdocument

Insert: TypeAlias = Chart | Picture | RichText | Subdocument
"""A leaf of a context, whatever fields it has."""
