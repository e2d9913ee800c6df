/** A network as far as tuning goes. */
export interface FamilyMember {
  readonly sha256: string;
  /** SHA-256 of the network that it was tuned from; absent of one that came as it is. */
  readonly tunedFrom?: string;
}

/**
 * What a network and all that was tuned from it have in common: the SHA-256 of the one that came as it is. They are the same
 * graph with other weights, so they take the same time, and a plan that goes through one has little to gain from another.
 */
export function familyOf({ sha256, tunedFrom }: FamilyMember): string {
  return tunedFrom ?? sha256;
}

/** Two networks of one family, where there are any. */
export function relatives<Network extends FamilyMember>(
  networks: readonly Network[],
): readonly [Network, Network] | undefined {
  for (const [index, network] of networks.entries()) {
    const other = networks.slice(0, index).find((own) => familyOf(own) === familyOf(network));
    if (other) return [other, network];
  }
  return undefined;
}

export function isTuned({ tunedFrom }: Pick<FamilyMember, "tunedFrom">): boolean {
  return tunedFrom !== undefined;
}

const tunedEnding = " tuned";

/** What a tuned network is called. @param origin name of the network that it was tuned from */
export function tunedName(origin: string): string {
  return origin + tunedEnding;
}

/** The name of the network that one of this name was tuned from; its own if the name says nothing of tuning. */
export function originName(name: string): string {
  return name.endsWith(tunedEnding) ? name.slice(0, -tunedEnding.length) : name;
}
