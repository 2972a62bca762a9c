import io
import json
import struct
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from recommender.errors import PictureError
from recommender.pictures.decoding import open_picture
from recommender.pictures.memory_budget import (
    FILE_BYTES,
    PIXEL_BYTES,
    Budget,
    copies_of,
    decoding_bytes,
    room_for_file,
)
from tests.support.sample_pictures import (
    claiming,
    encoded,
    four_corners,
    photo,
    profile_with_red_and_green_swapped,
)

ROOT = Path(__file__).resolve().parents[2]
MEASURE = """
    import io, json, pathlib, re, sys
    from concurrent.futures import ThreadPoolExecutor
    from recommender.pictures import memory_budget as picture_memory
    from recommender.allocator import return_freed_memory
    from recommender.pictures.decoding import open_picture

    def memory(kind):  # bytes
        status = pathlib.Path("/proc/self/status").read_text()
        return int(re.search(kind + r":\\s+(\\d+) kB", status)[1]) * 1024

    return_freed_memory()  # As the server does.
    together, budget, *paths = sys.argv[1:]
    together = int(together)
    picture_memory.pixels = picture_memory.Budget(int(budget))
    for path in paths:
        open_picture(path + ".small", min_side=512)
    pathlib.Path("/proc/self/clear_refs").write_text("5")  # Starts the peak anew.
    before = memory("VmRSS")
    with ThreadPoolExecutor(together) as pool:
        list(pool.map(lambda path: open_picture(path, min_side=512), paths * together))
    print(json.dumps(memory("VmHWM") - before))
"""
linux = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="reads Linux's peak of memory"
)


def peak_growth(folder, files, together=1, budget=PIXEL_BYTES):
    """Bytes that decoding files adds to a Python of its own, several at a time."""
    paths = []
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        picture = Image.open(io.BytesIO(data))
        small = encoded(Image.new(picture.mode, (64, 64)), picture.format)
        Path(f"{path}.small").write_bytes(small)
        paths.append(str(path))
    code = textwrap.dedent(MEASURE)
    run = subprocess.run(
        [sys.executable, "-c", code, str(together), str(budget), *paths],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=120,
    )  # fmt: skip
    return json.loads(run.stdout)


def plain(mode, megapixels, format, **options):
    side = int((megapixels * 1e6) ** 0.5)
    return encoded(Image.new(mode, (side, side)), format, **options)


LARGE = {
    "RGBA PNG": lambda: plain("RGBA", 12, "PNG", compress_level=1),
    "float TIFF": lambda: plain("F", 12, "TIFF", compression="tiff_adobe_deflate"),
    "WebP": lambda: plain("RGB", 12, "WEBP", method=0),
    "AVIF": lambda: plain("RGB", 12, "AVIF", speed=10),
    "progressive JPEG": lambda: plain("RGB", 24, "JPEG", progressive=True),
}


@linux
@pytest.mark.parametrize("name", LARGE)
def test_decoding_takes_at_most_what_is_estimated(name, tmp_path):
    data = LARGE[name]()
    picture = Image.open(io.BytesIO(data))
    if picture.format == "JPEG":
        picture.draft(None, (512, 512))
    overhead = 15_000_000  # Bands, the result, and what the allocator keeps.
    growth = peak_growth(tmp_path, {"picture": data})
    assert growth < decoding_bytes(picture, data) + len(data) + overhead


@linux
def test_several_pictures_at_once_take_no_more_than_the_budget(tmp_path):
    files = {"picture": plain("RGBA", 9, "PNG", compress_level=1)}
    assert peak_growth(tmp_path, files, together=4, budget=45_000_000) < 65_000_000


@pytest.mark.parametrize("how", ["turned", "profile"])
def test_a_large_picture_whose_copy_would_not_fit_beside_it_is_refused(how):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6 if how == "turned" else 1
    profile = profile_with_red_and_green_swapped() if how == "profile" else None
    data = encoded(four_corners(64, 64), "JPEG", exif=exif, icc_profile=profile)
    at = data.index(b"\xff\xc0") + 5
    data = data[:at] + struct.pack(">HH", 7_000, 7_000) + data[at + 4 :]
    with pytest.raises(PictureError, match="too much memory to open as this kind of JPEG"):
        open_picture(data)


@pytest.mark.parametrize(
    ("options", "copies"),
    [
        ({"factor": 1, "turned": False, "profile": False}, 0),
        ({"factor": 1, "turned": True, "profile": False}, 1),
        ({"factor": 1, "turned": True, "profile": True}, 2),
        ({"factor": 2, "turned": True, "profile": True}, 3 / 4),
    ],
)
def test_copies_of_a_picture_are_counted(options, copies):
    assert copies_of(Image.new("RGB", (40, 30)), **options) == copies * 4 * 40 * 30


@pytest.mark.parametrize("format", ["WEBP", "AVIF"])
def test_what_would_take_too_much_memory_is_refused_before_it_is_decoded(format):
    data = claiming(7_000, 7_000)[format]
    with pytest.raises(PictureError, match=f"too much memory to open as this kind of {format}"):
        open_picture(data)


@pytest.mark.parametrize(
    ("format", "width", "height"),
    [(format, 6_000, 4_000) for format in ("HEIF", "AVIF", "WEBP", "PNG", "TIFF")]
    + [("JPEG", 8_000, 6_000)],
)
def test_what_phones_and_cameras_take_may_be_decoded(format, width, height):
    data = claiming(width, height)[format]
    assert decoding_bytes(Image.open(io.BytesIO(data)), data) < PIXEL_BYTES


def test_a_heic_with_transparency_of_24_megapixels_may_be_decoded():
    data = encoded(Image.new("RGBA", (64, 64)), "HEIF")
    box = b"ispe\0\0\0\0"
    data = data.replace(box + struct.pack(">II", 64, 64), box + struct.pack(">II", 6_000, 4_000))
    picture = Image.open(io.BytesIO(data))
    assert (picture.mode, picture.size) == ("RGBA", (6_000, 4_000))
    assert 7.7 * 24e6 < decoding_bytes(picture, data) < PIXEL_BYTES


def test_a_tiff_in_one_strip_counts_the_strip():
    picture = photo(400, 300)
    strips = encoded(picture, "TIFF", compression="tiff_lzw")
    one = encoded(picture, "TIFF", compression="tiff_lzw", strip_size=1 << 30)
    needs = [decoding_bytes(Image.open(io.BytesIO(data)), data) for data in (strips, one)]
    assert needs[1] == 400 * 300 * (4 + 3)
    assert needs[0] < needs[1]


@pytest.mark.parametrize(
    ("mode", "options", "coefficients"),
    [
        ("RGB", {}, 0),
        ("RGB", {"progressive": True}, 1.5),
        ("RGB", {"progressive": True, "subsampling": 0}, 3),
        ("L", {"progressive": True}, 1),
    ],
)
def test_a_jpeg_in_several_scans_counts_its_coefficients(mode, options, coefficients):
    data = encoded(photo(400, 304).convert(mode), "JPEG", **options)
    picture = Image.open(io.BytesIO(data))
    picture.draft(None, (50, 38))
    stored = 50 * 38 * (1 if mode == "L" else 4)
    assert decoding_bytes(picture, data) == stored + 2 * coefficients * 400 * 304


def test_a_budget_is_never_exceeded_and_everybody_gets_a_turn():
    budget, held, most, done = Budget(100), [0], [0], []
    lock = threading.Lock()

    def take(amount):
        with budget.reserve(amount):
            with lock:
                held[0] += min(amount, 100)
                most[0] = max(most[0], held[0])
            with lock:
                held[0] -= min(amount, 100)
        done.append(amount)

    amounts = [30, 70, 100, 1, 500, 60] * 50
    threads = [threading.Thread(target=take, args=(amount,)) for amount in amounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(done) == sorted(amounts)
    assert 60 <= most[0] <= 100


def test_a_budget_is_given_back_after_an_error():
    budget = Budget(10)
    with pytest.raises(ValueError, match="mine"), budget.reserve(10):
        raise ValueError("mine")
    with budget.reserve(10):
        pass


def test_files_above_the_files_budget_do_not_wait_for_each_other_for_ever():
    done = []

    def take():
        with room_for_file(2 * FILE_BYTES):
            done.append(True)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(done) == 8
