"""The plan of a run: what it would do, rehearsed on the embedded fake, under a hash that somebody can confirm."""
