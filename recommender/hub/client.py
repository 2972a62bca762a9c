"""What the Hub's client raises: what is worth another try, and what to say about the rest.

The client reports failures through four unrelated families (its own HTTP errors, those of its HTTP
library, Python's `OSError`, and `ValueError` for what it refuses to send), and often as "not in
the cache", with the true reason as the cause. This module is where that ends.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeVar

import httpx2
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from recommender.errors import HubError, RecommenderError

_log = logging.getLogger(__name__)

Kind = Literal["model", "space"]
Result = TypeVar("Result")

# The client tries most requests six times within 23 seconds by itself, but not those that create a
# repository or make a commit, nor a connection that is reset in the middle of a file. These pauses
# between our own tries cover them, and a router that restarts.
RETRY_PAUSES_SECONDS: tuple[float, ...] = (1.0, 4.0, 16.0)
# Failures of the moment, in HTTP: overload, a gateway's errors, and (409, 412) a commit that
# somebody else made between our looking at the repository and our own commit.
PASSING_STATUSES = frozenset({408, 409, 412, 429, 500, 502, 503, 504})
# Failures of the moment below HTTP. The built-in ones come from the Xet transfers; a gateway's HTML
# where JSON was due surfaces as a decoding error.
PASSING_ERRORS = (
    httpx2.TimeoutException,
    httpx2.NetworkError,
    httpx2.RemoteProtocolError,
    httpx2.ProxyError,
    ConnectionError,
    TimeoutError,
    json.JSONDecodeError,
)
# As much of the Hub's own explanation as fits in a sentence.
HUB_WORDS_CHARACTERS = 300

_LOG_IN = (
    "log in with `hf auth login`, or set HF_TOKEN to a token from "
    "https://huggingface.co/settings/tokens"
)


def persist(step: Callable[[], Result], *, tries: int | None = None) -> Result:
    """Take a step, and take it again after each of the pauses while the Hub does not answer.

    Args:
        step: what to do.
        tries: how often at most; None for as often as there are pauses, and once more.

    Raises:
        Exception: what the last try raised, or the first failure that no repetition will mend.
    """
    for pause in RETRY_PAUSES_SECONDS[: None if tries is None else tries - 1]:
        try:
            return step()
        except Exception as error:
            reason = why_unanswered(error)
            if reason is None or isinstance(root_of(error), OfflineModeIsEnabled):
                raise
            _log.info(f"{reason[0].upper()}{reason[1:]}; trying again in {pause:.0f} s.")
        time.sleep(pause)
    return step()


def root_of(error: BaseException) -> BaseException:
    """The failure beneath the client's wrapping."""
    while error.__cause__ is not None and not isinstance(
        error, (HfHubHTTPError, httpx2.HTTPError, OfflineModeIsEnabled)
    ):
        error = error.__cause__
    return error


def why_unanswered(error: BaseException) -> str | None:
    """The reason, as a clause, if the Hub gave no proper answer; None if it did answer."""
    root = root_of(error)
    if isinstance(root, OfflineModeIsEnabled):
        return "HF_HUB_OFFLINE forbids the network"
    if isinstance(root, HfHubHTTPError):
        status = root.response.status_code
        return f"the Hub answered with error {status}" if status in PASSING_STATUSES else None
    if isinstance(root, PASSING_ERRORS):
        return f"the Hub cannot be reached ({type(root).__name__}: {_one_line(str(root))})"
    return None


@contextmanager
def in_sentences(
    repo_id: str, kind: Kind = "model", *, revision: str | None = None, writing: bool = False
) -> Iterator[None]:
    """Turn what the client raises into a `HubError` that says what to do."""
    try:
        yield
    except RecommenderError:
        raise
    except Exception as error:
        sentence = _sentence(error, repo_id, kind, revision or "main", writing)
        if sentence is None:
            raise
        raise HubError(sentence) from error


def _sentence(
    error: Exception, repo_id: str, kind: Kind, revision: str, writing: bool
) -> str | None:
    """What to tell the user; None for what the client is not known to raise."""
    what = f"the {'Space' if kind == 'space' else 'model repository'} {repo_id}"
    root = root_of(error)
    if isinstance(root, HFValidationError):
        return f"{repo_id!r} is not the name of a repository: write OWNER/NAME."
    if "xet-write-token" in str(root):
        # The client uploads through Xet wherever hf_xet is installed and has no way back to LFS.
        return (
            "The upload through Xet failed. If the Hub at HF_ENDPOINT does not offer Xet, set "
            f"HF_HUB_DISABLE_XET=1. ({_one_line(str(root))})"
        )
    if isinstance(root, OfflineModeIsEnabled):
        return f"HF_HUB_OFFLINE is set and {what} is needed from the Hub: unset it."
    reason = why_unanswered(error)
    if reason is not None:
        advice = (
            "Run the same command again: what has arrived is not sent a second time."
            if writing
            else "Nothing usable is in the cache either: check the connection and try again."
        )
        return f"{reason[0].upper()}{reason[1:]}, so {what} is out of reach. {advice}"
    if isinstance(root, HfHubHTTPError):
        return _refusal(root, what, kind, revision, writing)
    if isinstance(root, httpx2.LocalProtocolError | UnicodeEncodeError):
        # A header that cannot be sent, such as a token pasted with “quotes”. Their own messages
        # would show a part of the token.
        return f"The token in use holds characters that no token has: {_LOG_IN}."
    if isinstance(root, httpx2.HTTPError):
        return f"The Hub cannot be asked: {_one_line(str(root))}. Is HF_ENDPOINT a web address?"
    if isinstance(root, OSError):
        sentence = f"What belongs to {what} cannot be read or stored: {_one_line(str(root))}."
        kept = "Downloads are kept in HF_HOME: make room there, or set it to another folder."
        return sentence if writing else f"{sentence} {kept}"
    if isinstance(root, ValueError):
        return f"The Hub's client refuses {what}: {_one_line(str(root))}."
    return None


def _refusal(error: HfHubHTTPError, what: str, kind: Kind, revision: str, writing: bool) -> str:
    status = error.response.status_code
    words = _one_line(error.server_message or "")
    said = f' The Hub says: "{words}"' if words else ""
    if isinstance(error, GatedRepoError):
        return f"Access to {what} is granted on request: ask on its page, then {_LOG_IN}."
    if isinstance(error, RevisionNotFoundError):
        return (
            f"{what[0].upper()}{what[1:]} has no revision {revision!r}: "
            "give one of its branches or tags, or a full commit."
        )
    if isinstance(error, RepositoryNotFoundError) or status == 404:
        return (
            f"The Hub shows no {what.removeprefix('the ')}: check the name. "
            f"If it is private, {_LOG_IN}.{said}"
        )
    if status == 401:
        return f"The Hub does not know who you are: {_LOG_IN}.{said}"
    if status in (402, 403) and kind == "space":
        return (
            f"The Hub does not let this login create or change {what}. A Gradio Space needs a "
            "paid plan (PRO, Team or Enterprise) of its owner, paid hardware, or a ZeroGPU slot; "
            f"and the token needs the right to write there.{said}"
        )
    if status == 403:
        right = "write to" if writing else "read"
        return f"The token in use may not {right} {what}: {_LOG_IN} that may.{said}"
    return f"The Hub refuses what was asked of {what} (error {status}).{said}"


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= HUB_WORDS_CHARACTERS else text[:HUB_WORDS_CHARACTERS] + "…"
