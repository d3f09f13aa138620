"""`python -m harness` is `cmkproof`."""

from harness.cli import main

main()
