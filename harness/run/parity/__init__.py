"""Parity: whether the fake and a live system, or any two recorded runs, behaved alike.

Histories are compared as abstract traces: which acts were accepted or refused and with which code, and in which order
each subject took which states. Names, ids and times do not count; a state that a side merely did not happen to look at
is no difference. Every difference says what the documentation says, what the fake did and what the live system did.
"""

from harness.run.parity.comparison import Finding, Parity, compare, refuse_other_suite
from harness.run.parity.recorded import RecordedRun, read_run

__all__ = ["Finding", "Parity", "RecordedRun", "compare", "read_run", "refuse_other_suite"]
