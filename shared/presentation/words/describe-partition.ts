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

/**
 * Where a server takes over, in words: `nowhere`, `at the input`, `after block 3`; in a plan of several networks `before
 * resnet56`, `after block 3 of resnet56`.
 * @param networks of the project, the backbone first
 */
export function describePartition(
  way: PlanWay,
  networks: readonly PartedNetwork[],
  titles: NetworkTitles,
  nameOf: (tensor: string, member?: string) => string = (tensor) => plainName(tensor),
): string {
  const border = borderOf(way, networks);
  if (!border) return "nowhere";
  const { chain, place, tensor } = border;
  const where = tensor === undefined ? "at the input" : `after ${nameOf(tensor, way.cutMember)}`;
  if (chain.length === 1) return where;
  const name = titles.short(chain[place]);
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
