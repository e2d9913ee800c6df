import type { Profile } from "../../../shared/model/profile.ts";

/** What a measurement or an import has done to the profiles of a project. */
export interface ProfileChange {
  /** Id of the profile that wasn't there before. */
  readonly made: string | undefined;
  /** Id of the one that was measured again, whose place it takes. */
  readonly replaced: string | undefined;
}

export function profileChange(before: readonly Profile[], after: readonly Profile[]): ProfileChange {
  const newcomer = (one: readonly Profile[], other: readonly Profile[]) =>
    one.find(({ id }) => !other.some((own) => own.id === id))?.id;
  return { made: newcomer(after, before), replaced: newcomer(before, after) };
}
