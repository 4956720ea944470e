"""The simulator's time, which the control door can move or stop."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass
class Clock:
    offset_seconds: float = 0.0
    frozen_at: float | None = None
    skew_seconds: float = 0.0
    """How far Lightspeed's idea of the time of day is ahead; nothing lasts longer for it."""

    def seconds(self) -> float:
        """Unix time."""
        return time.time() + self.offset_seconds if self.frozen_at is None else self.frozen_at

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds() + self.skew_seconds, UTC)

    def stamp(self) -> str:
        return self.now().isoformat(timespec="seconds")

    def set(self, moment: datetime) -> None:
        self._move_to(moment.timestamp())

    def advance(self, seconds: float) -> None:
        self._move_to(self.seconds() + seconds)

    def freeze(self, frozen: bool) -> None:
        now = self.seconds()
        self.frozen_at = now if frozen else None
        self.offset_seconds = now - time.time()

    def _move_to(self, seconds: float) -> None:
        self.offset_seconds = seconds - time.time()
        if self.frozen_at is not None:
            self.frozen_at = seconds
