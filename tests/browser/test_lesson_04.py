"""Lesson 04 as a learner works through it: wrong, diagnosed, right, used; buttons pressed."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("04")

FORGETFUL = """def my_d_step(
    generator, discriminator, d_optim, d_loss_fn, real, z, penalty=None
):
    fake = generator(z).detach()
    d_loss = d_loss_fn(discriminator(real), discriminator(fake))
    fined = 0 if penalty is None else penalty(discriminator, real, fake)
    (d_loss + fined).backward()
    d_optim.step()
    return d_loss.detach()"""
RIGHT = """def my_d_step(
    generator, discriminator, d_optim, d_loss_fn, real, z, penalty=None
):
    if len(real) == 128:
        print("the learner's own step at work")
    with torch.no_grad():
        fake = generator(z)
    d_loss = d_loss_fn(discriminator(real), discriminator(fake))
    fined = 0 if penalty is None else penalty(discriminator, real, fake)
    d_optim.zero_grad()
    (d_loss + fined).backward()
    d_optim.step()
    return d_loss.detach()"""


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 04 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("04_training.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the first exercise, run it and its check; what the check then says."""
    lesson.type_into("exercise-d_step", text)
    lesson.run("exercise-d_step")
    lesson.run("check-d_step")
    return lesson.output("check-d_step")


def test_a_learner_goes_from_a_forgotten_zero_grad_to_a_step_the_page_uses(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("04_all")

    told = answer(lesson, FORGETFUL)
    lesson.screenshot("04_wrong", "check-d_step")
    assert "not yet" in told and "Going on with the library's version." in told
    assert 'Looks like "forgotten zero_grad".' in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    lesson.screenshot("04_right", "check-d_step")
    later = lesson.after("check-d_step", "D's turn")
    lesson.run(later)
    assert "the learner's own step at work" in lesson.output(later)
    assert lesson.errors() == []


def test_buttons_move_one_player_both_and_none(lesson):
    duel = lesson.after("check-d_step", "live_duel()")
    picture = lesson.cell(duel).locator(".jp-Cell-outputWrapper img").first

    def press(button, d_steps, g_steps):
        lesson.cell(duel).get_by_role("button", name=button, exact=True).click()
        words = re.compile(f"after {d_steps} steps of D and {g_steps} of G")
        expect(picture).to_have_attribute("alt", words, timeout=20_000)

    lesson.screenshot("04_buttons_before", duel)
    press("D's step", 1, 0)
    press("a round: both", 2, 1)
    press("G's step", 2, 2)
    lesson.screenshot("04_buttons_after", duel)
    press("start again", 0, 0)
    assert len(lesson.picture_words(duel)) == 1
    assert lesson.errors() == []
