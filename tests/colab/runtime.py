"""A runtime like Colab's: its versions, google.colab loaded in every kernel, no lessons."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from colab import PINS
from notebook_tools import ROOT

INTO_A_WHEEL = ("pyproject.toml", "README.md", "LICENSE", "vgan_lessons")
NO_CACHES = shutil.ignore_patterns("__pycache__")


class Runtime:
    """An environment of its own with Colab's packages; needs a package registry once.

    A prepared one is kept for as long as pins, Python and torch are the same, and taken again.

    Two things are not Colab's: the Python and the torch are those that run the tests. The
    registry has no torch 2.11 for CPUs, so the installed one is lent, with what it needs.

    Args:
        kept: where it is kept from one run of the tests to the next; nobody else's.
    """

    def __init__(self, kept: Path) -> None:
        self.folder = folder = kept / _made_of()
        self.python = folder / "bin" / "python"
        ready = folder / "ready"
        if ready.exists():
            return
        shutil.rmtree(kept, ignore_errors=True)  # half a one, or one of other versions
        self._prepare(folder)
        ready.touch()

    def _prepare(self, folder: Path) -> None:
        venv.create(folder, with_pip=True)
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        site = folder / "lib" / version / "site-packages"
        self.pip("install", "-r", str(PINS))
        for lent in _with_what_it_needs("torch"):
            if not (site / lent.name).exists():
                (site / lent.name).symlink_to(lent)
        (site / "google" / "colab").mkdir(parents=True)
        (site / "google" / "colab" / "__init__.py").touch()
        (site / "always_loaded.pth").write_text("import google.colab\n")
        self._offer_as_kernel()

    def wheel(self, scratch: Path) -> Path:
        """Our own package, as a release would carry it, made in an empty folder."""
        source, target = scratch / "source", scratch / "wheels"
        source.mkdir()
        for path in (ROOT / name for name in INTO_A_WHEEL):
            if path.is_dir():
                shutil.copytree(path, source / path.name, ignore=NO_CACHES)
            else:
                shutil.copy(path, source)
        self.pip("wheel", "--no-deps", "--wheel-dir", str(target), str(source))
        (wheel,) = target.iterdir()
        return wheel

    def pip(self, *words: str) -> None:
        """Run its pip; a failure says what pip said."""
        command = [str(self.python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"pip {words[0]} failed:\n{done.stderr[-2000:]}"

    def _offer_as_kernel(self) -> None:
        place = self.folder / "share" / "jupyter" / "kernels" / "colab"
        place.mkdir(parents=True)
        command = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": command, "display_name": "Colab", "language": "python"}
        (place / "kernel.json").write_text(json.dumps(spec))


def _made_of() -> str:
    """A name that changes with whatever a prepared environment is made of."""
    parts = [PINS.read_text(encoding="utf-8"), sys.version, metadata.version("torch")]
    lent = [str(path) for path in _with_what_it_needs("torch")]
    return hashlib.sha256("\n".join([*parts, *lent]).encode()).hexdigest()[:12]


def _with_what_it_needs(package: str) -> Iterator[Path]:
    """Files and folders of an installed package and of all packages that it needs."""
    seen, left = set(), [package]
    while left:
        name = left.pop()
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # wanted on other machines only
        tops = {path.parts[0] for path in found.files or []} - {".."}
        yield from (Path(found.locate_file(top)) for top in sorted(tops))
        needed = [line for line in found.requires or [] if "extra ==" not in line]
        names = {re.match(r"[\w.-]+", line)[0] for line in needed} - seen
        seen |= names
        left += sorted(names)
