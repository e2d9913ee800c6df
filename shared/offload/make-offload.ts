import type { BackboneSummary } from "../model/backbone.ts";
import type { Link } from "../model/link.ts";
import type { Profile } from "../model/profile.ts";
import { answerBytes, cutPlaces } from "./cut-places.ts";
import type { Offload } from "./cut-space.ts";

/** A second target for a model, which may be cut wherever it has a cut point. */
export function makeOffload(backbone: BackboneSummary, server: Profile, link: Link): Offload {
  return { server, link, places: cutPlaces(backbone), answerBytes: answerBytes(backbone) };
}
