"""A line that breaks, stalls or is killed loses no byte that has arrived."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from fetch_tools import CONTENT, A, B, fetch, here
from moody_server import serving
from vgan_lessons.datasets import DataError
from vgan_lessons.datasets.download import fetch_files


def test_a_line_that_breaks_off_is_gone_on_with_where_it_broke(tmp_path):
    steps = []
    with serving(CONTENT, "breaks off", "breaks off", "fine") as server:
        assert fetch(server, tmp_path, progress=steps.append) == 1
    assert here(tmp_path) == {A.path: CONTENT[A.path]}
    assert [span for _, span in server.asked] == [None, "bytes=100000-", "bytes=150000-"]
    assert sum(steps) == A.size and min(steps) >= 0


def test_a_line_that_always_breaks_off_still_delivers_as_long_as_bytes_come(tmp_path):
    with (
        serving({"0/a.bin": CONTENT["0/a.bin"]}, "breaks off") as server,
        pytest.raises(DataError, match=r"broke off after 199999 of 200000 bytes"),
    ):
        fetch(server, tmp_path)
    assert len(server.asked) > 15  # many more than the two attempts without a new byte


def test_a_server_that_ignores_ranges_is_taken_from_the_start(tmp_path):
    steps = []
    with serving(CONTENT, "breaks off", "ignores ranges") as server:
        assert fetch(server, tmp_path, progress=steps.append) == 1
    assert here(tmp_path) == {A.path: CONTENT[A.path]}
    assert [span for _, span in server.asked] == [None, "bytes=100000-"]
    assert sum(steps) == A.size and min(steps) == -100_000  # what had to be thrown away


def test_a_server_that_ignores_ranges_and_breaks_off_is_given_up(tmp_path):
    with (
        serving(CONTENT, "ignores ranges and breaks off") as server,
        pytest.raises(DataError, match="broke off after 100000 of 200000 bytes, 2 times"),
    ):
        fetch(server, tmp_path)
    assert len(server.asked) == 3


def test_a_stalled_line_is_asked_again_and_goes_on(tmp_path):
    with serving(CONTENT, "stalls", "silent", "fine") as server:
        begin = time.monotonic()
        assert fetch(server, tmp_path) == 1
    assert time.monotonic() - begin < 5
    assert [span for _, span in server.asked] == [None, "bytes=100000-", "bytes=100000-"]


def test_the_next_address_goes_on_where_the_first_failed_and_is_asked_first_from_then(tmp_path):
    with serving(CONTENT, "breaks off", 404) as bad, serving(CONTENT) as good:
        addresses = [bad.address, good.address]
        assert fetch_files([A, B], addresses, tmp_path, timeout=0.3, attempts=2) == 2
    assert [path for path, _ in bad.asked] == [A.path, A.path]
    assert good.asked == [(A.path, "bytes=100000-"), ("0/b c.bin", None)]
    assert addresses == [bad.address, good.address] and here(tmp_path) == CONTENT


def test_an_old_part_of_another_file_is_thrown_away_once_the_hash_shows_it(tmp_path):
    part = tmp_path / "0" / "a.bin.part"
    part.parent.mkdir()
    part.write_bytes(b"x" * 1000)
    with serving(CONTENT) as server:
        assert fetch(server, tmp_path) == 1
    assert [span for _, span in server.asked] == ["bytes=1000-", None]
    assert here(tmp_path) == {A.path: CONTENT[A.path]}


def test_a_part_that_is_longer_than_the_file_is_thrown_away(tmp_path):
    part = tmp_path / "0" / "a.bin.part"
    part.parent.mkdir()
    part.write_bytes(b"x" * 300_000)
    with serving(CONTENT) as server:
        assert fetch(server, tmp_path) == 1
    assert server.asked == [(A.path, None)]


def test_a_part_that_is_longer_than_the_file_of_the_server_is_kept_for_another(tmp_path):
    part = tmp_path / "0" / "a.bin.part"
    part.parent.mkdir()
    part.write_bytes(CONTENT[A.path][:150_000])
    with serving(CONTENT, "short") as bad, serving(CONTENT) as good:
        assert fetch_files([A], [bad.address, good.address], tmp_path) == 1
    assert good.asked == [(A.path, "bytes=150000-")]


def test_a_killed_fetch_goes_on_where_it_was_killed(tmp_path):
    script = f"""
        from pathlib import Path
        from vgan_lessons.datasets.download import fetch_files
        from vgan_lessons.datasets.cards import KnownFile
        import sys
        fetch_files([KnownFile(*{tuple(B)!r}), KnownFile(*{tuple(A)!r})], [sys.argv[1]],
                    Path(sys.argv[2]))
    """
    part = tmp_path / "0" / "a.bin.part"
    with serving(CONTENT, "fine", "slow") as server:
        command = [sys.executable, "-c", textwrap.dedent(script), server.address, str(tmp_path)]
        process = subprocess.Popen(command, cwd=Path(__file__).parents[1])
        deadline = time.monotonic() + 60
        while not (part.exists() and part.stat().st_size > 20_000):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    n_kept = part.stat().st_size
    assert 20_000 < n_kept < A.size and not (tmp_path / A.path).exists()
    with serving(CONTENT) as server:
        assert fetch(server, tmp_path, [A, B]) == 1  # B was complete
    assert server.asked == [(A.path, f"bytes={n_kept}-")]
    assert here(tmp_path) == CONTENT and not os.path.exists(part)
