"""`python -m deliverables` is the deliverables command."""

from deliverables.cli import main

if __name__ == "__main__":  # the processes of a fleet import this module too
    main()
