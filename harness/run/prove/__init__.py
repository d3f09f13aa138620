"""Proof that the suite can fail, and does not fail without a cause: trials on broken and on sound fakes.

A mutant that no scenario notices is a rule that nobody tests; an alarm on a sound fake is a test that nobody can trust.
"""
