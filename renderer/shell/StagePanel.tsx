import { X } from "lucide-react";
import type { ComponentType } from "react";
import type { StageName } from "../../shared/presentation/progress/stage-state.ts";
import { ExportPanel } from "../export/ExportPanel.tsx";
import { DataPanel } from "../stages/data/DataPanel.tsx";
import { HeadsPanel } from "../stages/heads/HeadsPanel.tsx";
import { ModelPanel } from "../stages/model/ModelPanel.tsx";
import { ProfilePanel } from "../stages/profile/ProfilePanel.tsx";
import { RunAllProgress } from "../stages/RunAllProgress.tsx";
import { Steps } from "../stages/Steps.tsx";
import { SearchPanel } from "../stages/search/SearchPanel.tsx";
import { useOpenProject } from "../state/project-store.ts";
import { stageTitles } from "../state/stages/use-stages.ts";
import { openPanel } from "../state/view-store.ts";
import { IconButton } from "../ui/Button.tsx";
import styles from "../ui/panel.module.css";

const bodies: Readonly<Record<StageName, ComponentType>> = {
  model: ModelPanel,
  data: DataPanel,
  heads: HeadsPanel,
  profile: ProfilePanel,
  search: SearchPanel,
  export: ExportPanel,
};

/** The open stage, to the right of the graph; with the way through all of them while the model is new. */
export function StagePanel({ name }: { readonly name: StageName }) {
  const isNew = useOpenProject((project) => project.heads.length === 0 || !project.front);
  const Body = bodies[name];
  return (
    <section className={styles.panel} aria-label={stageTitles[name]}>
      <header className={styles.header}>
        <h2>{stageTitles[name]}</h2>
        <IconButton label="Close this panel" onClick={() => openPanel(null)}>
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
