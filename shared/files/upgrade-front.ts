import type { z } from "zod";
import { type BackboneSummary, isNameOf } from "../model/backbone.ts";
import type { Profile } from "../model/profile.ts";
import { makeOffload } from "../offload/make-offload.ts";
import { serverBackboneMs } from "../offload/partition-space.ts";
import type { FrontFile, frontOfVersionOneSchema } from "./front-file.ts";

type FrontOfVersionOne = z.infer<typeof frontOfVersionOneSchema>;

/**
 * A front of version 1, which named no profile but kept a latency of each that it was searched with.
 * @param profiles those that it may have been searched with; it names none ("") if it was another
 */
export function upgradeFront(
  { offload, ...front }: FrontOfVersionOne,
  backbone: BackboneSummary,
  profiles: readonly Profile[],
): FrontFile {
  const idOf = (isIt: (profile: Profile) => boolean) => profiles.find(isIt)?.id ?? "";
  return {
    ...front,
    version: 2,
    backboneSha256: isNameOf(backbone, front.backboneSha256) ? backbone.sha256 : front.backboneSha256,
    profile: idOf((profile) => profile.backbone.meanMs === front.backbone.latencyMs),
    offload: offload && {
      ...offload,
      profile: idOf(
        (profile) =>
          serverBackboneMs(makeOffload({ backbone }, profile, offload.link)) === offload.backboneMs,
      ),
    },
  };
}
