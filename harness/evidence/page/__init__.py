"""`index.html` of a bundle: one page for an auditor, without scripts and without anything from elsewhere."""

from harness.evidence.page.rendering import render

__all__ = ["render"]
