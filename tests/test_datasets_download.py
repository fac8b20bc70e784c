"""Fetching: nothing wrong gets a good name, and every failure is told in words."""

import shutil
from pathlib import Path

import pytest

from fetch_tools import CONTENT, A, B, fetch, here
from moody_server import serving
from vgan_lessons.datasets import DataError
from vgan_lessons.datasets.download import fetch_files


def test_files_arrive_whole_and_are_not_fetched_twice(tmp_path):
    steps = []
    with serving(CONTENT) as server:
        assert fetch(server, tmp_path, [A, B], progress=steps.append) == 2
        assert here(tmp_path) == CONTENT
        assert sum(steps) == 270_001
        steps.clear()
        assert fetch(server, tmp_path, [A, B], progress=steps.append) == 0
        assert sum(steps) == 270_001
    assert [path for path, _ in server.asked] == ["0/a.bin", "0/b c.bin"]


def test_wrong_content_never_gets_the_name_and_is_deleted(tmp_path):
    with (
        serving(CONTENT, "lies") as server,
        pytest.raises(DataError, match=r"0/a\.bin.*wrong content \(SHA-256 .*deleted"),
    ):
        fetch(server, tmp_path)
    assert here(tmp_path) == {} and len(server.asked) == 1


@pytest.mark.parametrize(
    "mood, complaint",
    [
        ("short", "has 66666 bytes where 200000 are wanted"),
        ("long", "has 200004 bytes where 200000 are wanted"),
        ("long, size unsaid", "sends more than the 200000 bytes"),
        (404, "answers 404 Not Found"),
        (503, "answers 503 Service Unavailable, 2 times in a row"),
        ("silent", "stalled: no byte for 0.3 s"),
    ],
)
def test_every_failure_is_told_with_file_and_address(tmp_path, mood, complaint):
    with (
        serving(CONTENT, mood) as server,
        pytest.raises(DataError, match=complaint) as failure,
    ):
        fetch(server, tmp_path)
    assert "cannot fetch 0/a.bin" in str(failure.value) and server.address in str(failure.value)
    assert A.path not in here(tmp_path)


def test_a_busy_server_is_asked_again(tmp_path):
    with serving(CONTENT, 503, "fine") as server:
        assert fetch(server, tmp_path) == 1


def test_a_server_that_is_gone_is_told_and_what_came_before_is_kept(tmp_path):
    with (
        serving(CONTENT, "breaks off", 404) as server,
        pytest.raises(DataError, match=r"answers 404.*100000 bytes are kept.*goes on"),
    ):
        fetch(server, tmp_path)
    with pytest.raises(DataError, match=r"cannot be reached.*100000 bytes are kept"):
        fetch(server, tmp_path)  # its port is closed now
    with serving(CONTENT) as server:
        assert fetch(server, tmp_path) == 1
    assert server.asked == [(A.path, "bytes=100000-")]
    assert here(tmp_path) == {A.path: CONTENT[A.path]}


def test_when_every_address_fails_each_is_named_with_its_reason(tmp_path):
    with (
        serving(CONTENT, "lies") as liar,
        serving({}) as empty,
        pytest.raises(DataError) as failure,
    ):
        fetch_files([A], [liar.address, empty.address], tmp_path, timeout=0.3)
    for words in (liar.address, "wrong content", empty.address, "404"):
        assert words in str(failure.value)


def test_a_damaged_file_is_replaced(tmp_path):
    with serving(CONTENT) as server:
        fetch(server, tmp_path)
        (tmp_path / A.path).write_bytes(CONTENT[A.path][:-1] + b"!")
        assert fetch(server, tmp_path) == 1
    assert here(tmp_path) == {A.path: CONTENT[A.path]}


def test_a_local_folder_is_as_good_as_a_server(tmp_path):
    for path, content in CONTENT.items():
        (tmp_path / "from" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "from" / path).write_bytes(content)
    address = (tmp_path / "from").as_uri()
    assert fetch(address, tmp_path / "to", [A, B]) == 2
    assert here(tmp_path / "to") == CONTENT
    shutil.rmtree(tmp_path / "to")
    (tmp_path / "from" / B.path).unlink()
    with pytest.raises(DataError, match=r"cannot fetch 0/b c\.bin: .*there is no such file"):
        fetch(address, tmp_path / "to", [A, B])
    assert here(tmp_path / "to") == {A.path: CONTENT[A.path]}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_fills_up_is_told_as_such(tmp_path):
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "a.bin.part").symlink_to("/dev/full")
    with (
        serving(CONTENT) as server,
        pytest.raises(DataError, match=r"the disk is full.*goes on"),
    ):
        fetch(server, tmp_path)


def test_too_little_room_is_told_before_the_first_byte(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=100_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage)
    with (
        serving(CONTENT) as server,
        pytest.raises(DataError, match=r"too full: 0 MB are needed in .*, 0 MB are free"),
    ):
        fetch(server, tmp_path / "new" / "folder")
    assert server.asked == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with (
        serving(CONTENT) as server,
        pytest.raises(DataError, match=r"cannot write .*file.*a\.bin"),
    ):
        fetch(server, tmp_path / "file")
