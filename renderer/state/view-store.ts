import { create } from "zustand";
import type { PartitionedPlan } from "../../shared/model/plan.ts";

/** What the person points at; shared by graph, chart and inspector, so that each reacts to the others. */
export type Selection =
  | { readonly kind: "exit"; readonly cutPoint: string }
  | { readonly kind: "block"; readonly block: string }
  | { readonly kind: "operator"; readonly node: string }
  | null;

/** The stages of the left rail, each with a panel of its own. */
export const panelNames = ["model", "data", "heads", "profile", "search", "export"] as const;
export type PanelName = (typeof panelNames)[number];

interface ViewState {
  readonly selection: Selection;
  /** A plan that is hovered, drawn as ghosts on the graph. */
  readonly hovered: PartitionedPlan | null;
  /** The open stage panel; it takes the inspector's place. */
  readonly panel: PanelName | null;
  readonly dialog: "shortcuts" | "about" | "settings" | "export" | "compare" | null;
  readonly paletteOpen: boolean;
}

export const useView = create<ViewState>()(() => ({
  selection: null,
  hovered: null,
  panel: null,
  dialog: null,
  paletteOpen: false,
}));

export function select(selection: Selection): void {
  useView.setState(selection ? { selection, panel: null } : { selection });
}
