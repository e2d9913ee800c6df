import { plainName } from "../../base/plain-name.ts";
import { shortenMiddle } from "../../base/plain-text.ts";
import { originName } from "../../model/families.ts";

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
/** What is left of a name has to be one still: not "20" of "resnet-20". */
const leastLength = 3;

/** @param networks of the project, the backbone first */
export function networkTitles(networks: readonly NamedNetwork[]): NetworkTitles {
  const whole = distinct(networks.map(({ name }) => plainName(name)));
  const short = distinct(withoutCommon(whole).map((name) => shortenMiddle(name, longestShortName)));
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

/** Namesakes are numbered, the first one excepted: "model", "model (2)". */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let number = 2; taken.has(own); number++) own = `${name} (${number})`;
    taken.add(own);
    return own;
  });
}

/**
 * "cifar_resnet20_fp32" beside "cifar_resnet56_fp32" is "resnet20"; what was tuned from it is "resnet20 tuned", whether the
 * others are tuned or not.
 */
function withoutCommon(names: readonly string[]): readonly string[] {
  const origins = [...new Set(names.map(originName))];
  if (origins.length < 2) return names;
  const short = mirrored(withoutCommonStart(mirrored(withoutCommonStart(origins))));
  return names.map((name) => {
    const origin = originName(name);
    return short[origins.indexOf(origin)] + name.slice(origin.length);
  });
}

function mirrored(names: readonly string[]): string[] {
  return names.map((name) => [...name].reverse().join(""));
}

/** Goes back from where names part to the last separator behind which all of them are names still. */
function withoutCommonStart(names: readonly string[]): readonly string[] {
  const [first] = names;
  for (let start = sharedLength(names); start > 0; start--) {
    if (!/[-_. ]/.test(first[start - 1])) continue;
    const rest = names.map((name) => name.slice(start));
    if (rest.every((name) => name.length >= leastLength && /\p{L}/u.test(name))) return rest;
  }
  return names;
}

/** Characters that all names begin with. */
function sharedLength([first, ...others]: readonly string[]): number {
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length])) length++;
  return length;
}
