"""Clauses: the smallest blocks of a document that a reader would quote, each known by a digest of its words.

A clause is a paragraph, an item of a list, a row of a table, a block of code or, in a description of an API, what is
said of one part of it. Requirements rest on clauses. The catalogue keeps digests only, never a vendor's text.
"""

from harness.catalog.clauses.document import SUFFIXES, clauses_of
from harness.catalog.clauses.text import DIGITS, Clause, digest

__all__ = ["DIGITS", "SUFFIXES", "Clause", "clauses_of", "digest"]
