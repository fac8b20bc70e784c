"""What an answer may leave on the modules it was given: a gradient is seen, zeros are not."""

import torch

from checking.toys import toy
from vgan_lessons.checking import mark


def test_a_gradient_of_zeros_left_on_a_module_is_as_good_as_none():
    def first_weight(module):
        return module.weight[0].detach()

    def leaving(fill):
        def answer(module):
            for weight in module.parameters():
                weight.grad = fill(weight)
            return module.weight.detach()[0]

        return answer

    exercise = toy(first_weight, inputs=lambda draw: {"module": torch.nn.Linear(2, 3)})
    assert mark(exercise, leaving(torch.zeros_like)).state == "passed"
    finding = mark(exercise, leaving(torch.ones_like)).finding
    assert "it changes its input module" in finding.what
