import { formatMs } from "../../base/format-number.ts";
import type { Link } from "../../model/link.ts";

/** A link in a few words: `5.00 ms one way, 100 Mbit/s`. */
export function describeLink({ latencyMs, bandwidthMbps }: Link): string {
  return `${formatMs(latencyMs)} one way, ${bandwidthMbps} Mbit/s`;
}
