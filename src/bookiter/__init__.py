"""Reviewed, committed changes to a book manuscript from plain words."""

__version__ = "0.1.0"
