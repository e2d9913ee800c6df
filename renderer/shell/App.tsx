import { Tooltip } from "radix-ui";
import { useProject } from "../state/project-store.ts";
import { InputSizeDialog } from "../welcome/InputSizeDialog.tsx";
import { OpeningOverlay } from "../welcome/OpeningProgress.tsx";
import { OutputDialog } from "../welcome/OutputDialog.tsx";
import { Welcome } from "../welcome/Welcome.tsx";
import { Dialogs } from "./Dialogs.tsx";
import { DropZone } from "./DropZone.tsx";
import { Notices } from "./Notices.tsx";
import { Tour } from "./tour/Tour.tsx";
import { Workbench } from "./Workbench.tsx";

export function App() {
  const hasProject = useProject(({ project }) => project !== null);
  return (
    <Tooltip.Provider delayDuration={400}>
      {hasProject ? <Workbench /> : <Welcome />}
      <OpeningOverlay />
      <InputSizeDialog />
      <OutputDialog />
      <Dialogs />
      <Tour />
      <Notices />
      <DropZone />
    </Tooltip.Provider>
  );
}
