"""What the recordings of a run show beside its verdicts: who asked what, whose clock said what, what there was."""

from harness.evidence.survey.estate import estate_of
from harness.evidence.survey.exchanges import Survey
from harness.evidence.survey.glance import Glance, Line, glance, said
from harness.evidence.survey.removals import removals
from harness.evidence.survey.sightings import first_and_last

__all__ = ["Glance", "Line", "Survey", "estate_of", "first_and_last", "glance", "removals", "said"]
