"""Rows of other systems' exports become rows of a quarter's workbook, by a mapping file."""
