"""Slips that people make in finished documents, and edits that do no harm.

Written from the seven kinds of documents and from what people do in Word, without a look at what
finds them. `SLIPS` and `EDITS` list them by name; `mutants` makes documents with one each.
"""

from slips import drawn, edits, figures, looks, names, sentences, stories, tables
from slips.mutant import EDITS, SLIPS, Change, Mutant, mutants, options

__all__ = [
    "EDITS",
    "SLIPS",
    "Change",
    "Mutant",
    "drawn",
    "edits",
    "figures",
    "looks",
    "mutants",
    "names",
    "options",
    "sentences",
    "stories",
    "tables",
]
