"""Whether somebody who has been told to wait for the undoing has asked a second time to stop."""

from __future__ import annotations

import threading

giving_up = threading.Event()
"""Set by the second request; what is not undone then stays in the ledger, and the command to recover is shown."""
