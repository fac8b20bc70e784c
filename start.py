"""Video GAN Lessons in one command. Needs Python 3.11 or newer and nothing else.

    python3 start.py                        makes .venv once, then opens JupyterLab on lesson 00
                                            in my_lessons/, your own copies of the lessons
    python3 start.py test                   the same environment plus test tools: all tests
    python3 start.py COMMAND ...            data, train, sample, evaluate: your own films;
                                            check, progress, bench, doctor; each explains
                                            itself: python3 start.py COMMAND --help

JupyterLab's options may follow the first form (--no-browser), pytest's the second (-k losses).
"""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
MINE = ROOT / "my_lessons"  # ignored by git: an update never meets an answer
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "vgan-lessons.stamp"  # what was installed, or "unfinished"
CPU_WHEELS = "https://download.pytorch.org/whl/cpu"
NVIDIA = shutil.which("nvidia-smi") or os.path.exists("/proc/driver/nvidia/version")
PIP_INSTALL = ["-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(VENV / "pycache")}
NEWS = "@jupyterlab/apputils-extension:announcements"
WIDGETS = "@jupyter-widgets/jupyterlab-manager:plugin"
LAB = {  # else the first screen is a question about news, and a saved page forgets its sliders
    "page_config": {"disabledExtensions": {NEWS: True}},
    "default_setting_overrides": {WIDGETS: {"saveState": True}},
}


def main(words):
    if words[:1] in (["-h"], ["--help"]):
        sys.exit(print(__doc__))
    if sys.version_info < (3, 11):
        sys.exit(f"This is Python {sys.version.split()[0]}: the course needs 3.11 or newer.")
    try:
        make_environment("dev" if words[:1] == ["test"] else "lab")
        set_up_lab(VENV / "etc" / "jupyter" / "labconfig")
    except subprocess.CalledProcessError:  # from venv: ensurepip is not there
        sys.exit("This Python cannot make environments. Debian: sudo apt install python3-venv")
    except OSError as error:
        sys.exit(f"The environment could not be written: {error}")
    except KeyboardInterrupt:
        sys.exit("Interrupted. The same command begins again; downloads are kept.")
    become(words)


def make_environment(tools):
    """Bring .venv up to date; does nothing when the stamp says that it is."""
    recipe = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    wanted = hashlib.sha256(b"".join([str(VENV).encode(), *recipe])).hexdigest()
    found = STAMP.read_text().split() if STAMP.exists() else []
    if PYTHON.exists() and wanted in found and tools in found:
        return
    print(f"Preparing {VENV}: once, a few minutes, about 1.5 GB.", flush=True)
    if "unfinished" in found or not pip("--no-index", "pip", to=subprocess.DEVNULL):
        make_empty_venv()  # a killed install leaves half-written packages: begin again
    STAMP.write_text("unfinished")
    install(tools)
    STAMP.write_text(f"{wanted} lab {tools}")


def make_empty_venv():
    if VENV.exists():
        shutil.rmtree(VENV)
    free, needed = shutil.disk_usage(ROOT).free / 1e9, 8 if NVIDIA else 2
    if free < needed:
        sys.exit(f"Disk full: {free:.1f} GB are free in {ROOT}, about {needed} are needed.")
    VENV.mkdir()
    STAMP.write_text("unfinished")
    venv.create(VENV, with_pip=True, symlinks=os.name != "nt")


def install(tools):
    """Torch first: whatever comes after it accepts the build that is already there."""
    constraints = ROOT / "constraints.txt"
    torch = re.search(r"^torch==\S+", constraints.read_text(), re.MULTILINE)[0]
    known = pip("--no-index", "--no-deps", torch, to=subprocess.DEVNULL)
    if not known and sys.platform == "linux" and not NVIDIA:  # the default build is for CUDA
        pip("--no-deps", "--index-url", CPU_WHEELS, torch)
    pip("-c", str(constraints), "-e", f"{ROOT}[{tools}]")


def set_up_lab(folder):
    """Give JupyterLab the course's defaults; a learner's own settings still win."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, settings in LAB.items():
        (folder / f"{name}.json").write_text(json.dumps(settings))


def pip(*words, to=None):
    hush = [] if sys.stdout.isatty() else ["-qq"]  # to a person pip shows its progress
    command = [PYTHON, *PIP_INSTALL, *hush, *words]
    done = PYTHON.exists() and not subprocess.call(command, stdout=to, stderr=to)
    if not done and to is None:
        sys.exit(f"""pip could not install {words[-1]}; its words are above. Mend and repeat:
  no network   pip must reach its package index and {CPU_WHEELS};
               behind a proxy set HTTPS_PROXY, offline set PIP_FIND_LINKS to a wheel folder
  disk full    {shutil.disk_usage(ROOT).free / 1e9:.1f} GB are free in {ROOT}
  Python       {sys.version.split()[0]} may be too new for torch: try 3.11 to 3.13""")
    return done


def lay_out_lessons():
    """Copy the lessons to where the learner works; a page that somebody changed stays."""
    shipped = MINE / ".shipped"  # the versions that were copied
    shipped.mkdir(parents=True, exist_ok=True)
    for page in sorted((ROOT / "notebooks").glob("*.ipynb")):
        mine, before, new = MINE / page.name, shipped / page.name, page.read_bytes()
        known = before.read_bytes() if before.exists() else None
        if mine.exists() and known == new:
            continue
        if mine.exists() and mine.read_bytes() not in (known, new):
            mine = mine.with_suffix(".new.ipynb")
            print(f"{page.name} has a newer version; yours stays, the new one is {mine.name}")
        for target in (mine, before):
            target.with_suffix(".part").write_bytes(new)
            target.with_suffix(".part").replace(target)


def become(words):
    """Hand over to the command: its exit code, signals and terminal are ours."""
    cores, module = os.cpu_count() or 1, ["vgan_lessons", *words]
    threads = max(1, min(4, cores // 2))  # a thread on every core gains little, loses when busy
    if words[:1] == ["test"]:
        os.chdir(ROOT)
        module = ["pytest", "-n", "auto", *words[1:]]  # tests/conftest.py says how many
    elif not words or words[0].startswith("-"):
        as_root = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        lay_out_lessons()
        page = f"--LabApp.default_url=/lab/tree/{MINE.name}/00_start_here.ipynb"
        module = ["jupyterlab", page, f"--ServerApp.root_dir={ROOT}", *as_root, *words]
    # PASSIVE: threads that wait must not spin, on shared cores that cost a factor of 3 to 8
    threading = {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "PASSIVE"}
    called = {"VGAN_COMMAND": f"{'py' if os.name == 'nt' else 'python3'} {sys.argv[0]}"}
    defaults = {"VGAN_DATA": str(ROOT / "data"), **threading}
    settings = {**defaults, **os.environ, **COMPILED_ONCE, **called}
    if os.name == "posix":
        os.execve(PYTHON, [PYTHON, "-m", *module], settings)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command
    sys.exit(subprocess.call([PYTHON, "-m", *module], env=settings))


if __name__ == "__main__":
    main(sys.argv[1:])
