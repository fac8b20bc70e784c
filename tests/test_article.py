"""Every fault of the published program is found where it is, and only there."""

import copy

import pytest
import torch
from torch import nn

from article_relapses import RELAPSES
from vgan_lessons.article import FAULTS, MENDED, PATIENT, examine, fault_table
from vgan_lessons.article.watching import lend_batch_size

BY_NAME = {fault.name: fault for fault in FAULTS}


def found_and_mended(name: str) -> None:
    """The detector says yes to the patient and to the lone relapse, no to the mended."""
    is_in = BY_NAME[name].is_in
    assert is_in(PATIENT)
    assert not is_in(MENDED)
    assert is_in(RELAPSES[name])


def test_a_generator_that_only_halves_ends_in_frames_of_one_pixel():
    found_and_mended("frames of one pixel")


def test_a_generator_without_activations_is_one_affine_map():
    found_and_mended("no activation in G")


def test_a_discriminator_without_activations_is_affine_up_to_its_sigmoid():
    found_and_mended("no activation in D")


def test_without_a_tanh_the_pixels_leave_the_range_of_the_data():
    found_and_mended("no tanh")


def test_without_a_fully_connected_layer_no_code_becomes_a_picture():
    found_and_mended("no fully connected layer")


def test_without_a_time_axis_nothing_is_a_video():
    found_and_mended("no time axis")


def test_noise_drawn_before_the_loop_is_the_same_in_every_round():
    found_and_mended("noise drawn once")


def test_an_undefined_batch_size_stops_the_program_before_its_first_round():
    found_and_mended("batch size undefined")
    with pytest.raises(NameError, match="batch_size"):
        next(PATIENT.train(*[None] * 4, [torch.zeros(1)], lambda n: None))


def test_losses_that_leave_the_graph_leave_every_gradient_none():
    found_and_mended("losses leave the graph")


def test_swapped_updates_move_g_in_d_s_turn():
    found_and_mended("updates swapped")


def test_a_discriminator_that_never_meets_real_data_is_noticed():
    found_and_mended("no real data")


def test_a_generator_that_minimises_the_score_learns_to_be_caught():
    found_and_mended("both minimise the score")


def test_objectives_of_the_text_that_the_code_does_not_play_are_noticed():
    found_and_mended("text and code disagree")


def test_the_patient_has_every_fault_and_the_mended_program_none():
    assert set(examine(PATIENT).values()) == {True}
    assert set(examine(MENDED).values()) == {False}


@pytest.mark.parametrize("name", RELAPSES)
def test_a_fault_put_back_by_itself_is_found_alone(name):
    assert [fault for fault, there in examine(RELAPSES[name]).items() if there] == [name]


def test_each_fault_has_a_relapse_of_its_own():
    assert list(RELAPSES) == list(BY_NAME) and len(BY_NAME) == len(FAULTS) == 13


def test_each_fault_says_in_which_part_it_is_mended():
    for fault in FAULTS:
        mended = copy.copy(vars(PATIENT))
        for field in mended:
            part = "text" if field.endswith("objective") else field
            if part == fault.part or fault.part == "text":
                mended[field] = getattr(MENDED, field)
        assert not fault.is_in(type(PATIENT)(**mended)), fault.name


def test_a_program_that_stops_is_not_called_healthy():
    def stops(*_):
        raise ZeroDivisionError

    broken = type(MENDED)(**{**vars(MENDED), "train": stops, "build_players": stops})
    told = examine(broken)
    assert told.pop("batch size undefined") is None
    assert set(told.values()) == {None}
    assert fault_table(mine=broken).splitlines()[-1].split() == ["to", "be", "mended", "13"]


def test_looking_for_faults_leaves_the_global_random_state_alone():
    before = torch.get_rng_state()
    examine(PATIENT)
    assert torch.equal(before, torch.get_rng_state())


def test_the_table_names_every_fault_and_counts_what_is_left():
    table = fault_table(patient=PATIENT, mended=MENDED, half=RELAPSES["no tanh"])
    lines = table.splitlines()
    assert lines[0].split() == ["fault", "patient", "mended", "half"]
    assert [line[:26].strip() for line in lines[1:-1]] == list(BY_NAME)
    assert lines[4].split() == ["no", "tanh", "there", "-", "there"]
    assert lines[-1].split() == ["to", "be", "mended", "13", "0", "1"]
    assert table == fault_table(patient=PATIENT, mended=MENDED, half=RELAPSES["no tanh"])
    assert max(map(len, lines)) <= 88


def test_a_lent_batch_size_changes_nothing_else():
    def needs():
        return batch_size, len  # noqa: F821

    assert lend_batch_size(needs, 7)() == (7, len)
    assert lend_batch_size(MENDED.train, 7) is MENDED.train
    assert isinstance(lend_batch_size(nn.Identity(), 7), nn.Identity)
    with pytest.raises(NameError):
        needs()
