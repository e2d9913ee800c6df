import { expect, it } from "vitest";
import type { NetworkView, ProjectView } from "../../files/project-view.ts";
import { tunedOutputs } from "./tuned-outputs.ts";

function network(sha256: string, accuracies: Readonly<Record<string, number>>, tunedFrom?: string) {
  const outputs = Object.entries(accuracies).map(([place, accuracy]) =>
    place === "own"
      ? { cutPoint: null, head: null, accuracy }
      : { cutPoint: place, head: "linear", accuracy },
  );
  return { backbone: { sha256, output: { name: "logits" } }, outputs, tunedFrom } as unknown as NetworkView;
}

const backbone = network("big", { a: 0.5, b: 0.625, own: 0.875 });
const small = network("small", { a: 0.25, own: 0.75 });
const project = (members: readonly NetworkView[]) => ({ ...backbone, members }) as unknown as ProjectView;

it("sets each output beside the same one of the network that it was tuned from", () => {
  const tuned = network("big tuned", { b: 0.75, own: 0.8125 }, "big");
  expect(tunedOutputs(project([small, tuned]), tuned)).toEqual([
    { cutPoint: "b", head: "linear", before: 0.625, after: 0.75 },
    { cutPoint: null, head: null, before: 0.875, after: 0.8125 },
  ]);
  const other = network("small tuned", { a: 0.5, c: 0.5, own: 0.75 }, "small");
  expect(tunedOutputs(project([small, other]), other).map(({ before }) => before)).toEqual([
    0.25,
    undefined,
    0.75,
  ]);
});

it("has none of a network that came as it is", () => {
  expect(tunedOutputs(project([small]), small)).toEqual([]);
});
