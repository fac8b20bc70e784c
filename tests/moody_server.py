"""A web server on this machine that delivers, breaks off, lies or stalls, as told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

# What an answer may be: "fine", "breaks off" half way, "ignores ranges", "ignores ranges and
# breaks off", "lies" (other bytes), "short", "long" or "long, size unsaid" (a file of another
# size), "stalls" half way, "silent" (no byte at all), "slow" (a pause between pieces), or a
# status code.
Mood = str | int


class MoodyServer(ThreadingHTTPServer):
    """Serves `files` (path -> bytes); each request uses up one of `moods`, the last stays."""

    daemon_threads = True

    def __init__(self, files: dict[str, bytes], moods: list[Mood]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files, self.moods = files, list(moods)
        self.asked: list[tuple[str, str | None]] = []  # (path, Range header) of every request
        self.over = threading.Event()  # set when the test ends, so that no answer waits on

    @property
    def address(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.server_port}/base"

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what half of these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: MoodyServer

    def do_GET(self) -> None:
        """Answer in the mood of the moment."""
        path, span = unquote(self.path).removeprefix("/base/"), self.headers.get("Range")
        self.server.asked.append((path, span))
        moods = self.server.moods
        mood = moods.pop(0) if len(moods) > 1 else moods[0]
        content = self.server.files.get(path)
        if isinstance(mood, int) or content is None:
            self.send_error(mood if isinstance(mood, int) else 404)
            return
        content = _bent(content, mood)
        begin = int(span.removeprefix("bytes=").rstrip("-")) if span else 0
        if begin >= len(content):
            self.send_error(416)
            return
        if span and not str(mood).startswith("ignores ranges"):
            self.send_response(206)
            self.send_header(
                "Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}"
            )
            content = content[begin:]
        else:
            self.send_response(200)
        if mood != "long, size unsaid":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self._send(content, mood)

    def _send(self, content: bytes, mood: Mood) -> None:
        half = content[: len(content) // 2]
        if str(mood).endswith("breaks off"):
            self.wfile.write(half)
            self.close_connection = True
        elif mood == "stalls":
            self.wfile.write(half)
            self.wfile.flush()
            self.server.over.wait(30)
        elif mood == "silent":
            self.server.over.wait(30)
        elif mood == "slow":
            for begin in range(0, len(content), 4096):
                self.wfile.write(content[begin : begin + 4096])
                self.server.over.wait(0.02)
        else:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def _bent(content: bytes, mood: Mood) -> bytes:
    if mood == "lies":
        return bytes(255 - byte for byte in content)
    if mood == "short":
        return content[: len(content) // 3]
    return content + b"more" if str(mood).startswith("long") else content


@contextmanager
def serving(files: dict[str, bytes], *moods: Mood) -> Iterator[MoodyServer]:
    """Serve files in the given moods (default: fine) while the block runs.

    Args:
        files: path below the base address -> content.
        moods: one per request; the last one stays.
    """
    with MoodyServer(files, list(moods) or ["fine"]) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
