"""Looks for histories that break a law, in the kernel of the fake alone, and makes what it finds small.

A history is a list of moves: requests, faults, their undoing, and time. It is performed on a world, which an omniscient
observer watches, and the laws of `harness.checkers` judge what is done and seen as they judge a scenario.
"""
