"""Load of the soak test: odd pictures over HTTP, and many clients at once."""

import asyncio
import io
import itertools
import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from benchmarks.load_client import visit
from benchmarks.soak.calls import Answer, Caller
from benchmarks.soak.damaged_pictures import (
    DamagedPicture,
    damaged_pictures,
    whole_pictures,
)
from benchmarks.soak.findings import HANG_SECONDS, Check
from benchmarks.soak.server import Server
from demo import draw, products

# Names of what the soak test uploads begin so: what is left of it can be found.
UPLOAD_NAME = "soak-"
# Callers of damaged pictures at once: as many as the app searches for at once, and one waiting.
_CALLERS = 3
_BATCH = 60
# What visitors of a shop send, as `benchmarks.serving` has it: one photograph of so many pictures.
PHOTOGRAPH_EVERY = 3
# Different products that a crowd shows.
CROWD_PRODUCTS = 16


def check_crowd(
    server: Server, clients: int, questions: int, limit: float, patience: float = HANG_SECONDS
) -> Check:
    """Many clients at once, each of whom must get an answer soon.

    Args:
        server: the app.
        clients: at once.
        questions: of all of them together; every `PHOTOGRAPH_EVERY`-th is a photograph, of each
            format in turn, the others are products on white.
        limit: seconds after which none is asked any more.
        patience: seconds after which an answer is a hang. Each waits for those before it.
    """
    check = Check(f"{clients} clients at once", planned=questions)
    photographs = itertools.cycle(file for files in whole_pictures().values() for file in files)
    shown = itertools.cycle(_product_pictures())
    pictures = [
        next(shown if number % PHOTOGRAPH_EVERY else photographs) for number in range(questions)
    ]
    visits = asyncio.run(visit(server.address, pictures, clients, limit))
    for seconds in visits.seconds:
        check.timed(seconds, f"one of {clients} clients", patience)
    for words in visits.refused:
        check.done += 1
        check.fault("no answer", words)
    check.seconds = visits.elapsed
    check.notes.append(f"{len(visits.seconds) / visits.elapsed:.0f} answers/s")
    server.look(check, f"{clients} clients")
    return check


def _product_pictures() -> list[bytes]:
    """Drawn products on white, as files."""
    files = []
    for product in products()[:: len(products()) // CROWD_PRODUCTS]:
        file = io.BytesIO()
        draw(product).save(file, "JPEG")
        files.append(file.getvalue())
    return files


def check_odd_pictures(server: Server, count: int, seed: int, limit: float) -> Check:
    """Damaged pictures over HTTP: each is answered or refused, soon and in a sentence.

    Args:
        server: the app.
        count, seed: of the pictures.
        limit: seconds after which no more are sent.
    """
    check = Check("damaged pictures over HTTP", planned=count)
    started, results = time.perf_counter(), 0
    pictures = damaged_pictures(count, seed)
    with Caller(server.address) as caller, ThreadPoolExecutor(_CALLERS) as pool:

        def search(picture: DamagedPicture) -> Answer:
            return search_with(caller, picture.data, picture.format.lower())

        while batch := list(itertools.islice(pictures, _BATCH)):
            if time.perf_counter() - started > limit:
                check.out_of_time(limit)
                break
            for picture, answer in zip(batch, pool.map(search, batch), strict=True):
                check.timed(answer.seconds, picture.name)
                results += answer.kind == "result"
                if answer.kind == "failure":
                    check.fault(f"no sentence: {answer.words[:60]}", picture.name)
            if not server.look(check, f"{batch[0].name} to {batch[-1].name}"):
                break
    check.notes.append(f"{results:,} searched with")
    check.seconds = time.perf_counter() - started
    return check


def search_with(caller: Caller, picture: bytes, ending: str) -> Answer:
    """Upload a picture and search with it, as a browser and `gradio_client` do."""
    started = time.perf_counter()
    try:
        path = caller.upload(f"{UPLOAD_NAME}picture.{ending}", picture)
    except httpx.HTTPError as error:
        return Answer("failure", f"upload: {error}", time.perf_counter() - started, "")
    uploading = time.perf_counter() - started
    image = {"path": path, "meta": {"_type": "gradio.FileData"}}
    answer = caller.by_name("recommend", json.dumps({"image": image}))
    return Answer(answer.kind, answer.words, uploading + answer.seconds, answer.text)
