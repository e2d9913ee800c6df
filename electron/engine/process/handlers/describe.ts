import { availableParallelism } from "node:os";
import { z } from "zod";
import { datasetFormats } from "../../dataset/formats/index.ts";
import { exportFormats } from "../../export/index.ts";
import { headKinds } from "../../heads/index.ts";
import { exitPolicies } from "../../policies/index.ts";
import { describeMachine, providersHere } from "../../profile/target.ts";
import type { Handlers } from "../handler.ts";

/** What this engine offers on this machine, read from the lists of variants. */
export function describeHandlers(): Pick<Handlers, "engine.describe" | "engine.providers"> {
  return {
    "engine.describe": async () => ({
      headKinds: headKinds.map(({ id, title, shortTitle, options }) => ({
        id,
        title,
        shortTitle,
        options: z.toJSONSchema(options, { io: "input" }),
      })),
      policies: exitPolicies.map(({ id, title, base }) => ({ id, title, base: base?.id })),
      exportFormats: exportFormats.map(({ id, title, purpose, target, isOptional = false }) => ({
        id,
        title,
        purpose,
        target,
        isOptional,
      })),
      datasetFormats: datasetFormats.map(({ id, title, layout }) => ({ id, title, layout })),
      ...describeMachine(),
      threads: availableParallelism(),
    }),
    "engine.providers": async () => ({ providers: await providersHere() }),
  };
}
