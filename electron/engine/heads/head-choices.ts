import { AppError } from "../../../shared/base/errors.ts";
import type { HeadChoice } from "./head-kind.ts";
import { headKindById } from "./index.ts";

/** A head kind as requests and files name it. */
export interface NamedHeadChoice {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** @throws AppError 'usage' for an unknown kind or one named twice, or options that it doesn't take */
export function headChoices(wanted: readonly NamedHeadChoice[]): HeadChoice[] {
  return wanted.map(({ kind: id, options }, index) => {
    const kind = headKindById(id);
    if (wanted.findIndex((other) => other.kind === id) < index)
      throw new AppError("usage", `head kind '${id}' is chosen twice; choose it once`);
    const parsed = kind.options.safeParse(options);
    if (parsed.success) return { kind, options: parsed.data };
    const [issue] = parsed.error.issues;
    throw new AppError("usage", `head kind '${id}', ${issue.path.join(".")}: ${issue.message}`);
  });
}
