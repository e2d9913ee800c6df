import { outputHead } from "../model/plan.ts";
import { crossingMs } from "../offload/partition-space.ts";
import type { DesignSpace, Partition } from "../space/design-space.ts";
import type { Candidate } from "../space/search-space.ts";
import { createGraphDrawing, type GraphDrawing } from "./graph-drawing.ts";
import type { Actor, SdfGraph, Site } from "./sdf-graph.ts";

/**
 * A plan as a dataflow graph. Per stage a segment of the backbone, and at its end a head and a decision, which
 * sends a sample's answer out or lets the next stage begin; where the plan is partitioned, the link stands between the
 * two parts of a segment. One firing of the first actor is one sample.
 * @param exits indices of candidates, rising along the backbone
 * @param exitRates share of samples that leaves at each exit, the backbone's own output last
 */
export function planGraph(on: DesignSpace, exits: readonly number[], exitRates: readonly number[]): SdfGraph {
  const { space, partition } = on;
  const drawing = createGraphDrawing();
  const placed = exits.map((c) => space.candidates[c]);
  const path: PlanPath = {
    exits: placed,
    networks: networksOnTheWay(on, placed),
    onServer: networksOnServer(on),
    backboneMs: space.backboneMs,
    partition,
    reaching: exitRates.map((_, stage) => sum(exitRates.slice(stage))),
  };
  const answers = drawStages(drawing, path);
  drawAnswers(drawing, answers, partition);
  return drawing.graph;
}

interface PlanPath {
  /** In the order that a sample meets them. */
  readonly exits: readonly Candidate[];
  /** What each stage goes through, and what its exit is of; see `Actor`. */
  readonly networks: readonly (readonly string[] | undefined)[];
  /** Those that the server runs the whole or the rest of. */
  readonly onServer: readonly string[];
  readonly backboneMs: number;
  readonly partition?: Partition;
  /** Share of all samples that arrives at each stage; the first is 1. */
  readonly reaching: readonly number[];
}

/** Where answers come from. */
interface AnswerSource {
  readonly actor: number;
  readonly site: Site;
  /** Answers per firing of the actor, and per sample. */
  readonly produced: number;
  readonly share: number;
}

function drawStages({ add, follow }: GraphDrawing, path: PlanPath): AnswerSource[] {
  const { exits, reaching } = path;
  const answers: AnswerSource[] = [];
  let waiting = [add({ name: "sample", kind: "source", firingMs: 0 })];
  let continuing = 1;
  for (let stage = 0; stage <= exits.length; stage++) {
    for (const actor of stageActors(path, stage)) {
      waiting = [follow(waiting, actor, continuing)];
      continuing = 1;
    }
    const [features] = waiting;
    const site = siteBehind(path, stage);
    if (stage === exits.length) {
      answers.push({ actor: features, site, produced: 1, share: reaching[stage] });
      break;
    }
    const number = stage + 1;
    const exit = exits[stage];
    const networks = path.networks[stage]?.slice(-1);
    // A network's own output has no head.
    const head =
      exit.head === outputHead
        ? features
        : follow(waiting, {
            name: `head ${number}`,
            kind: "head",
            firingMs: exit.headMs,
            site,
            stage: number,
            networks,
          });
    const decides = { name: `decision ${number}`, kind: "decision", networks } as const;
    const decision = follow(
      [head],
      exit.head === outputHead
        ? { ...decides, firingMs: exit.headMs, site, stage: number }
        : { ...decides, firingMs: 0 },
    );
    continuing = reaching[stage] > 0 ? reaching[stage + 1] / reaching[stage] : 0;
    const share = reaching[stage] - reaching[stage + 1];
    answers.push({ actor: decision, site, produced: 1 - continuing, share });
    waiting = [features, decision];
  }
  return answers;
}

/** What a sample passes from the previous exit to the end of a stage. */
function stageActors(path: PlanPath, stage: number): Actor[] {
  const { exits, partition, backboneMs } = path;
  const startMs = stage === 0 ? 0 : exits[stage - 1].prefixMs;
  const lengthMs = (exits.at(stage)?.prefixMs ?? backboneMs) - startMs;
  const name = `segment ${stage + 1}`;
  const segment = (firingMs: number, site: Site, networks = path.networks[stage]) =>
    ({ name, kind: "segment", firingMs, site, stage: stage + 1, networks }) as const;
  const site = siteBehind(path, stage);
  const crosses = partition && site === "server" && (stage === 0 || siteBehind(path, stage - 1) === "device");
  if (!crosses) return [segment(lengthMs, site)];
  const deviceMs = partition.deviceMs - startMs;
  const startsAtPartition = partition.position === (stage === 0 ? -1 : exits[stage - 1].position);
  const [parted] = path.onServer;
  const before = path.networks[stage]?.filter(
    (sha256) => !path.onServer.includes(sha256) || (sha256 === parted && !partition.isInput),
  );
  const behind = path.networks[stage]?.filter((sha256) => path.onServer.includes(sha256));
  return [
    ...(startsAtPartition ? [] : [{ ...segment(deviceMs, "device", before), name: `${name}, device` }]),
    { name: "uplink", kind: "transfer", firingMs: partition.uplinkMs, site: "uplink" },
    { name: "way there", kind: "delay", firingMs: partition.delayMs },
    {
      ...segment(lengthMs - deviceMs - crossingMs(partition), site, behind),
      name: startsAtPartition ? name : `${name}, server`,
    },
  ];
}

/** Per stage the networks that it goes through: from where the exit before it stands to where its own does. */
function networksOnTheWay(
  { space, chain }: DesignSpace,
  exits: readonly Candidate[],
): readonly (readonly string[] | undefined)[] {
  const last = (chain?.length ?? 0) - 1;
  const places = exits.map(({ member }) => placeInChain({ space, chain }, member));
  return [...places, last].map((end = last, stage) => {
    const before = places[stage - 1] ?? 0;
    const isBehindOutput = stage > 0 && exits[stage - 1].head === outputHead;
    return chain?.slice(isBehindOutput ? before + 1 : before, end + 1);
  });
}

/** @param member as candidates and partitions say it: the backbone's don't */
function placeInChain({ space, chain }: DesignSpace, member: string | undefined): number | undefined {
  const members = new Set(space.candidates.map((own) => own.member));
  return chain?.findIndex((sha256) => (member === undefined ? !members.has(sha256) : sha256 === member));
}

function networksOnServer(on: DesignSpace): readonly string[] {
  const { chain = [], partition } = on;
  return partition ? chain.slice(placeInChain(on, partition.member)) : [];
}

/** Where a stage ends: exits up to and at the partition are the device's. */
function siteBehind({ exits, partition }: PlanPath, stage: number): Site {
  const position = exits.at(stage)?.position ?? Number.POSITIVE_INFINITY;
  return partition && position > partition.position ? "server" : "device";
}

/** Brings all answers together, the server's by way of the link. */
function drawAnswers(
  drawing: GraphDrawing,
  answers: readonly AnswerSource[],
  partition: Partition | undefined,
): void {
  const { add, connect, follow } = drawing;
  const arriving = answers.filter(({ site }) => site === "device");
  const remote = answers.filter(({ site }) => site === "server");
  if (partition) {
    const share = sum(remote.map((answer) => answer.share));
    const downlink = add({
      name: "downlink",
      kind: "transfer",
      firingMs: partition.downlinkMs,
      site: "downlink",
    });
    for (const answer of remote)
      connect(answer.actor, downlink, answer.produced, share > 0 ? answer.share / share : 1);
    const actor = follow([downlink], { name: "way back", kind: "delay", firingMs: partition.delayMs });
    arriving.push({ actor, site: "device", produced: 1, share });
  }
  const end = add({ name: "answer", kind: "answer", firingMs: 0 });
  for (const { actor, produced, share } of arriving) connect(actor, end, produced, share);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
