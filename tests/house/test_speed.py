"""What a person waits for at the start, in CPU seconds: a busy machine changes little."""

import subprocess
import sys

import pytest

IMPORT = "import vgan_lessons"
HELP = "from vgan_lessons.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
HEAVY = "print([m for m in ('torch', 'numpy', 'matplotlib', 'IPython') if m in sys.modules])"
SPENT = "import sys, time; print(time.process_time(), file=sys.stderr)"


def spend(program: str, n_runs: int = 3) -> tuple[str, float]:
    """What a fresh Python prints at its end, and the CPU seconds it took, start included."""
    command = [sys.executable, "-c", f"{program}\n{SPENT}"]
    ask = {"capture_output": True, "text": True, "check": True}
    runs = [subprocess.run(command, **ask) for _ in range(n_runs)]
    return runs[0].stdout, min(float(run.stderr) for run in runs)


@pytest.mark.parametrize("program, limit", [(IMPORT, 0.3), (HELP, 0.5)], ids=["import", "help"])
def test_it_starts_at_once_and_without_torch(program, limit):
    printed, seconds = spend(f"{program}\nimport sys\n{HEAVY}")
    assert printed.splitlines()[-1] == "[]"
    assert seconds < limit


def test_the_stopwatch_sees_a_slow_start_and_a_heavy_import():
    slow = (
        "import sys, time\nsys.modules['torch'] = None\nwhile time.process_time() < 0.6: pass"
    )
    printed, seconds = spend(f"{slow}\n{HEAVY}", n_runs=1)
    assert "torch" in printed
    assert seconds > 0.5
