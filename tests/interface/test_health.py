"""The route for probes, and the header that names the index."""

import httpx
import pytest

from tests.conftest import Served

HEADER = "X-Index-Fingerprint"


def test_a_probe_learns_that_the_server_answers_and_over_what(served: Served) -> None:
    manifest = served.source.index.manifest
    answer = httpx.get(f"{served.address}/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "products": manifest.items,
        "fingerprint": manifest.fingerprint,
        "backbone": manifest.backbone,
    }
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert httpx.head(f"{served.address}/health").status_code == 200


def test_a_probe_under_a_foreign_name_is_refused(served: Served) -> None:
    answer = httpx.get(f"{served.address}/health", headers={"Host": "evil.example"})
    assert answer.status_code == 403
    assert "fingerprint" not in answer.text


def test_nothing_can_be_written_to_it(served: Served) -> None:
    assert httpx.post(f"{served.address}/health", json={}).status_code == 404


@pytest.mark.parametrize("path", ["health", "config", "thumbnail/x/0", "gradio_api/info"])
def test_every_answer_names_the_index_in_a_header(served: Served, path: str) -> None:
    answer = httpx.get(f"{served.address}/{path}")
    assert answer.headers[HEADER] == served.source.index.manifest.fingerprint
