import { type Random, randomInteger } from "../../base/random.ts";
import { inputsOf } from "../../chains/testing/made-up-networks.ts";
import type { Latency } from "../../model/profile.ts";
import type { NetworkInputs, NetworkLatencies } from "../../space/build-space.ts";
import { ragbagSpace, type SyntheticShape } from "../../space/testing/synthetic-space.ts";
import type { DesignInputs, Offload, OffloadedNetwork } from "../partition-space.ts";

/** A device, a server some times as fast, a link, and networks to partition anywhere between. */
export interface MadeUpOffload {
  readonly inputs: DesignInputs;
  readonly offload: Offload;
}

/**
 * Images are of two sizes.
 * @param pace of the server with a network: how long it takes for each ms of the device
 */
export function offloadOf(
  random: Random,
  given: DesignInputs,
  pace: () => number = () => 0.05 + random(),
): MadeUpOffload {
  const members = given.members?.map((member) => ({ ...member, profile: rising(member.profile) }));
  const inputs = { ...given, profile: rising(given.profile), ...(members && { members }) };
  const bytes = () => 100 + randomInteger(random, 5000);
  const images = [1, 2].map((size) => ({ frame: `${size}`, bytes: bytes() }));
  const offloaded = (sha256: string, { exits, profile }: NetworkInputs): OffloadedNetwork => {
    const places = new Map(exits.map(({ cutPoint, position }) => [cutPoint, position]));
    return {
      sha256,
      name: `${sha256}.onnx`,
      latencies: paced(profile, pace()),
      input: "image",
      image: images[randomInteger(random, 2)],
      cutPoints: [...places].map(([tensor, position]) => ({ tensor, position, bytes: bytes() })),
    };
  };
  const backbone = offloaded(inputs.backboneSha256, inputs);
  return {
    inputs,
    offload: {
      server: { ...inputs.profile, ...backbone.latencies },
      link: { latencyMs: random() / 2, bandwidthMbps: 10 + 90 * random() },
      images: "bytes",
      backbone,
      members: (members ?? []).map((member) => offloaded(member.sha256, member)),
      answerBytes: 40,
    },
  };
}

/** Of one network. */
export function randomOffload(random: Random, shape: SyntheticShape): MadeUpOffload {
  return offloadOf(random, inputsOf(ragbagSpace(random, shape)));
}

/** Prefixes that rise, so that no segment takes less than nothing. */
function rising<Latencies extends NetworkLatencies>(latencies: Latencies): Latencies {
  let longestMs = 0;
  const atLeast = <Timed extends Latency>(timed: Timed): Timed => {
    longestMs = Math.max(longestMs, timed.meanMs);
    return { ...timed, meanMs: longestMs };
  };
  const prefixes = latencies.prefixes.map(atLeast);
  return { ...latencies, prefixes, final: atLeast(latencies.final) };
}

function paced<Latencies extends NetworkLatencies>(latencies: Latencies, factor: number): Latencies {
  return JSON.parse(JSON.stringify(latencies, (key, value) => (key.endsWith("Ms") ? factor * value : value)));
}
