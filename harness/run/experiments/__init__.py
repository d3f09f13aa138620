"""Experiments of Chaos Toolkit: written for faults that a simulator can bring about, read back, and told of runs."""
