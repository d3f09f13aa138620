"""Under which circumstances a run was performed, and what differs between two: did the tool change in between?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harness.evidence.forms import Change, RunForm

ABSENT = "absent"


def circumstances(run: RunForm) -> dict[str, str]:
    """Tool, features, settings and target of a run, each under a name for people."""
    tool = run.tool
    return {
        "version": tool.version,
        "commit": tool.commit + (" with changes" if tool.modified else ""),
        "python": tool.python,
        **{f"dependency {name}": number for name, number in tool.dependencies.items()},
        "features": run.features_digest,
        "settings": run.settings_digest,
        "profile": run.profile,
        "assurance": run.assurance,
        **{f"target {name}": value for name, value in run.target.items()},
    }


def differing(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    """Everything that is not as it was, in order of appearance."""
    for name in dict.fromkeys((*before, *now)):
        if before.get(name) != now.get(name):
            yield Change(what=name, before=before.get(name, ABSENT), now=now.get(name, ABSENT))
