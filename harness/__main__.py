"""`python -m harness` is `cmkproof`."""

from harness.cli import main

if __name__ == "__main__":  # processes that share trials import this module again
    main()
