import { z } from "zod";
import { thinned } from "../base/thinned.ts";
import { amount, milliseconds, share } from "../model/bounds.ts";
import { frontMeasure } from "../model/use-case.ts";
import type { ChartedPlan, FrontFile } from "./front-file.ts";

/** Of another project's front, as many plans as are shown. */
const maxPlans = 240;

const costSchema = {
  accuracy: share,
  latencyMs: milliseconds,
  energyMillijoules: amount.optional(),
};

/** What is looked at of another project's front: its own figures, with the backbone that they refer to. */
export const otherFrontSchema = z.object({
  name: z.string(),
  /** When its file was written last, ISO 8601. */
  savedAt: z.string(),
  backboneSha256: z.string(),
  /** Id of the profile that it was searched with; "" if its file names none. */
  profile: z.string(),
  /** What its costs are. */
  measure: z.enum(["mean", "p50", "p95", "energy"]),
  backbone: z.object(costSchema),
  plans: z.array(z.object({ ...costSchema, exits: z.number().int().nonnegative() })).max(maxPlans),
});

export type OtherFront = Readonly<z.infer<typeof otherFrontSchema>>;
export type OtherPlan = OtherFront["plans"][number];

type ReadFront = Pick<FrontFile, "backboneSha256" | "useCase" | "backbone" | "searches"> &
  Partial<Pick<FrontFile, "profile">>;

/** @param front of any version of its format */
export function otherFrontOf(front: ReadFront, file: Pick<OtherFront, "name" | "savedAt">): OtherFront {
  const { backboneSha256, profile = "", useCase, backbone, searches } = front;
  const plans = searches[0]?.front ?? [];
  return {
    ...file,
    backboneSha256,
    profile,
    measure: frontMeasure(useCase),
    backbone,
    plans: thinned(plans, maxPlans).map(plainPlan),
  };
}

function plainPlan({ exits, accuracy, latencyMs, energyMillijoules }: ChartedPlan): OtherPlan {
  return { exits: exits.length, accuracy, latencyMs, energyMillijoules };
}
