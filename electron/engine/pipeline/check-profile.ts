import type { Profile } from "../../../shared/domain/profile.ts";
import { AppError } from "../../../shared/errors.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { HeadChoice } from "./train-stage.ts";

/** @throws AppError 'file-invalid' if the profile was made for another model */
export function checkProfileModel({ summary }: Backbone, { backboneSha256 }: Profile): void {
  if (backboneSha256 === summary.sha256) return;
  const short = (sha256: string) => `SHA-256 ${sha256.slice(0, 8)}…`;
  throw new AppError(
    "file-invalid",
    `the profile was made for another model (${short(backboneSha256)}) than ${summary.name} ` +
      `(${short(summary.sha256)}); make one for this model with \`offramp profile\``,
  );
}

/**
 * Finds out before any training whether a profile from elsewhere has every latency that the search will ask for.
 * @param policies ids
 * @throws AppError 'file-invalid' if it was made for another model, other heads or other policies
 */
export function checkProfileCovers(
  backbone: Backbone,
  choices: readonly HeadChoice[],
  policies: readonly string[],
  profile: Profile,
): void {
  checkProfileModel(backbone, profile);
  const timed = new Set(
    profile.heads.map(({ cutPoint, head, policy }) => [cutPoint, head, policy].join("\n")),
  );
  for (const { tensor } of backbone.summary.cutPoints)
    for (const { kind } of choices)
      for (const policy of policies)
        if (!timed.has([tensor, kind.id, policy].join("\n")))
          throw new AppError(
            "file-invalid",
            `the profile has no latency for head '${kind.id}' with policy '${policy}' at '${tensor}'; ` +
              `make one with \`offramp profile --head ${choices.map((choice) => choice.kind.id).join()}\``,
          );
}
