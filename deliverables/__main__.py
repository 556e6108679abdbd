"""`python -m deliverables` is the deliverables command."""

from deliverables.cli import main

main()
