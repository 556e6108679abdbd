"""The sheets of a workbook: how cells look, what may go into them, and what explains them."""
