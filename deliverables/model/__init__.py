"""The facts of a contract and of what happened under it: frozen, typed, each with its source."""
