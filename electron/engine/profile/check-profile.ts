import { AppError } from "../../../shared/base/errors.ts";
import { memberProfile, type Profile, type TimedNetworks } from "../../../shared/model/profile.ts";
import type { Head } from "../heads/head.ts";
import { type HeadWish, headsFor } from "../heads/head-choices.ts";
import { headKinds } from "../heads/index.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { optionsHere } from "./target.ts";

/**
 * Checks before any training whether a profile from elsewhere has every latency that the search will ask for.
 * @param policies ids
 * @throws AppError 'file-invalid' if it was made for other heads or other policies
 */
export function checkProfileCovers(
  backbone: Backbone,
  wish: HeadWish,
  policies: readonly string[],
  profile: TimedHeads,
): void {
  const { cutPoints, readyExits } = backbone.summary;
  const kinds = headsFor(backbone, wish).map(({ kind }) => kind.id);
  const heads = [
    ...readyExits.map(({ cutPoint, output }) => ({ cutPoint, kind: output })),
    ...cutPoints.flatMap(({ tensor }) => kinds.map((kind) => ({ cutPoint: tensor, kind }))),
  ];
  checkProfileHeads(heads, policies, profile);
}

/** What of a profile, or of a further network's part of it, heads are looked for in. */
type TimedHeads = Pick<Profile, "prefixes" | "heads">;

type AskedHead = Pick<Head, "cutPoint" | "kind">;

/**
 * Finds out whether a profile has the latency of every one of these heads.
 * @param policies ids
 * @throws AppError 'file-invalid' naming the first that is missing
 */
export function checkProfileHeads(
  heads: readonly AskedHead[],
  policies: readonly string[],
  profile: TimedHeads,
): void {
  const missing = untimedHead(heads, policies, profile);
  if (!missing) return;
  const { cutPoint, kind, policy } = missing;
  // Heads that came with their network are timed unasked.
  const kinds = headKinds.map(({ id }) => id).filter((id) => heads.some((head) => head.kind === id));
  throw new AppError(
    "file-invalid",
    `the profile has no latency for head '${kind}' with policy '${policy}' at '${cutPoint}'`,
    { missing: "headLatencies", kinds },
  );
}

/** The first of these heads that has no latency under one of these policies. */
export function untimedHead(
  heads: readonly AskedHead[],
  policies: readonly string[],
  profile: TimedHeads,
): (AskedHead & { readonly policy: string }) | undefined {
  const prefixes = new Set(profile.prefixes.map(({ cutPoint }) => cutPoint));
  const timed = new Set(
    profile.heads.map(({ cutPoint, head, policy }) => [cutPoint, head, policy].join("\n")),
  );
  const isTimed = ({ cutPoint, kind }: AskedHead, policy: string) =>
    prefixes.has(cutPoint) && timed.has([cutPoint, kind, policy].join("\n"));
  return heads
    .flatMap(({ cutPoint, kind }) => policies.map((policy) => ({ cutPoint, kind, policy })))
    .find((asked) => !isTimed(asked, asked.policy));
}

/**
 * The same for members.
 * @throws AppError 'file-invalid' naming the first that is missing, or was timed with other heads or policies
 */
export function checkProfileMembers(
  members: readonly { readonly backbone: Backbone }[],
  wish: HeadWish,
  policies: readonly string[],
  profile: Profile,
): void {
  for (const { backbone } of members) {
    const known = memberProfile(profile, backbone.summary);
    if (known) {
      checkProfileCovers(backbone, wish, policies, known);
      continue;
    }
    throw new AppError(
      "file-invalid",
      `the profile has no latencies of the member ${backbone.summary.name}; leave --profile out to measure here, or train a project with the ` +
        "member, profile that project on the target, and search it",
      { missing: "profile" },
    );
  }
}

/**
 * Finds out before any training whether a network that joins a project can have latencies in a profile.
 * @throws AppError 'usage' if it isn't in the profile, and this machine isn't its target
 */
export async function checkMemberTarget(
  { summary }: Backbone,
  profile: Pick<Profile, "target"> & TimedNetworks,
): Promise<void> {
  if (memberProfile(profile, summary)) return;
  try {
    await optionsHere(profile);
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== "usage") throw cause;
    throw new AppError(
      "usage",
      `the profile has no latencies of ${summary.name}, and it can't be timed here: ${cause.message}; or train a project ` +
        "with --member, profile that project on the profile's machine, and search it",
      {},
      { cause },
    );
  }
}
