"""The tax portal's workbook for importing invoices (批量开票), filled and nothing else.

The user downloads a fresh workbook; `layout` is what the program knows of it, `template` reads one
and says what differs, `given` checks what is to be written, `filling` writes it into a copy.
"""
