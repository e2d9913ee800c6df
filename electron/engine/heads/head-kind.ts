import type { z } from "zod";
import type { Layer } from "../nn/layers.ts";
import type { HeadShape } from "./head-shape.ts";
import type { Pooling } from "./pooling.ts";

/** A kind of exit head: how the feature map is pooled, then a stack of layers. */
export interface HeadKind<Options = Record<string, unknown>> {
  readonly id: string;
  readonly title: string;
  /** Where there is little room: what tells it from the others. */
  readonly shortTitle: string;
  readonly options: z.ZodType<Options>;
  /** Times what training's options say, where this kind learns best otherwise. */
  readonly learning?: { readonly rate: number; readonly patience: number };
  pooling(options: Options): Pooling;
  /** From the pooling's results to `classes` logits. */
  layers(shape: HeadShape, options: Options): readonly Layer[];
}

/** A kind of head with its options filled in. */
export interface HeadChoice {
  readonly kind: HeadKind;
  readonly options: Readonly<Record<string, unknown>>;
}

export function poolingOf({ kind, options }: HeadChoice): Pooling {
  return kind.pooling(options);
}
