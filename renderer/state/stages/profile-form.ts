import { create } from "zustand";
import { defaultProfileSeconds, targetOptionsSchema } from "../../../shared/model/stage-options.ts";

const { provider, threads } = targetOptionsSchema.parse({});

/** The target to profile next, and for how long; it's about this machine, so it stays when another project is opened. */
export const useProfileForm = create<{
  readonly provider: string;
  readonly threads: number;
  readonly seconds: number;
}>()(() => ({ provider, threads, seconds: defaultProfileSeconds }));
