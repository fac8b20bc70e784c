"""A JupyterLab of its own for a test: no token, no news, no trace left behind."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from notebook_tools import LESSONS, ROOT, build

START_SECONDS = 60
SETTINGS = {  # every cell in the page, not only those on the screen; no questions about news
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false"},
}


@contextmanager
def jupyter_lab(scratch: Path) -> Iterator[str]:
    """Serve copies of the lessons until the block ends.

    Args:
        scratch: an empty folder; everything the server writes stays in it.

    Yields:
        The address, "http://127.0.0.1:PORT".
    """
    lessons = scratch / "lessons"
    lessons.mkdir()
    for lesson in LESSONS:
        shutil.copy(lesson, lessons)
    address = f"http://127.0.0.1:{_free_port()}"
    log = scratch / "server.log"
    with log.open("w") as store:
        server = subprocess.Popen(
            _command(address, lessons), env=_environment(scratch), stdout=store, stderr=store
        )
        try:
            _wait_for(address, server, log)
            yield address
        finally:
            server.terminate()  # the server ends its kernels
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def close_sessions(address: str) -> None:
    """Shut down every kernel, so that two tests never share one core with a third."""
    with urllib.request.urlopen(f"{address}/api/sessions", timeout=10) as answer:
        sessions = json.load(answer)
    for session in sessions:
        url = f"{address}/api/sessions/{session['id']}"
        urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=20).close()


def _command(address: str, lessons: Path) -> list[str]:
    options = {
        "ip": "127.0.0.1",
        "port": address.rsplit(":", 1)[1],
        "port_retries": "0",
        "root_dir": str(lessons),
        "open_browser": "False",
        "disable_check_xsrf": "True",  # close_sessions speaks without the page's cookie
    }
    words = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    words += ["--IdentityProvider.token=", "--ServerApp.password="]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--allow-root")
    return [sys.executable, "-m", "jupyterlab", *words]


def _environment(scratch: Path) -> dict[str, str]:
    folders = {}
    for name in ("CONFIG", "DATA", "RUNTIME"):
        folders[f"JUPYTER_{name}_DIR"] = scratch / name.lower()
    folders["JUPYTERLAB_SETTINGS_DIR"] = scratch / "settings"
    folders["JUPYTERLAB_WORKSPACES_DIR"] = scratch / "workspaces"
    folders["IPYTHONDIR"] = scratch / "ipython"
    for name, settings in SETTINGS.items():
        _write(scratch / "settings" / f"{name}.jupyterlab-settings", settings)
    spec = spec_from_file_location("start", ROOT / "start.py")
    start = module_from_spec(spec)
    spec.loader.exec_module(start)
    start.set_up_lab(scratch / "config" / "labconfig")  # the defaults that learners get
    return build.kernel_environment(scratch, "smoke") | {
        key: str(path) for key, path in folders.items()
    }


def _write(path: Path, content: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/api", timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
