import { ExportDialog } from "../export/ExportDialog.tsx";
import { DifferenceDialog } from "../graph/view/DifferenceDialog.tsx";
import { CompareDialog } from "../plans/CompareDialog.tsx";
import { ClassOrderDialog } from "../stages/data/class-order/ClassOrderDialog.tsx";
import { RunsDialog } from "../stages/heads/RunsDialog.tsx";
import { QuantiseDialog } from "../stages/profile/QuantiseDialog.tsx";
import { useView } from "../state/view-store.ts";
import { AboutDialog } from "./AboutDialog.tsx";
import { CommandPalette } from "./CommandPalette.tsx";
import { DroppedModelDialog } from "./DroppedModelDialog.tsx";
import { GlossaryDialog } from "./GlossaryDialog.tsx";
import { MissDialog } from "./MissDialog.tsx";
import { SettingsDialog } from "./SettingsDialog.tsx";
import { ShortcutsDialog } from "./ShortcutsDialog.tsx";

/** The one dialog that is open, and the palette. */
export function Dialogs() {
  const dialog = useView((state) => state.dialog);
  return (
    <>
      <CommandPalette />
      <MissDialog />
      <DroppedModelDialog />
      {dialog === "shortcuts" && <ShortcutsDialog />}
      {dialog === "glossary" && <GlossaryDialog />}
      {dialog === "about" && <AboutDialog />}
      {dialog === "settings" && <SettingsDialog />}
      {dialog === "export" && <ExportDialog />}
      {dialog === "compare" && <CompareDialog />}
      {dialog === "difference" && <DifferenceDialog />}
      {dialog === "quantise" && <QuantiseDialog />}
      {dialog === "classOrder" && <ClassOrderDialog />}
      {dialog === "runs" && <RunsDialog />}
    </>
  );
}
