import { type Chains, joinNetworks } from "../chains/build-chains.ts";
import {
  backboneNetwork,
  type ChainNetwork,
  type MemberInputs,
  type MemberLatencies,
  type Members,
  memberNetwork,
} from "../chains/chain-network.ts";
import { type ChainOrder, chainSpace, networkStarts } from "../chains/chain-space.ts";
import { type Link, transferMs } from "../model/link.ts";
import type { PlanWay } from "../model/plan.ts";
import type { Profile } from "../model/profile.ts";
import { type EvaluationInputs, exitEnergy, type SpaceInputs, timedTables } from "../space/build-space.ts";
import { type DesignSpace, type Partition, spaceOfPlan } from "../space/design-space.ts";
import { type Candidate, type SearchSpace, sumOf } from "../space/search-space.ts";
import { type CrossingImage, type ImageForm, imageBytes, type PartitionPoint } from "./partition-points.ts";

/** A network as a server may run it. */
export interface OffloadedNetwork {
  readonly sha256: string;
  /** As messages call it. */
  readonly name: string;
  /** What it takes there; absent if the server's profile doesn't know it. */
  readonly latencies?: MemberLatencies;
  /** Its input tensor, and what crosses for it where the server begins it. */
  readonly input: string;
  readonly image: CrossingImage;
  /** By rising position. */
  readonly cutPoints: readonly PartitionPoint[];
}

/** What a second target adds to a search: the server's latencies, and how far away it is. */
export interface Offload {
  readonly server: Profile;
  readonly link: Link;
  /** How images are counted on the link. */
  readonly images: ImageForm;
  readonly backbone: OffloadedNetwork;
  readonly members: readonly OffloadedNetwork[];
  /** Of one answer, on its way back to the device. */
  readonly answerBytes: number;
}

/** What crossing to the server costs a sample whose answer comes back, ms. */
export function crossingMs({
  uplinkMs,
  downlinkMs,
  delayMs,
}: Pick<Partition, "uplinkMs" | "downlinkMs" | "delayMs">): number {
  return uplinkMs + downlinkMs + 2 * delayMs;
}

/** What plans of a project are searched with on one target or two. */
export type DesignInputs = SpaceInputs & Members & Pick<EvaluationInputs, "profile">;

/**
 * The spaces of all ways through the networks on a device and a server: every chain on the device alone first, as
 * `joinNetworks` has them, then each chain's partitions: where a network of it begins, so that the server runs that
 * and all behind it, and at every cut point whose prefix both profiles have timed.
 *
 * A sample that crosses the partition takes what the device does up to there, the link, and what the server takes from
 * there, so that latency is still a sum along its path, and a partitioned plan is a plain plan in a space of its own.
 * @throws AppError as `joinNetworks` does, for the server's profile too
 */
export function designSpaces(inputs: DesignInputs, order: ChainOrder, offload?: Offload): DesignSpace[] {
  const joined = joinNetworks(inputs, order);
  const { chains, reference } = joined;
  const onDevice = chains.map((chain) => chainSpace(chain, reference));
  if (!offload) return onDevice;
  const servers = serverNetworks(inputs, offload);
  const partitioned = chains.flatMap((chain, index) => {
    const alone = onDevice[index];
    return partitionsOf(chain, servers, offload).map((border) =>
      partitionedDesign(alone, border.partition, () => partitionedSpace(alone.space, border, joined)),
    );
  });
  return [...onDevice, ...partitioned];
}

/** What plans of a project are evaluated on, those of several networks too. */
export type ProjectInputs = EvaluationInputs & Partial<Members>;

/**
 * The spaces to evaluate plans of any exits on, under all policies that were timed: those of `designSpaces`, with the
 * networks in any order.
 * @throws AppError 'file-invalid' if a profile lacks some of the heads; as `joinNetworks` does
 */
export function evaluationSpaces(inputs: ProjectInputs, offload?: Offload): DesignSpace[] {
  const { backboneSha256 = "", members = [] } = inputs;
  const there = (member: MemberInputs) =>
    offload?.members.find(({ sha256 }) => sha256 === member.sha256)?.latencies;
  const timed = members.map((member) => {
    const server = there(member);
    return {
      ...member,
      tables: timedTables(member.tables, [member.profile, ...(server ? [server] : [])]),
    };
  });
  const tables = timedTables(inputs.tables, [inputs.profile, ...(offload ? [offload.server] : [])]);
  const settings = { backboneSha256, members: timed, tables, maxExits: inputs.exits.length, levels: 1 };
  return designSpaces({ ...inputs, ...settings }, "any", offload);
}

/**
 * The space that a plan of a project is evaluated on.
 * @throws AppError as `evaluationSpaces` does; 'file-invalid' if its networks or its partition aren't there
 */
export function planSpace(inputs: ProjectInputs, plan: PlanWay, offload?: Offload): DesignSpace {
  return spaceOfPlan(evaluationSpaces(inputs, offload), plan);
}

/** A network on the server, beside what is known of it there. */
interface ServerNetwork {
  readonly network?: ChainNetwork;
  readonly offloaded: OffloadedNetwork;
}

/** By SHA-256, as of a chain's networks. */
type ServerNetworks = ReadonlyMap<string, ServerNetwork>;

function serverNetworks(inputs: DesignInputs, offload: Offload): ServerNetworks {
  const { members = [], backboneSha256 } = inputs;
  const { backbone, server } = offload;
  const own = { network: backboneNetwork({ ...inputs, profile: server }), offloaded: backbone };
  const further = members.flatMap((member): [string, ServerNetwork][] => {
    const offloaded = offload.members.find(({ sha256 }) => sha256 === member.sha256);
    if (!offloaded) return [];
    const { latencies } = offloaded;
    const network =
      latencies && memberNetwork({ ...member, profile: latencies }, { ...inputs, profile: server });
    return [[member.sha256, { network, offloaded }]];
  });
  return new Map([[backboneSha256, own], ...further]);
}

/** A partition of a chain, and what the server runs then. */
interface Border {
  readonly partition: Partition;
  /** From the network on in which it lies, or which begins behind it. */
  readonly behind: readonly ChainNetwork[];
  /** What the server would have taken from the beginning of that network to the partition. */
  readonly serverMs: number;
  /**
   * What device and server take beside what the server takes from the beginning of that network on, mJ: what crosses the link takes
   * energy too that nobody measured.
   */
  readonly shiftMillijoules: number | undefined;
}

/** By rising position; none where the server doesn't know all networks that it would run. */
function partitionsOf(
  chain: readonly ChainNetwork[],
  servers: ServerNetworks,
  offload: Offload,
): readonly Border[] {
  const starts = networkStarts(chain);
  return chain.flatMap((network, place) => {
    const rest = chain.slice(place).map(({ sha256 }) => servers.get(sha256));
    const behind = rest.flatMap((own) => own?.network ?? []);
    if (behind.length < rest.length) return [];
    const offloaded = rest.flatMap((own) => own?.offloaded ?? []);
    const [{ input, cutPoints }] = offloaded;
    const images = offloaded.map(({ image }) => image);
    const { position, ms, millijoules } = starts[place];
    const at = (point: PartitionPoint, device: PrefixCost, server: PrefixCost): Border => {
      const partition = partitionAt(network.member, point, ms + device.ms, offload);
      const spared = server.millijoules === undefined ? undefined : -server.millijoules;
      return {
        partition: { ...partition, position: position + point.position },
        behind,
        serverMs: server.ms,
        shiftMillijoules: sumOf(millijoules, device.millijoules, spared),
      };
    };
    const later = imageBytes(images.slice(1));
    return [
      at({ tensor: input, position: -1, bytes: imageBytes(images) }, nothing, nothing),
      ...cutPoints.flatMap((point) => {
        const [device, server] = [network, behind[0]].map((own) => prefixCost(own, point.tensor));
        return device && server ? [at({ ...point, bytes: point.bytes + later }, device, server)] : [];
      }),
    ];
  });
}

/** From the network's beginning, its own image included; undefined where it wasn't timed up to there. */
function prefixCost(network: ChainNetwork, tensor: string): PrefixCost | undefined {
  const { entryMs, entryMillijoules, prefixes } = network;
  const timed = prefixes.find(({ cutPoint }) => cutPoint === tensor);
  return (
    timed && {
      ms: entryMs + timed.meanMs,
      millijoules: sumOf(entryMillijoules, timed.energyMillijoules),
    }
  );
}

/** What a network takes up to some place. */
interface PrefixCost {
  readonly ms: number;
  readonly millijoules: number | undefined;
}

const nothing: PrefixCost = { ms: 0, millijoules: 0 };

function partitionAt(
  member: string | undefined,
  { tensor, position, bytes }: PartitionPoint,
  deviceMs: number,
  { link, answerBytes }: Pick<Offload, "link" | "answerBytes">,
): Partition {
  return {
    tensor,
    ...(member !== undefined && { member }),
    isInput: position < 0,
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
  const { input, image } = offload.backbone;
  const point = { tensor: input, position: -1, bytes: image.bytes };
  return offload.server.final.meanMs + crossingMs(partitionAt(undefined, point, 0, offload));
}

/** The chain's space on the device, with what is behind the partition as the server has it. */
function partitionedSpace(
  device: SearchSpace,
  { partition, behind, serverMs, shiftMillijoules }: Border,
  { reference }: Chains,
): SearchSpace {
  const server = chainSpace(behind, reference).space;
  const before = device.candidates.length - server.candidates.length;
  const shiftMs = partition.deviceMs + crossingMs(partition) - serverMs;
  const candidates = device.candidates.map((own, c): Candidate => {
    if (own.position <= partition.position) return own;
    const { prefixMs, headMs, energy } = server.candidates[c - before];
    const prefixMillijoules = sumOf(energy?.prefixMillijoules, shiftMillijoules);
    return {
      ...own,
      prefixMs: prefixMs + shiftMs,
      headMs,
      energy: exitEnergy(prefixMillijoules, energy?.headMillijoules),
    };
  });
  return {
    ...device,
    candidates,
    backboneMs: server.backboneMs + shiftMs,
    backboneMillijoules: sumOf(server.backboneMillijoules, shiftMillijoules),
    referenceMillijoules: device.referenceMillijoules ?? device.backboneMillijoules,
    referenceMs: device.referenceMs ?? device.backboneMs,
  };
}

/** Its space is made when it is first asked for: of networks in any order there are hundreds, and few are looked at. */
function partitionedDesign(
  { chain, isTuned }: DesignSpace,
  partition: Partition,
  make: () => SearchSpace,
): DesignSpace {
  let made: SearchSpace | undefined;
  return {
    ...(chain && { chain }),
    ...(isTuned && { isTuned }),
    partition,
    get space() {
      made ??= make();
      return made;
    },
  };
}
