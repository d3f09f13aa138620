"""One run's lifetime: what is selected, what came of each scenario, what that says about each requirement."""
