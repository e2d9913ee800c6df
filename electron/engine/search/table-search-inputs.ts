import { AppError } from "../../../shared/base/errors.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { calibratedExits } from "../../../shared/space/calibrated-exits.ts";
import type { SearchInputs } from "./search-inputs.ts";

/**
 * What a search reads, for a network that lives in another framework: its table and its profile. The table's rows
 * are the profile's heads in order. MACs aren't known there; the prefix's share of the latency stands in for them.
 * @param policy id that the table's confidences go by
 * @throws AppError 'file-invalid' if the numbers of exits differ, or the profile has a head but no prefix that ends there
 */
export function tableSearchInputs(table: ConfidenceTable, profile: Profile, policy: string): SearchInputs {
  const heads = profile.heads.filter((head) => head.policy === policy);
  if (heads.length !== table.exits)
    throw new AppError(
      "file-invalid",
      `the table has ${table.exits} exits, the profile ${heads.length} heads with policy '${policy}'; ` +
        "give one head per exit, in the table's order",
    );
  const places = profile.prefixes.map(({ cutPoint, meanMs }, index) => ({
    tensor: cutPoint,
    index,
    macs: meanMs,
  }));
  const costed = heads.map(({ cutPoint, head }) => ({ cutPoint, kind: head, macs: 0, bytes: 0 }));
  return {
    backboneSha256: profile.graphSha256,
    exits: calibratedExits(places, costed),
    tables: new Map([[policy, table]]),
    profile,
    backboneMacs: profile.backbone.meanMs,
    backboneBytes: 0,
  };
}
