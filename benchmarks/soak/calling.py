"""Hostile calls: every endpoint, event and file address of the app, and the verdict on answers."""

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from benchmarks.soak.attempts import Call, defaults, hostile_links, wrong_counts
from benchmarks.soak.calls import Answer, Caller
from benchmarks.soak.endpoints import (
    Endpoint,
    Parameter,
    declared_endpoints,
    page_events,
)
from benchmarks.soak.findings import Check, shortened
from benchmarks.soak.hostile_values import Hostile, Surroundings, hostile_values
from benchmarks.soak.listener import Listener
from benchmarks.soak.server import Server

# Parameters that take no picture get these forms of one, too.
_FOREIGN_ELSEWHERE = 3
# A failed request is answered before its traceback is in the log.
_LOGGED_SECONDS = 0.05
# Longer words of a failure would make a kind of their own of every call.
_KIND_CHARACTERS = 60


@dataclass
class Attack:
    """Calls one endpoint after the other, and judges what comes back.

    Args:
        server: the app.
        caller: calls it.
        around: what hostile arguments point to.
        listener: notices what is fetched.
        secret: what must never come back.
        share: of all calls that are made, chosen by the seed.
        seed: of the choice.
    """

    server: Server
    caller: Caller
    around: Surroundings
    listener: Listener
    secret: str
    share: float
    seed: int
    _words: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    def endpoints(self, limit: float) -> Check:
        """Every declared endpoint, every parameter, every hostile value; then wrong counts."""
        check = Check("declared endpoints, hostile arguments")
        endpoints = declared_endpoints(self.caller, self.around.item_id)
        check.notes.append(f"{len(endpoints)} endpoints")
        calls = [
            *(call for endpoint in endpoints for call in self._to_parameters(endpoint)),
            *(call for endpoint in endpoints for call in wrong_counts(endpoint)),
        ]
        return self._make(check, calls, limit)

    def events(self, limit: float) -> Check:
        """Every event of the page, every kind of input, every hostile value."""
        check = Check("events of the page, hostile arguments")
        events = page_events(self.caller)
        check.notes.append(f"{len(events)} events")
        calls = []
        for event in events:
            kinds = {parameter.component: parameter for parameter in reversed(event.parameters)}
            for parameter in kinds.values():
                calls += list(self._to_parameter(event, parameter))
            calls += [
                Call(event, "event", defaults(event), value, event_data=value.json)
                for value in self._values(is_picture=False)
            ]
            if event.opens_page:
                calls += [
                    Call(event, "event", defaults(event), Hostile(f"link ?{link}", ""), link=link)
                    for link in hostile_links(self.around)
                ]
        return self._make(check, calls, limit)

    def addresses(self, limit: float) -> Check:
        """File addresses: nothing that the app did not make or was sent is handed out."""
        check = Check("file addresses")
        canary = str(self.around.canary)
        escaped = quote(canary, safe="")
        uploads = str(self.around.uploads)
        up = "/.." * len(self.around.uploads.parts)
        paths = [
            f"/{prefix}{path}"
            for prefix in ("gradio_api/file=", "file=", "gradio_api/file/", "gradio_api/proxy=")
            for path in (
                canary,
                escaped,
                f"{uploads}{up}{canary}",
                f"{uploads}/%2e%2e/%2e%2e/canaries/canary.png",
                f"{self.around.canary.with_name('link.png')}",
                "canary.txt",
                "./canary.txt",
                f"{self.listener.address}/canary.png",
                "x" * 5_000,
                "%00",
            )
        ]
        paths += [
            f"/thumbnail/{version}/{position}"
            for version in ("x", "..", "%2e%2e")
            for position in ("0", "-1", "9" * 5_000, "%C2%B2", "canary.png")
        ]
        paths += [
            f"/static/..%2f..{escaped}",
            f"/assets/..%2f..{escaped}",
            f"/svelte/..%2f{escaped}",
        ]
        paths += [
            "/monitoring",
            "/monitoring/summary",
            "/?item=%3Cimg%3E&k=%C2%B2",
            "/?k=" + "9" * 5_000,
        ]
        begun = time.perf_counter()
        for path in paths:
            if time.perf_counter() - begun > limit:
                check.out_of_time(limit)
                break
            started = time.perf_counter()
            example = shortened(path)
            try:
                response = self.caller.get(path)
            except httpx.HTTPError as error:
                check.fault("no answer", f"{example}: {type(error).__name__}: {error}")
            else:
                if self.secret.encode() in response.content:
                    check.fault("a file that is not the app's was handed out", example)
                if response.status_code >= 500:
                    check.fault(f"HTTP {response.status_code}", example)
                    time.sleep(_LOGGED_SECONDS)
            check.timed(time.perf_counter() - started, example)
            if not self.server.look(check, example):
                break
        check.seconds = time.perf_counter() - begun
        self._fetched(check)
        return check

    def _to_parameters(self, endpoint: Endpoint) -> Iterator[Call]:
        for parameter in endpoint.parameters:
            yield from self._to_parameter(endpoint, parameter)

    def _to_parameter(self, endpoint: Endpoint, parameter: Parameter) -> Iterator[Call]:
        ways: tuple[str, ...] = ("position",) if endpoint.number is None else ("event",)
        if parameter.is_picture and endpoint.number is None:
            ways = ("position", "name", "at once")
        for value in self._values(parameter.is_picture):
            for way in ways:
                make = endpoint.named_arguments if way == "name" else endpoint.arguments
                arguments = make(parameter, value.json)
                yield Call(endpoint, way, arguments, value, parameter)

    def _values(self, is_picture: bool) -> list[Hostile]:
        values = hostile_values(self.around)
        if is_picture:
            return values
        foreign = [value for value in values if value.foreign]
        return [value for value in values if not value.foreign] + foreign[:_FOREIGN_ELSEWHERE]

    def _make(self, check: Check, calls: list[Call], limit: float) -> Check:
        # By a checksum of what is called: what must be refused alike is chosen together.
        chosen = [zlib.crc32(f"{self.seed} {call.key}".encode()) / 2**32 for call in calls]
        calls = [call for call, at in zip(calls, chosen, strict=True) if at < self.share]
        check.planned = len(calls)
        started = time.perf_counter()
        for call in calls:
            if time.perf_counter() - started > limit:
                check.out_of_time(limit)
                break
            answer = call.make(self.caller)
            self._judge(check, call, answer)
            if not self.server.look(check, call.words):
                break
        self._compare_words(check)
        self._fetched(check)
        check.seconds = time.perf_counter() - started
        return check

    def _judge(self, check: Check, call: Call, answer: Answer) -> None:
        check.timed(answer.seconds, call.words)
        if answer.kind == "failure":
            check.fault(f"no sentence: {answer.words[:_KIND_CHARACTERS]}", call.words)
        if self.secret in answer.text:
            check.fault("a file that is not the app's came back", call.words)
        if call.parameter is None or not call.parameter.is_picture or not call.value.foreign:
            return
        if answer.kind == "result":
            check.fault("a picture that was not sent was accepted", call.words)
        elif call.value.alike:
            words = self._words.setdefault(call.key, {"existing": set(), "missing": set()})
            words[call.value.foreign].add(answer.words)

    def _compare_words(self, check: Check) -> None:
        """Paths that exist and paths that do not must be refused in the same words."""
        for key, words in self._words.items():
            existing, missing = words["existing"], words["missing"]
            if existing and missing and existing != missing:
                words_of_one = next(iter(existing ^ missing))
                check.fault("a refusal tells whether a file exists", f"{key}: {words_of_one}")
        self._words.clear()

    def _fetched(self, check: Check) -> None:
        for path in self.listener.asked:
            check.fault("an address was fetched", path)
        self.listener.asked.clear()
