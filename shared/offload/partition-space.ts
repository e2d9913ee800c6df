import { buildChains } from "../chains/build-chains.ts";
import type { Members } from "../chains/chain-network.ts";
import { type Link, transferMs } from "../model/link.ts";
import type { Profile } from "../model/profile.ts";
import { type EvaluationInputs, evaluationSpace, timedTables } from "../space/build-space.ts";
import { type Design, type DesignSpace, type Partition, spaceOfPlan } from "../space/design-space.ts";
import type { Candidate, SearchSpace } from "../space/search-space.ts";
import type { PartitionPoint } from "./partition-points.ts";

/** What a second target adds to a search: the server's latencies, and how far away it is. */
export interface Offload {
  readonly server: Profile;
  readonly link: Link;
  /** By rising position, the model's input first. */
  readonly places: readonly PartitionPoint[];
  /** Of one answer, on its way back to the device. */
  readonly answerBytes: number;
}

/** What crossing to the server costs a sample whose answer comes back, ms. */
export function crossingMs({ uplinkMs, downlinkMs, delayMs }: Partition): number {
  return uplinkMs + downlinkMs + 2 * delayMs;
}

/**
 * The spaces of all ways to use a device and a server: the device alone first, then by rising position every partition
 * whose prefix both profiles have timed; the first of them, at the input, leaves everything to the server.
 *
 * A sample that crosses the partition takes the device's prefix, the link, and what the server takes from there, so
 * that latency is still a sum along its path, and a partitioned plan is a plain plan in a space of its own.
 * @param spaceOn the same exits and tables with another profile's latencies
 */
export function partitionSpaces(
  spaceOn: (profile: Profile) => SearchSpace,
  device: Profile,
  offload?: Offload,
): DesignSpace[] {
  const onDevice = spaceOn(device);
  if (!offload) return [{ space: onDevice }];
  const { server, places } = offload;
  const onServer = spaceOn(server);
  const partitioned = places.flatMap((place) => {
    const deviceMs = prefixMs(device, place);
    const serverMs = prefixMs(server, place);
    if (deviceMs === undefined || serverMs === undefined) return [];
    const partition = partitionAt(place, deviceMs, offload);
    return [{ partition, space: partitionedSpace(onDevice, onServer, partition, serverMs) }];
  });
  return [{ space: onDevice }, ...partitioned];
}

/** What plans of a project are evaluated on, those of several networks too. */
export type ProjectInputs = EvaluationInputs & Partial<Members>;

/**
 * The spaces to evaluate plans of any exits on, under all policies that were timed: those of `partitionSpaces`, and where
 * there are members every chain of them on the device, in any order.
 * @throws AppError 'file-invalid' if a profile lacks some of the heads; as `buildChains` does
 */
export function evaluationSpaces(inputs: ProjectInputs, offload?: Offload): DesignSpace[] {
  const tables = timedTables(inputs.tables, offload ? [inputs.profile, offload.server] : [inputs.profile]);
  const spaceOn = (profile: Profile) => evaluationSpace({ ...inputs, tables, profile });
  const { backboneSha256, members = [] } = inputs;
  const ways = partitionSpaces(spaceOn, inputs.profile, offload);
  if (members.length === 0 || backboneSha256 === undefined) return ways;
  const timed = members.map((member) => ({
    ...member,
    tables: timedTables(member.tables, [member.profile]),
  }));
  const settings = { backboneSha256, members: timed, tables, maxExits: inputs.exits.length, levels: 1 };
  const [alone, ...chains] = buildChains({ ...inputs, ...settings }, "any");
  return [alone, ...ways.slice(1), ...chains];
}

/**
 * The space that a plan of a project is evaluated on.
 * @throws AppError as `evaluationSpaces` does; 'file-invalid' if its networks or its partition aren't there
 */
export function planSpace(inputs: ProjectInputs, plan: Design, offload?: Offload): DesignSpace {
  return spaceOfPlan(evaluationSpaces(inputs, offload), plan);
}

function partitionAt(
  { tensor, position, bytes }: PartitionPoint,
  deviceMs: number,
  { link, answerBytes }: Offload,
): Partition {
  return {
    tensor,
    position,
    deviceMs,
    uplinkMs: transferMs(link, bytes),
    downlinkMs: transferMs(link, answerBytes),
    delayMs: link.latencyMs,
  };
}

/**
 * Mean latency of the backbone where the server does all, the link included, ms. It identifies second targets: a front
 * states it for the one that it was searched for.
 */
export function serverBackboneMs(offload: Offload): number {
  const [input] = offload.places;
  return offload.server.final.meanMs + crossingMs(partitionAt(input, 0, offload));
}

function prefixMs({ prefixes }: Profile, { tensor, position }: PartitionPoint): number | undefined {
  return position < 0 ? 0 : prefixes.find(({ cutPoint }) => cutPoint === tensor)?.meanMs;
}

/** @param serverMs what the server would have taken up to the partition */
function partitionedSpace(
  device: SearchSpace,
  server: SearchSpace,
  partition: Partition,
  serverMs: number,
): SearchSpace {
  const shiftMs = partition.deviceMs + crossingMs(partition) - serverMs;
  const candidates = device.candidates.map((own, c): Candidate => {
    if (own.position <= partition.position) return own;
    const { prefixMs, headMs } = server.candidates[c];
    return { ...own, prefixMs: prefixMs + shiftMs, headMs };
  });
  return {
    ...device,
    candidates,
    backboneMs: server.backboneMs + shiftMs,
    referenceMs: device.backboneMs,
  };
}
