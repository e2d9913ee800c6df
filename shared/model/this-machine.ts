import { z } from "zod";
import type { Target } from "./profile.ts";

export const providerViewSchema = z.object({
  name: z.string(),
  /** Why nothing runs with it on this machine, as a clause; null if it works. */
  obstacle: z.string().nullable(),
});

/** An execution provider of ONNX Runtime on this machine. */
export type ProviderView = Readonly<z.infer<typeof providerViewSchema>>;

/** A machine as its profiles name it, and what it can run. */
export interface Machine extends Pick<Target, "device" | "operatingSystem" | "runtime"> {
  readonly providers: readonly string[];
}

/**
 * Whether a target can be measured on a machine again: it is the same processor and memory under the same kind of
 * system with the same runtime. A system that was only updated is still the same.
 * @param here null while it isn't known yet
 */
export function isThisMachine(target: Target, here: Machine | null): boolean {
  return (
    here !== null &&
    target.device === here.device &&
    systemKind(target.operatingSystem) === systemKind(here.operatingSystem) &&
    target.runtime === here.runtime &&
    here.providers.includes(target.provider)
  );
}

/** `linux x64` of `linux 6.1.0 x64`: the release in the middle left out. */
function systemKind(operatingSystem: string): string {
  const words = operatingSystem.split(" ");
  return `${words[0]} ${words.at(-1)}`;
}
