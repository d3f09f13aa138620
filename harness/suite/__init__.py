"""Where features and steps are, and what the feature files say."""

from harness.suite.gherkin import Problem, ScenarioText, Suite, read_file, read_suite
from harness.suite.places import features_directory, import_root, step_modules
from harness.suite.tags import Known

__all__ = [
    "Known",
    "Problem",
    "ScenarioText",
    "Suite",
    "features_directory",
    "import_root",
    "read_file",
    "read_suite",
    "step_modules",
]
