"""Turns a run that is over into a bundle that an auditor can read, check and perform again."""
