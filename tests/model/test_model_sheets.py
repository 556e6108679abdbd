import pytest

from deliverables.model.fields import Row, sheets
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster


@pytest.mark.parametrize("workbook", [Operations, Roster, Ledger, Letters])
def test_a_class_of_rows_begins_with_the_name_of_its_sheet(workbook: type) -> None:
    def named(row: type[Row]) -> bool:
        return (row.__doc__ or "").startswith(f"{row.sheet}: ")

    assert [row.__name__ for row in sheets(workbook).values() if not named(row)] == []
