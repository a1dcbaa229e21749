"""Writes reference.json: loss, terms and gradients of VAEs in eager PyTorch, float64. Weights, images and noise come from integer
arithmetic that the tests reproduce exactly. Run by hand with any PyTorch:  python3 make_reference.py > reference.json
Small models store all gradients; the 784-400-20 model stores the norm and some elements of each gradient."""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def hashed(count, salt):
    """Numbers in [-1, 1) as float32: a multiplicative hash of the index, exact on every machine."""
    index = np.arange(count, dtype=np.uint64)
    h = (index * np.uint64(2654435761) + np.uint64(salt) * np.uint64(40503) + np.uint64(12345)) % np.uint64(1 << 32)
    h = (h ^ (h >> np.uint64(15))) * np.uint64(2246822519) % np.uint64(1 << 32)
    return (h.astype(np.float64) / float(1 << 31) - 1.0).astype(np.float32)


def layers(sizes, prefix):
    named = []
    for i in range(1, len(sizes)):
        named.append((f"{prefix}.{i - 1}.weight", (sizes[i], sizes[i - 1]), sizes[i - 1]))
        named.append((f"{prefix}.{i - 1}.bias", (sizes[i],), sizes[i - 1]))
    return named


def run(pixels, hidden, latent, batch, likelihood, beta, sigma, sampled):
    outputs = 2 * pixels if likelihood == "gaussian" else pixels
    shapes = layers([pixels, *hidden, 2 * latent], "encoder") + layers([latent, *reversed(hidden), outputs], "decoder")
    if likelihood == "gaussian-shared":
        shapes.append(("likelihood.log_variance", (1,), 16))
    weights = {}
    for salt, (name, shape, fan_in) in enumerate(shapes):
        values = hashed(int(np.prod(shape)), salt).astype(np.float64) * (1.0 / np.sqrt(fan_in))
        weights[name] = torch.tensor(values.astype(np.float32).astype(np.float64).reshape(shape), requires_grad=True)
    x = torch.tensor(np.abs(hashed(batch * pixels, 1001)).astype(np.float64).reshape(batch, pixels))
    noise = torch.tensor((hashed(batch * latent, 1002) * np.float32(1.5)).astype(np.float64).reshape(batch, latent))

    def stack(value, prefix, depth):
        for i in range(depth):
            value = F.linear(value, weights[f"{prefix}.{i}.weight"], weights[f"{prefix}.{i}.bias"])
            value = torch.relu(value) if i < depth - 1 else value
        return value

    depth = len(hidden) + 1
    mean, log_variance = stack(x, "encoder", depth).chunk(2, dim=1)
    log_variance = log_variance.clamp(-30, 20)
    z = mean + torch.exp(0.5 * log_variance) * noise
    decoded = stack(z, "decoder", depth)
    if likelihood == "bernoulli":
        reconstruction = F.binary_cross_entropy_with_logits(decoded, x, reduction="sum")
    else:
        if likelihood == "gaussian":
            decoded, pixel = decoded.chunk(2, dim=1)
        elif likelihood == "gaussian-shared":
            pixel = weights["likelihood.log_variance"].expand_as(decoded)
        else:
            pixel = torch.full_like(decoded, 2 * np.log(sigma))
        pixel = pixel.clamp(np.log(1e-4), 20)
        reconstruction = -torch.distributions.Normal(decoded, torch.exp(0.5 * pixel)).log_prob(x).sum()
    kl = 0.5 * (mean**2 + log_variance.exp() - log_variance - 1).sum()
    loss = reconstruction + beta * kl
    loss.backward()
    gradients = {}
    for name, tensor in weights.items():
        g = tensor.grad.numpy().reshape(-1)
        places = np.arange(g.size) if not sampled else (np.arange(48, dtype=np.int64) * 7919) % g.size
        gradients[name] = {"norm": float(np.linalg.norm(g)), "places": places.tolist(), "values": g[places].tolist()}
    return {
        "pixels": pixels, "hidden": hidden, "latent": latent, "batch": batch, "likelihood": likelihood, "beta": beta, "sigma": sigma,
        "loss": loss.item(), "reconstruction": reconstruction.item(), "kl": kl.item(), "gradients": gradients,
    }


cases = [run(36, [12], 3, 5, name, 1.0, 0.5, False) for name in ("bernoulli", "gaussian", "gaussian-shared", "gaussian-fixed")]
cases.append(run(36, [14, 9], 3, 5, "bernoulli", 4.0, 1.0, False))
cases.append(run(784, [400], 20, 32, "bernoulli", 1.0, 1.0, True))
json.dump({"torch": torch.__version__, "cases": cases}, sys.stdout)
