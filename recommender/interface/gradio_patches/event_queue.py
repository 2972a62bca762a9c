"""Event queue that waits for events instead of asking for them again and again.

Gradio's own queue asks a thousand times a second whether an event has come, and a hundred times
whether one has made progress. That took 6 to 9% of a core while nobody used the page, and delayed
every answer while the cores were busy. It also keeps a record of every caller for as long as it
runs.
"""

import asyncio
import time
from typing import Any

from gradio import queueing
from gradio.queueing import Event
from gradio.utils import run_coro_in_background

# Events between two looks at what answered callers left behind.
FORGET_EVERY = 64


class EventQueue(queueing.Queue):
    """Queue whose processing sleeps until an event comes or ends. Endpoints report no progress."""

    def __init__(self, *args: Any, **arguments: Any) -> None:
        super().__init__(*args, **arguments)
        self._changed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pushed = 0
        self._answered: set[str] = set()

    async def start_processing(self) -> None:
        """Start events as long as the queue is open, each as soon as it may run."""
        self._loop = asyncio.get_running_loop()
        try:
            while not self.stopped:
                self._changed.clear()
                while await self._start_next():
                    pass
                await self._changed.wait()
        finally:
            self.stopped = True
            self._cancel_asyncio_tasks()

    async def start_progress_updates(self) -> None:
        """Nothing: no function here reports its progress."""

    async def push(self, *args: Any, **arguments: Any) -> Any:
        """Add an event."""
        self._pushed += 1
        if self._pushed % FORGET_EVERY == 0:
            self._forget_answered()
        try:
            return await super().push(*args, **arguments)
        finally:
            self._changed.set()

    async def process_events(self, *args: Any, **arguments: Any) -> None:
        """Run the function of events, and let the next ones start."""
        try:
            await super().process_events(*args, **arguments)
        finally:
            self._changed.set()

    def close(self) -> None:
        """Stop processing; may be called from any thread."""
        super().close()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._changed.set)

    def _forget_answered(self) -> None:
        """Drop the sessions that had no event left, now and when this was last called.

        The stream of an answer may still end a moment after its event. Sessions whose messages
        Gradio's cache has dropped cannot be answered any more, and are dropped as well.
        """
        events, messages = self.pending_event_ids_session, self.pending_messages_per_session
        without_events = {session for session, ids in events.items() if not ids}
        dropped = {session for session in events if session not in messages}
        for session in dropped | (without_events & self._answered):
            events.pop(session, None)
            messages.pop(session, None)
        self._answered = without_events & events.keys()

    async def _start_next(self) -> bool:
        """Start the next event that may run; whether there was one. As in Gradio's own loop."""
        if len(self) == 0 or None not in self.active_jobs:
            return False
        async with self.delete_lock:
            waiting = self.get_events()
        if waiting is None:
            return False
        events, batch, concurrency_id = waiting
        self.active_jobs[self.active_jobs.index(None)] = events
        running, started, fn = (
            self.event_queue_per_concurrency_id[concurrency_id],
            time.time(),
            events[0].fn,
        )
        running.current_concurrency += 1
        running.start_times_per_fn[fn].add(started)
        self._mark_processing(events)
        task = run_coro_in_background(self.process_events, events, batch, started, fn)
        queueing.set_task_name(task, events[0].session_hash, fn._id, events[0]._id, batch)
        self._asyncio_tasks.add(task)
        task.add_done_callback(self._asyncio_tasks.discard)
        return True

    def _mark_processing(self, events: list[Event]) -> None:
        for event in events:
            if (analytics := self.event_analytics.get(event._id)) is not None:
                analytics["status"] = "processing"


def wait_for_events() -> None:
    """Make Gradio's pages use this queue."""
    queueing.Queue = EventQueue  # type: ignore[misc]
