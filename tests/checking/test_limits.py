"""What runs too long is stopped, however it runs; what does not is left alone."""

import contextlib
import gc
import importlib
import signal
import sys
import time

import pytest

from machine_speed import quick_enough
from vgan_lessons.checking.surroundings import limits
from vgan_lessons.checking.surroundings.limits import TimeUp, time_limit


def test_a_block_that_works_too_long_is_stopped():
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(TimeUp), time_limit(0.05):
        while True:
            pass
    assert signal.getsignal(signal.SIGALRM) is before


def test_a_block_that_sleeps_is_stopped_too():
    started = time.monotonic()
    with pytest.raises(TimeUp), time_limit(0.1):
        time.sleep(20)
    assert time.monotonic() - started < 10


def test_swallowing_the_first_alarm_does_not_help():
    with pytest.raises(TimeUp), time_limit(0.05):
        with contextlib.suppress(TimeUp):
            while True:
                pass
        while True:
            pass


def in_a_loop():
    while True:
        pass


def in_a_generator():
    def numbers():
        while True:
            yield 1

    for _ in numbers():
        pass


def behind_a_bare_except():
    while True:
        try:  # noqa: SIM105
            len("")
        except:  # noqa: E722
            pass


def in_a_generator_that_catches_all():
    def numbers():
        while True:
            try:  # noqa: SIM105
                yield 1
            except:  # noqa: E722
                pass

    while True:
        try:
            for _ in numbers():
                len("")
        except:  # noqa: E722
            pass


class Endless:
    def __del__(self):
        while True:
            pass


def in_del():
    Endless()


def in_del_of_a_ring():
    ring = Endless()
    ring.me = ring


def with_a_patched_clock():
    time.process_time = time.monotonic = lambda: 0
    while True:
        pass


ENDLESS = (
    in_a_loop,
    in_a_generator,
    behind_a_bare_except,
    in_a_generator_that_catches_all,
    in_del,
    in_del_of_a_ring,
    with_a_patched_clock,
)


@pytest.mark.parametrize("run", ENDLESS)
def test_an_endless_loop_is_stopped_wherever_it_hides(run, monkeypatch):
    monkeypatch.setattr(time, "process_time", time.process_time)  # put back after the test
    monkeypatch.setattr(time, "monotonic", time.monotonic)
    cpu = time.process_time()
    with pytest.raises(TimeUp), time_limit(0.1):
        run()
    monkeypatch.undo()
    assert quick_enough(time.process_time() - cpu, 3)


def test_an_endless_loop_in_an_imported_file_is_stopped(tmp_path, monkeypatch):
    (tmp_path / "endless_part.py").write_text("while True: pass", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(limits, "_IMPORTS", 0.3)
    with pytest.raises(TimeUp), time_limit(0.1):
        importlib.import_module("endless_part")
    assert "endless_part" not in sys.modules


def test_an_import_is_not_cut_short_and_its_time_is_not_the_answers(tmp_path, monkeypatch):
    heavy = (
        "import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass"
    )
    (tmp_path / "heavy_part.py").write_text(heavy, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with time_limit(0.2):
        assert importlib.import_module("heavy_part").end
    with pytest.raises(TimeUp), time_limit(0.1):
        del sys.modules["heavy_part"]
        importlib.import_module("heavy_part")
        while True:
            pass


def test_a_check_made_while_a_module_is_imported_has_a_clock_too(tmp_path, monkeypatch):
    script = """
import pytest
from vgan_lessons.checking.surroundings.limits import TimeUp, time_limit
with pytest.raises(TimeUp), time_limit(0.05):
    while True:
        pass
stopped = True
"""
    (tmp_path / "script_that_checks.py").write_text(script, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert importlib.import_module("script_that_checks").stopped


def test_the_garbage_of_the_session_is_not_collected_on_the_answers_time():
    collected = []
    note = lambda phase, info: collected.append(info["generation"])  # noqa: E731
    gc.callbacks.append(note)
    try:
        with time_limit(5):
            rings = [[] for _ in range(200_000)]  # enough for many collections
            for ring in rings:
                ring.append(ring)
            inside = list(collected)
        rings = [[] for _ in range(200_000)]
    finally:
        gc.callbacks.remove(note)
    assert inside == [] and collected and gc.isenabled()


def test_a_session_that_does_not_collect_stays_so():
    gc.disable()
    try:
        with time_limit(5):
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_an_alarm_that_was_running_goes_on():
    rung = []
    own = signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    left = signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with time_limit(5):
            pass
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
        deadline = time.monotonic() + 10
        while not rung and time.monotonic() < deadline:
            time.sleep(0.01)
        assert rung
    finally:
        signal.signal(signal.SIGALRM, own)
        signal.setitimer(signal.ITIMER_REAL, *left)
