"""What Word asks of a story whatever its tags have taken away."""

from __future__ import annotations

from lxml import etree

from deliverables.render.place import W


def make_whole(story: etree._Element) -> None:
    """Give every cell its last paragraph, and keep tables apart that nothing separates any more.

    Word refuses a cell without a paragraph and makes one table of two that touch.
    """
    for cell in story.iter(f"{W}tc"):
        if not len(cell) or cell[-1].tag != f"{W}p":
            cell.append(etree.Element(f"{W}p"))
    for table in list(story.iter(f"{W}tbl")):
        following = table.getnext()
        if following is not None and following.tag == f"{W}tbl":
            table.addnext(etree.Element(f"{W}p"))
    if story.tag in (f"{W}hdr", f"{W}ftr") and not len(story):
        story.append(etree.Element(f"{W}p"))
