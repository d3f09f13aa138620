"""Makes plain `pytest` know feature files and the sentences in them."""

from steps import MODULES

pytest_plugins = ["harness.plugin", *MODULES]
