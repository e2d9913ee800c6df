import { join } from "node:path";

/** The sample as it ships: trained, profiled and searched. */
export const samplePath = join("assets", "samples", "fashion-mnist", "explored.offramp");
