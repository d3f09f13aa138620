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
    inner = rebuilt(failure.inner, request) if failure.inner else None
    arguments: list[object] = [failure.text] * max(failure.inner_at, 1)
    if inner and failure.inner_at >= 0:
        arguments[failure.inner_at :] = [inner]
    error = _made(_kind(failure.kind), failure.text, arguments, request)
    if failure.inner_at < 0:
        error.__cause__ = inner
    return error


def _speaking(kind: type[BaseException], text: str) -> type[BaseException]:
    """The class, saying what the recorded exception said: how they put their words together differs."""
    says = {
        "__module__": kind.__module__,
        "__str__": lambda _: text,
        "__repr__": lambda _: f"{kind.__name__}({text!r})",
    }
    return type(kind.__name__, (kind,), says)


def _made(kind: type[BaseException], text: str, arguments: list[object], request: Any) -> BaseException:
    if issubclass(kind, HarnessError):
        ours = kind.__new__(kind)
        HarnessError.__init__(ours, text)
        return ours
    speaking = _speaking(kind, text)
    if issubclass(speaking, httpx.RequestError):
        return speaking(text, request=request)
    if issubclass(speaking, requests.RequestException):
        return speaking(*arguments, request=request)
    return speaking.__new__(speaking, *arguments)  # constructors differ; what an exception holds is its arguments


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
