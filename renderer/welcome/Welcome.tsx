import { Box, Database, FileBox, History, Images } from "lucide-react";
import type { ReactNode } from "react";
import type { WindowCommandId } from "../../shared/ipc/commands.ts";
import { forgetRecovery, useAppInfo } from "../state/app-info.ts";
import { call } from "../state/call.ts";
import { runCommand } from "../state/commands.ts";
import { openPath, recover } from "../state/documents.ts";
import { forgetWaiting, isAwaited, useWaiting } from "../state/drop/waiting.ts";
import { useEngine } from "../state/engine-store.ts";
import { notifyError } from "../state/notice-store.ts";
import { useProject } from "../state/project-store.ts";
import { Button } from "../ui/Button.tsx";
import controlStyles from "../ui/control.module.css";
import { commandKeys } from "../ui/keys.ts";
import layoutStyles from "../ui/layout.module.css";
import textStyles from "../ui/text.module.css";
import { whenInWords } from "../ui/when-in-words.ts";
import { Mark } from "./Mark.tsx";
import { OpeningProgress } from "./OpeningProgress.tsx";
import { nameAndFolder } from "./recent-files.ts";
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
            <Waiting />
            <Actions />
            <RecentFiles />
          </>
        )}
        <footer className={styles.footer}>
          <span>Drop a model, a project or a data set anywhere on this window.</span>
          <span>
            <Keys command="view.palette" /> all commands · <Keys command="help.shortcuts" /> keyboard
            shortcuts
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
  const discard = async () => {
    try {
      await call("journal.discard", {});
      forgetRecovery();
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
      <Button look="primary" onClick={() => void recover().then(forgetRecovery)}>
        Recover
      </Button>
      <Button onClick={() => void discard()}>Discard</Button>
    </section>
  );
}

/** What was dropped before there is a model that it belongs to. */
function Waiting() {
  const waiting = useWaiting();
  if (!isAwaited(waiting)) return null;
  const paths = [waiting.data, waiting.classes, ...waiting.profiles].filter((path) => path !== undefined);
  return (
    <section className={styles.waiting} aria-label="For the next model">
      <Database size={18} aria-hidden />
      <div>
        <p>For the model that you open next:</p>
        <ul className={styles.paths}>
          {paths.map((path) => (
            <li key={path} className={textStyles.whole}>
              {path}
            </li>
          ))}
        </ul>
      </div>
      <Button onClick={forgetWaiting}>Forget</Button>
    </section>
  );
}

function Actions() {
  return (
    <div className={layoutStyles.column}>
      <Action icon={<Box size={22} />} title="Open model…" command="file.openModel">
        A trained image classifier as ONNX file: starts a new project
      </Action>
      <Action icon={<FileBox size={22} />} title="Open project…" command="file.open">
        An .offramp file with everything that was explored
      </Action>
      <Action icon={<Images size={22} />} title="Open the sample" command="file.sample">
        A residual CNN for Fashion-MNIST, already explored
      </Action>
    </div>
  );
}

interface ActionProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly command: WindowCommandId;
  readonly children: ReactNode;
}

function Action({ icon, title, command, children }: ActionProps) {
  const stopped = useEngine(({ state }) => state === "stopped");
  return (
    <button type="button" className={styles.action} disabled={stopped} onClick={() => runCommand(command)}>
      <span className={styles.icon}>{icon}</span>
      <span className={styles.actionText}>
        <span className={styles.actionTitle}>{title}</span>
        <span className={textStyles.soft}>{children}</span>
      </span>
      <Keys command={command} />
    </button>
  );
}

/** A command's keys, if it has any. */
function Keys({ command }: { readonly command: WindowCommandId }) {
  const keys = commandKeys(command);
  return keys && <kbd className={`${textStyles.key} ${textStyles.soft}`}>{keys}</kbd>;
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
