"""What all tests share: commands print as into a pipe, whatever terminal the tests were started from."""

from __future__ import annotations

import os

os.environ.pop("COLUMNS", None)  # readline puts it there, in each process that tests are shared out to
