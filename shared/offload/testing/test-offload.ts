import type { Random } from "../../base/random.ts";
import type { Profile } from "../../model/profile.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { ragbagSpace, type SyntheticShape } from "../../space/testing/synthetic-space.ts";
import { profileOf } from "../../space/testing/test-profile.ts";
import type { Offload } from "../partition-space.ts";

/** The space with a profile's latencies. */
function spaceUnder(space: SearchSpace, profile: Profile): SearchSpace {
  const prefixMs = new Map(profile.prefixes.map(({ cutPoint, meanMs }) => [cutPoint, meanMs]));
  return {
    ...space,
    backboneMs: profile.final.meanMs,
    candidates: space.candidates.map((candidate, c) => ({
      ...candidate,
      prefixMs: prefixMs.get(candidate.cutPoint)!,
      headMs: profile.heads[c].meanMs,
    })),
  };
}

/** A device, a server some times as fast, a link, and a network to partition anywhere between. */
export interface MadeUpOffload {
  readonly device: Profile;
  readonly offload: Offload;
  readonly spaceOn: (profile: Profile) => SearchSpace;
}

/** Made of a space whose candidates have latencies, one a position at least. */
export function offloadOf(random: Random, given: SearchSpace): MadeUpOffload {
  const times = new Map(given.candidates.map(({ position, prefixMs }) => [position, prefixMs]));
  // Candidates at one position have one prefix, and prefixes rise, so that no segment takes less than nothing.
  let longest = 0;
  for (const [position, prefixMs] of times) {
    longest = Math.max(longest, prefixMs);
    times.set(position, longest);
  }
  const space = {
    ...given,
    backboneMs: Math.max(given.backboneMs, longest),
    candidates: given.candidates.map((own) => ({ ...own, prefixMs: times.get(own.position)! })),
  };
  const pace = 0.05 + random();
  const faster = (ms: number) => pace * ms;
  const server = profileOf({
    ...space,
    backboneMs: faster(space.backboneMs),
    candidates: space.candidates.map((own) => ({
      ...own,
      prefixMs: faster(own.prefixMs),
      headMs: faster(own.headMs),
    })),
  });
  const positions = new Map(space.candidates.map(({ cutPoint, position }) => [cutPoint, position]));
  const bytes = () => 100 + Math.floor(5000 * random());
  return {
    device: profileOf(space),
    spaceOn: (profile) => spaceUnder(space, profile),
    offload: {
      server,
      link: { latencyMs: random() / 2, bandwidthMbps: 10 + 90 * random() },
      places: [
        { tensor: "input", position: -1, bytes: bytes() },
        ...[...positions].map(([tensor, position]) => ({ tensor, position, bytes: bytes() })),
      ],
      answerBytes: 40,
    },
  };
}

export function randomOffload(random: Random, shape: SyntheticShape): MadeUpOffload {
  return offloadOf(random, ragbagSpace(random, shape));
}
