"""The finished document, opened again by a reader of its own and proved against its context."""
