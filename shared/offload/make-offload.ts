import type { BackboneSummary } from "../model/backbone.ts";
import type { Link } from "../model/link.ts";
import type { Profile } from "../model/profile.ts";
import { answerBytes, partitionPoints } from "./partition-points.ts";
import type { Offload } from "./partition-space.ts";

/** A second target for a model, which may be partitioned wherever it has a cut point. */
export function makeOffload(backbone: BackboneSummary, server: Profile, link: Link): Offload {
  return { server, link, places: partitionPoints(backbone), answerBytes: answerBytes(backbone) };
}
