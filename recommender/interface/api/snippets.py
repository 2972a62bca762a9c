"""Code snippets: a visitor's own search in Python, curl and JavaScript."""

import json
from collections.abc import Mapping
from typing import Any

from recommender.answers.arguments import DEFAULT_K
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import HistoryEntry

PICTURE = "picture.jpg"


def snippets(address: str, entry: HistoryEntry | None, controls: Controls) -> tuple[str, str, str]:
    """A search in three languages.

    Args:
        address: of this server, without a slash at its end.
        entry: what is searched with; None and pictures mean a file of the caller's own.
        controls: the rest of the query.

    Returns:
        Python, curl and JavaScript, each runnable as it stands (with a `picture.jpg` at hand).
    """
    options: dict[str, Any] = {"k": controls.k if entry else DEFAULT_K}
    if controls.filters:
        options["filters"] = {
            name: dict(wanted) if isinstance(wanted, Mapping) else list(wanted)
            for name, wanted in controls.filters.items()
        }
    if entry and controls.weight:
        options["colour_weight"] = controls.weight
    if controls.min_similarity:
        options["min_similarity"] = controls.min_similarity
    if entry is not None and entry.text:
        options["text"] = entry.text
    if entry is not None and entry.text and entry.base is None:
        return (
            _python(address, "recommend", options),
            _curl(address, "recommend", options),
            _javascript(address, "recommend", options),
        )
    if entry is not None and entry.item_id is not None:
        arguments = {"item_id": entry.item_id, **options}
        return (
            _python(address, "similar", arguments),
            _curl(address, "similar", arguments),
            _javascript(address, "similar", arguments),
        )
    return (
        _python(address, "recommend", options, picture=True),
        _curl(address, "recommend", options, picture=True),
        _javascript(address, "recommend", options, picture=True),
    )


def _python(address: str, name: str, arguments: Mapping[str, Any], picture: bool = False) -> str:
    lines = [f"    {key}={value!r}," for key, value in arguments.items()]
    if picture:
        lines.insert(0, f'    image=handle_file("{PICTURE}"),')
    imported = "Client, handle_file" if picture else "Client"
    body = "\n".join(lines)
    return f"""from gradio_client import {imported}

client = Client("{address}")
gallery, results, notice = client.predict(
{body}
    api_name="/{name}",
)
for result in results:
    print(result["rank"], result["name"], result["similarity"])
"""


def _curl(address: str, name: str, arguments: Mapping[str, Any], picture: bool = False) -> str:
    api = f"{address}/gradio_api"
    upload = ""
    data = json.dumps(arguments, ensure_ascii=False)
    # In the shell a single quote ends the text: it is put in between two halves.
    quoted = data.replace("'", "'\\''")
    if picture:
        upload = f"FILE=$(curl -s -F files=@{PICTURE} {api}/upload | tr -d '[]\"')\n"
        image = '{"path": "\'"$FILE"\'", "meta": {"_type": "gradio.FileData"}}'
        quoted = f'{{"image": {image}, {quoted[1:]}'
    return f"""{upload}EVENT=$(curl -s {api}/call/v2/{name} -H 'Content-Type: application/json' \\
  -d '{quoted}' | sed 's/.*"event_id": *"\\([^"]*\\)".*/\\1/')
curl -s -N {api}/call/{name}/$EVENT
"""


def _javascript(
    address: str, name: str, arguments: Mapping[str, Any], picture: bool = False
) -> str:
    lines = [
        f"  {key}: {json.dumps(value, ensure_ascii=False)}," for key, value in arguments.items()
    ]
    if picture:
        lines.insert(0, "  image: file, // a File or Blob, such as one of an <input>")
    body = "\n".join(lines)
    return f"""import {{ Client }} from "@gradio/client";

const client = await Client.connect("{address}");
const {{ data }} = await client.predict("/{name}", {{
{body}
}});
const [gallery, results, notice] = data;
console.table(results);
"""
