"""Lesson 12, written differently."""

import copy
import math
import statistics
from itertools import pairwise

import torch
from torch import nn


def _amp_by_torchs_scaler(
    discriminator, d_optim, d_loss_fn, penalty, real, fake, scale, max_norm
):
    scaler = torch.amp.GradScaler(real.device.type, init_scale=scale, growth_interval=10**6)
    with torch.autocast(device_type=real.device.type, dtype=torch.float16):
        logits = discriminator(torch.cat([real, fake]))
    real_logits, fake_logits = logits.float().split([len(real), len(fake)])
    loss = d_loss_fn(real_logits, fake_logits)
    discriminator.zero_grad()
    scaler.scale(loss + penalty(discriminator, real, fake)).backward()
    scaler.unscale_(d_optim)
    nn.utils.clip_grad_norm_(discriminator.parameters(), max_norm)
    scaler.step(d_optim)
    scaler.update()
    return loss.detach(), scaler.get_scale()


def _amp_by_hand(discriminator, d_optim, d_loss_fn, penalty, real, fake, scale, max_norm):
    price = penalty(discriminator, real, fake)
    with torch.autocast(real.device.type, torch.float16):
        scores = [discriminator(part) for part in (real, fake)]
    loss = d_loss_fn(*(score.to(torch.float32) for score in scores))
    weights = list(discriminator.parameters())
    slopes = torch.autograd.grad(scale * loss + scale * price, weights)
    length = 0.0
    for weight, slope in zip(weights, slopes, strict=True):
        weight.grad = slope / scale
        length += float(weight.grad.square().sum())
    if not math.isfinite(length):
        return loss.detach(), 0.5 * scale
    length = math.sqrt(length)
    for weight in weights:
        weight.grad = weight.grad * min(1.0, max_norm / length)
    d_optim.step()
    return loss.detach(), scale


def _amp_by_flag(discriminator, d_optim, d_loss_fn, penalty, real, fake, scale, max_norm):
    d_optim.zero_grad(set_to_none=False)
    with torch.autocast(real.device.type, dtype=torch.float16):
        real_logits = discriminator(real)
        fake_logits = discriminator(fake)
    d_loss = d_loss_fn(real_logits.float(), fake_logits.float())
    (d_loss * scale).backward()
    paid = penalty(discriminator, real, fake)
    if paid.requires_grad:
        (paid * scale).backward()
    fine = True
    for weight in discriminator.parameters():
        weight.grad.mul_(1 / scale)
        fine = fine and bool(weight.grad.isfinite().all())
    if fine:
        total = torch.cat([w.grad.flatten() for w in discriminator.parameters()]).norm()
        shrink = torch.clamp(max_norm / (total + 1e-20), max=1.0)
        for weight in discriminator.parameters():
            weight.grad.mul_(shrink)
        d_optim.step()
        return d_loss.detach(), scale
    return d_loss.detach(), scale / 2


def _accumulate_by_index(discriminator, d_loss_fn, penalty, real, fake, k):
    discriminator.zero_grad()
    total = 0.0
    for rows in torch.arange(len(real)).tensor_split(k):
        loss = d_loss_fn(discriminator(real[rows]), discriminator(fake[rows]))
        weight = len(rows) / len(real)
        ((loss + penalty(discriminator, real[rows], fake[rows])) * weight).backward()
        total = total + weight * loss.detach()
    return total


def _accumulate_by_grad(discriminator, d_loss_fn, penalty, real, fake, k):
    weights = list(discriminator.parameters())
    sums, losses, begin = [torch.zeros_like(w) for w in weights], [], 0
    for part in range(k):
        end = (part + 1) * len(real) // k
        mine = real[begin:end], fake[begin:end]
        loss = d_loss_fn(*map(discriminator, mine))
        whole = loss + penalty(discriminator, *mine)
        for one, slope in zip(sums, torch.autograd.grad(whole, weights), strict=True):
            one += slope * (end - begin)
        losses.append(loss.detach() * (end - begin))
        begin = end
    for weight, one in zip(weights, sums, strict=True):
        weight.grad = one / len(real)
    return sum(losses) / len(real)


def _accumulate_in_one_call(discriminator, d_loss_fn, penalty, real, fake, k):
    for weight in discriminator.parameters():
        weight.grad = None
    loss_so_far = torch.zeros((), dtype=real.dtype)
    for r, f in zip(torch.tensor_split(real, k), torch.tensor_split(fake, k), strict=True):
        real_logits, fake_logits = discriminator(torch.cat([r, f])).chunk(2)
        loss = d_loss_fn(real_logits, fake_logits) * len(r) / len(real)
        loss.backward()
        (penalty(discriminator, r, f) * len(f) / len(fake)).backward()
        loss_so_far += loss.detach()
    return loss_so_far


def _average_by_vector(gradients, all_reduce, n_processes):
    flat = nn.utils.parameters_to_vector([g.contiguous() for g in gradients])
    flat = flat.clone() / n_processes
    all_reduce(flat)
    begin = 0
    for gradient in gradients:
        end = begin + gradient.numel()
        gradient[...] = flat[begin:end].reshape(gradient.shape)
        begin = end


def _average_by_hstack(gradients, all_reduce, n_processes):
    message = torch.hstack([gradient.reshape(-1) for gradient in gradients]).clone()
    all_reduce(message)
    parts = torch.split(message.div(n_processes), [g.numel() for g in gradients])
    torch._foreach_copy_(
        gradients, [p.view(g.shape) for p, g in zip(parts, gradients, strict=True)]
    )


def _average_with_a_buffer(gradients, all_reduce, n_processes):
    buffer = gradients[0].new_empty(sum(g.numel() for g in gradients))
    place = 0
    for g in gradients:
        buffer[place : place + g.numel()] = g.ravel()
        place += g.numel()
    all_reduce(buffer)
    place = 0
    for g in gradients:
        g.zero_().add_(buffer[place : place + g.numel()].view_as(g), alpha=1 / n_processes)
        place += g.numel()


def _checkpoint_by_clones(networks, optims, rng, step):
    return {
        "step": step,
        "rng": rng.get_state(),
        "networks": {
            name: {key: value.detach().clone() for key, value in net.state_dict().items()}
            for name, net in networks.items()
        },
        "optims": {name: copy.deepcopy(optims[name].state_dict()) for name in optims},
    }


def _checkpoint_part_by_part(networks, optims, rng, step):
    taken = dict(networks={}, optims={})
    for name in networks:
        taken["networks"][name] = copy.deepcopy(networks[name].state_dict())
    for name, optim in optims.items():
        taken["optims"][name] = copy.deepcopy(optim.state_dict())
    taken["rng"], taken["step"] = rng.get_state().clone(), torch.tensor(step)
    return taken


def _checkpoint_through_bytes(networks, optims, rng, step):
    import io

    file = io.BytesIO()
    state = {"networks": {}, "optims": {}, "rng": rng.get_state(), "step": int(step)}
    state["networks"].update({n: m.state_dict() for n, m in networks.items()})
    state["optims"].update({n: o.state_dict() for n, o in optims.items()})
    torch.save(state, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def _bytes_by_list(network, shape):
    layers, sizes, shapes = list(network), [], list(shape)
    tensors = [list(shape)]  # between the layers
    for layer in layers:
        if hasattr(layer, "out_features"):
            shapes = [*shapes[:-1], layer.out_features]
        if hasattr(layer, "out_channels"):
            high, wide = (
                (shapes[axis + 2] + 2 * layer.padding[axis] - layer.kernel_size[axis])
                // layer.stride[axis]
                + 1
                for axis in (0, 1)
            )
            shapes = [shapes[0], layer.out_channels, high, wide]
        if isinstance(layer, nn.Flatten):
            shapes = [shapes[0], math.prod(shapes[1:])]
        tensors.append(list(shapes))
    wanted = [False] * len(tensors)
    for place, layer in enumerate(layers):
        if isinstance(layer, (nn.Conv2d, nn.Linear, nn.LeakyReLU)):
            wanted[place] = True
        elif isinstance(layer, (nn.ReLU, nn.Tanh)):
            wanted[place + 1] = True
    for place, layer in enumerate(layers):
        if isinstance(layer, nn.Flatten) and wanted[place]:
            wanted[place + 1] = False
    for keep, tensor in zip(wanted, tensors, strict=True):
        if keep:
            sizes.append(torch.Size(tensor).numel())
    return sum(sizes) * 4


def _bytes_by_recursion(network, shape):
    def after(layer, size):
        match layer:
            case nn.Linear():
                return (*size[:-1], layer.out_features)
            case nn.Flatten():
                return (size[0], math.prod(size[1:]))
            case nn.Conv2d():
                k, s, p = layer.kernel_size, layer.stride, layer.padding
                high = (size[2] + 2 * p[0] - k[0]) // s[0] + 1
                wide = (size[3] + 2 * p[1] - k[1]) // s[1] + 1
                return (size[0], layer.out_channels, high, wide)
        return size

    def rest(layers, size, kept_already):
        if not layers:
            return 0
        first, *others = layers
        out = after(first, size)
        if isinstance(first, nn.Flatten):
            return rest(others, out, kept_already)
        if isinstance(first, (nn.ReLU, nn.Tanh)):
            return math.prod(out) + rest(others, out, True)
        own = 0 if kept_already else math.prod(size)
        return own + rest(others, out, False)

    return 4.0 * rest(list(network), tuple(shape), False)


def _bytes_by_pointers(network, shape):
    memory = {"x": math.prod(shape)}
    here, saved, n = "x", set(), list(shape)
    for number, layer in enumerate(network):
        kind = type(layer).__name__
        if kind in {"Conv2d", "Linear", "LeakyReLU"}:
            saved.add(here)
        if kind == "Conv2d":
            n[1] = layer.out_channels
            for axis in range(2):
                reach = n[2 + axis] + 2 * layer.padding[axis] - layer.kernel_size[axis]
                n[2 + axis] = reach // layer.stride[axis] + 1
        elif kind == "Linear":
            n[-1] = layer.out_features
        elif kind == "Flatten":
            n = [n[0], math.prod(n[1:])]
            continue
        here = f"{kind} {number}"
        memory[here] = math.prod(n)
        if kind in {"ReLU", "Tanh"}:
            saved.add(here)
    return int(sum(4 * memory[name] for name in saved))


def _stopwatch_by_sorting(work, clock, synchronise, n_warm_up=2, n_rounds=5):
    def once():
        synchronise()
        before = clock()
        work()
        synchronise()
        return clock() - before

    times = sorted([once() for _ in range(n_warm_up + n_rounds)][n_warm_up:])
    low, high = times[(n_rounds - 1) // 2], times[n_rounds // 2]
    return (low + high) / 2


def _stopwatch_by_marks(work, clock, synchronise, n_warm_up=2, n_rounds=5):
    for _ in range(n_warm_up):
        work()
    synchronise()
    marks = [clock()]
    while len(marks) <= n_rounds:
        work()
        synchronise()
        marks.append(clock())
    return statistics.median(b - a for a, b in pairwise(marks))


def _stopwatch_by_torch(work, clock, synchronise, n_warm_up=2, n_rounds=5):
    seconds = torch.zeros(n_rounds, dtype=torch.float64)
    for turn in range(-n_warm_up, n_rounds):
        synchronise()
        begin = clock()
        work()
        synchronise()
        if turn >= 0:
            seconds[turn] = clock() - begin
    return seconds.quantile(0.5).item()


ANSWERS = {
    "amp_step": {
        "torch's own scaler, one call of D": _amp_by_torchs_scaler,
        "autograd.grad, penalty first": _amp_by_hand,
        "two backwards, a flag": _amp_by_flag,
    },
    "accumulate": {
        "by rows": _accumulate_by_index,
        "gradients added by hand": _accumulate_by_grad,
        "reals and fakes in one call, two backwards": _accumulate_in_one_call,
    },
    "average_gradients": {
        "divided before": _average_by_vector,
        "hstack": _average_by_hstack,
        "a buffer": _average_with_a_buffer,
    },
    "take_checkpoint": {
        "clones": _checkpoint_by_clones,
        "part by part": _checkpoint_part_by_part,
        "through a file": _checkpoint_through_bytes,
    },
    "activation_bytes": {
        "marks between the layers": _bytes_by_list,
        "recursion": _bytes_by_recursion,
        "names of memory": _bytes_by_pointers,
    },
    "stopwatch": {
        "sorted, warm rounds cut off": _stopwatch_by_sorting,
        "marks": _stopwatch_by_marks,
        "a tensor of seconds": _stopwatch_by_torch,
    },
}
