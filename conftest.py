"""Makes plain `pytest` know feature files and the sentences in them."""

pytest_plugins = ["harness.plugin"]
