"""Fetching of pictures from their addresses: in parallel, politely, and never one twice."""

import asyncio
import collections
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import httpx2

from recommender.errors import DatasetError
from recommender.pictures.reading import MAX_BYTES
from recommender.reading.addresses import AddressError, Target, parse, resolve, shown
from recommender.reading.kept_pictures import FRESH_SECONDS, Kept, KeptPictures
from recommender.reading.picture_answers import PassingError, Redirect, read_answer

USER_AGENT = "fashion-recommender/2 (building a picture search)"


@dataclass(frozen=True)
class Limits:
    """How hard servers are asked, and how long they may take."""

    per_host: int = 4
    """Requests at a time to one host; browsers open six."""
    at_once: int = 32
    connect_seconds: float = 10.0
    silent_seconds: float = 20.0
    """Without a byte."""
    whole_seconds: float = 60.0
    """For one picture: 50 MB at the speed of a slow line."""
    attempts: int = 4
    backoff_seconds: float = 0.5
    """Before the second attempt; doubled before each further one."""
    longest_wait_seconds: float = 30.0
    """That a server may ask for by Retry-After."""
    redirects: int = 5
    bytes: int = MAX_BYTES
    fresh_seconds: float = FRESH_SECONDS
    """Within which a picture that was fetched is not asked for again."""
    judged: int = 100
    """Of the first addresses; when most of them fail, the catalogue is given up."""


@dataclass(frozen=True)
class Fetched:
    """The pictures of one product that could be had, and why the others could not."""

    paths: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class PictureFetcher:
    """Fetches pictures in a thread of its own; `close` ends it.

    Args:
        folder: where pictures are kept.
        limits: for tests and for servers that need other ones.
    """

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.kept = KeptPictures(folder)
        self.requests, self._began = 0, time.time()
        self._failures: list[str | None] = []
        self._stopped: DatasetError | None = None
        self._running: dict[str, asyncio.Task[str]] = {}
        self._hosts: dict[str, tuple[httpx2.AsyncClient, asyncio.Semaphore]] = {}
        self._context = httpx2.create_ssl_context()
        self._loop = asyncio.new_event_loop()
        self._slots = asyncio.Semaphore(self.limits.at_once)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def submit(self, addresses: Sequence[str], most: int | None = None) -> "Future[Fetched]":
        """Fetch a product's pictures.

        Args:
            addresses: in order; only the first `most` that can be had are fetched.
            most: None for all.

        Returns:
            What was fetched. Its result raises `DatasetError` where most of the first addresses
            fail, and `OSError` where the pictures cannot be kept.
        """
        return asyncio.run_coroutine_threadsafe(self._product(addresses, most), self._loop)

    def close(self) -> None:
        """End all requests and the thread."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for client, _ in self._hosts.values():
            await client.aclose()

    async def _product(self, addresses: Sequence[str], most: int | None) -> Fetched:
        paths: list[str] = []
        reasons: list[str] = []
        at_a_time = len(addresses) if most is None else 1
        for start in range(0, len(addresses), max(1, at_a_time)):
            group = addresses[start : start + at_a_time]
            outcomes = await asyncio.gather(*map(self._outcome, group))
            for address, (path, reason) in zip(group, outcomes, strict=True):
                if path is None:
                    reasons.append(f"{shown(address)} cannot be fetched: {reason}.")
                else:
                    paths.append(path)
            if most is not None and len(paths) >= most:
                break
        return Fetched(tuple(paths), tuple(reasons))

    async def _outcome(self, address: str) -> tuple[str | None, str]:
        """A picture's path, or why it cannot be had."""
        if self._stopped is not None:
            raise self._stopped
        kept = self.kept.get(address)
        if kept is not None and kept.is_fresh(self.limits.fresh_seconds, self._began):
            return str(kept.path), ""
        # One request for an address that several products have.
        if address not in self._running:
            task = asyncio.create_task(self._persist(address, kept))
            self._running[address] = task
            task.add_done_callback(lambda _: self._running.pop(address, None))
        try:
            path = await asyncio.shield(self._running[address])
        except AddressError as error:
            self._judge(str(error))
            return None, str(error)
        self._judge(None)
        return path, ""

    def _judge(self, reason: str | None) -> None:
        if len(self._failures) >= self.limits.judged:
            return
        self._failures.append(reason)
        failed = [reason for reason in self._failures if reason is not None]
        if 2 * len(failed) > self.limits.judged:
            counted = collections.Counter(failed).most_common(3)
            why = "; ".join(f"{number} times: {reason}" for reason, number in counted)
            self._stopped = DatasetError(
                f"Of the first {len(self._failures)} addresses of pictures, {len(failed)} cannot "
                f"be fetched ({why}). Check the addresses, and that this machine reaches them; "
                "the pictures that were fetched are kept."
            )
            raise self._stopped

    async def _persist(self, address: str, kept: Kept | None) -> str:
        """Fetch an address, in several attempts where that may help."""
        wait = self.limits.backoff_seconds
        for attempt in range(1, self.limits.attempts + 1):
            try:
                return await self._follow(address, kept)
            except PassingError as error:
                if attempt == self.limits.attempts:
                    if kept is not None:
                        return str(kept.path)  # What was there last time is better than nothing.
                    raise AddressError(str(error)) from error
                longest = self.limits.longest_wait_seconds
                await asyncio.sleep(min(max(wait, error.wait), longest))
                wait *= 2
        raise AssertionError("the last attempt returns or raises")

    async def _follow(self, address: str, kept: Kept | None) -> str:
        url, from_internet = parse(address), False
        try:
            for _ in range(self.limits.redirects + 1):
                target = await resolve(url, must_be_public=from_internet)
                from_internet = from_internet or target.public
                answer = await self._ask(target, address, kept)
                if isinstance(answer, str):
                    return answer
                url = answer.url
        except TimeoutError as error:
            seconds = f"{self.limits.whole_seconds:g}"
            raise PassingError(f"it takes longer than {seconds} seconds") from error
        except httpx2.TimeoutException as error:
            raise PassingError("its server does not answer in time") from error
        except (httpx2.RequestError, OSError) as error:
            if isinstance(error, OSError) and error.filename is not None:
                raise  # Keeping it failed, not fetching it.
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise AddressError("its server's certificate is not valid") from error
            raise PassingError("its server cannot be reached, or breaks off") from error
        raise AddressError(f"it redirects more than {self.limits.redirects} times")

    async def _ask(self, target: Target, address: str, kept: Kept | None) -> str | Redirect:
        client, places = self._host(target.url)
        # Waiting for one's turn does not count as the server's time.
        async with places, self._slots, asyncio.timeout(self.limits.whole_seconds):
            machines = target.machines or (None,)
            for machine in machines:
                request = self._request(client, target, machine, kept)
                self.requests += 1
                try:
                    response = await client.send(request, stream=True)
                except httpx2.ConnectError:
                    if machine == machines[-1]:
                        raise
                    continue
                try:
                    return await self._take(response, target, address, kept)
                finally:
                    await response.aclose()
        raise AssertionError("a host has one machine at least")

    def _request(
        self, client: httpx2.AsyncClient, target: Target, machine: str | None, kept: Kept | None
    ) -> httpx2.Request:
        headers = {"Host": target.url.netloc.decode("ascii"), "Accept": "image/*"}
        headers |= kept.conditions if kept is not None else {}
        if machine is None:
            return client.build_request("GET", target.url, headers=headers)
        name = {"sni_hostname": target.url.raw_host.decode("ascii")}
        return client.build_request("GET", target.pinned(machine), headers=headers, extensions=name)

    async def _take(
        self, response: httpx2.Response, target: Target, address: str, kept: Kept | None
    ) -> str | Redirect:
        answer = await read_answer(response, target.url, self.limits.bytes)
        if isinstance(answer, Redirect):
            return answer
        if answer is not None:
            headers = response.headers
            etag, modified = headers.get("ETag"), headers.get("Last-Modified")
            return str(self.kept.put(address, answer, etag, modified))
        if kept is None:
            raise AddressError("its server says that it has not changed, although it is new")
        return str(self.kept.confirm(address, kept))

    def _host(self, url: httpx2.URL) -> tuple[httpx2.AsyncClient, asyncio.Semaphore]:
        """A client for each host: a connection is trusted for the name that it was made for."""
        key = f"{url.scheme}://{url.host}:{url.port}"
        if key not in self._hosts:
            limits = self.limits
            client = httpx2.AsyncClient(
                verify=self._context,
                timeout=httpx2.Timeout(limits.silent_seconds, connect=limits.connect_seconds),
                # Pictures are compressed already; text that unpacks to gigabytes is not asked for.
                headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
                limits=httpx2.Limits(max_connections=limits.per_host),
            )
            self._hosts[key] = client, asyncio.Semaphore(limits.per_host)
        return self._hosts[key]
