/** A colour by day and by night. */
interface Hue {
  readonly light: string;
  readonly dark: string;
}

function hue(light: string, dark: string): Hue {
  return { light, dark };
}

/**
 * The colours that drawings name, under the same names as in the window's tokens.css. Series have the Okabe-Ito hues
 * in light; in dark they are lightened until they stand off the surface as far.
 */
export const palette = {
  surface: hue("#ffffff", "#1a1d21"),
  "surface-sunken": hue("#f3f4f6", "#131518"),
  border: hue("#d5d9df", "#363c44"),
  "border-strong": hue("#858d98", "#7e8793"),
  ink: hue("#1b1f24", "#e8eaed"),
  "ink-soft": hue("#535b66", "#b3bac4"),
  "ink-faint": hue("#656d78", "#9aa2ad"),
  good: hue("#0b6e4f", "#55c79e"),
  warn: hue("#8a5300", "#e5b04c"),
  bad: hue("#b3261e", "#ff8a80"),
  "bad-surface": hue("#fbeae9", "#3a1f1e"),
  "warn-surface": hue("#fdf3e1", "#352a16"),
  "series-ours": hue("#0072b2", "#4aa8e0"),
  "series-live": hue("#d55e00", "#ff8a3d"),
  "series-live-ink": hue("#a84800", "#ff9d5c"),
  "series-nsga2": hue("#e69f00", "#f0b429"),
  "series-annealing": hue("#009e73", "#2fc795"),
  "series-random": hue("#8a8f98", "#9aa0aa"),
  "series-fifth": hue("#8f7d00", "#f0e442"),
  "series-schemes": hue("#cc79a7", "#e29cc4"),
  "series-reference": hue("#56b4e9", "#86cbf3"),
  "series-backbone": hue("#1b1f24", "#e8eaed"),
  right: hue("#0072b2", "#4aa8e0"),
  wrong: hue("#d55e00", "#ff8a3d"),
} as const satisfies Readonly<Record<string, Hue>>;

export type ColourName = keyof typeof palette;
