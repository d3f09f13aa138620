"""Failures on a tape as the exceptions that they were, so that clients judge them as they did then."""

from __future__ import annotations

import importlib
from typing import Any

import httpx
import requests

from harness.errors import HarnessError
from harness.evidence.tape import Failure

FAMILIES = ("builtins", "ssl", "socket", "httpx", "httpcore", "requests", "urllib3", "harness.errors")
"""Modules whose exceptions are rebuilt; of any other only the words remain."""


class Reported(Exception):
    """An exception of a kind that only its words are known of."""


def rebuilt(failure: Failure, request: Any) -> BaseException:
    """The exception, with those that it carries; `request` is the one that it answers, of whichever library."""
    kind = _kind(failure.kind)
    inner = rebuilt(failure.inner, request) if failure.inner else None
    argument = inner if inner and failure.inner_is_argument else failure.text
    error = _made(kind, failure.text, argument, request)
    if inner and not failure.inner_is_argument:
        error.__cause__ = inner
    return error


def _made(kind: type[BaseException], text: str, argument: object, request: Any) -> BaseException:
    if issubclass(kind, httpx.RequestError):
        return kind(text, request=request)
    if issubclass(kind, requests.RequestException):
        return kind(argument, request=request)
    error = kind.__new__(kind, argument)  # constructors differ; what an exception says is its arguments
    if isinstance(error, HarnessError):
        HarnessError.__init__(error, text)
    return error


def _kind(name: str) -> type[BaseException]:
    module, _, rest = name.rpartition(".")
    if module.partition(".")[0] in FAMILIES or module in FAMILIES:
        try:
            found = getattr(importlib.import_module(module), rest, None)
        except ImportError:
            return Reported
        if isinstance(found, type) and issubclass(found, Exception):
            return found
    return Reported
