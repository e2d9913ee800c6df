import { AppError } from "../../../shared/base/errors.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { Head } from "../heads/head.ts";
import type { HeadChoice } from "../heads/head-kind.ts";
import type { Backbone } from "../onnx/backbone.ts";

/**
 * Checks before any training whether a profile from elsewhere has every latency that the search will ask for.
 * @param policies ids
 * @throws AppError 'file-invalid' if it was made for other heads or other policies
 */
export function checkProfileCovers(
  { summary }: Backbone,
  choices: readonly HeadChoice[],
  policies: readonly string[],
  profile: Profile,
): void {
  const heads = summary.cutPoints.flatMap(({ tensor }) =>
    choices.map(({ kind }) => ({ cutPoint: tensor, kind: kind.id })),
  );
  checkProfileHeads(heads, policies, profile);
}

/**
 * Finds out whether a profile has the latency of every one of these heads.
 * @param policies ids
 * @throws AppError 'file-invalid' naming the first that is missing
 */
export function checkProfileHeads(
  heads: readonly Pick<Head, "cutPoint" | "kind">[],
  policies: readonly string[],
  profile: Profile,
): void {
  const prefixes = new Set(profile.prefixes.map(({ cutPoint }) => cutPoint));
  const timed = new Set(
    profile.heads.map(({ cutPoint, head, policy }) => [cutPoint, head, policy].join("\n")),
  );
  for (const { cutPoint, kind } of heads)
    for (const policy of policies)
      if (!prefixes.has(cutPoint) || !timed.has([cutPoint, kind, policy].join("\n")))
        throw new AppError(
          "file-invalid",
          `the profile has no latency for head '${kind}' with policy '${policy}' at '${cutPoint}'`,
          { missing: "headLatencies", kinds: [...new Set(heads.map((head) => head.kind))] },
        );
}

/**
 * Finds out before any training whether a profile from elsewhere has timed these members.
 * @throws AppError 'file-invalid' naming the first that is missing
 */
export function checkProfileMembers(
  members: readonly { readonly backbone: Backbone }[],
  { members: timed = [] }: Profile,
): void {
  for (const { backbone } of members) {
    const { name, graphSha256 } = backbone.summary;
    if (timed.some((own) => own.graphSha256 === graphSha256)) continue;
    throw new AppError(
      "file-invalid",
      `the profile has no latencies of the member ${name}; leave --profile out to measure here, or train a project with the ` +
        "member, profile that project on the target, and search it",
      { missing: "profile" },
    );
  }
}
