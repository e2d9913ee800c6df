import { branchynet } from "./branchynet.ts";
import type { FixedScheme } from "./fixed-scheme.ts";
import { shallowDeep } from "./shallow-deep.ts";
import { uniform } from "./uniform.ts";

/** Every fixed scheme that is drawn beside the searched fronts. */
export const fixedSchemes: readonly FixedScheme[] = [branchynet, shallowDeep, uniform];
