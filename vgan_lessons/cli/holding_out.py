"""Whole films that are not trained on: what a card can be honest by."""

import math

import torch

from vgan_lessons.datasets import VideoBank
from vgan_lessons.runs import RunError
from vgan_lessons.runtime import new_rng

ENOUGH = 10  # films; with fewer, each one that is left out is missed
_SHARE = 0.1
_LEAST = 2  # films held out, so that one can be compared with another


def choose_held_out(bank: VideoBank, share: float | None, seed: int) -> tuple[str, ...]:
    """Choose films to hold out.

    Args:
        bank: with the names of its films; data that are drawn have none.
        share: of the films, 0 for none; None holds out a tenth, two at least, where there are
            ten films or more.
        seed: of the choice.

    Returns:
        Their names, sorted; none where the data are drawn, for new ones can be drawn.

    Raises:
        ValueError: if the share is none, leaves less than two films to be trained on, or a
            class without any.
    """
    if share is not None and not 0 <= share < 1:
        raise ValueError(f"--hold-out takes a share of the films from 0 to 1, got {share:g}")
    if not bank.film_names:
        if share:
            raise ValueError(
                f"--hold-out: {bank.card.name} is drawn anew for every seed, so nothing of it "
                "has to be held out"
            )
        return ()
    if share == 0 or (share is None and bank.n_films < ENOUGH):
        return ()
    n = max(_LEAST, math.floor(bank.n_films * (_SHARE if share is None else share) + 0.5))
    if bank.n_films - n < 2:
        raise ValueError(
            f"--hold-out {share:g}: of {bank.n_films} films {n} would be held out, and less "
            "than two remain to be trained on"
        )
    films = bank.films.cpu().unique()
    order = films[torch.randperm(len(films), generator=new_rng(seed))].tolist()
    chosen: list[int] = []
    for film in order:
        if len(chosen) < n and not _empties_a_class(bank, [*chosen, film]):
            chosen.append(film)
    if share is None and len(chosen) < _LEAST:
        return ()
    if share is not None and len(chosen) < n:
        raise ValueError(
            f"--hold-out: of {n} films that would be held out, {n - len(chosen)} are the last "
            "of their class; take a smaller share, or 0"
        )
    return tuple(sorted(bank.film_names[film] for film in chosen))


def _empties_a_class(bank: VideoBank, films: list[int]) -> bool:
    """Whether some class would have no film left to be trained on."""
    stays = ~torch.isin(bank.films, torch.tensor(films).to(bank.films))
    labels = bank.labels(torch.arange(bank.n_videos).to(bank.films))
    return any(
        set(column.tolist()) != set(column[stays].tolist()) for column in labels.unbind(1)
    )


def split_off(bank: VideoBank, names: tuple[str, ...]) -> tuple[VideoBank, VideoBank | None]:
    """Part the films that are held out from those that are trained on.

    Args:
        bank: all films.
        names: of those held out.

    Returns:
        The films to train on, and those held out, or None for none.

    Raises:
        RunError: if one that was held out is no longer there.
    """
    if not names:
        return bank, None
    if gone := set(names) - set(bank.film_names):
        raise RunError(
            f"{bank.card.name} has changed: the run held out {', '.join(sorted(gone))}, which "
            "is not there now"
        )
    chosen = torch.tensor([bank.film_names.index(name) for name in names])
    held = torch.isin(bank.films, chosen.to(bank.films))
    return bank.select((~held).nonzero().squeeze(1)), bank.select(held.nonzero().squeeze(1))
