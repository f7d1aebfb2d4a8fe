"""Progress on stderr: a bar at a terminal, a line a second elsewhere; never silence."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from api.cli.desk import Desk

EVERY_SECONDS = 1.0
Advance = Callable[[int], None]
Stage = Callable[[str, int], Advance]


@contextmanager
def stages(desk: Desk) -> Iterator[Stage]:
    """Show a sequence of steps, each with a phrase and, where known, a number of rows."""
    if desk.err.is_terminal:
        with _bars(desk.err) as bars:
            yield lambda key, total: _bar(bars, desk.say(key), total)
    else:
        with _lines(desk) as stage:
            yield stage


@contextmanager
def working(desk: Desk, key: str, /, **values: object) -> Iterator[None]:
    """Show one step of unknown length."""
    text = desk.say(key, **values)
    if desk.err.is_terminal:
        with desk.err.status(text):
            yield
    else:
        with _ticking(desk.err, lambda: text):
            yield


def _bars(console: Console) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True)


def _bar(bars: Progress, text: str, total: int) -> Advance:
    task = bars.add_task(text, total=total or None)
    return lambda rows: bars.advance(task, rows)


@dataclass
class _Step:
    """The step under way, as its line shows it."""

    text: str = ""
    total: int = 0
    done: int = 0

    def __str__(self) -> str:
        return f"{self.text} {self.done:,}/{self.total:,}" if self.total else self.text

    def advance(self, rows: int) -> None:
        self.done += rows


@contextmanager
def _lines(desk: Desk) -> Iterator[Stage]:
    steps = [_Step()]

    def stage(key: str, total: int) -> Advance:
        steps.append(_Step(desk.say(key), total))
        desk.err.print(steps[-1].text)
        return steps[-1].advance

    with _ticking(desk.err, lambda: str(steps[-1]), at_once=False):
        yield stage


@contextmanager
def _ticking(console: Console, line: Callable[[], str], at_once: bool = True) -> Iterator[None]:
    ended, started = Event(), time.monotonic()

    def tick() -> None:
        while not ended.wait(EVERY_SECONDS):
            seconds = time.monotonic() - started
            console.print(f"{line()} … {seconds:.0f} s")

    if at_once:
        console.print(line())
    ticker = Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        ended.set()
        ticker.join()
