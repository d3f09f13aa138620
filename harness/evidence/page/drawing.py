"""Pictures as SVG, made of escaped text and numbers; each says in its title what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from harness.evidence.page.stories import Act, Story, Stretch
from harness.evidence.page.words import SIGNS, counted, listed, offset
from harness.model.verdict import Outcome

WIDTH = 720
"""All lengths are in units of the picture, which is scaled as a whole."""
LEFT, RIGHT = 150, 12
TOP, ROW, BAR = 22, 24, 17
CHARACTER = 5.6
"""Width of a letter in a bar, on average."""
TICKS_APART = 6
STEPS_S = (10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 604800, 2592000, 15552000)
MARKS = 6
"""At most so many marks on an axis."""


def course(story: Story) -> Markup:
    """A scenario in time: a bar for each subject, marks for acts, ticks for looks."""
    height = TOP + ROW * len(story.tracks) + 40
    parts = [
        Markup('<svg viewBox="0 0 {} {}" role=img><title>{}</title>').format(WIDTH, height, _title(story)),
        *_axis(story, height - 3),
        *(
            part
            for place, (subject, track) in enumerate(story.tracks.items())
            for part in _track(subject, track, TOP + ROW * place, story.length)
        ),
        _ticks(story, height - 36),
        *_marks(story.acts, height - 32, story.length),
    ]
    return Markup("").join([*parts, Markup("</svg>")])


def tally(numbers: Mapping[Outcome, int], what: str) -> Markup:
    """A bar of all outcomes; its title has the numbers."""
    total = sum(numbers.values())
    said = listed(f"{number} {SIGNS[one].word}" for one, number in numbers.items() if number)
    parts = [Markup('<svg viewBox="0 0 {} 14" class=tally role=img><title>{}: {}</title>').format(WIDTH, what, said)]
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
        f"{story.known.title}: {counted(len(story.tracks), 'track')} over {offset(story.length)}, "
        f"{counted(len(story.looks), 'look')}, {counted(len(story.acts), 'act')}. The table below has the same."
    )


def _x(at: float, length: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (at / length if length else 0.0)


def _track(subject: str, track: Sequence[Stretch], y: int, length: float) -> Iterator[Markup]:
    yield Markup("<text x=0 y={}>{}</text>").format(y + 12, _clipped(subject, LEFT - 6))
    for one in track:
        x, end = _x(one.start, length), _x(one.end, length)
        width = max(end - x, 2)
        yield Markup("<rect class={} x={} y={} width={} height={} />").format(
            one.tone, _short(x), y, _short(width), BAR
        )
        if len(one.state) * CHARACTER + 6 <= width:
            yield Markup("<text class={}t x={} y={}>{}</text>").format(one.tone, _short(x + 4), y + 12, one.state)


def _axis(story: Story, y: int) -> Iterator[Markup]:
    step = next((one for one in STEPS_S if story.length / one <= MARKS), STEPS_S[-1])
    count = min(int(story.length // step), MARKS)
    for position in range(count + 1):
        x = _short(_x(position * step, story.length))
        yield Markup("<path class=a d=M{},14V{} /><text class=c x={} y={}>{}</text>").format(
            x, y - 12, x, y, offset(position * step)
        )


def _ticks(story: Story, y: int) -> Markup:
    places = list(dict.fromkeys(round(_x(look, story.length) / TICKS_APART) for look in story.looks))
    moves, at = [f"M{places[0] * TICKS_APART},{y}v8"], places[0]
    for place in places[1:]:
        moves.append(f"m{(place - at) * TICKS_APART}-8v8")
        at = place
    return Markup('<text x=0 y={}>looks</text><path class=k d="{}" />').format(y + 8, "".join(moves))


def _marks(acts: Sequence[Act], bottom: int, length: float) -> Iterator[Markup]:
    free = 0.0
    for number, act in enumerate(acts, 1):
        x = _x(act.at, length)
        yield Markup("<path class={} d=M{},13V{} />").format("f" if act.fault else "d", _short(x), bottom)
        if x >= free:
            yield Markup("<text class={}x x={} y=10>{}{}</text>").format(
                "f" if act.fault else "d", _short(x), "▼" if act.fault else "", number
            )
            free = x + 14


def _clipped(text: str, width: float) -> str:
    room = int(width / CHARACTER)
    return text if len(text) <= room else f"{text[: room - 1]}…"


def _short(number: float) -> str:
    """A coordinate without decimals that nobody sees."""
    return f"{number:.1f}".rstrip("0").rstrip(".")
