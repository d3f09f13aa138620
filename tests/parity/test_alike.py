"""What is no difference: the same run, another seed, looks at other moments, another pace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from harness.fake.kernel.knobs import Knobs
from harness.model.history import Entry, History, Observed
from harness.run.parity import RecordedRun
from harness.run.parity.traces import trace_of
from tests.parity.performing import compared, perform, rewritten

ID_LIKE = re.compile(r"[0-9a-f]{8,}|/subscriptions/|https?://|\d{4}-\d\d-\d\dT|\d+\.\d+\.\d+\.\d+")


def test_a_run_is_at_parity_with_itself(sound: RecordedRun) -> None:
    """Every scenario went alike, and there are some."""
    found = compared(sound, sound)

    assert found.findings == ()
    assert not found.undecided
    assert found.agreeing == len(found.compared) > 20


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_run_is_at_parity_with_the_same_scenarios_under_another_seed(
    sound: RecordedRun, seed: int, tmp_path: Path
) -> None:
    """Names and ids differ everywhere, and nothing else does."""
    found = compared(sound, perform(tmp_path, ("EAR-054", "EAR-078", "EAR-126"), seed=seed))

    assert found.findings == ()
    assert len(found.compared) >= 5


@pytest.mark.parametrize("kept", [0, 1])
def test_looking_half_as_often_is_no_divergence(sound: RecordedRun, kept: int, tmp_path: Path) -> None:
    """Whether the first look of each pair is dropped or the second."""

    def thinned(history: History) -> Sequence[Entry]:
        looks = [entry.sequence for entry in history.entries if isinstance(entry.what, Observed)]
        dropped = set(looks[kept::2])
        return [entry for entry in history.entries if entry.sequence not in dropped]

    thin = rewritten(sound, tmp_path / "thin", thinned)

    assert [one.difference for one in compared(sound, thin).findings] == []
    assert [one.difference for one in compared(thin, sound).findings] == []


@pytest.mark.parametrize("pace", [0.3, 1.5])
def test_another_pace_is_no_divergence(
    sound: RecordedRun, pace: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system that creates and deletes faster or slower, within the limits, behaves alike."""
    usual = Knobs()
    quick = replace(
        usual,
        initiating_delay_s=usual.initiating_delay_s * pace,
        pending_detect_delay_s=usual.pending_detect_delay_s * pace,
        delete_delay_s=usual.delete_delay_s * pace,
        cluster_create_s=usual.cluster_create_s * pace,
    )
    monkeypatch.setattr("harness.fake.kernel.world.Knobs", lambda: replace(quick))
    found = compared(sound, perform(tmp_path, ("EAR-056", "EAR-058", "EAR-061")))

    assert [one.difference for one in found.findings] == []
    assert len(found.compared) >= 5


def test_traces_hold_no_names_ids_or_times(sound: RecordedRun) -> None:
    """Whatever is compared literally is a word, a figure or a constant of the API."""
    for scenario in sound.scenarios:
        history = sound.history(scenario)
        if history is None:  # a twin for an answer that is not in force
            continue
        trace = trace_of(history)
        literal = {
            f"{path} {'' if token.is_name else token.text}"
            for looks in trace.looks.values()
            for look in looks
            for path, token in look.tokens.items()
        }
        assert not [text for text in (*literal, *(act.words for act in trace.acts)) if ID_LIKE.search(text)]
