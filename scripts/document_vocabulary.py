"""Write what letters may name into docs/函件申明.md: python -m scripts.document_vocabulary."""

from __future__ import annotations

from pathlib import Path

from deliverables.files.placement import write_atomically
from deliverables.letters.conditions import CONDITIONS
from deliverables.letters.facts import FACTS

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "函件申明.md"
BEGIN, END = "<!-- vocabulary:begin -->", "<!-- vocabulary:end -->"
_PER = {
    "instalment": "每期款",
    "letters.函件": "每份函件",
    "operations.事件": "每起事件",
    "register.withdrawn": "每份撤回的文件",
}


def render() -> str:
    """Return the tables of facts and conditions."""
    facts = [
        f"| `{name}` | {fact.says} | {'、'.join(_PER[per] for per in fact.per) or '任何函件'} |"
        for name, fact in FACTS.items()
    ]
    conditions = [f"| `{name}` | {one.says} |" for name, one in CONDITIONS.items()]
    return "\n".join(
        ["事实：", "", "| 名称 | 是什么 | 用于 |", "|---|---|---|", *facts, "",
         "条件：", "", "| 名称 | 成立的情形 |", "|---|---|", *conditions]
    )  # fmt: skip


def replaced(document: str) -> str:
    """Return the document with today's tables between its markers."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{render()}\n\n{END}{after}"


def main() -> None:
    """Write the tables."""
    write_atomically(DOCUMENT, replaced(DOCUMENT.read_text("utf-8")).encode())


if __name__ == "__main__":
    main()
