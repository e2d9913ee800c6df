import { Copy, Settings } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { formatCounted, formatPercent } from "../../../shared/base/format-number.ts";
import { activityOf, type WatchedWorker } from "../../../shared/fleet/watched-workers.ts";
import { describeActivity, obstacleToWork } from "../../../shared/presentation/words/describe-worker.ts";
import { useAppInfo } from "../../state/app-info.ts";
import { call } from "../../state/call.ts";
import { askForWorkers, useFleet, useFleetWatch } from "../../state/fleet-store.ts";
import { useJobs } from "../../state/job-store.ts";
import { notify, notifyError } from "../../state/notice-store.ts";
import { useProfileForm } from "../../state/stages/profile-form.ts";
import { profileOnWorkers, useChanging } from "../../state/stages/run-stages.ts";
import { openDialog } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import layoutStyles from "../../ui/layout.module.css";
import { ProgressBar } from "../../ui/ProgressBar.tsx";
import panelStyles from "../../ui/panel.module.css";
import surfaceStyles from "../../ui/surface.module.css";
import textStyles from "../../ui/text.module.css";
import styles from "./Fleet.module.css";

/** Workers on boards and other machines: who is there, what they do, and latencies measured where they stand. */
export function Fleet() {
  useFleetWatch();
  const { address, error, workers } = useFleet();
  return (
    <section className={panelStyles.section} aria-label="Fleet">
      <h3 className={layoutStyles.spread}>
        Fleet
        {address !== null && (
          <Button look="quiet" icon={<Settings size={14} />} onClick={() => openDialog("settings")}>
            Server…
          </Button>
        )}
      </h3>
      {address === null ? (
        <NoServer />
      ) : error !== null ? (
        <p className={surfaceStyles.error} role="alert">
          {error}
        </p>
      ) : address === undefined ? (
        <p className={textStyles.note}>Asking the server who is there…</p>
      ) : (
        workers.length === 0 && <NoWorkers address={address} />
      )}
      {workers.length > 0 && <Workers />}
    </section>
  );
}

function NoServer() {
  return (
    <>
      <p className={textStyles.soft}>
        Boards and other machines measure latencies where they stand: a worker on each takes jobs of one
        server. Start both, then name the server here.
      </p>
      <Commands
        lines={[
          "nats-server -js -sd offramp-fleet",
          "offramp worker --server nats://HOST:4222 --name jetson-1",
        ]}
      >
        <Button onClick={() => openDialog("settings")}>Name the server…</Button>
      </Commands>
    </>
  );
}

function NoWorkers({ address }: { readonly address: string }) {
  return (
    <>
      <p className={textStyles.soft}>
        The server {address} is there, and no worker yet. Start one on a board:
      </p>
      <Commands lines={[`offramp worker --server nats://${address} --name jetson-1`]} />
    </>
  );
}

interface CommandsProps {
  readonly lines: readonly string[];
  /** A button beside the one that copies. */
  readonly children?: ReactNode;
}

function Commands({ lines, children }: CommandsProps) {
  const copy = async () => {
    await call("clipboard.write", { text: lines.join("\n") });
    notify(lines.length > 1 ? "The commands are on the clipboard." : "The command is on the clipboard.");
  };
  return (
    <>
      {lines.map((line) => (
        <p key={line} className={panelStyles.code}>
          {line.split(" ").map((word) => (
            <Fragment key={word}>
              <span>{word}</span>{" "}
            </Fragment>
          ))}
        </p>
      ))}
      <div className={layoutStyles.wrap}>
        <Button icon={<Copy size={14} />} onClick={() => void copy().catch(notifyError)}>
          Copy {lines.length > 1 ? "commands" : "command"}
        </Button>
        {children}
      </div>
    </>
  );
}

function Workers() {
  const { workers, error } = useFleet();
  const chosen = useFleet((state) => state.asked);
  const { provider, threads, seconds } = useProfileForm();
  const version = useAppInfo((info) => info.version);
  const measuring = useJobs((jobs) => jobs.profile?.workers ?? null);
  const changing = useChanging();
  const obstacleOf = (worker: WatchedWorker) => obstacleToWork(worker, { version, provider, threads });
  const able = workers.filter((worker) => chosen.includes(worker.state.name) && !obstacleOf(worker));
  const names = able.map(({ state }) => state.name);
  return (
    <>
      <ul className={styles.workers}>
        {workers.map((worker) => (
          <li key={worker.state.name}>
            <WorkerRow worker={worker} obstacle={obstacleOf(worker)} />
          </li>
        ))}
      </ul>
      {measuring ? (
        <Measuring />
      ) : (
        <>
          <div className={layoutStyles.wrap}>
            <Button
              disabled={changing || names.length === 0 || error !== null}
              onClick={() => void profileOnWorkers(names)}
            >
              {names.length === 0
                ? "Profile on…"
                : names.length === 1
                  ? `Profile on ${names[0]}`
                  : `Profile on ${names.length} workers`}
            </Button>
          </div>
          <p className={textStyles.note}>
            {names.length === 0 && "Tick those that are to measure, all at once. "}
            As above: {provider}, {formatCounted(threads, "thread")}, {seconds} s at most.
          </p>
        </>
      )}
    </>
  );
}

interface WorkerRowProps {
  readonly worker: WatchedWorker;
  readonly obstacle: string | undefined;
}

function WorkerRow({ worker, obstacle }: WorkerRowProps) {
  const { state } = worker;
  const lookedAtMs = useFleet(({ lookedAtMs: at }) => at);
  const isAsked = useFleet(({ asked }) => asked.includes(state.name));
  const asked = useFleet((fleet) => fleet.asked);
  const running = useJobs((jobs) => jobs.profile !== undefined);
  const { kind } = activityOf(worker, lookedAtMs);
  const toggle = () =>
    askForWorkers(isAsked ? asked.filter((name) => name !== state.name) : [...asked, state.name]);
  return (
    <label className={`${styles.worker} ${kind === "gone" ? styles.gone : ""}`}>
      <input
        type="checkbox"
        checked={isAsked && obstacle === undefined}
        disabled={obstacle !== undefined || running}
        onChange={toggle}
      />
      <span className={styles.words}>
        <span className={styles.name}>
          <strong>{state.name}</strong>
          <span className={`${styles.activity} ${styles[kind]}`}>{describeActivity(worker, lookedAtMs)}</span>
        </span>
        <span className={textStyles.note}>
          {[state.device, ...state.tags].join(" · ")}
          {obstacle !== undefined && kind !== "gone" && (
            <span className={textStyles.warn}> · {obstacle}</span>
          )}
        </span>
      </span>
    </label>
  );
}

/** How each worker gets on, and how to stop them all. */
function Measuring() {
  const job = useJobs((jobs) => jobs.profile);
  if (!job?.workers) return null;
  return (
    <>
      <ul className={styles.progress}>
        {job.workers.map(({ name, state, share, note }) => (
          <li key={name}>
            <div className={layoutStyles.spread}>
              <span className={textStyles.strong}>{name}</span>
              <span className={textStyles.note}>
                {state === "working" ? formatPercent(share, 0) : state === "done" ? "measured" : "failed"}
              </span>
            </div>
            <ProgressBar share={share} label={`Profiling on ${name}`} />
            {note !== null && (
              <p className={state === "failed" ? `${textStyles.note} ${textStyles.bad}` : textStyles.note}>
                {note}
              </p>
            )}
          </li>
        ))}
      </ul>
      <div className={layoutStyles.wrap}>
        <Button disabled={job.stopping} onClick={job.stop}>
          {job.stopping ? "Stopping" : "Stop"}
        </Button>
      </div>
    </>
  );
}
