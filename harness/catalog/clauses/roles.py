"""Markup inside a line of reStructuredText, taken away: what is left is what a reader sees."""

from __future__ import annotations

import re

SHOWN = {
    "service": "Atlas",
    "a-service": "an Atlas",
    "azure": "Azure",
    "aws": "AWS",
    "gcp": "Google Cloud",
    "akv": "AKV",
    "cmk": "CMK",
    "kms": "KMS",
    "kmip": "KMIP",
    "iam": "IAM",
    "url": "URL",
    "tls": "TLS",
    "mongod": "mongod",
    "mongos": "mongos",
    "az-pl": "Azure Private Link",
    "atlas-ui": "Atlas UI",
    "atlas-admin-api": "Atlas Administration API",
    "atlas-cli": "Atlas CLI",
}
"""Substitutions of MongoDB's documentation, and what they stand for; any other stands for the words of its name. So a
clause stays the same when its author writes out what was a substitution."""

_SUBSTITUTION = re.compile(r"\|([A-Za-z][\w-]*)\||\{\+([\w-]+)\+\}")
_TITLED_ROLE = re.compile(r":[\w:+.-]+:`([^`<]*?)\s*<([^`>]*)>`", re.DOTALL)
_ROLE = re.compile(r":[\w:+.-]+:`([^`]*)`", re.DOTALL)
_LINK = re.compile(r"`([^`<]+?)\s*<[^`>]*>`_{0,2}", re.DOTALL)
_LITERAL = re.compile(r"``(.+?)``", re.DOTALL)
_REFERENCE = re.compile(r"`([^`]+)`_{0,2}", re.DOTALL)
_STRONG = re.compile(r"(?<![\w*])\*\*(?=\S)(.+?)(?<=\S)\*\*(?![\w*])", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)")


def shown(text: str) -> str:
    """A text without roles, substitutions, links, literals and emphasis.

    A role with a title shows the title; one without shows what it points at.
    """
    for pattern in (_TITLED_ROLE, _ROLE, _LINK, _LITERAL, _REFERENCE, _STRONG, _EMPHASIS):
        text = pattern.sub(lambda found: found[1], text)
    return _ESCAPE.sub(r"\1", _SUBSTITUTION.sub(_replacement, text))


def _replacement(found: re.Match[str]) -> str:
    name = (found[1] or found[2]).lower()
    return SHOWN.get(name, name.replace("-", " "))
