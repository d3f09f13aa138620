"""What one call of the fake costs in this process, beside httpx's own mock transport.

Run it with `python -m tests.performance.in_process`. Both transports give the same answer, byte for byte.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser

import httpx

from harness.backends.transport import AppTransport
from harness.fake.estate import furnish
from harness.fake.faces.app import Application
from harness.fake.faces.atlas.application import OPERATIONS
from harness.fake.faces.gateway import Gateway
from harness.fake.kernel.world import EPOCH, World
from tests.performance.measuring import cost_of, interleaved, ratio, table

VERSION = "application/vnd.atlas.2023-01-01+json"


def main(rounds: int) -> str:
    world = World(1)
    estate = furnish(world)
    world.knobs.rate_limit_share = 1e6
    app = Application(world, lambda: EPOCH)
    owner = estate.callers["owner"]
    token = world.atlas.callers.issue_token(owner.public, owner.secret, "203.0.113.10").text
    headers = {"Authorization": f"Bearer {token}", "Accept": VERSION}
    url = f"https://cloud.mongodb.com/api/atlas/v2/groups/{estate.project_id}/encryptionAtRest"
    fake = httpx.Client(transport=AppTransport(Gateway(app)), headers=headers)
    answer = fake.get(url)
    assert answer.status_code == 200, answer.text
    canned = {"status_code": 200, "headers": answer.headers.multi_items(), "content": answer.content}
    mock = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(**canned)), headers=headers)
    gateway = Gateway(app)
    guarded = [one for one in OPERATIONS if one.method == "GET" and not one.public]
    first, last = (
        f"https://cloud.mongodb.com{one.path.replace('{', '').replace('}', '')}" for one in (guarded[0], guarded[-1])
    )
    costs = interleaved(
        {
            "httpx + MockTransport": lambda: cost_of(lambda: mock.get(url)),
            "httpx + the fake, GET encryptionAtRest": lambda: cost_of(lambda: fake.get(url)),
            "the fake alone, GET encryptionAtRest": lambda: cost_of(
                lambda: gateway.call("GET", url, headers.items(), b"")
            ),
            "the fake alone, first route, not signed in": lambda: cost_of(
                lambda: gateway.call("GET", first, (), b""), 5000
            ),
            "the fake alone, last route, not signed in": lambda: cost_of(
                lambda: gateway.call("GET", last, (), b""), 5000
            ),
        },
        rounds,
    )
    mocked, faked, _, at_first, at_last = costs.values()
    return (
        f"{table(costs, 'µs of processor time a call')}\n\n"
        f"in process / MockTransport: {ratio(faked, mocked)} (budget 1.3)\n"
        f"last route / first route: {ratio(at_last, at_first)} (budget 1.1)\n"
    )


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    sys.stdout.write(main(parser.parse_args().rounds))
