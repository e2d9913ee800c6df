import type { Preprocess } from "../../../shared/model/preprocess.ts";

export const channelOrders: readonly { readonly value: Preprocess["channels"]; readonly label: string }[] = [
  { value: "rgb", label: "RGB" },
  { value: "bgr", label: "BGR" },
  { value: "grey", label: "Grey" },
];

export const interpolations: readonly {
  readonly value: Preprocess["interpolation"];
  readonly label: string;
}[] = [
  { value: "bilinear", label: "Bilinear" },
  { value: "bicubic", label: "Bicubic" },
  { value: "nearest", label: "Nearest" },
];
