"""What goes with a payment request: 开票申请单, list of attachments, e-mail, invoice import.

`application` says what the invoice is to carry, `checklist` what is there and what lacks, `sheets`
print both, `proof` reads them again, `email` writes the text to the client, `papers` puts files
in their place. `making` and `importing` are the two commands, each on about one screen.
"""
