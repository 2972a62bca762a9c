import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

GROWTH = """
    import io, os, random, re, sys
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path
    from PIL import Image
    from recommender.allocator import return_freed_memory
    from recommender.pictures.decoding import open_picture

    if sys.argv[1] == "settings":
        assert return_freed_memory()

    def memory():  # MB
        status = Path("/proc/self/status").read_text()
        return int(re.search(r"VmRSS:\\s+(\\d+) kB", status)[1]) / 1024

    def encoded(format, side):
        file = io.BytesIO()
        Image.new("RGB", (side, side)).save(file, format, compress_level=1)
        return file.getvalue()

    files = [encoded(f, side) for f in ("PNG", "WEBP", "GIF") for side in (300, 900, 1700, 2500)]
    kept = []

    def search(number):
        chance = random.Random(number)
        open_picture(chance.choice(files), min_side=512)
        kept.append(bytes(chance.randrange(2_000, 60_000)))  # Answers, which live on for a while.
        del kept[:-20]

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(search, range(20)))
        before = memory()
        list(pool.map(search, range(20, 200)))
    print(memory() - before)
"""


def growth(settings):
    """Megabytes that a process grows by while it decodes 180 pictures."""
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(GROWTH), settings],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent, timeout=120,
    )  # fmt: skip
    return float(run.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's memory")
def test_memory_stays_flat_over_pictures_of_all_sizes():
    assert growth("settings") < 20


TRIMMED = """
    import re
    from pathlib import Path
    from recommender.allocator import trim

    def memory():  # MB
        status = Path("/proc/self/status").read_text()
        return int(re.search(r"VmRSS:\\s+(\\d+) kB", status)[1]) / 1024

    freed = [bytes(1000) for _ in range(200_000)]
    kept = [bytes(1000) for _ in range(100)]  # above them: the heap cannot shrink by itself
    del freed
    before = memory()
    trim()
    print(before - memory())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's memory")
def test_memory_that_was_freed_goes_back_between_stages():
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(TRIMMED)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent, timeout=60,
    )  # fmt: skip
    assert float(run.stdout) > 100
