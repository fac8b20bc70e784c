"""The lessons on Colab: where a release lies, the cell that installs it, the badge to it."""

import base64
import tomllib
from pathlib import Path

import vgan_lessons

ROOT = Path(__file__).resolve().parents[1]
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REPOSITORY = _PROJECT["urls"]["Repository"]  # the address stands there and nowhere else
TAG = f"v{vgan_lessons.__version__}"
RELEASE = f"{REPOSITORY}/archive/refs/tags/{TAG}.zip"
_OWNER_AND_NAME = REPOSITORY.removeprefix("https://github.com/")
_PICTURE = ROOT / "docs" / "colab.png"

# Colab brings the heavy packages; of the light ones pip leaves alone what is there already.
CELL = f"""\
# @title On a fresh Colab runtime this installs the lessons
import importlib.util, pathlib, subprocess, sys

class NotInstalled(Exception):
    _render_traceback_ = lambda self: [str(self)]  # the sentence, and nothing else

repository = "{REPOSITORY}"
lessons, here = f"{{repository}}/archive/refs/tags/{TAG}.zip", pathlib.Path()
for name in ("{_OWNER_AND_NAME.split("/")[1]}-*.zip", "vgan_lessons-*.whl"):
    lessons = next(map(str, sorted(here.glob(name), reverse=True)), lessons)
if "google.colab" in sys.modules and importlib.util.find_spec("vgan_lessons") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    light = ["einops", "safetensors"]
    if subprocess.run([*pip, lessons, *light], capture_output=True).returncode:
        raise NotInstalled(
            f"The lessons did not install from {{lessons}}: upload their wheel or zip "
            "to this runtime's folder (folder sign on the left), and run again."
        )
    importlib.invalidate_caches()
    print(f"Installed the lessons from {{lessons}}.")"""


def badge(notebook: str, picture: str) -> str:
    """Markdown of "Open in Colab", which opens the notebook as it was released.

    Args:
        notebook: its file name.
        picture: the address of the badge's picture.
    """
    page = f"{_OWNER_AND_NAME}/blob/{TAG}/notebooks/{notebook}"
    return f"[![Open in Colab]({picture})](https://colab.research.google.com/github/{page})"


def badge_for_a_page(notebook: str) -> tuple[str, dict]:
    """The badge with its picture in the page, where it is seen without a network.

    Args:
        notebook: its file name.

    Returns:
        The Markdown, and the attachments of its cell.
    """
    name = _PICTURE.name
    stored = base64.b64encode(_PICTURE.read_bytes()).decode()
    return badge(notebook, f"attachment:{name}"), {name: {"image/png": stored}}
