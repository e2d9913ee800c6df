import { plainName } from "../../base/plain-name.ts";
import { shortenMiddle } from "../../base/plain-text.ts";
import { originName } from "../../model/families.ts";
import { distinctNames, withoutCommonEnds } from "./short-names.ts";

/** A network of a project, as its file names it. */
export interface NamedNetwork {
  readonly sha256: string;
  readonly name: string;
}

/** What people read of a project's networks: no two are called the same. */
export interface NetworkTitles {
  /** SHA-256 of the backbone; undefined where nobody says which networks there are. */
  readonly backbone: string | undefined;
  /** For sentences. @param network SHA-256, the backbone's if absent */
  whole(network?: string): string;
  /** Where there is little room: without what all names begin and end with. */
  short(network?: string): string;
}

const longestShortName = 20;

/** @param networks of the project, the backbone first */
export function networkTitles(networks: readonly NamedNetwork[]): NetworkTitles {
  const whole = distinctNames(networks.map(({ name }) => plainName(name)));
  const short = distinctNames(withoutCommon(whole).map((name) => shortenMiddle(name, longestShortName)));
  const pick = (names: readonly string[], network: string | undefined) => {
    const index = network === undefined ? 0 : networks.findIndex(({ sha256 }) => sha256 === network);
    return names[index] ?? (network === undefined ? "backbone" : `${network.slice(0, 8)}…`);
  };
  return {
    backbone: networks[0]?.sha256,
    whole: (network) => pick(whole, network),
    short: (network) => pick(short, network),
  };
}

/**
 * "cifar_resnet20_fp32" beside "cifar_resnet56_fp32" is "resnet20"; what was tuned from it is "resnet20 tuned", whether the
 * others are tuned or not.
 */
function withoutCommon(names: readonly string[]): readonly string[] {
  const origins = [...new Set(names.map(originName))];
  if (origins.length < 2) return names;
  const short = withoutCommonEnds(origins);
  return names.map((name) => {
    const origin = originName(name);
    return short[origins.indexOf(origin)] + name.slice(origin.length);
  });
}
