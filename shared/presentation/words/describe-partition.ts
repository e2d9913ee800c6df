import { plainName } from "../../base/plain-name.ts";
import { type PlanWay, wayOf } from "../../model/plan.ts";
import type { NamedNetwork, NetworkTitles } from "./network-titles.ts";

/** A network of a project, as far as its partitions are told. */
export interface PartedNetwork extends NamedNetwork {
  /** Needed only where a server may take over before it. */
  readonly input?: { readonly name: string };
}

/** Where a plan passes to a server: in which of its networks, and at which tensor unless that is all the server's. */
interface Border {
  readonly chain: readonly (string | undefined)[];
  /** Among those. */
  readonly place: number;
  readonly tensor?: string;
}

/** @param networks of the project, the backbone first */
function borderOf(way: PlanWay, networks: readonly PartedNetwork[]): Border | undefined {
  const { chain = [undefined], cut, cutMember } = wayOf(way);
  if (cut === undefined) return undefined;
  const [backbone] = networks;
  const parted = cutMember ?? backbone?.sha256;
  const place = Math.max(
    0,
    chain.findIndex((sha256) => (sha256 ?? backbone?.sha256) === parted),
  );
  const { input } = networks.find(({ sha256 }) => sha256 === parted) ?? {};
  return { chain, place, tensor: cut === input?.name ? undefined : cut };
}

/** What people call a tensor of a network, as exits say which. */
type NameOf = (tensor: string, member?: string) => string;

/**
 * Where a server takes over, in words: `nowhere`, `at the input`, `after block 3`; in a plan of several networks `before
 * resnet56`, `after block 3 of resnet56`.
 * @param networks of the project, the backbone first
 */
export function describePartition(
  way: PlanWay,
  networks: readonly PartedNetwork[],
  titles: NetworkTitles,
  nameOf?: NameOf,
): string {
  if (way.cut === undefined) return "nowhere";
  const place = partitionLabel(way, networks, titles, nameOf);
  if (borderOf(way, networks)?.tensor !== undefined) return `after ${place}`;
  return place === "input" ? "at the input" : place;
}

/** The same of a partition where there is little room: `input`, `block 3`, `before resnet56`, `block 3 of resnet56`. */
export function partitionLabel(
  way: PlanWay,
  networks: readonly PartedNetwork[],
  titles: NetworkTitles,
  nameOf: NameOf = (tensor) => plainName(tensor),
): string {
  const border = borderOf(way, networks);
  if (!border) return "–";
  const { chain, place, tensor } = border;
  const name = titles.short(chain[place]);
  const where = tensor === undefined ? "input" : nameOf(tensor, way.cutMember);
  if (chain.length === 1) return where;
  return tensor === undefined ? `before ${name}` : `${where} of ${name}`;
}

/**
 * What device and server do in a plan of several networks: "the device runs resnet20; images of samples that it is unsure of go
 * to the server, which runs resnet56". Undefined of other plans.
 * @param networks of the project, the backbone first
 */
export function describeSharing(
  way: PlanWay,
  networks: readonly PartedNetwork[],
  titles: NetworkTitles,
  server = "the server",
): string | undefined {
  const border = borderOf(way, networks);
  if (!border || border.chain.length < 2) return undefined;
  const { chain, place, tensor } = border;
  const whole = chain.slice(0, place).map(titles.whole);
  const parted = titles.whole(chain[place]);
  const before = [...whole, ...(tensor === undefined ? [] : [`${parted} up to ${plainName(tensor)}`])];
  const later = chain.slice(place + 1).map(titles.whole);
  const behind = [tensor === undefined ? parted : `the rest of ${parted}`, ...later].join(", then ");
  if (before.length === 0) return `every image goes to ${server}, which runs ${behind}`;
  const crossing = tensor === undefined ? "images" : later.length > 0 ? "features and images" : "features";
  const device = before.length > 1 ? "they are" : "it is";
  return `the device runs ${before.join(", then ")}; ${crossing} of samples that ${device} unsure of go to ${server}, which runs ${behind}`;
}
