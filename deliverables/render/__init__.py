"""What writes files: documents from templates, workbooks from declarations."""
