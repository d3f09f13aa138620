"""Checking a bundle without trusting whoever wrote it: nothing here is shared with the code that makes bundles.

Four independent lines; a bundle is as good as the worst of them. REPLAY needs the whole harness, so it stands in
`harness.run.verification`.
"""

from harness.evidence.verify.authenticity import Trust, authenticity
from harness.evidence.verify.completeness import completeness
from harness.evidence.verify.findings import Line, Standing, Verdict
from harness.evidence.verify.integrity import integrity

__all__ = ["Line", "Standing", "Trust", "Verdict", "authenticity", "completeness", "integrity"]
