"""The first check of a session is quick: nothing heavy is imported inside it."""

import json
import subprocess
import sys

import pytest

MOST_CPU = 0.5  # seconds
SCRIPT = """
import json, sys, time
import torch
torch.set_num_threads(1)
from vgan_lessons.checking import find, solved_source, typed
from vgan_lessons.exercises import check
exercise = find(sys.argv[1])
answer = typed(solved_source(exercise), f"my_{exercise.name}")
if sys.argv[2] == "wrong":  # most in the last place: the message says where
    right = answer
    def answer(*args, **kwargs):
        result = right(*args, **kwargs)
        return result + torch.linspace(0, 1, result.numel()).reshape(result.shape)
loaded, began = set(sys.modules), time.process_time()
check(exercise.name, answer)
cpu = time.process_time() - began
print(json.dumps({"cpu": cpu, "new": sorted(set(sys.modules) - loaded)}))
"""


@pytest.mark.parametrize(
    "name, kind",
    [("hinge_d_loss", "right"), ("hinge_d_loss", "wrong"), ("value_of_any_d", "wrong")],
)
def test_a_first_check_is_quick_and_imports_nothing(name, kind, tmp_path, monkeypatch):
    monkeypatch.setenv("VGAN_PROGRESS", str(tmp_path / "progress.json"))
    words = [sys.executable, "-c", SCRIPT, name, kind]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)
    line, said = ran.stdout.splitlines()[-2:]
    assert ("passed" if kind == "right" else "not yet") in line
    found = json.loads(said)
    assert found["new"] == [] and found["cpu"] < MOST_CPU
