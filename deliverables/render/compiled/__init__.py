"""Templates compiled once, and documents made of them by joining bytes: see docs/engine.md."""
