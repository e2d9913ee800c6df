import { type CutPoint, featureMapOf } from "../../../shared/model/backbone.ts";

/** What a head is attached to and has to tell apart. */
export interface HeadShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Whether a token that stands for the whole image comes with the map. */
  readonly hasClassToken?: boolean;
  readonly classes: number;
}

export function headShape(cut: CutPoint, classes: number): HeadShape {
  const { channels, height, width, classToken } = featureMapOf(cut);
  return { channels, height, width, hasClassToken: classToken !== undefined, classes };
}
