"""Hugging Face Hub: download and publishing of indexes, publishing of Spaces.

Only this package imports `huggingface_hub`.

```
client.py    retries and error messages
commit.py    replacing a repository's files by one commit
index.py     downloading and publishing an index
encoder.py   downloading a network
space.py     publishing the Space
```

The login is the client's: `HF_TOKEN`, or the token that `hf auth login` stored. `HF_ENDPOINT`,
`HF_HOME`, `HF_HUB_OFFLINE` and the client's other variables work as documented at
https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables.
"""

from recommender.hub.encoder import download_files, licence_of, list_files
from recommender.hub.index import (
    DEFAULT_BRANCH,
    DownloadedIndex,
    IndexListing,
    PublishedIndex,
    download_index,
    is_commit,
    list_index,
    newest_commit,
    push_index,
)
from recommender.hub.space import SPACE_HARDWARE, publish_space, with_preload

__all__ = [
    "DEFAULT_BRANCH",
    "SPACE_HARDWARE",
    "DownloadedIndex",
    "IndexListing",
    "PublishedIndex",
    "download_files",
    "download_index",
    "is_commit",
    "licence_of",
    "list_files",
    "list_index",
    "newest_commit",
    "publish_space",
    "push_index",
    "with_preload",
]
