"""Options of the page's listeners: private, without a progress bar, two searches at once."""

from typing import Any

from recommender.interface.api.registration import SEARCH

PAGE_EVENT: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", **SEARCH}
# Dragging a slider asks again and again: while one search runs, only the last request waits.
LATEST: dict[str, Any] = {**PAGE_EVENT, "trigger_mode": "always_last"}
