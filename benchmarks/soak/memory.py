"""Growth of memory, as the soak test judges it."""

from benchmarks.soak.findings import Check

# Resident memory after the warm-up may grow by this much: allocators keep some of what was freed.
MOST_GROWTH_PERCENT = 10.0


def growth_fault(check: Check, warm: float, end: float) -> None:
    """Note resident memory (megabytes) before and after; growth of more is a fault."""
    percent = 100 * (end - warm) / warm
    check.notes.append(f"memory {warm:.0f} to {end:.0f} MB ({percent:+.0f}%)")
    if percent > MOST_GROWTH_PERCENT:
        check.fault(f"memory grew by more than {MOST_GROWTH_PERCENT:g}%", check.notes[-1])
