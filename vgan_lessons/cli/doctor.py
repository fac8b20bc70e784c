"""`vgan-lessons doctor`: whether this machine is ready, line by line."""

import argparse
import hashlib
import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import vgan_lessons
from vgan_lessons.cli import machine
from vgan_lessons.cli.machine import Finding
from vgan_lessons.storage import data_folder

SUMMARY = "whether this machine is ready"
WEIGHTS = Path(vgan_lessons.__file__).parent / "weights"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of `doctor`.

    Args:
        parser: of this command.
    """
    parser.add_argument("--json", action="store_true", help="the same findings for programs")


def run(args: argparse.Namespace) -> int:
    """Print the findings.

    Args:
        args: `json`.

    Returns:
        1 if something fails, else 0; warnings do not count.
    """
    findings = examine()
    ready = all(finding.state != "fail" for finding in findings)
    if args.json:
        report = {"ready": ready, "findings": [finding._asdict() for finding in findings]}
        print(json.dumps(report, indent=2))
        return 0 if ready else 1
    for finding in findings:
        print(f"{finding.state:<4}  {finding.check:<9}  {finding.says}")
    print("This machine is ready." if ready else "Not ready: mend the lines that say fail.")
    return 0 if ready else 1


def examine() -> list[Finding]:
    """Look at Python, libraries, device, threads, disks and the shipped weights.

    Returns:
        The findings, in the order in which a person would mend them.
    """
    torch = machine.torch_build()
    found = [machine.python(), *_libraries(), torch]
    if torch.state != "fail":
        found += [machine.device(), machine.threads()]
    found += [machine.place("here", Path()), machine.place("data", data_folder())]
    return [*found, *_extras(), _weights()]


def _libraries() -> Iterator[Finding]:
    """The installed version of each dependency against the floor that pyproject.toml sets."""
    try:
        required = metadata.requires("vgan-lessons") or []
    except metadata.PackageNotFoundError:
        yield Finding("libraries", "warn", "the course runs uninstalled: versions not compared")
        return
    told, state = [], "ok"
    for line in required:
        if "extra ==" in line:
            continue
        name, floor = re.match(r"([\w.-]+)>=([\d.]+)", line).groups()
        version = _version(name)
        if version is None or _numbers(version) < _numbers(floor):
            state = "fail"
            told.append(f"{name} {version or 'missing'}, needs {floor} or newer")
        elif state == "ok":
            told.append(f"{name} {version}")
    if state == "fail":
        told = [line for line in told if "needs" in line]
    yield Finding("libraries", state, ", ".join(told))


def _extras() -> Iterator[Finding]:
    lab, widgets = _version("jupyterlab"), _version("ipywidgets")
    said = f"JupyterLab {lab}, ipywidgets {widgets}"
    yield Finding(
        "notebooks", "ok" if lab else "warn", said if lab else "JupyterLab is missing"
    )
    films = _version("av")
    said = f"PyAV {films}" if films else "neither films nor MP4: pip install av"
    yield Finding("video", "ok" if films else "warn", said)


def _weights() -> Finding:
    """Whether every shipped checkpoint is the file that its card describes."""
    cards = sorted(WEIGHTS.glob("*.json"))
    names = {card.stem for card in cards} | {
        path.stem for path in WEIGHTS.glob("*.safetensors")
    }
    damaged = [name for name in sorted(names) if not _is_whole(name)]
    if damaged or not names:
        said = f"missing or damaged: {', '.join(damaged) or 'all of them'}"
        return Finding("weights", "fail", f"{said}; install the package again")
    return Finding("weights", "ok", f"{', '.join(sorted(names))}: as on their cards")


def _is_whole(name: str) -> bool:
    weights, card = WEIGHTS / f"{name}.safetensors", WEIGHTS / f"{name}.json"
    if not weights.exists() or not card.exists():
        return False
    expected = json.loads(card.read_text(encoding="utf-8"))["sha256"]
    return hashlib.sha256(weights.read_bytes()).hexdigest() == expected


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
