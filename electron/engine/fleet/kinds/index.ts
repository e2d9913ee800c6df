import type { JobKind } from "../../jobs/job-kind.ts";
import { shareKind } from "../../search/share-kind.ts";
import { headsKind } from "../../stages/shares/heads-kind.ts";
import { logitsKind } from "../../stages/shares/logits-kind.ts";
import { deviceKind } from "./partition/device-kind.ts";
import { serverKind } from "./partition/server-kind.ts";
import { profileKind } from "./profile-kind.ts";
import { verifyKind } from "./verify-kind.ts";

/** The one table of the kinds of jobs: a new one is a file beside these and a line here. */
export const jobKinds: readonly AnyKind[] = [
  profileKind as AnyKind,
  verifyKind as AnyKind,
  deviceKind as AnyKind,
  serverKind as AnyKind,
  headsKind as AnyKind,
  logitsKind as AnyKind,
  shareKind as AnyKind,
];

/** Of a job that was only named, nothing is known of what it works on until it was opened. */
// biome-ignore lint/suspicious/noExplicitAny: the types of a kind belong together, whatever they are
export type AnyKind = JobKind<any, any, any>;

export function jobKindById(id: string): AnyKind | undefined {
  return jobKinds.find((kind) => kind.id === id);
}
