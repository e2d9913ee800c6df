import { create } from "zustand";
import { profileOptionsSchema, targetOptionsSchema } from "../../../shared/model/stage-options.ts";

const { provider, threads } = targetOptionsSchema.parse({});
const { seconds } = profileOptionsSchema.parse({ target: {} });

interface ProfileForm {
  readonly provider: string;
  readonly threads: number;
  readonly seconds: number;
}

/** The target to profile next, and for how long; it's about this machine, so it stays when another project is opened. */
export const useProfileForm = create<ProfileForm>()(() => ({
  provider,
  threads,
  seconds,
}));

export function changeProfiling(change: Partial<ProfileForm>): void {
  useProfileForm.setState(change);
}
