"""The pytest plugin: feature files become tests, tags become markers, each scenario gets an outcome.

Load it with `-p harness.plugin`; it is not registered under pytest's entry points, so it stays out of other projects.
"""

from harness.suite import step_modules

pytest_plugins = (
    "harness.plugin.options",
    "harness.plugin.hiding",
    "harness.plugin.collecting",
    "harness.plugin.gates",
    "harness.plugin.performing",
    "harness.plugin.steps_in_allure",
    "harness.plugin.trials",
    "harness.plugin.summary",
    *step_modules(),
)
"""Its parts and the sentences, loaded by pytest together with this module."""
