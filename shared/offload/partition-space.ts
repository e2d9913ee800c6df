import { AppError } from "../base/errors.ts";
import { type Link, transferMs } from "../model/link.ts";
import type { Profile } from "../model/profile.ts";
import { type EvaluationInputs, evaluationSpace, timedTables } from "../space/build-space.ts";
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

/** The border between device and server: what one sample takes up to it and across it, ms. */
export interface Partition {
  readonly tensor: string;
  readonly position: number;
  readonly deviceMs: number;
  /** How long the tensor occupies the link, and the answer on its way back. */
  readonly uplinkMs: number;
  readonly downlinkMs: number;
  /** One way. */
  readonly delayMs: number;
}

/** The search space of all plans with the same partition. */
export interface PartitionSpace {
  readonly space: SearchSpace;
  /** Absent: everything on the device. */
  readonly partition?: Partition;
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
): PartitionSpace[] {
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

/**
 * The same for evaluating plans of any exits: under all policies that both targets have timed.
 * @throws AppError 'file-invalid' if a profile lacks some of the heads
 */
export function evaluationSpaces(inputs: EvaluationInputs, offload?: Offload): PartitionSpace[] {
  const tables = timedTables(inputs.tables, offload ? [inputs.profile, offload.server] : [inputs.profile]);
  const spaceOn = (profile: Profile) => evaluationSpace({ ...inputs, tables, profile });
  return partitionSpaces(spaceOn, inputs.profile, offload);
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

/** The space that a plan with this partition is evaluated on, if there is one. */
export function findPartition(
  spaces: readonly PartitionSpace[],
  tensor: string | undefined,
): PartitionSpace | undefined {
  return spaces.find(({ partition }) => partition?.tensor === tensor);
}

/** As `findPartition`. @throws AppError 'file-invalid' if there is no such partition */
export function spaceAtPartition(
  spaces: readonly PartitionSpace[],
  tensor: string | undefined,
): PartitionSpace {
  const found = findPartition(spaces, tensor);
  if (found) return found;
  const known = spaces.flatMap(({ partition }) => partition?.tensor ?? []).join(", ");
  throw new AppError(
    "file-invalid",
    `the plan is partitioned at ${tensor}, where device and server can't share the network; they can at ${known || "no tensor"}`,
  );
}
