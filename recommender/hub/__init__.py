"""The Hugging Face Hub, where the index is published and where the Space runs.

Nothing outside of this package knows of `huggingface_hub`.

```
client.py    failures: which are worth another try, and what to say about the others
commit.py    a set of files as one commit, so that nobody ever reads a half of it
index.py     fetching and publishing an index
space.py     publishing the Space
```

Who you are to the Hub follows the client's own rules: `HF_TOKEN`, or what `hf auth login` stored.
`HF_ENDPOINT`, `HF_HOME`, `HF_HUB_OFFLINE` and the client's other variables work as documented at
https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables.
"""

from recommender.hub.index import (
    DownloadedIndex,
    IndexListing,
    PublishedIndex,
    download_index,
    list_index,
    push_index,
)
from recommender.hub.space import SPACE_HARDWARE, publish_space, with_preload

__all__ = [
    "SPACE_HARDWARE",
    "DownloadedIndex",
    "IndexListing",
    "PublishedIndex",
    "download_index",
    "list_index",
    "publish_space",
    "push_index",
    "with_preload",
]
