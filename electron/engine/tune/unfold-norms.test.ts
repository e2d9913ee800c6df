import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { assetPath } from "../base/assets.ts";
import { noTorch, torchPython } from "./testing/find-torch.ts";

/** A grouped, a depthwise and a biasless convolution, and two that share their biases. */
const script = `
import json, sys, torch
from torch import nn
sys.path.insert(0, sys.argv[1])
from norms import Normalised, folded_state, unfold_norms

class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.grouped = nn.Conv2d(4, 8, 3, groups=2)
        self.depthwise = nn.Conv2d(8, 8, 3, groups=8)
        self.plain = nn.Conv2d(8, 8, 1, bias=False)
        self.one = nn.Conv2d(8, 8, 1)
        self.other = nn.Conv2d(8, 8, 1)
        self.other.bias = self.one.bias

    def forward(self, image):
        return self.other(self.one(self.plain(self.depthwise(self.grouped(image)))))

torch.manual_seed(1)
torch.set_num_threads(1)
network, images = Network().eval(), torch.randn(6, 4, 8, 8)
with torch.no_grad():
    before = network(images)
    unfold_norms(network, [images])
    unfolded = network(images)
    normalised = [name for name, layer in network.named_children() if isinstance(layer, Normalised)]
    for name in normalised:
        getattr(network, name).norm.weight *= 1.5
    changed = network(images)
    state = folded_state(network)
    again = Network().eval()
    again.load_state_dict({name: torch.from_numpy(values) for name, values in state.items()})
    off = lambda values, wanted: ((values - wanted).abs().max() / wanted.abs().max()).item()
    print(json.dumps(dict(normalised=normalised, unfolded=off(unfolded, before), moved=off(changed, before), folded=off(again(images), changed))))
`;

test("norms are put behind each convolution that has its biases alone, change nothing, and are folded back exactly", (context) => {
  context.skip(torchPython === undefined, noTorch);
  const run = spawnSync(torchPython!, ["-c", script, assetPath("tune")], {
    encoding: "utf8",
    env: { ...process.env, OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" },
  });
  expect(run.status, run.stderr).toBe(0);
  const found = JSON.parse(run.stdout);
  expect(found.normalised).toEqual(["grouped", "depthwise"]);
  expect(found.unfolded).toBeLessThan(1e-5);
  // Trained norms do change it, and what they do is in the folded weights.
  expect(found.moved).toBeGreaterThan(0.1);
  expect(found.folded).toBeLessThan(1e-5);
});
