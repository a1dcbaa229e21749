"""Makes optimizers.json: weights and their moving average after some updates by PyTorch's optimisers in float64, with given gradients.
Run it by hand with any PyTorch:  python3 make_optimizers.py > optimizers.json"""
import json
import sys

import torch
from torch.optim.swa_utils import AveragedModel

UPDATES, LENGTH, DECAY = 12, 19, 0.9
torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
START = torch.randn(LENGTH).float().double()
GRADIENTS = [(torch.randn(LENGTH) * 10.0 ** float(torch.randint(-2, 2, ()))).float().double() for _ in range(UPDATES)]

# Name and fields in a run file, and the same in PyTorch. An empty map means the defaults of both, except for the learning rate.
CASES = [
    ("sgd", {"momentum": 0.9, "weightDecay": 0.1}, torch.optim.SGD, {"momentum": 0.9, "weight_decay": 0.1}),
    ("sgd", {"momentum": 0.9, "nesterov": True}, torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    ("adam", {}, torch.optim.Adam, {}),
    ("adam", {"weightDecay": 0.1}, torch.optim.Adam, {"weight_decay": 0.1}),
    ("adamw", {}, torch.optim.AdamW, {}),
    ("rmsprop", {}, torch.optim.RMSprop, {}),
    ("rmsprop", {"alpha": 0.9, "epsilon": 0.001, "weightDecay": 0.1}, torch.optim.RMSprop,
     {"alpha": 0.9, "eps": 0.001, "weight_decay": 0.1}),
    ("rmsprop", {"momentum": 0.9}, torch.optim.RMSprop, {"momentum": 0.9}),
    ("rmsprop", {"centered": True}, torch.optim.RMSprop, {"centered": True}),
    ("rmsprop", {"momentum": 0.5, "centered": True, "weightDecay": 0.1}, torch.optim.RMSprop,
     {"momentum": 0.5, "centered": True, "weight_decay": 0.1}),
    ("adagrad", {}, torch.optim.Adagrad, {}),
    ("adagrad", {"learningRateDecay": 0.1, "initialAccumulator": 0.5, "weightDecay": 0.1}, torch.optim.Adagrad,
     {"lr_decay": 0.1, "initial_accumulator_value": 0.5, "weight_decay": 0.1}),
]


def run(name, fields, optimizer, arguments):
    module = torch.nn.Linear(LENGTH, 1, bias=False)
    module.weight.data.copy_(START)
    average = AveragedModel(module, avg_fn=lambda a, w, _: DECAY * a + (1 - DECAY) * w)
    rule = optimizer(module.parameters(), lr=0.01, **arguments)
    for gradient in GRADIENTS:
        module.weight.grad = gradient.clone().reshape(1, -1)
        rule.step()
        average.update_parameters(module)
    weights = module.weight.detach().reshape(-1).tolist()
    return {"name": name, "fields": fields, "weights": weights, "average": average.module.weight.detach().reshape(-1).tolist()}


json.dump({
    "torch": torch.__version__, "learningRate": 0.01, "decay": DECAY, "start": START.tolist(), "gradients": [g.tolist() for g in GRADIENTS],
    "cases": [run(*case) for case in CASES],
}, sys.stdout)
