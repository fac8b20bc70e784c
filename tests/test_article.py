"""Every fault of the published program is found where it is, and only there."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from mended_program import MENDED
from vgan_lessons.article import FAULTS, PUBLISHED, Program, examine, fault_table
from vgan_lessons.article.loop_faults import LOOP_FAULTS
from vgan_lessons.article.player_faults import PLAYER_FAULTS
from vgan_lessons.article.published import lend_batch_size
from vgan_lessons.exercises.ex04_training.repair_the_article import REPAIR_THE_ARTICLE
from vgan_lessons.exercises.ex04_training.repair_the_players import REPAIR_THE_PLAYERS
from vgan_lessons.losses import article_d_loss

WRONG_LOOPS, WRONG_PLAYERS = (
    {mistake.name: answer for mistake, answer in exercise.wrong_answers.items()}
    for exercise in (REPAIR_THE_ARTICLE, REPAIR_THE_PLAYERS)
)
RELAPSES: dict[str, Program] = {  # the mended program with one fault put back
    **{
        fault.name: replace(MENDED, build_players=WRONG_PLAYERS[fault.name])
        for fault in PLAYER_FAULTS
    },
    **{
        name: replace(MENDED, train=WRONG_LOOPS[name])
        for name in (
            "noise drawn once",
            "batch size undefined",
            "losses leave the graph",
            "updates swapped",
        )
    },
    # these two say in the text what the code does, so that the two agree
    "no real data": replace(
        MENDED,
        train=WRONG_LOOPS["no real data"],
        d_objective=lambda real, fake: nn.functional.softplus(fake).mean(),
    ),
    "both minimise the score": replace(
        MENDED,
        train=WRONG_LOOPS["G minimises the score"],
        g_objective=lambda real, fake: fake.mean(),
    ),
    "text and code disagree": replace(MENDED, d_objective=article_d_loss),
}


def test_the_published_program_has_every_fault_and_the_mended_one_none():
    assert set(examine(PUBLISHED).values()) == {True}
    assert set(examine(MENDED).values()) == {False}


def test_an_undefined_batch_size_stops_the_program_before_its_first_round():
    with pytest.raises(NameError, match="batch_size"):
        next(PUBLISHED.train(*[None] * 4, [torch.zeros(1)], lambda n: None))


@pytest.mark.parametrize("name", RELAPSES)
def test_a_fault_put_back_by_itself_is_found_alone(name):
    assert [fault for fault, there in examine(RELAPSES[name]).items() if there] == [name]


def test_each_fault_has_a_relapse_of_its_own():
    assert list(RELAPSES) == [fault.name for fault in FAULTS] and len(FAULTS) == 13


def test_mending_the_players_mends_their_faults_and_no_others():
    half = replace(PUBLISHED, build_players=MENDED.build_players)
    left = [name for name, there in examine(half).items() if there]
    assert left == [fault.name for fault in LOOP_FAULTS]


def test_mending_the_loop_and_the_text_leaves_the_faults_of_the_players():
    half = replace(MENDED, build_players=PUBLISHED.build_players)
    left = [name for name, there in examine(half).items() if there]
    assert left == [fault.name for fault in PLAYER_FAULTS]


def test_a_mended_loop_still_disagrees_with_the_published_text():
    half = replace(PUBLISHED, build_players=MENDED.build_players, train=MENDED.train)
    left = [name for name, there in examine(half).items() if there]
    assert left == ["text and code disagree"]


def test_a_program_that_stops_is_not_called_healthy():
    def stops(*_):
        raise ZeroDivisionError

    broken = replace(MENDED, train=stops, build_players=stops)
    told = examine(broken)
    assert told.pop("batch size undefined") is None
    assert set(told.values()) == {None}
    assert fault_table(mine=broken).splitlines()[-1].split() == ["to", "be", "mended", "13"]


def test_looking_for_faults_leaves_the_global_random_state_alone():
    before = torch.get_rng_state()
    examine(PUBLISHED)
    assert torch.equal(before, torch.get_rng_state())


def test_the_table_names_every_fault_and_counts_what_is_left():
    table = fault_table(published=PUBLISHED, mended=MENDED, half=RELAPSES["no tanh"])
    lines = table.splitlines()
    assert lines[0].split() == ["fault", "published", "mended", "half"]
    assert [line[:26].strip() for line in lines[1:-1]] == [fault.name for fault in FAULTS]
    assert lines[4].split() == ["no", "tanh", "there", "-", "there"]
    assert lines[-1].split() == ["to", "be", "mended", "13", "0", "1"]
    assert table == fault_table(published=PUBLISHED, mended=MENDED, half=RELAPSES["no tanh"])
    assert max(map(len, lines)) <= 88


def test_a_lent_batch_size_changes_nothing_else():
    def needs():
        return batch_size, len  # noqa: F821

    assert lend_batch_size(needs, 7)() == (7, len)
    assert lend_batch_size(MENDED.train, 7) is MENDED.train
    assert isinstance(lend_batch_size(nn.Identity(), 7), nn.Identity)
    with pytest.raises(NameError):
        needs()
