"""Slips of 4.8 by name: the faults as published, one at a time, and slips of the mending."""

from vgan_lessons.checking import Mistake
from vgan_lessons.exercises.ex04_training.article_loops import WRONG_LOOPS

MISTAKES = (
    Mistake(
        "batch size undefined",
        WRONG_LOOPS["batch size undefined"],
        "`batch_size` is defined nowhere: the batch itself knows its size, `len(real)`.",
    ),
    Mistake(
        "noise drawn once",
        WRONG_LOOPS["noise drawn once"],
        "The noise is drawn before the loop, so G is asked about the same batch for ever; draw "
        "inside the turn.",
    ),
    Mistake(
        "one draw for both turns",
        WRONG_LOOPS["one draw for both turns"],
        "Both turns of a round use the same latents: G is corrected on the very fakes that D "
        "has just learned; draw again for G's turn.",
    ),
    Mistake(
        "updates swapped",
        WRONG_LOOPS["updates swapped"],
        "D's loss moves G and G's loss moves D: `d_loss` belongs with `d_optim`.",
        "side effects",
    ),
    Mistake(
        "losses leave the graph",
        WRONG_LOOPS["losses leave the graph"],
        "A loss made from a plain number has no past: every gradient is None, and the "
        "optimiser passes over None without a word.",
        "gradients",
    ),
    Mistake(
        "fakes detached in G's turn, too",
        WRONG_LOOPS["fakes detached in G's turn, too"],
        "G's turn needs the road back through D into G: only D's turn detaches the fakes.",
        "gradients",
    ),
    Mistake(
        "no real data",
        WRONG_LOOPS["no real data"],
        "D learns from fakes alone: the term of the reals, softplus of minus their logits, is "
        "missing.",
    ),
    Mistake(
        "the printed objective for D",
        WRONG_LOOPS["the printed objective for D"],
        "This is the objective printed with the program, labels flipped and unbounded below "
        "(1.7): in the text it is wrong, too.",
    ),
    Mistake(
        "raw scores for D",
        WRONG_LOOPS["raw scores for D"],
        "D's loss is a difference of raw scores: that is the Wasserstein game, which needs a "
        "leash on D; here D plays the logistic game.",
    ),
    Mistake(
        "G minimises the score",
        WRONG_LOOPS["G minimises the score"],
        "G lowers the score of its own fakes, as D does: it learns to be caught.",
    ),
    Mistake(
        "G pushed the wrong way",
        WRONG_LOOPS["G pushed the wrong way"],
        "A sign is turned in G's loss: it falls when D rejects the fakes.",
    ),
    Mistake(
        "minimax loss for G",
        WRONG_LOOPS["minimax loss for G"],
        "This is the loss that goes flat where D rejects the fakes; the text, and this "
        "exercise, give G the other one, -log D.",
    ),
    Mistake(
        "both players move at once",
        WRONG_LOOPS["both players move at once"],
        "G answers the D of before this round: let G's turn begin after D has moved.",
    ),
    Mistake(
        "D's zero_grad forgotten",
        WRONG_LOOPS["D's zero_grad forgotten"],
        "Without `d_optim.zero_grad()` D's gradients of all turns, G's included, pile up.",
        "gradients",
    ),
    Mistake(
        "G's zero_grad forgotten",
        WRONG_LOOPS["G's zero_grad forgotten"],
        "Without `g_optim.zero_grad()` the gradients of all of G's turns pile up.",
        "gradients",
    ),
    Mistake(
        "fakes not detached in D's turn",
        WRONG_LOOPS["fakes not detached in D's turn"],
        "D's loss runs on into G and leaves gradients there: cut the fakes off with "
        "`.detach()`, or make them under `torch.no_grad()`.",
        "gradients",
    ),
    Mistake(
        "graphs handed out",
        WRONG_LOOPS["graphs handed out"],
        "Losses that still hang on their graphs keep every round in memory: hand out "
        "`.item()`.",
        "side effects",
    ),
)
