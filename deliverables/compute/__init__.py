"""Pure functions of the data: what a document says, worked out."""
