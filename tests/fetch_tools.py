"""Two files to fetch, and a fetch that does not wait long."""

import hashlib
import random

from vgan_lessons.datasets.cards import KnownFile
from vgan_lessons.datasets.download import fetch_files

CONTENT = {
    "0/a.bin": random.Random(0).randbytes(200_000),
    "0/b c.bin": random.Random(1).randbytes(70_001),  # a space must be quoted
}


def known(content=CONTENT):
    return [KnownFile(p, len(c), hashlib.sha256(c).hexdigest()) for p, c in content.items()]


A, B = known()


def fetch(server, folder, files=(A,), **numbers):
    addresses = [server] if isinstance(server, str) else [server.address]
    numbers = {"timeout": 0.3, "attempts": 2, **numbers}
    return fetch_files(files, addresses, folder, **numbers)


def here(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
