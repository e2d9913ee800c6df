import { AppError } from "../../../shared/base/errors.ts";
import { plainName } from "../../../shared/base/plain-name.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { HeadChoice } from "./head-kind.ts";
import { headKindById } from "./index.ts";

/** A head kind as requests and files name it. */
export interface NamedHeadChoice {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Choices as files name them. */
export function namedChoices(heads: readonly HeadChoice[]) {
  return heads.map(({ kind, options }) => ({ kind: kind.id, options: { ...options } }));
}

/** Which heads networks get beside the exits that they bring. */
export interface HeadWish {
  readonly heads: readonly HeadChoice[];
  /** Whether networks that bring exits of their own get no more. */
  readonly spareReady?: boolean;
}

/** What of anything that says more is a wish for heads. */
export function headWish<Kinds>({
  heads,
  spareReady,
}: {
  readonly heads: Kinds;
  readonly spareReady?: boolean;
}) {
  return { heads, ...(spareReady && { spareReady }) };
}

/** The kinds of head that one network gets. */
export function headsFor({ summary }: Backbone, { heads, spareReady }: HeadWish): readonly HeadChoice[] {
  return spareReady && summary.readyExits.length > 0 ? [] : heads;
}

/** @throws AppError 'usage' if a network gets no heads and brings none: then it has no exits */
export function checkHasExits(backbone: Backbone, wish: HeadWish): void {
  const { name, readyExits } = backbone.summary;
  if (readyExits.length > 0 || headsFor(backbone, wish).length > 0) return;
  throw new AppError(
    "usage",
    `${plainName(name)} brings no exits of its own, so it needs heads; choose at least one kind of head`,
  );
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
