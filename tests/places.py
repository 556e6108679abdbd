"""Where things lie: the repository, and the folder of the tests with what they compare against."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
