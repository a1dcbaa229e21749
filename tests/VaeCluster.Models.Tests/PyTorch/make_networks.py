"""Writes networks.json: loss, terms and gradients of VAEs with normalisation, dropout and convolutions in eager PyTorch, float64. The
networks are made of PyTorch's own modules, with the names of an exported file. Weights, images, noise and masks come from the integer
arithmetic of make_reference.py. Run by hand with any PyTorch:  python3 make_networks.py > networks.json"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "leaky-relu": F.leaky_relu, "softplus": F.softplus, "silu": F.silu}


def hashed(count, salt):
    """Numbers in [-1, 1) as float32: a multiplicative hash of the index, exact on every machine."""
    index = np.arange(count, dtype=np.uint64)
    h = (index * np.uint64(2654435761) + np.uint64(salt) * np.uint64(40503) + np.uint64(12345)) % np.uint64(1 << 32)
    h = (h ^ (h >> np.uint64(15))) * np.uint64(2246822519) % np.uint64(1 << 32)
    return (h.astype(np.float64) / float(1 << 31) - 1.0).astype(np.float32)


class Masks:
    """The masks of dropout, layer by layer: (examples, channels)."""

    def __init__(self, rate):
        self.rate, self.count = rate, 0

    def __call__(self, x):
        if not self.rate:
            return x
        drawn = np.abs(hashed(x.shape[0] * x.shape[1], 2000 + self.count)).reshape(x.shape[:2])
        self.count += 1
        kept = np.float32(1) / (np.float32(1) - np.float32(self.rate))
        mask = torch.tensor(np.where(drawn < np.float32(self.rate), np.float32(0), kept).astype(np.float64)).to(x.dtype)
        return x * mask.reshape(*x.shape[:2], *[1] * (x.dim() - 2))


def norms(fields, channels, dense=False):
    kind = fields.get("normalization", "none")
    if kind == "none":
        return []
    if kind == "layer" and dense:
        return [nn.LayerNorm(channels)]
    return [nn.GroupNorm(1 if kind == "layer" else fields.get("groups", 8), channels)]


class Net(nn.Module):
    """Layers in the order of the file; a normalisation is followed by the activation and dropout, as is a layer without one."""

    def __init__(self, fields):
        super().__init__()
        self.activation = ACTIVATIONS[fields.get("activation", "relu")]
        self.encoder, self.decoder = nn.ModuleList(), nn.ModuleList()
        self.map = None

    def run(self, modules, x, drop):
        last = len(modules) - 1
        for i, module in enumerate(modules):
            if isinstance(module, nn.Linear):
                x = x.flatten(1)
            x = module(x)
            if self.map and module is self.to_map:
                x = x.reshape(len(x), *self.map)
            if i < last and not isinstance(modules[i + 1], (nn.LayerNorm, nn.GroupNorm)):
                x = self.activation(x)
                # The first map of a convolutional decoder is a fully connected layer of the decoder.
                x = drop(x)
        return x

    def encode(self, x, drop):
        return self.run(self.encoder, x, drop)

    def decode(self, z, drop):
        return self.run(self.decoder, z, drop)


class Mlp(Net):
    def __init__(self, image, latent, fields):
        super().__init__(fields)
        hidden, pixels = fields["hidden"], int(np.prod(image))
        for modules, sizes in ((self.encoder, [pixels, *hidden, 2 * latent]), (self.decoder, [latent, *reversed(hidden), pixels])):
            for i in range(1, len(sizes)):
                modules.append(nn.Linear(sizes[i - 1], sizes[i]))
                if i < len(sizes) - 1:
                    modules.extend(norms(fields, sizes[i], dense=True))


class Conv(Net):
    def __init__(self, image, latent, fields):
        super().__init__(fields)
        layers, hidden = fields["layers"], fields["hidden"]
        channels, rows, columns = image
        for layer in layers:
            kernel, stride, padding = layer.get("kernel", 4), layer.get("stride", 2), layer.get("padding", 1)
            self.encoder.append(nn.Conv2d(channels, layer["channels"], kernel, stride, padding))
            self.encoder.extend(norms(fields, layer["channels"]))
            channels = layer["channels"]
            rows, columns = ((size + 2 * padding - kernel) // stride + 1 for size in (rows, columns))
        self.map = (channels, rows, columns)
        sizes = [channels * rows * columns, *hidden, 2 * latent]
        for i in range(1, len(sizes)):
            self.encoder.append(nn.Linear(sizes[i - 1], sizes[i]))
            if i < len(sizes) - 1:
                self.encoder.extend(norms(fields, sizes[i], dense=True))
        sizes = [latent, *reversed(hidden), channels * rows * columns]
        for i in range(1, len(sizes)):
            self.decoder.append(nn.Linear(sizes[i - 1], sizes[i]))
            self.decoder.extend(norms(fields, sizes[i], dense=True) if i < len(sizes) - 1 else norms(fields, channels))
            if i == len(sizes) - 1:
                self.to_map = [module for module in self.decoder if isinstance(module, nn.Linear)][-1]
        below = [image[0], *(layer["channels"] for layer in layers)]
        for i in range(len(layers) - 1, -1, -1):
            kernel, stride, padding = (layers[i].get(key, value) for key, value in (("kernel", 4), ("stride", 2), ("padding", 1)))
            self.decoder.append(nn.ConvTranspose2d(below[i + 1], below[i], kernel, stride, padding))
            if i > 0:
                self.decoder.extend(norms(fields, below[i]))


class Block(nn.Module):
    def __init__(self, channels, groups, activation):
        super().__init__()
        self.norm1, self.conv1 = nn.GroupNorm(groups, channels), nn.Conv2d(channels, channels, 3, 1, 1)
        self.norm2, self.conv2 = nn.GroupNorm(groups, channels), nn.Conv2d(channels, channels, 3, 1, 1)
        self.activation = activation

    def forward(self, x, drop):
        inner = self.conv1(self.activation(self.norm1(x)))
        return x + self.conv2(drop(self.activation(self.norm2(inner))))


class ResNet(Net):
    def __init__(self, image, latent, fields):
        super().__init__({"activation": "silu", **fields})
        channels, blocks, stem = fields["channels"], fields.get("blocks", 1), fields.get("stem", 1)
        self.pools, self.transposes = (fields.get(key) in ("average", "transposed") for key in ("downsampling", "upsampling"))
        factor = stem * 2 ** (len(channels) - 1)
        self.map = (channels[-1], image[1] // factor, image[2] // factor)
        flat = int(np.prod(self.map))

        def level(width):
            return [Block(width, fields.get("groups", 8), self.activation) for _ in range(blocks)]

        def up(from_, to):
            return nn.ConvTranspose2d(from_, to, 4, 2, 1) if self.transposes else nn.Sequential(
                nn.Upsample(scale_factor=2), nn.Conv2d(from_, to, 3, 1, 1))

        def named(modules):
            # A file numbers what has parameters, so an enlarging convolution is added without its container.
            return nn.ModuleList([module[1] if isinstance(module, nn.Sequential) else module for module in modules])

        encoder, decoder = [nn.Conv2d(image[0], channels[0], 3, stem, 1)], [nn.Linear(latent, flat)]
        for i, width in enumerate(channels):
            if i > 0:
                encoder.append(nn.Conv2d(channels[i - 1], width, 3, 1 if self.pools else 2, 1))
            encoder += level(width)
        encoder += [nn.GroupNorm(fields.get("groups", 8), channels[-1]), nn.Linear(flat, 2 * latent)]
        for i in range(len(channels) - 1, -1, -1):
            decoder += level(channels[i])
            if i > 0:
                decoder.append(up(channels[i], channels[i - 1]))
        decoder.append(nn.GroupNorm(fields.get("groups", 8), channels[0]))
        decoder.append(nn.Conv2d(channels[0], image[0], 3, 1, 1) if stem == 1 else up(channels[0], image[0]))
        self.enlarging = {module[1] for module in decoder if isinstance(module, nn.Sequential)}
        self.encoder, self.decoder = named(encoder), named(decoder)

    def run(self, modules, x, drop):
        for i, module in enumerate(modules):
            if isinstance(module, Block):
                x = module(x, drop)
            elif isinstance(module, nn.GroupNorm):
                x = self.activation(module(x))
            elif isinstance(module, nn.Linear):
                x = module(x.flatten(1))
                x = x.reshape(len(x), *self.map) if modules is self.decoder else x
            else:
                if module in self.enlarging:
                    x = F.interpolate(x, scale_factor=2)
                elif modules is self.encoder and i > 0 and self.pools:
                    x = F.avg_pool2d(x, 2)
                x = module(x)
        return x


NETWORKS = {"mlp": Mlp, "conv": Conv, "resnet": ResNet}


def fan_ins(model):
    """What a parameter's initial values are scaled by: PyTorch's fan-in, and 16 for those of a normalisation."""
    found = {}
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            fan_in = module.in_features
        elif isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            fan_in = module.weight.shape[1] * module.kernel_size[0] ** 2
        elif isinstance(module, (nn.LayerNorm, nn.GroupNorm)):
            fan_in = 16
        else:
            continue
        found[f"{name}.weight"] = found[f"{name}.bias"] = fan_in
    return found


def case(architecture, image, latent, batch, **fields):
    model = NETWORKS[architecture](image, latent, fields)
    scales = fan_ins(model)
    for salt, (name, parameter) in enumerate(model.named_parameters()):
        values = hashed(parameter.numel(), salt).astype(np.float64) * (1.0 / np.sqrt(scales[name]))
        parameter.data = torch.tensor(values.astype(np.float32).astype(np.float64)).reshape(parameter.shape)
    x = torch.tensor(np.abs(hashed(batch * int(np.prod(image)), 1001)).astype(np.float64).reshape(batch, *image))
    noise = torch.tensor((hashed(batch * latent, 1002) * np.float32(1.5)).astype(np.float64).reshape(batch, latent))
    drop = Masks(fields.get("dropout", 0))
    code = model.encode(x, drop)
    mean, log_variance = code[:, :latent], code[:, latent:].clamp(-30, 20)
    decoded = model.decode(mean + torch.exp(0.5 * log_variance) * noise, drop)
    reconstruction = F.binary_cross_entropy_with_logits(decoded.flatten(1), x.flatten(1), reduction="sum")
    kl = 0.5 * (mean**2 + log_variance.exp() - log_variance - 1).sum()
    (reconstruction + kl).backward()
    gradients = {}
    for name, parameter in model.named_parameters():
        g = parameter.grad.numpy().reshape(-1)
        places = (np.arange(12, dtype=np.int64) * 7919) % g.size
        gradients[name] = {"norm": float(np.linalg.norm(g)), "places": places.tolist(), "values": g[places].tolist()}
    return {
        "architecture": architecture, "fields": fields, "image": image, "latent": latent, "batch": batch,
        "loss": (reconstruction + kl).item(), "reconstruction": reconstruction.item(), "kl": kl.item(), "gradients": gradients,
    }


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    two = [{"channels": 8, "kernel": 4, "stride": 2}, {"channels": 12, "kernel": 3, "stride": 1}]
    cases = [
        case("mlp", (1, 6, 6), 3, 5, hidden=[12, 10], activation="silu", normalization="layer"),
        case("mlp", (1, 6, 6), 3, 5, hidden=[12, 20], activation="relu", normalization="group", groups=4),
        case("mlp", (1, 6, 6), 3, 5, hidden=[12, 10], activation="tanh", dropout=0.3),
        case("mlp", (1, 6, 6), 3, 5, hidden=[12], activation="relu", normalization="layer", dropout=0.5),
        case("conv", (3, 8, 8), 3, 4, layers=two, hidden=[16], activation="relu", normalization="group", groups=4),
        case("conv", (1, 8, 8), 3, 4, layers=two, hidden=[16], activation="silu", normalization="layer"),
        case("conv", (3, 8, 8), 3, 4, layers=two, hidden=[16], activation="leaky-relu", dropout=0.25),
        case("conv", (1, 8, 8), 3, 4, layers=two, hidden=[16, 8], activation="silu", normalization="group", groups=2, dropout=0.25),
        case("resnet", (3, 8, 8), 3, 4, channels=[4, 8], groups=2),
        case("resnet", (1, 8, 8), 3, 4, channels=[4, 6, 8], groups=2, blocks=2, activation="relu", downsampling="average",
             upsampling="transposed"),
        case("resnet", (3, 16, 8), 3, 3, channels=[4, 8], groups=2, stem=2, dropout=0.25),
        case("resnet", (1, 8, 8), 3, 4, channels=[6], groups=3, stem=2, upsampling="transposed", activation="tanh"),
    ]
    json.dump({"torch": torch.__version__, "cases": cases}, sys.stdout)
