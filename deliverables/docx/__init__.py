"""Word documents: a template rewritten once, and the documents it makes."""
