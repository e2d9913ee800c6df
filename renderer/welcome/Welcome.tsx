import { Box, FileBox, History, Images } from "lucide-react";
import type { ReactNode } from "react";
import { keyLabel } from "../shell/shortcuts.ts";
import { useAppInfo } from "../state/app-info.ts";
import { call } from "../state/call.ts";
import { openChosen, openPath, openSample, recover } from "../state/documents.ts";
import { useEngine } from "../state/engine-store.ts";
import { notifyError } from "../state/notice-store.ts";
import { useProject } from "../state/project-store.ts";
import { Button } from "../ui/Button.tsx";
import controlStyles from "../ui/control.module.css";
import layoutStyles from "../ui/layout.module.css";
import textStyles from "../ui/text.module.css";
import { Mark } from "./Mark.tsx";
import { OpeningProgress } from "./OpeningProgress.tsx";
import { nameAndFolder, whenInWords } from "./recent-files.ts";
import styles from "./Welcome.module.css";

/** The window without a project. */
export function Welcome() {
  const opening = useProject((state) => state.opening !== null);
  return (
    <main className={styles.welcome}>
      <div className={styles.column}>
        <header className={styles.header}>
          <Mark size={56} />
          <div>
            <h1 className={styles.name}>Offramp</h1>
            <p className={styles.purpose}>
              Shows where a trained CNN can stop thinking early, and what that buys.
            </p>
          </div>
        </header>
        <EngineState />
        {opening ? (
          <OpeningProgress />
        ) : (
          <>
            <Recovery />
            <Actions />
            <RecentFiles />
          </>
        )}
        <footer className={styles.footer}>
          <span>Drop a model or a project anywhere on this window.</span>
          <span>
            <kbd className={`${textStyles.key} ${textStyles.soft}`}>{keyLabel("Mod+K")}</kbd> all commands ·{" "}
            <kbd className={`${textStyles.key} ${textStyles.soft}`}>?</kbd> keyboard shortcuts
          </span>
        </footer>
      </div>
    </main>
  );
}

function EngineState() {
  const { state, reason } = useEngine();
  if (state === "ready") return null;
  if (state !== "stopped")
    return (
      <p className={textStyles.soft} role="status">
        {state === "starting" ? "The engine starts…" : "The engine starts again…"}
      </p>
    );
  return (
    <div className={styles.stopped} role="alert">
      <p>The engine has stopped{reason ? `: ${reason}` : "."} Nothing can be opened without it.</p>
      <Button onClick={() => void call("engine.restart", {}).catch(notifyError)}>Start it again</Button>
    </div>
  );
}

function Recovery() {
  const recovery = useAppInfo((info) => info.recovery);
  if (!recovery) return null;
  const forget = () => useAppInfo.setState({ recovery: null });
  const discard = async () => {
    try {
      await call("journal.discard", {});
      forget();
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <section className={styles.recovery} aria-label="Unsaved work">
      <History size={18} aria-hidden />
      <p>
        Work on <strong>{recovery.name}</strong> of {whenInWords(recovery.savedAt, new Date())} was not saved.
      </p>
      <Button look="primary" onClick={() => void recover().then(forget)}>
        Recover
      </Button>
      <Button onClick={() => void discard()}>Discard</Button>
    </section>
  );
}

function Actions() {
  return (
    <div className={layoutStyles.column}>
      <Action
        icon={<Box size={22} />}
        title="Open model…"
        keys="Mod+N"
        run={() => void openChosen("model").catch(notifyError)}
      >
        A trained image classifier as ONNX file: starts a new project
      </Action>
      <Action
        icon={<FileBox size={22} />}
        title="Open project…"
        keys="Mod+O"
        run={() => void openChosen("project").catch(notifyError)}
      >
        An .offramp file with everything that was explored
      </Action>
      <Action icon={<Images size={22} />} title="Open the sample" run={() => void openSample()}>
        A residual CNN for Fashion-MNIST, already explored
      </Action>
    </div>
  );
}

interface ActionProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly keys?: string;
  run(): void;
  readonly children: ReactNode;
}

function Action({ icon, title, keys, run, children }: ActionProps) {
  const stopped = useEngine(({ state }) => state === "stopped");
  return (
    <button type="button" className={styles.action} disabled={stopped} onClick={run}>
      <span className={styles.icon}>{icon}</span>
      <span className={styles.actionText}>
        <span className={styles.actionTitle}>{title}</span>
        <span className={textStyles.soft}>{children}</span>
      </span>
      {keys && <kbd className={`${textStyles.key} ${textStyles.soft}`}>{keyLabel(keys)}</kbd>}
    </button>
  );
}

function RecentFiles() {
  const recent = useAppInfo((info) => info.recent) ?? [];
  const stopped = useEngine(({ state }) => state === "stopped");
  if (recent.length === 0) return null;
  return (
    <section className={styles.recent}>
      <h2>Recent</h2>
      <ul className={controlStyles.lines}>
        {recent.map(({ path, kind, exists }) => {
          const { name, folder } = nameAndFolder(path);
          return (
            <li key={path}>
              <button
                type="button"
                className={controlStyles.line}
                disabled={!exists || stopped}
                title={exists ? path : `${path} isn't there any more`}
                onClick={() => void openPath(path)}
              >
                {kind === "project" ? <FileBox size={15} aria-hidden /> : <Box size={15} aria-hidden />}
                <span className={styles.file}>{name}</span>
                <span className={styles.folder}>{folder}</span>
                <span className={styles.kind}>{exists ? kind : "not there"}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
