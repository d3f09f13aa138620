"""The official description drives generated requests against the Atlas Admin API of the fake, and judges the answers.

Schemathesis makes the requests: query, headers and bodies by their schemas. Path parameters mostly name what the
stock has, bodies are partly built on ones that are known to be good, so that answers say more than 404. Judged is that
no answer is a server error, that its status, content type and body are those the description (as amended by the table
of deviations) lists, that a documented parameter is taken, and that no operation answers without a valid sign-in.

Run as a module it drives the served fake whose ready lines were exported: `python -m tests.contract.generated 110`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.contract.description import Description, amended, load
from tests.contract.deviations import TABLE
from tests.contract.good_bodies import good_body
from tests.contract.place import Place, served
from tests.contract.stock import API, Stock

Json = dict[str, Any]
PUBLIC = "/unauth/"
HIT_SHARE = 0.9
"""Share of path parameters that name something in stock."""
GOOD_SHARE = 0.6
"""Share of bodies built on one that is known to be good."""
BREATH = 50
"""After so many requests time passes, so that the rate limit is met by the tests of the rate limit only."""
BREATH_S = 30.0
UNKNOWN = "0f" * 12


@dataclass
class Report:
    """What was sent and what was wrong with the answers."""

    requests: int = 0
    """Generated ones."""
    sign_ins: int = 0
    """Requests without credentials that hold."""
    statuses: Counter[int] = field(default_factory=Counter)
    by_operation: dict[str, Counter[int]] = field(default_factory=dict)
    failures: dict[str, list[str]] = field(default_factory=dict)
    """Kind to descriptions."""
    telling: int = 0
    """Answers that a resource or a refusal of the body stands behind: 2xx, 400, 402, 409."""

    def fail(self, kind: str, text: str) -> None:
        """Note something wrong."""
        self.failures.setdefault(kind, []).append(text)

    def __str__(self) -> str:
        histogram = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        total = self.requests + self.sign_ins
        lines = [f"{total} requests, {self.sign_ins} of them without sign-in; {self.telling} telling answers"]
        lines.append(f"statuses of the generated ones: {histogram}")
        lines += [f"{kind}: {len(texts)}" for kind, texts in sorted(self.failures.items())]
        lines += [f"  {text[:400]}" for texts in self.failures.values() for text in texts[:5]]
        return "\n".join(lines if self.failures else [*lines, "0 failures"])


ROUNDS_MAX = 5
"""As many rounds an operation is given until a request is accepted: what Hypothesis draws depends on the modules that
the process has loaded, so no single round is sure to."""


class Drive:
    """Sends generated requests to one place."""

    def __init__(self, document: Json, place: Place, *, random_seed: int = 1) -> None:
        complete = amended(document, [deviation.amend for deviation in TABLE])
        self._description = Description(complete)
        self._document = complete
        self._names = _property_names(complete)
        self._operations = [
            one.ok() for one in schemathesis.openapi.from_dict(_for_generation(complete)).get_all_operations()
        ]
        self._random = Random(random_seed)  # noqa: S311 - nothing secret is drawn
        self._seed = random_seed
        self.stock = Stock(place)
        self.report = Report()

    @property
    def labels(self) -> list[str]:
        """Every operation, as `METHOD path`."""
        return [operation.label for operation in self._operations]

    def run(self, examples: int) -> Report:
        """So many generated requests for each operation, and for each its sign-in."""
        for operation in self._operations:
            for number in range(ROUNDS_MAX):
                self._generate(operation, examples, self._seed + number)
                if self._accepted_once(operation):
                    break
            self._check_sign_in(operation)
        return self.report

    def _accepted_once(self, operation: Any) -> bool:
        return any(status < 300 for status in self.report.by_operation.get(operation.label, ()))

    def _generate(self, operation: Any, examples: int, from_seed: int) -> None:
        @seed(from_seed)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(case=operation.as_strategy())
        def collect(case: Any) -> None:
            cases.append(case)

        cases: list[Any] = []
        collect()
        for index in range(examples):
            self._try(operation, cases[index] if index < len(cases) else None)

    def _try(self, operation: Any, case: Any) -> None:
        """One request; a case of None has neither query nor body of its own."""
        method, template = operation.method.upper(), operation.path
        self.stock.refresh(method, template)
        if self.report.requests % BREATH == 0:
            self.stock.place.pass_time(BREATH_S)
        accepted = self._versions(method, template)
        accept = self._random.choice(accepted)
        headers = {"accept": accept}
        query = {} if case is None else {k: v for k, v in (case.query or {}).items() if v is not None}
        more: Json = {"params": query}
        if operation.body:
            headers["content-type"] = self._random.choice([body.media_type for body in operation.body])
            generated = self._pruned(case.body) if case is not None and isinstance(case.body, dict) else {}
            more["content"] = json.dumps(self._body(method, template, headers["content-type"], generated)).encode()
        path = self._path(template, {} if case is None else case.path_parameters or {})
        answer = self.stock.caller.send(method, path, headers=headers, **more)
        self._judge(method, template, query, answer)
        self.stock.used_up(method, template, answer.status_code)

    def _path(self, template: str, generated: Json) -> str:
        values = self.stock.values()
        if template.endswith("/cloudProviderAccess/{cloudProvider}/{roleId}"):
            values["cloudProvider"] = "AWS"
        for name in re.findall(r"{(\w+)}", template):
            hit = self._random.random() < HIT_SHARE
            chosen = values[name] if hit else str(generated.get(name, UNKNOWN))
            template = template.replace(f"{{{name}}}", quote(chosen, safe=""))
        return template

    def _body(self, method: str, template: str, media_type: str, generated: Json) -> Json:
        """A generated body, or a good one with a few fields replaced by generated ones."""
        body = good_body(self.stock, method, template.removeprefix(API), media_type)
        if body is None or self._random.random() > GOOD_SHARE:
            return generated
        for name in generated:
            if self._random.random() < 0.1:
                body[name] = generated[name]
        return body

    def _pruned(self, value: Any) -> Any:
        """A generated value without fields that no schema knows: Atlas refuses them all alike."""
        if isinstance(value, dict):
            return {name: self._pruned(part) for name, part in value.items() if name in self._names}
        return [self._pruned(part) for part in value] if isinstance(value, list) else value

    def _versions(self, method: str, template: str) -> list[str]:
        responses = self._document["paths"][template][method.lower()]["responses"]
        return [media for status, one in responses.items() if status[0] == "2" for media in one.get("content", {})]

    def _judge(self, method: str, template: str, query: Json, answer: httpx.Response) -> None:
        report, status = self.report, answer.status_code
        report.requests += 1
        report.statuses[status] += 1
        report.by_operation.setdefault(f"{method} {template}", Counter())[status] += 1
        report.telling += status < 300 or status in (400, 402, 409)
        asked = f"{method} {answer.request.url.raw_path.decode()} {answer.request.content[:200]!r}"
        told = f"{asked} -> {status} {answer.text[:200]}"
        if status >= 500:
            report.fail("server error", told)
        media_type = answer.headers.get("content-type", "").partition(";")[0] if answer.content else ""
        body = answer.json() if answer.content else None
        if answer.content and status < 300 and query.get("envelope") in ("true", True):
            body = _unwrapped(body)
        verdict = self._description.judge(method, template, status, media_type, body)
        for problem in verdict.problems:
            kind = "schema" if verdict.schema else "undocumented status or content type"
            report.fail(f"{kind}, {method} {template}", f"{problem} | {told}")
        if status == 400 and body["errorCode"] == "INVALID_QUERY_PARAMETER" and not _extreme(query):
            report.fail("documented parameter refused", told)
        if answer.headers.get("x-error-code", "") != (body or {}).get("errorCode", "") and status >= 400:
            report.fail("header and body disagree", told)

    def _check_sign_in(self, operation: Any) -> None:
        """Without credentials, or with ones that do not hold, there is a challenge and nothing else (atlas.md 3.4)."""
        if PUBLIC in operation.path:
            return
        self.stock.refresh()
        method, path = operation.method.upper(), self._path(operation.path, {})
        headers = {"accept": self._versions(method, operation.path)[0], "content-type": "application/json"}
        for credentials in ({}, {"authorization": "Bearer nobody"}, {"authorization": 'Digest username="x"'}):
            url = f"https://cloud.mongodb.com{path}"
            answer = self.stock.place.http.request(method, url, headers={**headers, **credentials}, content=b"{}")
            self.report.sign_ins += 1
            challenged = "www-authenticate" in answer.headers
            if answer.status_code != 401 or not challenged:
                self.report.fail("sign-in not enforced", f"{operation.label} {credentials} -> {answer.status_code}")


def _extreme(query: Json) -> bool:
    """A number beyond any 32-bit counter, or parameters that only go together or never do: these may be refused."""
    if "oplogTs" in query or "oplogInc" in query:
        return True
    numbers = [int(value) for value in query.values() if re.fullmatch(r"-?\d+", str(value))]
    return any(not 0 <= number < 2**31 for number in numbers)


def _unwrapped(body: Any) -> Any:
    """What an envelope holds (REF): a list keeps its place and gains a status, anything else is `content`."""
    if "content" in body:
        return body["content"]
    return {name: value for name, value in body.items() if name != "status"}


def _property_names(document: Json) -> frozenset[str]:
    found: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("properties"), dict):
                found.update(node["properties"])
            for part in node.values():
                walk(part)
        elif isinstance(node, list):
            for part in node:
                walk(part)

    walk(document)
    return frozenset(found)


def _for_generation(document: Json) -> Json:
    """The description without an alternative that no value satisfies: its two branches are the same for a request."""
    copy = deepcopy(document)
    schemas = copy["components"]["schemas"]
    schemas["EARPrivateEndpoint"] = {"properties": {"regionName": {"type": "string"}}, "type": "object"}
    return copy


def run(description: Path, place: Place, *, examples: int, random_seed: int = 1) -> Report:
    """Drive a place with so many requests for each operation."""
    return Drive(load(description), place, random_seed=random_seed).run(examples)


def main() -> int:
    """Drive the served fake; the argument is the number of requests for each operation."""
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    report = run(Path(os.environ["CMKPROOF_ATLAS_OPENAPI"]), served(), examples=examples)
    print(report)  # noqa: T201 - a report is what this is for
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
