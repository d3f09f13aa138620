"""Pictures as SVG, made of escaped text and numbers; each says in its title what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from markupsafe import Markup

from harness.evidence.page.stories import Story, Stretch
from harness.evidence.page.words import SIGNS, counted, listed, offset
from harness.model.verdict import Outcome

WIDTH = 720
"""All lengths are in units of the picture, which is scaled as a whole."""
LEFT, RIGHT = 150, 22
TOP, ROW, BAR = 22, 24, 17
CHARACTER = 5.6
"""Width of a letter in a bar, on average."""
TICKS_APART = 8
STEPS_S = (10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 604800, 2592000, 15552000)
MARKS = 6
"""At most so many marks on an axis."""


def course(story: Story) -> Markup:
    """A scenario in time: a bar for each subject, marks for acts, ticks for looks."""
    height = TOP + ROW * len(story.tracks) + 40
    bars = (
        part
        for place, (subject, track) in enumerate(story.tracks.items())
        for part in _track(subject, track, TOP + ROW * place, story.length)
    )
    parts = [
        Markup('<svg viewBox="0 0 {} {}" role=img><title>{}</title>').format(WIDTH, height, _title(story)),
        *_axis(story, height - 3),
        *_marks(story, height - 32),
        *bars,
        _ticks(story, height - 36),
    ]
    return Markup("").join([*parts, Markup("</svg>")])


def tally(numbers: Mapping[Outcome, int], what: str) -> Markup:
    """A bar of all outcomes; its title has the numbers."""
    total = sum(numbers.values())
    said = listed(f"{number} {SIGNS[one].word}" for one, number in numbers.items() if number)
    parts = [
        Markup('<svg viewBox="0 0 {} 14" preserveAspectRatio=none class=tally role=img><title>{}: {}</title>').format(
            WIDTH, what, said
        )
    ]
    place = 0.0
    for one, number in numbers.items():
        if number:
            width = WIDTH * number / total
            parts.append(
                Markup("<rect class=t{} x={} width={} height=14 />").format(
                    SIGNS[one].mark or "m", _short(place), _short(max(width - 2, 1))
                )
            )
            place += width
    return Markup("").join([*parts, Markup("</svg>")])


def _title(story: Story) -> str:
    return (
        f"Scenario {story.row.number}: {counted(len(story.tracks), 'track')} over {offset(story.length)}, "
        f"{counted(len(story.looks), 'look')}, {counted(len(story.acts), 'act')}, as in the table below"
    )


def _x(at: float, length: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (at / length if length else 0.0)


def _track(subject: str, track: Sequence[Stretch], y: int, length: float) -> Iterator[Markup]:
    yield Markup("<text x=0 y={}>{}</text>").format(y + 12, _clipped(subject, LEFT - 6))
    for one in track:
        x = _x(one.start, length)
        width = max(_x(one.end, length) - x, 2)
        yield Markup("<path class={} d=M{},{}h{}v{}H{}z />").format(
            one.tone, _short(x), y, _short(width), BAR, _short(x)
        )
        if len(one.state) * CHARACTER + 6 <= width:
            yield Markup("<text class={}t x={} y={}>{}</text>").format(one.tone, _short(x + 4), y + 12, one.state)


def _axis(story: Story, y: int) -> Iterator[Markup]:
    step = next((one for one in STEPS_S if story.length / one <= MARKS), STEPS_S[-1])
    times = [position * step for position in range(min(int(story.length // step), MARKS) + 1)]
    places = [_short(_x(time, story.length)) for time in times]
    yield _lines("a", (f"M{x},14V{y - 12}" for x in places))
    for time, x in zip(times, places, strict=True):
        yield Markup("<text class=c x={} y={}>{}</text>").format(x, y, offset(time))


def _ticks(story: Story, y: int) -> Markup:
    places = list(dict.fromkeys(round(_x(look, story.length) / TICKS_APART) for look in story.looks))
    moves, at = [f"M{places[0] * TICKS_APART},{y}v8"], places[0]
    for place in places[1:]:
        moves.append(f"m{(place - at) * TICKS_APART}-8v8")
        at = place
    return Markup("<text x=0 y={}>looks</text>").format(y + 8) + _lines("k", moves)


def _marks(story: Story, bottom: int) -> Iterator[Markup]:
    """Upright lines for acts, and their numbers as far as there is room; acts at the same place share a line."""
    acts = list(enumerate(story.acts, 1))
    free = 0
    for x, group in groupby(acts, key=lambda one: round(_x(one[1].at, story.length))):
        alike = list(group)
        fault = any(act.fault for _, act in alike)
        yield _lines("f" if fault else "d", [f"M{x},13V{bottom}"])
        first, last = alike[0][0], alike[-1][0]
        text = f"{'▼' if fault else ''}{first}{f'–{last}' if last > first else ''}"
        if x >= free:
            yield Markup("<text class={}x x={} y=10>{}</text>").format("f" if fault else "d", x, text)
            free = x + 8 + 6 * len(text)


def _lines(kind: str, moves: Iterable[str]) -> Markup:
    return Markup('<path class={} d="{}" />').format(kind, "".join(moves))


def _clipped(text: str, width: float) -> str:
    room = int(width / CHARACTER)
    return text if len(text) <= room else f"{text[: room - 1]}…"


def _short(number: float) -> str:
    """A coordinate without decimals that nobody sees."""
    return f"{number:.1f}".rstrip("0").rstrip(".")
