"""The kinds of documents: one module each, found by themselves."""
