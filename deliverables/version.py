"""The version of this program, which every entry of a register names."""

__version__ = "0.1.0"
