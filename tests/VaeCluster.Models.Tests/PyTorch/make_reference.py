"""Writes reference.json: loss, terms and gradients of VAEs in eager PyTorch, float64. Weights, images and noise come from integer
arithmetic that the tests reproduce exactly. Run by hand with any PyTorch:  python3 make_reference.py > reference.json
Five small models store all gradients; the others store the norm and some elements of each gradient."""
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


def weighted(kind, fields, log_weights, fixed, before, weights):
    """Minus the bounds with importance weights, and their gradients. log_weights and fixed: [batch, samples], fixed with q's parameters
    held inside log q; before: log p(z) with z held, through which a prior made of the encoder learns. Returns the loss after its backward pass."""
    samples = log_weights.shape[1]
    groups = fields.get("groups", 1)
    each = torch.logsumexp(log_weights.reshape(-1, groups, samples // groups), dim=2) - np.log(samples // groups)
    whole = torch.logsumexp(log_weights, dim=1) - np.log(samples)
    if kind == "miwae":
        loss = -each.mean(dim=1).sum()
    elif kind == "ciwae":
        loss = -(fields["share"] * log_weights.mean(dim=1) + (1 - fields["share"]) * whole).sum()
    else:
        loss = -whole.sum()
    encoder = [tensor for name, tensor in weights.items() if name.startswith("encoder")]
    if kind == "piwae":
        gradients = torch.autograd.grad(-each.mean(dim=1).sum(), encoder, retain_graph=True)
    elif fields.get("estimator") == "dreg":
        share = torch.softmax(log_weights, dim=1).detach()
        gradients = torch.autograd.grad(-(share**2 * fixed + share * before).sum(), encoder, retain_graph=True)
    else:
        gradients = None
    loss.backward()
    for tensor, gradient in zip(encoder, gradients or []):
        tensor.grad = gradient
    return loss


def kernel(kind, a, b):
    distance = ((a[:, None] - b[None]) ** 2).sum(dim=2)
    width = 2 * a.shape[1]
    if kind == "rbf":
        return torch.exp(-distance / width)
    return sum(width * scale / (width * scale + distance) for scale in (0.1, 0.2, 0.5, 1, 2, 5, 10))


def discrepancy(kind, z, prior):
    """The unbiased squared maximum mean discrepancy."""
    count = z.shape[0]
    others = 1 - torch.eye(count)
    within = ((kernel(kind, z, z) + kernel(kind, prior, prior)) * others).sum() / (count * (count - 1))
    return within - 2 * kernel(kind, z, prior).mean()


def coupled(kind, fields, mean, log_variance, z, prior, reconstruction, kl):
    """The loss of objectives that look at the whole batch, summed over its examples."""
    count, latent = mean.shape
    bound = reconstruction + kl.sum()
    if kind == "beta-tcvae":
        density = torch.distributions.Normal(mean[None], torch.exp(0.5 * log_variance)[None]).log_prob(z[:, None])
        joint = torch.logsumexp(density.sum(dim=2), dim=1) - np.log(count)
        marginal = (torch.logsumexp(density, dim=1) - np.log(count)).sum(dim=1)
        return bound + (fields["beta"] - 1) * (joint - marginal).sum()
    if kind in ("dip-vae-i", "dip-vae-ii"):
        centred = mean - mean.mean(dim=0)
        covariance = centred.T @ centred / count
        if kind == "dip-vae-ii":
            covariance = covariance + torch.diag(log_variance.exp().mean(dim=0))
        diagonal = torch.diagonal(covariance)
        off = covariance - torch.diag(diagonal)
        penalty = fields["lambdaOffDiagonal"] * (off**2).sum() + fields["lambdaDiagonal"] * ((diagonal - 1) ** 2).sum()
        return bound + count * penalty
    if kind == "info-vae":
        weight = fields["alpha"] + fields["lambda"] - 1
        return reconstruction + (1 - fields["alpha"]) * kl.sum() + count * weight * discrepancy(fields["kernel"], z, prior)
    if kind == "wae-mmd":
        return reconstruction + count * fields["lambda"] * discrepancy(fields["kernel"], z, prior)
    if kind == "capacity":
        return reconstruction + count * fields["gamma"] * (kl.sum() / count - fields["to"]).abs()
    if fields.get("penalty") == "l1":
        return reconstruction + fields["weight"] * mean.abs().sum()
    if fields.get("penalty") == "sparse-kl":
        rho, activity = torch.tensor(fields["rho"]), mean.mean(dim=0)
        distance = rho * torch.log(rho / activity) + (1 - rho) * torch.log((1 - rho) / (1 - activity))
        return reconstruction + count * fields["weight"] * distance.sum()
    if kind == "free-bits":
        return reconstruction + count * kl.mean(dim=0).clamp(min=fields["lambda"]).sum()
    return reconstruction


def run(pixels, hidden, latent, batch, likelihood, beta, sigma, sampled, objective=None, prior=None, posterior=None):
    kind, fields = objective or ("vae", {"beta": beta})
    samples = 2 if kind == "info-vae" else fields.get("samples", 1) * fields.get("groups", 1)
    varies = kind not in ("ae", "wae-mmd")
    outputs = 2 * pixels if likelihood == "gaussian" else pixels
    flow, steps = (posterior["kind"], posterior["steps"]) if posterior else (None, 0)
    context_size = steps * (2 * latent + 1) if flow == "planar" else posterior["context"] if flow else 0
    shapes = layers([pixels, *hidden, 2 * latent + context_size if varies else latent], "encoder")
    shapes += layers([latent, *reversed(hidden), outputs], "decoder")
    if likelihood == "gaussian-shared":
        shapes.append(("likelihood.log_variance", (1,), 16))
    if prior and prior["kind"] == "mixture":
        shapes.append(("prior.mean", (prior["components"], latent), 1))
        shapes += [(f"prior.{name}", (prior["components"], size), 16) for name, size in (("log_variance", latent), ("logit", 1))]
    if prior and prior["kind"] == "vamp":
        shapes.append(("prior.pseudo_inputs", (prior["components"], 1, 1, pixels), 1))
    for step in range(steps if flow == "iaf" else 0):
        units = posterior["hidden"]
        for name, size in (("hidden", (units, latent)), ("context", (units, context_size)), ("output", (2 * latent, units))):
            shapes.append((f"posterior.{step}.{name}.weight", size, size[1]))
            shapes.append((f"posterior.{step}.{name}.bias", (size[0],), size[1]))
    weights = {}
    for salt, (name, shape, fan_in) in enumerate(shapes):
        values = hashed(int(np.prod(shape)), salt).astype(np.float64) * (1.0 / np.sqrt(fan_in))
        weights[name] = torch.tensor(values.astype(np.float32).astype(np.float64).reshape(shape), requires_grad=True)
    x = torch.tensor(np.abs(hashed(batch * pixels, 1001)).astype(np.float64).reshape(batch, pixels))
    noise = torch.tensor((hashed(batch * samples * latent, 1002) * np.float32(1.5)).astype(np.float64).reshape(batch, samples, latent))

    def stack(value, prefix, depth):
        for i in range(depth):
            value = F.linear(value, weights[f"{prefix}.{i}.weight"], weights[f"{prefix}.{i}.bias"])
            value = torch.relu(value) if i < depth - 1 else value
        return value

    depth = len(hidden) + 1
    code = stack(x, "encoder", depth)
    mean, log_variance = (code[:, :latent], code[:, latent:2 * latent].clamp(-30, 20)) if varies else (code, torch.full_like(code, -torch.inf))
    if fields.get("penalty") == "sparse-kl":
        mean = torch.sigmoid(mean)

    def log_prior(z, held=False):
        if not prior:
            return torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(dim=1)
        if prior["kind"] == "mixture":
            logits = weights["prior.logit"][:, 0]
            centre, spread = weights["prior.mean"], weights["prior.log_variance"]
        else:
            pseudo = stack(torch.sigmoid(weights["prior.pseudo_inputs"]).reshape(-1, pixels), "encoder", depth)
            logits, centre, spread = torch.zeros(prior["components"]), pseudo[:, :latent], pseudo[:, latent:2 * latent]
        if held:
            logits, centre, spread = logits.detach(), centre.detach(), spread.detach()
        components = torch.distributions.Normal(centre, torch.exp(0.5 * spread.clamp(-30, 20)))
        mixture = torch.distributions.MixtureSameFamily(
            torch.distributions.Categorical(logits=logits), torch.distributions.Independent(components, 1))
        return mixture.log_prob(z)

    def transform(z):
        """What the flow makes of z, and its log-determinant by automatic differentiation: the Jacobian of each example."""
        context = code[:, 2 * latent:]

        def one(point, features):
            for step in range(steps):
                if flow == "planar":
                    u, w, b = features[step * (2 * latent + 1):(step + 1) * (2 * latent + 1)].split([latent, latent, 1])
                    product = w @ u
                    u = u + (F.softplus(product) - 1 - product) * w / (w @ w + 1e-6)
                    point = point + u * torch.tanh(w @ point + b)
                else:
                    name = f"posterior.{step}"
                    order = torch.arange(1, latent + 1)
                    order = order.flip(0) if step % 2 else order
                    degrees = torch.arange(posterior["hidden"]) % latent
                    seen = (order[None] <= degrees[:, None]).double()
                    reached = (degrees[None] < torch.cat([order, order])[:, None]).double()
                    units = F.linear(point, weights[f"{name}.hidden.weight"] * seen, weights[f"{name}.hidden.bias"])
                    units = units + F.linear(features, weights[f"{name}.context.weight"], weights[f"{name}.context.bias"])
                    outputs = F.linear(torch.tanh(units), weights[f"{name}.output.weight"] * reached, weights[f"{name}.output.bias"])
                    share = torch.sigmoid(outputs[latent:] + 1.5)
                    point = share * point + (1 - share) * outputs[:latent]
            return point

        moved = torch.stack([one(point, features) for point, features in zip(z, context)])
        jacobians = [torch.autograd.functional.jacobian(lambda point: one(point, features), start, create_graph=True)
                     for start, features in zip(z, context)]
        return moved, torch.stack([torch.linalg.slogdet(jacobian)[1] for jacobian in jacobians])

    reconstructions, log_weights, fixed, estimates, learns = [], [], [], [], []
    for sample in range(samples):
        z = start = mean + torch.exp(0.5 * log_variance) * noise[:, sample]
        log_determinant = 0.0
        if flow:
            z, log_determinant = transform(start)
        first = z if sample == 0 else first
        decoded = stack(z, "decoder", depth)
        if likelihood == "bernoulli":
            reconstruction = F.binary_cross_entropy_with_logits(decoded, x, reduction="none").sum(dim=1)
        else:
            if likelihood == "gaussian":
                decoded, pixel = decoded.chunk(2, dim=1)
            elif likelihood == "gaussian-shared":
                pixel = weights["likelihood.log_variance"].expand_as(decoded)
            else:
                pixel = torch.full_like(decoded, 2 * np.log(sigma))
            pixel = pixel.clamp(np.log(1e-4), 20)
            reconstruction = -torch.distributions.Normal(decoded, torch.exp(0.5 * pixel)).log_prob(x).sum(dim=1)
        reconstructions.append(reconstruction)
        if prior or flow:
            density = torch.distributions.Normal(mean, torch.exp(0.5 * log_variance)).log_prob(start).sum(dim=1) - log_determinant
            estimates.append(density - log_prior(z))
        if kind not in ("iwae", "miwae", "ciwae", "piwae"):
            continue
        before = log_prior(z)
        after = torch.distributions.Normal(mean, torch.exp(0.5 * log_variance)).log_prob(start).sum(dim=1) - log_determinant
        held = torch.distributions.Normal(mean.detach(), torch.exp(0.5 * log_variance).detach()).log_prob(z).sum(dim=1)
        log_weights.append(-reconstruction + before - after)
        fixed.append(-reconstruction + log_prior(z, held=True) - held)
        learns.append(log_prior(z.detach()))
    reconstruction = reconstructions[0].sum()
    kl_per_dimension = 0.5 * (mean**2 + log_variance.exp() - log_variance - 1) if varies else 0 * mean
    kl = kl_per_dimension.sum()
    if prior or flow:
        # The bounds with importance weights report the first sample's, the others the mean.
        kl = torch.stack(estimates).mean(dim=0).sum() if kind == "vae" else estimates[0].sum()
    if kind == "vae" and (prior or flow):
        loss = torch.stack(reconstructions).mean(dim=0).sum() + beta * kl
        loss.backward()
    elif kind == "vae":
        loss = reconstruction + beta * kl
        loss.backward()
    elif kind in ("iwae", "miwae", "ciwae", "piwae"):
        loss = weighted(kind, fields, torch.stack(log_weights, dim=1), torch.stack(fixed, dim=1), torch.stack(learns, dim=1), weights)
    else:
        loss = coupled(kind, fields, mean, log_variance, first, noise[:, -1], reconstruction, kl_per_dimension)
        loss.backward()
    gradients = {}
    for name, tensor in weights.items():
        g = tensor.grad.numpy().reshape(-1)
        places = np.arange(g.size) if not sampled else (np.arange(48, dtype=np.int64) * 7919) % g.size
        gradients[name] = {"norm": float(np.linalg.norm(g)), "places": places.tolist(), "values": g[places].tolist()}
    return {
        "pixels": pixels, "hidden": hidden, "latent": latent, "batch": batch, "likelihood": likelihood, "beta": beta, "sigma": sigma,
        "objective": {"kind": kind, **fields}, **({"prior": prior} if prior else {}),
        **({"posterior": posterior} if posterior else {}),
        "loss": loss.item(), "reconstruction": reconstruction.item(), "kl": kl.item(), "gradients": gradients,
    }


cases = [run(36, [12], 3, 5, name, 1.0, 0.5, False) for name in ("bernoulli", "gaussian", "gaussian-shared", "gaussian-fixed")]
cases.append(run(36, [14, 9], 3, 5, "bernoulli", 4.0, 1.0, False))
cases.append(run(784, [400], 20, 32, "bernoulli", 1.0, 1.0, True))
for objective in (
    ("iwae", {"samples": 5, "estimator": "reparameterized"}),
    ("iwae", {"samples": 5, "estimator": "dreg"}),
    ("miwae", {"samples": 3, "groups": 2}),
    ("ciwae", {"samples": 4, "share": 0.3}),
    ("piwae", {"samples": 3, "groups": 2}),
    ("ae", {}),
    ("ae", {"penalty": "l1", "weight": 0.7}),
    ("ae", {"penalty": "sparse-kl", "weight": 3.0, "rho": 0.1}),
    ("capacity", {"gamma": 5.0, "from": 2.0, "to": 2.0}),
    ("free-bits", {"lambda": 0.018}),
    ("beta-tcvae", {"beta": 4.0}),
    ("dip-vae-i", {"lambdaOffDiagonal": 3.0, "lambdaDiagonal": 7.0}),
    ("dip-vae-ii", {"lambdaOffDiagonal": 3.0, "lambdaDiagonal": 7.0}),
    ("info-vae", {"alpha": 0.3, "lambda": 50.0, "kernel": "rbf"}),
    ("wae-mmd", {"lambda": 50.0, "kernel": "imq"}),
):
    cases.append(run(36, [12], 3, 5, "bernoulli", 1.0, 1.0, True, objective))
for prior in ({"kind": "mixture", "components": 4}, {"kind": "vamp", "components": 5}):
    for objective in (
        ("vae", {"beta": 1.5, "samples": 2}),
        ("iwae", {"samples": 3, "estimator": "reparameterized"}),
        ("iwae", {"samples": 3, "estimator": "dreg"}),
    ):
        cases.append(run(36, [12], 3, 5, "bernoulli", objective[1].get("beta", 1.0), 1.0, True, objective, prior))
for posterior in ({"kind": "planar", "steps": 3}, {"kind": "iaf", "steps": 3, "hidden": 7, "context": 4}):
    for objective, prior in (
        (("vae", {"beta": 1.5, "samples": 2}), None),
        (("iwae", {"samples": 3, "estimator": "reparameterized"}), {"kind": "mixture", "components": 4}),
    ):
        cases.append(run(36, [12], 3, 5, "bernoulli", objective[1].get("beta", 1.0), 1.0, True, objective, prior, posterior))
json.dump({"torch": torch.__version__, "cases": cases}, sys.stdout)
