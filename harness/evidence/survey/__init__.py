"""What the recordings of a run show beside its verdicts: who asked what, whose clock said what, what there was."""

from harness.evidence.survey.estate import estate_of
from harness.evidence.survey.exchanges import Survey
from harness.evidence.survey.glance import Glance, Line, glance, said

__all__ = ["Glance", "Line", "Survey", "estate_of", "glance", "said"]
