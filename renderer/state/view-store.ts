import { create } from "zustand";
import type { ExitPlace, PartitionedPlan } from "../../shared/model/plan.ts";
import type { StageName } from "../../shared/presentation/progress/stage-state.ts";

/** SHA-256 of the further network that something is in; the backbone if absent. */
export type OfNetwork = Pick<ExitPlace, "member">;

/** What the person points at; shared by graph, chart and inspector, so that each reacts to the others. */
export type Selection =
  | ({ readonly kind: "exit" } & ExitPlace)
  | ({ readonly kind: "block"; readonly block: string } & OfNetwork)
  | ({ readonly kind: "operator"; readonly node: string } & OfNetwork)
  | null;

export type DialogName =
  | "shortcuts"
  | "glossary"
  | "about"
  | "settings"
  | "export"
  | "compare"
  | "quantise"
  | "classOrder"
  | "difference"
  | "runs";

export type HeadsTab = "heads" | "tuning";

interface ViewState {
  readonly selection: Selection;
  /** A plan that is hovered, drawn as ghosts on the graph. */
  readonly hovered: PartitionedPlan | null;
  /** The open stage panel; it takes the inspector's place. */
  readonly panel: StageName | null;
  /** What the heads panel shows: heads on a frozen backbone, or the backbone learning with them. */
  readonly headsTab: HeadsTab;
  readonly dialog: DialogName | null;
  readonly paletteOpen: boolean;
  /** Whether the use case's constraints are shown. */
  readonly useCaseOpen: boolean;
}

const nothingShown = {
  selection: null,
  hovered: null,
  panel: null,
  headsTab: "heads",
  dialog: null,
  useCaseOpen: false,
} as const;

export const useView = create<ViewState>()(() => ({ ...nothingShown, paletteOpen: false }));

/** Of another file nothing is selected or open. */
export function showNothing(): void {
  useView.setState(nothingShown);
}

export function select(selection: Selection): void {
  useView.setState(selection ? { selection, panel: null } : { selection });
}

/** Selects and leaves the panel open that it was chosen in. */
export function selectBesidePanel(selection: Selection): void {
  useView.setState({ selection });
}

/** Clears the selection; without one closes the panel. */
export function deselect(): void {
  useView.setState(({ selection }) => (selection ? { selection: null } : { panel: null }));
}

export function hover(hovered: PartitionedPlan | null): void {
  useView.setState({ hovered });
}

/** @param panel null closes the one that is open */
export function openPanel(panel: StageName | null): void {
  useView.setState({ panel });
}

/** Opens the heads panel there. */
export function openHeads(headsTab: HeadsTab): void {
  useView.setState({ panel: "heads", headsTab });
}

export function togglePanel(panel: StageName): void {
  useView.setState((view) => ({ panel: view.panel === panel ? null : panel }));
}

export function openDialog(dialog: DialogName): void {
  useView.setState({ dialog });
}

export function closeDialog(): void {
  useView.setState({ dialog: null });
}

export function showPalette(paletteOpen: boolean): void {
  useView.setState({ paletteOpen });
}

export function showUseCase(useCaseOpen: boolean): void {
  useView.setState({ useCaseOpen });
}
