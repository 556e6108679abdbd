"""Workbooks written: forms to fill in, the month-end ledger, rows put into an existing one."""
