import { expect, test } from "vitest";
import { type Random, randomInteger, seededRandom, shuffle } from "../base/random.ts";
import { buildChains } from "../chains/build-chains.ts";
import { randomNetworks } from "../chains/testing/made-up-networks.ts";
import { evaluatePlan, routeSamples } from "../evaluate/evaluate-plan.ts";
import { transferMs } from "../model/link.ts";
import type { Profile } from "../model/profile.ts";
import { partitionSpaces } from "../offload/partition-space.ts";
import { type MadeUpOffload, offloadOf, randomOffload } from "../offload/testing/test-offload.ts";
import type { DesignSpace } from "../space/design-space.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";
import { mappings } from "./mappings.ts";
import { planFlow } from "./plan-flow.ts";
import { type Step, simulate } from "./testing/test-simulation.ts";

const shape = { samples: 200, positions: 5, maxExits: 4, levels: 8 };

function randomPlan(random: Random, { space }: DesignSpace): ThresholdedExit[] {
  const exits: ThresholdedExit[] = [];
  space.candidates.forEach(({ position, confidence }, candidate) => {
    const last = exits.at(-1);
    const isFree = !last || space.candidates[last.candidate].position < position;
    if (isFree && random() < 0.4)
      exits.push({ candidate, threshold: confidence[randomInteger(random, space.samples)] });
  });
  return exits;
}

test("firings times their time are the mean latency, on one target and partitioned anywhere", () => {
  const random = seededRandom(7);
  for (let round = 0; round < 40; round++) {
    const { spaceOn, device, offload } = randomOffload(random, shape);
    for (const on of partitionSpaces(spaceOn, device, offload)) {
      const exits = randomPlan(random, on);
      const { latencyMs, exitRates } = evaluatePlan(on.space, exits);
      const flow = planFlow(on, exits);
      expect(Math.abs(flow.expectedMs - latencyMs.mean)).toBeLessThan(1e-9);
      // An actor of stage k fires once per sample that reaches it.
      flow.graph.actors.forEach(({ stage }, actor) => {
        if (stage === undefined) return;
        const reaching = exitRates.slice(stage - 1).reduce((sum, rate) => sum + rate, 0);
        expect(flow.repetitions[actor]).toBeCloseTo(reaching, 9);
      });
      for (const { loads } of flow.throughputs)
        for (const { msPerSample } of loads) expect(msPerSample).toBeGreaterThan(-1e-9);
    }
  }
});

test("firings times their time are the mean latency of a chain as well, on the device alone", () => {
  const random = seededRandom(9);
  for (let round = 0; round < 20; round++)
    for (const on of buildChains(randomNetworks(random, shape, 2), "cheaper-first")) {
      const exits = randomPlan(random, on);
      const flow = planFlow(on, exits);
      expect(flow.expectedMs).toBeCloseTo(evaluatePlan(on.space, exits).latencyMs.mean, 9);
      expect(flow.throughputs[0].loads.map(({ worker }) => worker)).toEqual(["device"]);
    }
});

/**
 * What a sample does at a partition, read off the two profiles and the link: everything that a worker does in a row is
 * one step.
 * @param taken index into the exits
 */
function traceOf(
  { device, offload, spaceOn }: MadeUpOffload,
  { partition }: DesignSpace,
  exits: readonly ThresholdedExit[],
  taken: number,
  perStage: boolean,
): Step[] {
  const { link, places, server, answerBytes } = offload;
  const steps: Step[] = [];
  const work = (site: string, stage: number, ms: number) => {
    const worker = perStage ? `${site} stage ${stage}` : site;
    const last = steps.at(-1);
    if (last?.worker === worker) steps[steps.length - 1] = { worker, ms: last.ms + ms };
    else steps.push({ worker, ms });
  };
  const onDevice = spaceOn(device);
  const onServer = spaceOn(server);
  const prefixAt = (profile: Profile, tensor: string) =>
    profile.prefixes.find(({ cutPoint }) => cutPoint === tensor)?.meanMs ?? 0;
  let crossed = false;
  let doneMs = 0;
  for (let stage = 0; stage <= taken; stage++) {
    const exit = exits.at(stage);
    const position = exit ? onDevice.candidates[exit.candidate].position : Number.POSITIVE_INFINITY;
    if (partition && position > partition.position && !crossed) {
      work("device", stage + 1, prefixAt(device, partition.tensor) - doneMs);
      const { bytes } = places.find(({ tensor }) => tensor === partition.tensor)!;
      steps.push({ worker: "uplink", ms: transferMs(link, bytes) }, { ms: link.latencyMs });
      crossed = true;
      doneMs = prefixAt(server, partition.tensor);
    }
    const side = crossed ? onServer : onDevice;
    const endMs = exit ? side.candidates[exit.candidate].prefixMs : side.backboneMs;
    const headMs = exit ? side.candidates[exit.candidate].headMs : 0;
    work(crossed ? "server" : "device", stage + 1, endMs - doneMs + headMs);
    doneMs = endMs;
  }
  if (crossed) steps.push({ worker: "downlink", ms: transferMs(link, answerBytes) }, { ms: link.latencyMs });
  return steps;
}

test("a discrete-event simulation finds the same latency at low load and the same throughput when saturated", () => {
  const random = seededRandom(11);
  for (let round = 0; round < 6; round++) {
    const space = syntheticSpace(random, { samples: 4000, positions: 5, maxExits: 3, levels: 16 });
    const made = offloadOf(random, space);
    const spaces = partitionSpaces(made.spaceOn, made.device, made.offload);
    const on = spaces[round % spaces.length];
    const exits = randomPlan(random, on);
    const flow = planFlow(on, exits);
    const { exit } = routeSamples(on.space, exits);
    const order = shuffle(
      Uint16Array.from(exit, (_, sample) => sample),
      random,
    );
    for (const [index, { samplesPerSecond }] of flow.throughputs.entries()) {
      const perStage = mappings[index].id === "stages";
      const traces = Array.from(order, (sample) => traceOf(made, on, exits, exit[sample], perStage));
      // Within 1.6 %: the busiest worker waits for the first sample, and now and then for another worker.
      expect(simulate(traces, () => 0).samplesPerSecond / samplesPerSecond).toBeCloseTo(1, 1.5);
      // Poisson arrivals so far apart that one in ten thousand finds somebody before it.
      const gapMs = 1e4 * flow.expectedMs;
      const rare = simulate(traces, () => -gapMs * Math.log(1 - random()));
      expect(rare.meanLatencyMs / flow.expectedMs).toBeCloseTo(1, 3);
    }
  }
});

test("the simulation itself: samples that take 1 ms at two thirds of the load wait 1 ms (M/D/1)", () => {
  const random = seededRandom(3);
  const traces = Array.from({ length: 40_000 }, () => [{ worker: "one", ms: 1 }]);
  const { meanLatencyMs } = simulate(traces, () => -1.5 * Math.log(1 - random()));
  // Pollaczek and Khinchine: half of load / (1 - load) service times of waiting.
  expect(meanLatencyMs).toBeGreaterThan(1.95);
  expect(meanLatencyMs).toBeLessThan(2.05);
});

test("a plan by hand: one core, and a worker per stage", () => {
  const [on] = partitionSpaces(...byHand());
  const exits = [{ candidate: 0, threshold: 0.5 }];
  const { expectedMs, throughputs, repetitions, graph } = planFlow(on, exits);
  // Half of the samples leave at 2 + 1 ms, the others take 10 + 1.
  expect(expectedMs).toBe(7);
  expect(graph.actors.map(({ name }) => name)).toEqual([
    "sample",
    "segment 1",
    "head 1",
    "decision 1",
    "segment 2",
    "answer",
  ]);
  expect(repetitions).toEqual([1, 1, 1, 1, 0.5, 1]);
  expect(throughputs.map(({ samplesPerSecond, bottleneck }) => [samplesPerSecond, bottleneck])).toEqual([
    [1000 / 7, "device"],
    [250, "device stage 2"],
  ]);
});

test("a chain's actors say whose they are, and a network's own output has no head", () => {
  const spaces = buildChains(randomNetworks(seededRandom(1), shape, 2), "cheaper-first");
  const on = spaces.find(({ chain }) => chain?.length === 3)!;
  const [first, second, third] = on.chain!;
  const memberOf = (sha256: string) => (sha256 === "backbone" ? undefined : sha256);
  const candidateIn = (sha256: string, isOutput: boolean) =>
    on.space.candidates.findIndex(
      ({ member, head }) => member === memberOf(sha256) && (head === "output") === isOutput,
    );
  const exits = [candidateIn(first, true), candidateIn(third, false)].map((candidate) => ({
    candidate,
    threshold: 0.5,
  }));
  const { actors } = planFlow(on, exits).graph;
  expect(actors.map(({ name, networks }) => [name, networks])).toEqual([
    ["sample", undefined],
    ["segment 1", [first]],
    ["decision 1", [first]],
    ["segment 2", [second, third]],
    ["head 2", [third]],
    ["decision 2", [third]],
    ["segment 3", [third]],
    ["answer", undefined],
  ]);
  // The backbone alone needs no name.
  expect(planFlow(spaces[0], []).graph.actors.some(({ networks }) => networks)).toBe(false);
});

function byHand(): Parameters<typeof partitionSpaces> {
  const { spaceOn, device, offload } = offloadOf(seededRandom(1), {
    samples: 2,
    candidates: [
      {
        position: 0,
        cutPoint: "a",
        head: "h",
        policy: "top1",
        prefixMs: 2,
        headMs: 1,
        prefixMacs: 0,
        headMacs: 0,
        headBytes: 0,
        confidence: Float32Array.of(0.9, 0.1),
        correct: Uint8Array.of(1, 1),
      },
    ],
    backboneCorrect: Uint8Array.of(1, 1),
    backboneMs: 10,
    backboneMacs: 0,
    backboneBytes: 0,
    maxExits: 1,
    levels: 2,
  });
  return [spaceOn, device, offload];
}
