"""What a context holds beside words: values that a document takes in whole."""

from __future__ import annotations

from typing import TypeAlias

from deliverables.model.chart import Chart
from deliverables.model.picture import Picture

Insert: TypeAlias = Chart | Picture
"""A leaf of a context, whatever fields it has."""
