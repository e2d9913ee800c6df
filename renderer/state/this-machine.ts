import type { EngineView } from "../../shared/ipc/variants.ts";
import type { Target } from "../../shared/model/profile.ts";

/** Whether a profile was made here, as far as the engine says what machine this is. */
export function isThisMachine(target: Target, offers: EngineView | null): boolean {
  return (
    offers !== null &&
    target.runtime === offers.runtime &&
    target.device === offers.device &&
    offers.providers.includes(target.provider)
  );
}
