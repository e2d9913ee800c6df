import { byId } from "../../../shared/base/by-id.ts";
import { convolution } from "./convolution.ts";
import { gapLinear } from "./gap-linear.ts";
import type { HeadKind } from "./head-kind.ts";
import { mixedHidden } from "./mixed-hidden.ts";
import { mixedLinear } from "./mixed-linear.ts";

/** Every kind of head that can be trained; the first is the default. */
export const headKinds: readonly HeadKind[] = [
  mixedHidden,
  mixedLinear,
  gapLinear,
  convolution,
] as readonly HeadKind[];

/** @throws AppError 'usage' if there is no such kind */
export function headKindById(id: string): HeadKind {
  return byId(headKinds, id, "head kind");
}
