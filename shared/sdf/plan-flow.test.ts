import { expect, test } from "vitest";
import { type Random, randomInteger, seededRandom, shuffle } from "../base/random.ts";
import { buildChains } from "../chains/build-chains.ts";
import type { MemberLatencies } from "../chains/chain-network.ts";
import { bigAndLittle, inputsOf, randomNetworks } from "../chains/testing/made-up-networks.ts";
import { evaluatePlan, routeSamples } from "../evaluate/evaluate-plan.ts";
import { transferMs } from "../model/link.ts";
import { outputHead } from "../model/plan.ts";
import { designSpaces, type OffloadedNetwork } from "../offload/partition-space.ts";
import { type MadeUpOffload, offloadOf, randomOffload } from "../offload/testing/test-offload.ts";
import { type DesignSpace, spaceOfPlan } from "../space/design-space.ts";
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

test("firings times their time are the mean latency, on one target and partitioned anywhere, of a chain too", () => {
  const random = seededRandom(7);
  for (let round = 0; round < 40; round++) {
    const { inputs, offload } =
      round % 2 === 0 ? randomOffload(random, shape) : offloadOf(random, randomNetworks(random, shape, 1));
    for (const on of designSpaces(inputs, "cheaper-first", offload)) {
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

/** A network of a chain on both targets. */
interface Network {
  readonly device: MemberLatencies;
  readonly server: MemberLatencies;
  readonly offloaded: OffloadedNetwork;
}

function networksOf({ inputs, offload }: MadeUpOffload, { chain }: DesignSpace): Network[] {
  return (chain ?? [inputs.backboneSha256]).map((sha256) => {
    const member = inputs.members?.find((own) => own.sha256 === sha256);
    const offloaded = member ? offload.members.find((own) => own.sha256 === sha256)! : offload.backbone;
    return { device: member?.profile ?? inputs.profile, server: offloaded.latencies!, offloaded };
  });
}

/** From the network's beginning, its own image included, to one of its tensors or its end. */
function reachedMs({ entry, prefixes, final }: MemberLatencies, tensor: string | undefined): number {
  const timed = tensor === undefined ? final : prefixes.find(({ cutPoint }) => cutPoint === tensor);
  return (entry?.meanMs ?? 0) + timed!.meanMs;
}

/** What crosses: a tensor of the network in which the partition lies, and an image of each size that the server reads. */
function crossingBytes(networks: readonly Network[], place: number, tensor: string): number {
  const { offloaded } = networks[place];
  const isBorder = tensor === offloaded.input;
  const images = new Map<string, number>();
  for (const { offloaded: own } of networks.slice(isBorder ? place : place + 1))
    images.set(own.image.frame, own.image.bytes);
  const own = isBorder ? 0 : offloaded.cutPoints.find((point) => point.tensor === tensor)!.bytes;
  return [...images.values()].reduce((sum, bytes) => sum + bytes, own);
}

/**
 * What a sample does in a chain and at a partition, read off the two profiles and the link: everything that a worker does
 * in a row is one step.
 * @param taken index into the exits
 */
function traceOf(
  made: MadeUpOffload,
  on: DesignSpace,
  exits: readonly ThresholdedExit[],
  taken: number,
  perStage: boolean,
): Step[] {
  const { partition, space } = on;
  const { link, answerBytes } = made.offload;
  const chain = on.chain ?? [made.inputs.backboneSha256];
  const place = partition ? chain.indexOf(partition.member ?? made.inputs.backboneSha256) : -1;
  const networks = networksOf(made, on);
  const steps: Step[] = [];
  const work = (site: string, stage: number, ms: number) => {
    const worker = perStage ? `${site} stage ${stage}` : site;
    const last = steps.at(-1);
    if (last?.worker === worker) steps[steps.length - 1] = { worker, ms: last.ms + ms };
    else steps.push({ worker, ms });
  };
  let site = "device" as "device" | "server";
  let [network, doneMs] = [0, 0];
  /** Within the network that the sample is in, across the partition if that is on the way. */
  const goOnTo = (tensor: string | undefined, stage: number) => {
    const { offloaded } = networks[network];
    const order = (name: string) => offloaded.cutPoints.find((own) => own.tensor === name)?.position ?? -1;
    const isBehind = partition && (tensor === undefined || order(tensor) > order(partition.tensor));
    if (partition && network === place && isBehind && site === "device") {
      const isBorder = partition.tensor === offloaded.input;
      const [before, after] = (["device", "server"] as const).map((side) =>
        isBorder ? 0 : reachedMs(networks[network][side], partition.tensor),
      );
      work("device", stage, before - doneMs);
      const bytes = crossingBytes(networks, place, partition.tensor);
      steps.push({ worker: "uplink", ms: transferMs(link, bytes) }, { ms: link.latencyMs });
      [site, doneMs] = ["server", after];
    }
    const endMs = reachedMs(networks[network][site], tensor);
    work(site, stage, endMs - doneMs);
    doneMs = endMs;
  };
  for (let stage = 0; stage <= taken; stage++) {
    const exit = exits.at(stage) && space.candidates[exits[stage].candidate];
    const target = exit ? chain.indexOf(exit.member ?? made.inputs.backboneSha256) : chain.length - 1;
    for (; network < target; network++, doneMs = 0) goOnTo(undefined, stage + 1);
    goOnTo(exit?.head === outputHead ? undefined : exit?.cutPoint, stage + 1);
    const { heads, branch } = networks[network][site];
    const head = heads.find(({ cutPoint, head: kind }) => cutPoint === exit?.cutPoint && kind === exit.head);
    work(site, stage + 1, (exit?.head === outputHead ? branch : head)?.meanMs ?? 0);
  }
  if (site === "server")
    steps.push({ worker: "downlink", ms: transferMs(link, answerBytes) }, { ms: link.latencyMs });
  return steps;
}

test("what a sample takes in a chain on two targets is what its steps take, one after the other", () => {
  const random = seededRandom(21);
  let crossings = 0;
  for (let round = 0; round < 12; round++) {
    const made = offloadOf(random, randomNetworks(random, { ...shape, samples: 20, positions: 3 }, 2));
    const { inputs, offload } = made;
    for (const on of designSpaces(inputs, "any", offload)) {
      const exits = randomPlan(random, on);
      const traces = Array.from(routeSamples(on.space, exits).exit, (taken) =>
        traceOf(made, on, exits, taken, false),
      );
      crossings += traces.filter((steps) => steps.some(({ worker }) => worker === "uplink")).length;
      const sum = traces.flat().reduce((total, { ms }) => total + ms, 0);
      expect(sum / traces.length).toBeCloseTo(evaluatePlan(on.space, exits).latencyMs.mean, 9);
    }
  }
  expect(crossings).toBeGreaterThan(1000);
});

test("a discrete-event simulation finds the same latency at low load and the same throughput when saturated", () => {
  const random = seededRandom(11);
  for (let round = 0; round < 6; round++) {
    const shape = { samples: 4000, positions: 6, maxExits: 3, levels: 16 };
    const isChain = round % 2 === 1;
    const made = offloadOf(
      random,
      isChain ? bigAndLittle(random, shape) : inputsOf(syntheticSpace(random, shape)),
    );
    const spaces = designSpaces(made.inputs, "cheaper-first", made.offload);
    const on = isChain ? between(spaces) : spaces[round % spaces.length];
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

/** The little network on the device, the backbone on the server. */
function between(spaces: readonly DesignSpace[]): DesignSpace {
  return spaceOfPlan(spaces, { chain: ["little", "big"], cut: "image" });
}

test("the simulation itself: samples that take 1 ms at two thirds of the load wait 1 ms (M/D/1)", () => {
  const random = seededRandom(3);
  const traces = Array.from({ length: 40_000 }, () => [{ worker: "one", ms: 1 }]);
  const { meanLatencyMs } = simulate(traces, () => -1.5 * Math.log(1 - random()));
  // Pollaczek and Khinchine: half of load / (1 - load) service times of waiting.
  expect(meanLatencyMs).toBeGreaterThan(1.95);
  expect(meanLatencyMs).toBeLessThan(2.05);
});

test("a plan by hand: one core, and a worker per stage", () => {
  const [on] = buildChains(byHand(), "any");
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

test("actors of a chain on two targets say whose part they are of, on each side of the link", () => {
  const made = offloadOf(seededRandom(1), randomNetworks(seededRandom(1), shape, 2));
  const spaces = designSpaces(made.inputs, "cheaper-first", made.offload);
  const chain = spaces.find((on) => on.chain?.length === 3)!.chain!;
  const [first, second, third] = chain;
  const segments = (place: number, cut: string) => {
    const cutMember = chain[place] === "backbone" ? undefined : chain[place];
    const { actors } = planFlow(spaceOfPlan(spaces, { chain, cut, cutMember }), []).graph;
    return actors.filter(({ kind }) => kind === "segment").map(({ site, networks }) => [site, networks]);
  };
  expect(segments(0, "image")).toEqual([["server", chain]]);
  expect(segments(1, "image")).toEqual([
    ["device", [first]],
    ["server", [second, third]],
  ]);
  expect(segments(1, "cut-0")).toEqual([
    ["device", [first, second]],
    ["server", [second, third]],
  ]);
});

function byHand() {
  return inputsOf({
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
}
