"""`vgan-lessons data`: what data sets there are, and the ways to have them."""

import argparse
from pathlib import Path

from tqdm import tqdm

from vgan_lessons import datasets, storage
from vgan_lessons.calling import typed
from vgan_lessons.cli.advice import seed
from vgan_lessons.datasets import export, sources

SUMMARY = "list, draw or download data sets"
DRAWN = ("shapes", "digits")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `data list`, `data make` and `data fetch`.

    Args:
        parser: of the command `data`.
    """
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    show = verbs.add_parser("list", help="what there is, and whether it is here")
    show.add_argument("name", nargs="?", help="show the whole card of this one")
    show.set_defaults(do=_list)

    make = verbs.add_parser("make", help="draw clips into files: film strips and their truth")
    make.add_argument("name", choices=DRAWN)
    make.add_argument("--n", type=_positive, default=3072, help="clips (default 3072)")
    make.add_argument("--n-frames", type=_positive, default=16, help="frames (default 16)")
    make.add_argument("--image-size", type=_positive, default=32, help="pixels (default 32)")
    make.add_argument(
        "--seed", type=seed, default=0, help="another seed, other clips (default 0)"
    )
    make.add_argument(
        "--to", type=_folder, help="folder (default: one of its own in the data folder)"
    )
    make.set_defaults(do=_make)

    fetch = verbs.add_parser(
        "fetch", help="download a public data set, or copy it from a folder"
    )
    fetch.add_argument("name", choices=tuple(sources.ADDRESSES))
    fetch.add_argument(
        "--from",
        dest="source",
        metavar="FOLDER_OR_URL",
        help="a folder that has the files, or another base address (default: the publisher)",
    )
    fetch.add_argument(
        "--to", type=_folder, help="the data folder (default: $VGAN_DATA or data/)"
    )
    fetch.add_argument(
        "--timeout",
        type=_seconds,
        default=30.0,
        help="a silent line is given up after (default 30 s)",
    )
    fetch.set_defaults(do=_fetch)


def run(args: argparse.Namespace) -> int:
    """Do what the verb says.

    Args:
        args: as parsed; `do` is the verb's function.

    Returns:
        0; a failure is an exception whose message is for the user.
    """
    args.do(args)
    return 0


def _list(args: argparse.Namespace) -> None:
    if args.name:
        print(datasets.card(args.name).text())
        return
    for name in datasets.data_names():
        print(f"{name:12} {_state(name):11} {datasets.card(name).what}")
    shows = typed("data", "list")
    print(f"\ndata folder: {storage.data_folder()}; `{shows} NAME` shows a card")


def _state(name: str) -> str:
    if name in sources.ADDRESSES:
        return "here" if datasets.is_present(name) else "to fetch"
    return "drawn" if name in DRAWN else "your files"


def _make(args: argparse.Namespace) -> None:
    bank = datasets.load_videos(
        args.name,
        image_size=args.image_size,
        n_frames=args.n_frames,
        n_videos=args.n,
        seed=args.seed,
    )
    own = f"{args.name}-{args.n}x{args.n_frames}-{args.image_size}px-seed{args.seed}"
    folder = args.to or storage.data_folder() / own
    with tqdm(total=bank.n_videos, desc=args.name, unit=" clips") as bar:
        n_new = export.write_strips(bank, folder, progress=bar.update)
    print(f"{args.name}: {bank.n_videos} film strips in {folder}, {n_new} of them new")
    print(f"train on them: {typed('train', '--data', f'folder:{folder}')}")


def _fetch(args: argparse.Namespace) -> None:
    with tqdm(
        total=sources.n_bytes(args.name), desc=args.name, unit="B", unit_scale=True
    ) as bar:
        folder, n_new = sources.fetch(
            args.name,
            source=args.source,
            to=args.to,
            progress=bar.update,
            timeout=args.timeout,
        )
    print(f"{args.name}: complete in {folder}, {n_new} files new, every SHA-256 right")
    if args.to and args.to.resolve() != storage.data_folder().resolve():
        print(f"to use it: export VGAN_DATA={args.to}")
    print(f"train on it: {typed('train', '--data', args.name)}")


def _folder(word: str) -> Path:
    if not word:
        raise argparse.ArgumentTypeError("is empty: is a variable of your script not set?")
    return Path(word).expanduser()


def _positive(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {word}")
    return number


def _seconds(word: str) -> float:
    seconds = float(word)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a positive number of seconds, got {word}")
    return seconds
