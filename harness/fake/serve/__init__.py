"""The fake on real sockets, for clients that know nothing of it: `cmkproof serve`.

One TLS listener and one CONNECT proxy, both on the loopback interface, in one event loop with one world.
"""

from harness.fake.serve.running import Served, run, served
from harness.fake.serve.server import Options

__all__ = ["Options", "Served", "run", "served"]
