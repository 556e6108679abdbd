"""Files become a book: what was written, where it was written, and every problem at once."""
