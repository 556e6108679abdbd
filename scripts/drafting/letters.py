"""What the letters to the client end with: the notes, the attachments, the place of the seal."""

from __future__ import annotations

from scripts.drafting import Draft


def notes(draft: Draft) -> None:
    """Add the assumptions that the letter rests on, in small print."""
    with draft.each("note in notes"):
        draft.line("TableSmall", "{% if loop.first %}说明：{% endif %}{{ loop.index }}. {{ note }}")


def end(draft: Draft) -> None:
    """Add the attachments, who signs and the day."""
    with draft.each("item in attachments"):
        draft.line(
            "Attachment",
            "{% if loop.first %}附件：{% else %}　　　{% endif %}{{ loop.index }}. {{ item }}",
        )
    draft.gap()
    draft.seal_block("{{ contractor }}", "{{ dated }}")
