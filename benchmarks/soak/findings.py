"""Soak report: what each check did, its faults, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

# An answer that takes longer is a hang, whatever it says.
HANG_SECONDS = 5.0
# Faults of a kind are counted; this many examples of each are printed.
EXAMPLES = 3
# Longer examples are cut: hostile arguments have up to a million characters.
EXAMPLE_CHARACTERS = 300


@dataclass
class Check:
    """One row of the report."""

    name: str
    planned: int = 0
    """How many calls, pictures or kills there should be; 0 where the number is not known before."""
    done: int = 0
    slowest: float = 0.0
    """Seconds of the slowest."""
    seconds: float = 0.0
    """Of the whole check."""
    notes: list[str] = field(default_factory=list)
    """Figures to print beside it."""
    faults: dict[str, list[str]] = field(default_factory=dict)
    """Examples by kind of fault; one for every time that it was seen."""

    def fault(self, kind: str, example: str = "") -> None:
        """Record a fault."""
        self.faults.setdefault(kind, []).append(shortened(example))

    def timed(self, seconds: float, example: str, limit: float = HANG_SECONDS) -> None:
        """Count one call, and its seconds; beyond the limit it is a fault."""
        self.done += 1
        self.slowest = max(self.slowest, seconds)
        if seconds > limit:
            self.fault(f"took longer than {limit:g} s", f"{example}: {seconds:.1f} s")

    def out_of_time(self, seconds: float) -> None:
        """Record that the check was stopped before its end."""
        self.fault(f"stopped after {seconds:.0f} s", f"{self.done:,} of {self.planned:,} done")

    @property
    def passed(self) -> bool:
        """Whether there is no fault, and all was done that was planned."""
        return not self.faults and self.done >= max(self.planned, 1)


def shortened(text: str) -> str:
    """The text on one line, cut to `EXAMPLE_CHARACTERS`."""
    line = " ".join(text.split())
    return line if len(line) <= EXAMPLE_CHARACTERS else f"{line[:EXAMPLE_CHARACTERS]}..."


def report(checks: Sequence[Check]) -> str:
    """All checks as a Markdown table, followed by the faults."""
    rows = ["| check | done | slowest | took | result |", "|---|---|---|---|---|"]
    for check in checks:
        total = sum(map(len, check.faults.values()))
        done = f"{check.done:,}" + (f" of {check.planned:,}" if check.planned else "")
        result = "ok" if check.passed else f"**{total:,} faults**" if total else "**not done**"
        words = "; ".join([result, *check.notes])
        rows.append(
            f"| {check.name} | {done} | {check.slowest:.2f} s | {check.seconds:.0f} s | {words} |"
        )
    lines = ["\n".join(rows)]
    for check in checks:
        for kind, examples in check.faults.items():
            lines.append(f"- {check.name}: {kind} ({len(examples):,} times)")
            shown = list(dict.fromkeys(filter(None, examples)))[:EXAMPLES]
            lines += [f"    - {example}" for example in shown]
    return "\n".join(lines) + "\n"
