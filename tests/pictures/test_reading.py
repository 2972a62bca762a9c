import io
import os
from pathlib import Path

import pytest

from recommender.errors import PictureError
from recommender.pictures import reading as picture_bytes
from recommender.pictures.reading import read_bytes
from tests.support.sample_pictures import data_url

DATA = b"any bytes at all"


def test_bytes_are_returned_as_they_are():
    assert read_bytes(DATA) is DATA


def test_a_path_is_read_as_text_and_as_a_path(tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(DATA)
    assert read_bytes(str(path)) == read_bytes(path) == DATA


def test_an_open_file_is_read_from_its_beginning(tmp_path):
    (tmp_path / "picture").write_bytes(DATA)
    with (tmp_path / "picture").open("rb") as file:
        file.seek(5)
        assert read_bytes(file) == DATA


def test_a_stream_that_cannot_go_back_is_read_from_where_it_is():
    class Stream(io.BytesIO):
        def seekable(self):
            return False

    assert read_bytes(Stream(DATA)) == DATA


@pytest.mark.parametrize("prefix", ["data:image/png;base64,", "DATA:image/x;charset=u;BASE64,"])
def test_a_data_url_is_decoded(prefix):
    assert read_bytes(data_url(DATA).replace("data:image/png;base64,", prefix)) == DATA


def test_a_data_url_may_be_broken_into_lines():
    url = data_url(DATA)
    assert read_bytes(url[:30] + "\r\n" + url[30:]) == DATA


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (None, "No picture was given"),
        ("", "No picture was given"),
        (b"", "The file is empty"),
        (io.BytesIO(), "The file is empty"),
        (3.5, "float is no kind of picture"),
        ([DATA], "list is no kind of picture"),
        ("http://example.org/a.jpg", "not fetched"),
        ("https://example.org/a.jpg", "not fetched"),
        ("file:///etc/hostname", "not fetched"),
        ("data:text/plain;base64,AAAA", "holds no picture"),
        ("data:image/png,AAAA", "holds no picture"),
        ("data:image/png;base64", "The file is empty"),
        ("data:image/png;base64,A*BC", "not valid base64"),
        ("data:image/png;base64,AAAAA", "not valid base64"),
        ("nowhere/nothing.jpg", "'nowhere/nothing.jpg' cannot be read: No such file"),
        ("a\0b.jpg", "cannot be read"),
        ("iVBORw0KGgo" * 9999, "cannot be read: File name too long"),
        (io.StringIO("text"), 'Open it with mode "rb"'),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(source, sentence):
    with pytest.raises(PictureError, match=sentence) as raised:
        read_bytes(source)
    assert len(str(raised.value)) < 400


def test_a_closed_file_is_refused():
    file = io.BytesIO(DATA)
    file.close()
    with pytest.raises(PictureError, match="Open it again"):
        read_bytes(file)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(PictureError, match="is a folder"):
        read_bytes(tmp_path)


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PictureError, match="a folder or a device"):
        read_bytes(tmp_path / "pipe")


def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(DATA)
    path.chmod(0)
    user = os.geteuid()
    if user == 0:  # Nothing is forbidden to root.
        os.seteuid(65534)
    try:
        with pytest.raises(PictureError, match="Permission denied"):
            read_bytes(path)
    finally:
        os.seteuid(user)


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path, monkeypatch):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(picture_bytes.MAX_BYTES + 1)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("The file was opened."))
    with pytest.raises(PictureError, match="larger than 50 MB"):
        read_bytes(path)


def test_the_limit_holds_for_every_kind_of_source(tmp_path, monkeypatch):
    monkeypatch.setattr(picture_bytes, "MAX_BYTES", len(DATA))
    (tmp_path / "picture").write_bytes(DATA + b"!")
    assert read_bytes(DATA) == DATA
    for source in (DATA + b"!", io.BytesIO(DATA + b"!"), tmp_path / "picture", data_url(DATA * 2)):
        with pytest.raises(PictureError, match="larger than"):
            read_bytes(source)


def test_an_endless_stream_is_read_no_further_than_the_limit(monkeypatch):
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            assert 0 <= size <= 1001
            return b"\0" * size

    monkeypatch.setattr(picture_bytes, "MAX_BYTES", 1000)
    with pytest.raises(PictureError, match="larger than"):
        read_bytes(Endless())
