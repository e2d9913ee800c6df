import {
  BrainCircuit,
  Check,
  CircleAlert,
  Database,
  Hourglass,
  type LucideIcon,
  Minus,
  RefreshCw,
  Rocket,
  Split,
  Square,
  Telescope,
  Timer,
  Unlink,
} from "lucide-react";
import { type KeyboardEvent, memo, useRef } from "react";
import { shallow } from "zustand/shallow";
import {
  type StageName,
  type StageState,
  stageNames,
} from "../../shared/presentation/progress/stage-state.ts";
import { useJobs } from "../state/job-store.ts";
import { stageTitles, stateWords, useStages } from "../state/stages/use-stages.ts";
import { useSecondsLeft } from "../state/use-seconds-left.ts";
import { togglePanel, useView } from "../state/view-store.ts";
import { ProgressBar } from "../ui/ProgressBar.tsx";
import styles from "./Rail.module.css";

const icons: Readonly<Record<StageName, LucideIcon>> = {
  model: BrainCircuit,
  data: Database,
  heads: Split,
  profile: Timer,
  search: Telescope,
  export: Rocket,
};

const stateIcons: Readonly<Record<StageState["kind"], LucideIcon>> = {
  done: Check,
  stale: RefreshCw,
  running: Hourglass,
  "needs-you": CircleAlert,
  ready: Minus,
  waiting: Hourglass,
  gone: Unlink,
};

/** The data flow: how each stage stands, and the way to its panel. */
export function Rail() {
  const states = useStages();
  const open = useView(({ panel }) => panel);
  const list = useRef<HTMLUListElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = [...list.current!.querySelectorAll<HTMLElement>("[data-stage]")];
    const index = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[(index + step + buttons.length) % buttons.length].focus();
  };
  return (
    <nav className={styles.rail} data-pane aria-label="Stages">
      <ul ref={list} className={styles.list} onKeyDown={onKeyDown}>
        {stageNames.map((name) => (
          <li key={name}>
            <Stage name={name} state={states[name]} isOpen={open === name} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface StageProps {
  readonly name: StageName;
  readonly state: StageState;
  readonly isOpen: boolean;
}

/** States are worked out at every change of the design; a stage is drawn again if its own is another. */
const Stage = memo(StageItem, ({ state, ...rest }, { state: nextState, ...next }) => {
  return shallow(rest, next) && shallow(state, nextState);
});

function StageItem({ name, state, isOpen }: StageProps) {
  const Icon = icons[name];
  const StateIcon = stateIcons[state.kind];
  const title = stageTitles[name];
  const why = "why" in state && state.why ? `: ${state.why}` : "";
  return (
    <div className={`${styles.stage} ${isOpen ? styles.open : ""}`}>
      <button
        type="button"
        data-stage={name}
        className={styles.button}
        aria-pressed={isOpen}
        title={`${title}, ${stateWords(state)}${why}`}
        onClick={() => togglePanel(name)}
      >
        <span className={styles.title}>
          <Icon size={16} aria-hidden />
          <span className={styles.name}>{title}</span>
        </span>
        {state.kind !== "running" && (
          <span className={`${styles.state} ${styles[state.kind]}`}>
            <StateIcon size={11} aria-hidden />
            <span className={styles.words}>{stateWords(state)}</span>
          </span>
        )}
      </button>
      {state.kind === "running" && <Running job={state.job} title={title} />}
    </div>
  );
}

function Running({
  job: kind,
  title,
}: {
  readonly job: Parameters<typeof useJob>[0];
  readonly title: string;
}) {
  const job = useJob(kind);
  const left = useSecondsLeft(job);
  if (!job) return null;
  return (
    <div className={styles.running}>
      <ProgressBar share={job.share} label={`${title} runs`} />
      <div className={styles.runningLine}>
        <span className={styles.left}>{job.stopping ? "stopping" : (left ?? "running")}</span>
        <button
          type="button"
          className={styles.stop}
          disabled={job.stopping}
          aria-label={`Stop: ${title}`}
          title="Stop"
          onClick={job.stop}
        >
          <Square size={9} fill="currentColor" aria-hidden />
        </button>
      </div>
    </div>
  );
}

function useJob(kind: keyof ReturnType<typeof useJobs.getState>) {
  return useJobs((jobs) => jobs[kind]);
}
