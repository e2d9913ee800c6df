import type { EnergySource } from "./energy-meter.ts";
import { ina3221 } from "./ina3221.ts";
import { rapl } from "./rapl.ts";

/** The sensors that are looked for unasked, in this order: a board's own say more than its processor's. */
export const energySources: readonly EnergySource[] = [ina3221, rapl];
