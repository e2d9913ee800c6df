import { type Random, randomInteger } from "../../base/random.ts";
import type { ConfidenceTable } from "../../model/confidence-table.ts";
import type { Profile } from "../../model/profile.ts";
import type { NetworkInputs, SpaceInputs } from "../../space/build-space.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import {
  drawDifficulty,
  ragbagSpace,
  type SyntheticNetwork,
  type SyntheticShape,
  syntheticNetwork,
} from "../../space/testing/synthetic-space.ts";
import { profileOf } from "../../space/testing/test-profile.ts";
import type { MemberInputs, Members } from "../chain-network.ts";

/** A space as the tables, costs and latencies that it could have been made of. */
export function networkInputs(
  space: SearchSpace,
  outputConfidence: Float32Array,
): NetworkInputs & { readonly profile: Profile } {
  const { candidates, samples, backboneCorrect } = space;
  const table: ConfidenceTable = {
    exits: candidates.length,
    samples,
    confidence: Float32Array.from(
      [...candidates.map(({ confidence }) => confidence), outputConfidence].flatMap((row) => [...row]),
    ),
    correct: Uint8Array.from(
      [...candidates.map(({ correct }) => correct), backboneCorrect].flatMap((row) => [...row]),
    ),
  };
  return {
    exits: candidates,
    tables: new Map([["top1", table]]),
    profile: profileOf(space),
    output: "scores",
    backboneMacs: space.backboneMacs,
    backboneBytes: space.backboneBytes,
    peakActivationBytes: space.peakActivationBytes,
  };
}

/** A space as what it could have been made of, its network alone. */
export function inputsOf(space: SearchSpace): SpaceInputs & Members & { readonly profile: Profile } {
  const { maxExits, levels, samples } = space;
  return {
    ...networkInputs(space, new Float32Array(samples)),
    backboneSha256: "backbone",
    maxExits,
    levels,
  };
}

/**
 * A backbone and a network of a third of its latency that loses about a point, with heads all along both: what one has
 * wrong the other tends to have wrong too.
 * @param shape `positions` are the backbone's; the other has a third of them
 * @param isTuned whether what was tuned from both is there too, of the same latencies and a bit better
 */
export function bigAndLittle(
  random: Random,
  shape: SyntheticShape,
  isTuned = false,
): SpaceInputs & Members & { readonly profile: Profile } {
  const { maxExits, levels, samples, positions } = shape;
  const difficulty = drawDifficulty(random, samples);
  const asInputs = ({ space, outputConfidence }: SyntheticNetwork) => networkInputs(space, outputConfidence);
  const third = { ...shape, positions: Math.round(positions / 3) };
  const big = (skill: number) => asInputs(syntheticNetwork(random, difficulty, shape, skill));
  const member = (sha256: string, skill: number, tunedFrom?: string): MemberInputs => ({
    ...(tunedFrom === "big" ? big(skill) : asInputs(syntheticNetwork(random, difficulty, third, skill, 0.3))),
    sha256,
    name: `${sha256}.onnx`,
    output: "scores",
    tunedFrom,
  });
  const backbone = big(1);
  const members = [
    member("little", 0.9),
    ...(isTuned ? [member("big-tuned", 1.2, "big"), member("little-tuned", 1, "little")] : []),
  ];
  return { ...backbone, backboneSha256: "big", members, maxExits, levels };
}

/** A backbone and so many further networks without any order: equal confidences and latencies, useless heads. */
export function randomNetworks(
  random: Random,
  shape: SyntheticShape,
  further: number,
): SpaceInputs & Members & { readonly profile: Profile } {
  const { maxExits, levels } = shape;
  const network = () => {
    const space = { ...ragbagSpace(random, shape), peakActivationBytes: randomInteger(random, 9) };
    const values = 1 + randomInteger(random, 4);
    return networkInputs(
      space,
      Float32Array.from({ length: shape.samples }, () => randomInteger(random, values) / values),
    );
  };
  const members = Array.from({ length: further }, (_, index): MemberInputs => {
    const { profile, ...own } = network();
    const entry = randomInteger(random, 2) === 0 ? undefined : { ...profile.final, meanMs: random() };
    const name = `network-${index}`;
    const branch = entry && { ...profile.final, meanMs: 0.1 * random() };
    return {
      ...own,
      profile: { ...profile, entry, branch },
      sha256: name,
      name: `${name}.onnx`,
      output: "scores",
    };
  });
  return { ...network(), backboneSha256: "backbone", members, maxExits, levels };
}
