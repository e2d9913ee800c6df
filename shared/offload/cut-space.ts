import { AppError } from "../base/errors.ts";
import { type Link, transferMs } from "../model/link.ts";
import type { Profile } from "../model/profile.ts";
import { type EvaluationInputs, evaluationSpace, timedTables } from "../space/build-space.ts";
import type { Candidate, SearchSpace } from "../space/search-space.ts";
import type { CutPlace } from "./cut-places.ts";

/** What a second target adds to a search: the server's latencies, and how far away it is. */
export interface Offload {
  readonly server: Profile;
  readonly link: Link;
  /** By rising position, the model's input first. */
  readonly places: readonly CutPlace[];
  /** Of one answer, on its way back to the device. */
  readonly answerBytes: number;
}

/** A network in two: what one sample takes up to the cut and across it, ms. */
export interface Cut {
  readonly tensor: string;
  readonly position: number;
  readonly deviceMs: number;
  /** How long the tensor occupies the link, and the answer the way back. */
  readonly uplinkMs: number;
  readonly downlinkMs: number;
  /** One way. */
  readonly delayMs: number;
}

/** A search space as plans see it that are cut in one place. */
export interface CutSpace {
  readonly space: SearchSpace;
  /** Absent: everything on the device. */
  readonly cut?: Cut;
}

/** What crossing to the server costs a sample whose answer comes back, ms. */
export function crossingMs({ uplinkMs, downlinkMs, delayMs }: Cut): number {
  return uplinkMs + downlinkMs + 2 * delayMs;
}

/**
 * The spaces of all ways to use a device and a server: the device alone first, then by rising position every cut
 * whose prefix both profiles have timed; the first of them, at the input, leaves everything to the server.
 *
 * A sample that goes past the cut takes the device's prefix, the link, and what the server takes from there, so
 * that latency stays a sum over the way out and a cut plan is a plain plan in a space of its own.
 * @param spaceOn the same exits and tables with another profile's latencies
 */
export function cutSpaces(
  spaceOn: (profile: Profile) => SearchSpace,
  device: Profile,
  offload?: Offload,
): CutSpace[] {
  const onDevice = spaceOn(device);
  if (!offload) return [{ space: onDevice }];
  const { server, places } = offload;
  const onServer = spaceOn(server);
  const cuts = places.flatMap((place) => {
    const deviceMs = prefixMs(device, place);
    const serverMs = prefixMs(server, place);
    if (deviceMs === undefined || serverMs === undefined) return [];
    const cut = cutAt(place, deviceMs, offload);
    return [{ cut, space: cutSpace(onDevice, onServer, cut, serverMs) }];
  });
  return [{ space: onDevice }, ...cuts];
}

/**
 * The same for evaluating plans of any exits: under all policies that both targets have timed.
 * @throws AppError 'file-invalid' if a profile lacks some of the heads
 */
export function evaluationSpaces(inputs: EvaluationInputs, offload?: Offload): CutSpace[] {
  const tables = timedTables(inputs.tables, offload ? [inputs.profile, offload.server] : [inputs.profile]);
  const spaceOn = (profile: Profile) => evaluationSpace({ ...inputs, tables, profile });
  return cutSpaces(spaceOn, inputs.profile, offload);
}

function cutAt({ tensor, position, bytes }: CutPlace, deviceMs: number, { link, answerBytes }: Offload): Cut {
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
 * Mean latency of the backbone where the server does all, the link included, ms. It tells second targets apart: a front
 * states it of the one that it was searched for.
 */
export function serverBackboneMs(offload: Offload): number {
  const [input] = offload.places;
  return offload.server.final.meanMs + crossingMs(cutAt(input, 0, offload));
}

function prefixMs({ prefixes }: Profile, { tensor, position }: CutPlace): number | undefined {
  return position < 0 ? 0 : prefixes.find(({ cutPoint }) => cutPoint === tensor)?.meanMs;
}

/** @param serverMs what the server would have taken up to the cut */
function cutSpace(device: SearchSpace, server: SearchSpace, cut: Cut, serverMs: number): SearchSpace {
  const shiftMs = cut.deviceMs + crossingMs(cut) - serverMs;
  const candidates = device.candidates.map((own, c): Candidate => {
    if (own.position <= cut.position) return own;
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

/** The space that a plan with this cut is evaluated on, if there is such a cut. */
export function findCut(spaces: readonly CutSpace[], tensor: string | undefined): CutSpace | undefined {
  return spaces.find(({ cut }) => cut?.tensor === tensor);
}

/** As `findCut`. @throws AppError 'file-invalid' if there is no such cut */
export function spaceUnderCut(spaces: readonly CutSpace[], tensor: string | undefined): CutSpace {
  const found = findCut(spaces, tensor);
  if (found) return found;
  const known = spaces.flatMap(({ cut }) => cut?.tensor ?? []).join(", ");
  throw new AppError(
    "file-invalid",
    `the plan is cut at ${tensor}, where device and server can't share the network; they can at ${known || "no tensor"}`,
  );
}
