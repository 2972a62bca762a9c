"""Publishing the Space: its files, its variables and its hardware."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from huggingface_hub import HfApi, SpaceCard, SpaceHardware

from recommender.errors import HubError
from recommender.hub.client import in_sentences, persist
from recommender.hub.commit import replace_files
from recommender.hub.index import IndexListing

# The flavours of hardware that the client knows. Which of them a login may have, the Hub says.
SPACE_HARDWARE = tuple(flavour.value for flavour in SpaceHardware)


def publish_space(
    repo_id: str,
    contents: Mapping[str, Path | bytes],
    *,
    variables: Mapping[str, str],
    private: bool = False,
    hardware: str | None = None,
) -> str:
    """Create a Gradio Space, or bring an existing one up to date, and return its address.

    Args:
        repo_id: OWNER/NAME of the Space.
        contents: path in the Space → file or bytes; all that the Space will hold.
        variables: environment variables, which everybody who sees the Space can read.
        private: create a private Space; one that exists and is public is refused.
        hardware: one of `SPACE_HARDWARE`; None leaves it as it is, or to the Hub.

    Raises:
        HubError: the Hub refuses, or cannot be reached for longer than the retries last.
    """
    with in_sentences(repo_id, "space", writing=True):
        api = HfApi()
        flavour = None if hardware is None else SpaceHardware(hardware)
        url = persist(
            lambda: api.create_repo(
                repo_id,
                repo_type="space",
                space_sdk="gradio",
                space_hardware=flavour,
                space_variables=[{"key": key, "value": variables[key]} for key in variables],
                private=private or None,
                exist_ok=True,
            ),
        )
        replace_files(
            api,
            url.repo_id,
            "space",
            contents,
            message="Deploy the Space",
            must_be_private=private,
        )
        _bring_up_to_date(api, url.repo_id, variables, flavour)
    return str(url)


def _bring_up_to_date(
    api: HfApi,
    repo_id: str,
    variables: Mapping[str, str],
    flavour: SpaceHardware | None,
) -> None:
    """Creation sets variables and hardware, but changes nothing of a Space that was there before.

    Each change restarts the Space, so what is right already is left alone.
    """
    known = persist(lambda: api.get_space_variables(repo_id))
    for key, value in variables.items():
        if key not in known or known[key].value != value:
            persist(partial(api.add_space_variable, repo_id, key, value))
    if flavour is not None:
        runtime = persist(lambda: api.get_space_runtime(repo_id))
        if runtime.requested_hardware != flavour:
            persist(lambda: api.request_space_hardware(repo_id, flavour))


def with_preload(readme: str, index: IndexListing) -> str:
    """A Space's README.md whose front matter has the Space's build fetch the index.

    The format of `preload_from_hub`, "repository file1,file2 commit", is documented at
    https://huggingface.co/docs/hub/spaces-config-reference. A commit can only be given together
    with files, so all of them are named.

    Raises:
        HubError: the README has no front matter that describes a Gradio Space.
    """
    try:
        card = SpaceCard(readme)
    except Exception as error:  # the YAML parser's own errors, and the client's ValueError
        raise HubError(
            f"The front matter of README.md cannot be read: {' '.join(str(error).split())}."
        ) from error
    if card.data.get("sdk") != "gradio":
        raise HubError(
            'README.md has no front matter with "sdk: gradio", without which the Hub cannot run '
            "the Space: see https://huggingface.co/docs/hub/spaces-config-reference."
        )
    card.data["preload_from_hub"] = [f"{index.repo_id} {','.join(index.files)} {index.commit}"]
    return str(card)
