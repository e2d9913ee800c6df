import { X } from "lucide-react";
import type { ComponentType } from "react";
import { ExportPanel } from "../export/ExportPanel.tsx";
import { useProject } from "../state/project-store.ts";
import { type PanelName, useView } from "../state/view-store.ts";
import { IconButton } from "../ui/Button.tsx";
import { DataPanel } from "./data/DataPanel.tsx";
import { HeadsPanel } from "./heads/HeadsPanel.tsx";
import { ModelPanel } from "./model/ModelPanel.tsx";
import { ProfilePanel } from "./profile/ProfilePanel.tsx";
import { RunAllProgress } from "./RunAllProgress.tsx";
import styles from "./StagePanel.module.css";
import { Steps } from "./Steps.tsx";
import { SearchPanel } from "./search/SearchPanel.tsx";
import { stageTitles } from "./use-stages.ts";

const bodies: Readonly<Record<PanelName, ComponentType>> = {
  model: ModelPanel,
  data: DataPanel,
  heads: HeadsPanel,
  profile: ProfilePanel,
  search: SearchPanel,
  export: ExportPanel,
};

/** The open stage, to the right of the graph; with the way through all of them while the model is new. */
export function StagePanel({ name }: { readonly name: PanelName }) {
  const isNew = useProject(({ project }) => project!.heads.length === 0 || !project!.front);
  const Body = bodies[name];
  return (
    <section className={styles.panel} aria-label={stageTitles[name]}>
      <header className={styles.header}>
        <h2>{stageTitles[name]}</h2>
        <IconButton label="Close this panel" onClick={() => useView.setState({ panel: null })}>
          <X size={15} />
        </IconButton>
      </header>
      {isNew && <Steps />}
      <RunAllProgress />
      <div className={styles.body}>
        <Body />
      </div>
    </section>
  );
}
