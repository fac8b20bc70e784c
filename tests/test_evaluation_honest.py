"""What a card must not hide: copies, too few films, soft clips of full size, other scales."""

import dataclasses

import pytest
import torch
from torch.nn import functional as F

from vgan_lessons import evaluation, metrics
from vgan_lessons.cli.evaluate import about_films
from vgan_lessons.cli.planning import choose_held_out
from vgan_lessons.datasets import DataError, VideoBank, load_videos
from vgan_lessons.evaluation.own_network import load_own_network, own_card
from vgan_lessons.evaluation.real_clips import as_bank, choose_real, draw_real
from vgan_lessons.runtime import new_rng

N = 32


def films_of(n_films, seed=0):
    """A bank of films: each one shape on its path, two windows of it being two videos."""
    clips = load_videos("shapes", n_videos=n_films, n_frames=24, seed=seed)
    return VideoBank(
        frames=clips.frames,
        lengths=torch.full((2 * n_films,), 20),
        first_frames=(24 * torch.arange(n_films)[:, None] + torch.tensor([0, 4])).flatten(),
        films=torch.arange(n_films).repeat_interleave(2),
        film_names=tuple(f"film{k}.mp4" for k in range(n_films)),
        card=dataclasses.replace(clips.card, name="folder:films"),
    )


# --- films held out -------------------------------------------------------------------------


def test_whole_films_are_held_out_by_default_where_there_are_ten():
    assert choose_held_out(films_of(9), None, 0) == ()
    names = choose_held_out(films_of(12), None, 0)
    assert len(names) == 2 and names == choose_held_out(films_of(12), None, 0)
    trained_on, held_out = films_of(12).part(names)
    assert (trained_on.n_films, held_out.n_films, held_out.n_videos) == (10, 2, 4)
    shared = set(trained_on.films.tolist()) & set(held_out.films.tolist())
    assert not shared and {f"film{k}.mp4" for k in held_out.films.tolist()} == set(names)
    assert len(choose_held_out(films_of(9), 0.5, 0)) == 5  # on request


def test_nothing_is_held_out_of_data_that_are_drawn_or_where_nothing_is_asked():
    drawn = load_videos("shapes", n_videos=20)
    assert choose_held_out(drawn, None, 0) == () and drawn.part(()) == (drawn, None)
    assert choose_held_out(films_of(12), 0.0, 0) == ()
    with pytest.raises(ValueError, match="shapes is drawn anew for every seed"):
        choose_held_out(drawn, 0.1, 0)


def test_no_class_loses_its_last_film():
    kinds = torch.tensor([0] * 10 + [1, 1]).repeat_interleave(2)
    labelled = dataclasses.replace(
        films_of(12), truth={"kind": kinds}, label_names={"kind": ("many", "two")}
    )
    for seed in range(8):
        trained_on, _ = labelled.part(choose_held_out(labelled, 0.5, seed))
        assert trained_on.n_films == 6 and set(trained_on.truth["kind"].tolist()) == {0, 1}
    alone = {"kind": torch.arange(12).repeat_interleave(2)}
    names = {"kind": tuple("abcdefghijkl")}
    lonely = dataclasses.replace(labelled, truth=alone, label_names=names)
    assert choose_held_out(lonely, None, 0) == ()
    with pytest.raises(ValueError, match="6 are the last of their class"):
        choose_held_out(lonely, 0.5, 0)


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_a_share_that_is_none_is_named(share):
    with pytest.raises(ValueError, match="share of the films from 0 to 1"):
        choose_held_out(films_of(12), share, 0)


def test_too_little_left_or_a_film_that_is_gone_is_named():
    with pytest.raises(ValueError, match="of 4 films 3 would be held out"):
        choose_held_out(films_of(4), 0.75, 0)
    with pytest.raises(DataError, match=r"held out was other\.mp4, which is not there now"):
        films_of(4).part(("other.mp4",))


def test_the_card_says_how_many_films_there_are_and_when_they_are_too_few():
    assert about_films(load_videos("shapes", n_videos=20), None) == ()
    (few,) = about_films(films_of(6), None)
    assert few.startswith("6 films (12 clips), all of them trained on: whoever copies them")
    assert "So few films say nothing about new ones" in few
    films, warning = about_films(*films_of(12).part(("film3.mp4", "film7.mp4")))
    assert "10 films (20 clips) trained on, 2 (4 clips) held out" in films
    assert "film3.mp4, film7.mp4" in films and "2 held-out films are few" in warning


# --- copies ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sides():
    return films_of(40).part(choose_held_out(films_of(40), 0.4, 0))


@pytest.fixture(scope="module")
def measured(sides):
    trained_on, held_out = sides
    return evaluation.measure_real(held_out, n=N, trained_on=trained_on, oracle=False)


def test_clips_that_copy_the_training_films_are_found_out(sides, measured):
    (copies,) = draw_real(sides[0], N, seed=9, n_samples=1)
    card = evaluation.metric_card(copies, measured, n_resamples=20)
    assert "These clips repeat the films that were trained on" in card.text()
    assert "<p>These clips repeat" in card._repr_html_()
    row = card["memorisation"]
    assert row.low <= row.value <= row.high and row.value < 0.6 * row.floor
    assert card["fvd_small"].value < 2 * card["fvd_small"].floor  # which praises them
    assert card["fvd_trained"].value < 2 * card["fvd_trained"].floor


@pytest.mark.parametrize("spoil", ["blurred", "grainy"])
def test_copies_that_are_soft_or_grainy_are_found_out_too(sides, measured, spoil):
    (copies,) = draw_real(sides[0], N, seed=9, n_samples=1)
    frames = copies.flatten(0, 1).float()
    if spoil == "blurred":
        frames = F.avg_pool2d(frames, 3, stride=1, padding=1, count_include_pad=False)
    else:
        frames = frames + 12 * torch.randn(frames.shape, generator=new_rng(0))
    spoiled = frames.clamp(0, 255).byte().view(copies.shape)
    card = evaluation.metric_card(spoiled, measured, n_resamples=0)
    assert "These clips repeat the films that were trained on" in card.text()


def test_clips_of_new_films_are_not_called_copies(measured):
    new = load_videos("shapes", n_videos=N, n_frames=16, seed=5)
    card = evaluation.metric_card(new.frames.view(N, 16, 3, 32, 32), measured, n_resamples=0)
    assert "These clips are no copies of the films that were trained on" in card.text()
    assert card["memorisation"].value > 0.7 * card["memorisation"].floor


def test_films_held_out_and_trained_on_are_part_of_the_protocol(measured):
    assert measured.protocol["films_held_out"] == 16
    assert measured.protocol["films_trained_on"] == 24
    with pytest.raises(ValueError, match="at least two films have to be held out, got 1"):
        evaluation.measure_real(films_of(1), n=16, trained_on=films_of(3), oracle=False, seed=0)


def test_kid_is_on_the_card_beside_fvd_small_and_may_be_negative(measured):
    new = load_videos("shapes", n_videos=N, n_frames=16, seed=5)
    card = evaluation.metric_card(new.frames.view(N, 16, 3, 32, 32), measured, n_resamples=20)
    row = card["kid"]
    assert row.low <= row.value <= row.high and row.direction == "lower"
    assert row.low < 0 or row.value > 0


# --- full size ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large():
    return load_videos("shapes", image_size=64, n_videos=3 * N, seed=1)


def test_softness_and_grain_that_shrinking_hides_are_seen_at_full_size(large):
    real = evaluation.measure_real(large, n=16, oracle=False)
    index, _ = choose_real(large, 16, stride=1, seed=0, n_samples=1)
    same = large.frames.view(-1, 16, 3, 64, 64)[index].flatten(0, 1)  # a distance of 0
    small = F.interpolate(same.float(), (32, 32), mode="bilinear", antialias=True)
    soft = F.interpolate(small, (64, 64), mode="bilinear")
    place = torch.arange(64)
    board = 8 * ((place[:, None] + place) % 2 * 2 - 1)  # which shrinking averages away
    sharp, softened, grainy = (
        evaluation.metric_card(frames.view(16, 16, 3, 64, 64), real, n_resamples=0)
        for frames in (same, soft.round().byte(), (same + board).clamp(0, 255).byte())
    )
    assert sharp.protocol["full_size"] == "the same network on clips of 64x64"
    assert sharp["fvd_small"].value < 1e-6 and sharp["fvd_full_size"].value < 1e-6
    for spoiled in (softened, grainy):
        assert spoiled["fvd_full_size"].value > 2 * spoiled["fvd_small"].value > 0


def test_full_size_is_measured_only_where_it_is_more_and_the_same_on_both_sides(large):
    real = evaluation.measure_real(large, n=16, oracle=False)
    small = load_videos("shapes", n_videos=16).frames.view(16, 16, 3, 32, 32)
    card = evaluation.metric_card(small, real, oracle=False, n_resamples=0)
    assert "fvd_full_size" not in [row.metric for row in card.rows]


# --- a network of one's own -----------------------------------------------------------------


class Seen(torch.nn.Module):
    """Mean and spread of every colour: six numbers, or shape trouble."""

    def forward(self, volumes: torch.Tensor) -> torch.Tensor:
        per_colour = volumes.flatten(2)
        return torch.cat([per_colour.mean(2), per_colour.std(2)], dim=1)


class LikeI3D(torch.nn.Module):
    """Takes the words of the I3D that papers use, and hands them out."""

    def forward(
        self,
        volumes: torch.Tensor,
        rescale: bool = True,
        resize: bool = False,
        return_features: bool = False,
    ) -> torch.Tensor:
        told = torch.tensor([float(rescale), float(resize), float(return_features)])
        return told.repeat(len(volumes), 1) + 0 * volumes.mean()


class Wrong(torch.nn.Module):
    """Returns clips, not features."""

    def forward(self, volumes: torch.Tensor) -> torch.Tensor:
        return volumes


@pytest.fixture(scope="module")
def scripted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks")

    def saved(network):
        path = folder / f"{type(network).__name__}.pt"
        with pytest.warns(DeprecationWarning):
            torch.jit.script(network).save(path)
        return path

    return saved


def test_a_network_of_ones_own_gives_fvd_and_kid_on_its_own_scale(scripted, large):
    path = scripted(Seen())
    fake = torch.randint(0, 256, (N, 16, 3, 64, 64), generator=new_rng(0), dtype=torch.uint8)
    card = own_card(fake, large, path, name="noise", n=N, seed=0, n_resamples=20)
    assert [row.metric for row in card.rows] == ["fvd", "kid"]
    real = [clips for clips in draw_raw(large)]
    seen = [Seen()((part.float() / 127.5 - 1).transpose(1, 2)) for part in (real[0], fake)]
    assert card["kid"].value == pytest.approx(float(metrics.kid(*seen)), rel=1e-4)
    distance = float(metrics.feature_frechet(*seen)) * 6
    assert card["fvd"].value == pytest.approx(distance, rel=1e-4)
    assert card["fvd"].value > 10 * card["fvd"].floor and card["fvd"].low <= card["fvd"].value
    assert card.protocol["features"].startswith("Seen.pt ")
    assert card.protocol["image_size"] == 64 and card.protocol["layer"].startswith("6 outputs")


def draw_raw(bank):
    order = torch.randperm(bank.n_videos, generator=new_rng(0))[: 2 * N]
    return bank.frames.view(-1, 16, 3, 64, 64)[order].split(N)


def test_the_words_of_a_published_i3d_are_said_for_it(scripted):
    network = load_own_network(scripted(LikeI3D()))
    assert network(torch.zeros(2, 3, 16, 8, 8)).tolist() == [[0.0, 1.0, 1.0]] * 2


def test_a_file_that_is_no_such_network_is_named(tmp_path, scripted):
    with pytest.raises(ValueError, match="there is no file"):
        load_own_network(tmp_path / "none.pt")
    (tmp_path / "text.pt").write_text("no network")
    with pytest.raises(ValueError, match="holds no TorchScript network"):
        load_own_network(tmp_path / "text.pt")
    with pytest.raises(ValueError, match=r"must return \(B, d\), got \(1, 3, 16, 8, 8\)"):
        load_own_network(scripted(Wrong()))(torch.zeros(1, 3, 16, 8, 8))
    with pytest.raises(ValueError, match="from 16 to the 4 clips"):
        own_card(torch.zeros(4, 16, 3, 8, 8), as_bank(torch.zeros(4, 16, 3, 32, 32)), "x",
                 name="", n=5, seed=0)  # fmt: skip
