import { Copy, Trash2 } from "lucide-react";
import { Fragment } from "react";
import {
  formatBytes,
  formatCounted,
  formatMs,
  formatPercent,
  formatQuantity,
} from "../../shared/base/format-number.ts";
import type { Profile } from "../../shared/model/profile.ts";
import { targetLabel } from "../shell/TargetMenu.tsx";
import { call } from "../state/call.ts";
import { useDesign } from "../state/design-store.ts";
import { useEngine } from "../state/engine-store.ts";
import { useJobs } from "../state/job-store.ts";
import { notify, notifyError } from "../state/notice-store.ts";
import { useProject } from "../state/project-store.ts";
import { canRunAll, runAll, useRunAll } from "../state/run-all.ts";
import { coversHeads } from "../state/stage-state.ts";
import { isThisMachine } from "../state/this-machine.ts";
import { useView } from "../state/view-store.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { NumberField, SelectField } from "../ui/Field.tsx";
import layoutStyles from "../ui/layout.module.css";
import textStyles from "../ui/text.module.css";
import { draftOf, useDataForm } from "./data-form.ts";
import { JobProgress } from "./JobProgress.tsx";
import listStyles from "./ProfilePanel.module.css";
import { profileCommand } from "./profile-command.ts";
import { useProfileForm } from "./profile-form.ts";
import styles from "./StagePanel.module.css";
import {
  addReference,
  importProfile,
  profileTarget,
  removeProfile,
  removeReference,
  useChanging,
} from "./stages.ts";

/** Targets: the profiles that latencies come from, and the models that plans have to beat there. */
export function ProfilePanel() {
  const project = useProject((state) => state.project)!;
  return (
    <>
      {project.profiles.length > 0 && <Profiles />}
      <ThisMachine />
      <OtherMachines />
      {project.heads.length > 0 && <References />}
    </>
  );
}

function Profiles() {
  const project = useProject((state) => state.project)!;
  const target = useDesign((design) => design.target);
  return (
    <section className={styles.section}>
      <h3>Targets of this project</h3>
      <ul className={listStyles.list}>
        {project.profiles.map((profile, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a target is its index
          <li key={index} className={index === target ? listStyles.inUse : ""}>
            <ProfileRow profile={profile} index={index} inUse={index === target} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ProfileRowProps {
  readonly profile: Profile;
  readonly index: number;
  readonly inUse: boolean;
}

function ProfileRow({ profile, index, inUse }: ProfileRowProps) {
  const setTarget = useDesign((design) => design.setTarget);
  const offers = useEngine((state) => state.offers);
  const project = useProject((state) => state.project)!;
  const changing = useChanging();
  const { target, backbone } = profile;
  const place = isThisMachine(target, offers) ? "this machine" : "another machine";
  return (
    <>
      <div className={listStyles.text}>
        <p className={listStyles.title}>{targetLabel(target)}</p>
        <p className={textStyles.note}>
          {place} · {target.operatingSystem} · {target.runtime}
        </p>
        <p>
          Backbone <strong>{formatMs(backbone.meanMs)}</strong>{" "}
          <span className={textStyles.note}>
            p5 to p95: {formatMs(backbone.p5Ms)} to {formatMs(backbone.p95Ms)}
          </span>
        </p>
        {!coversHeads(profile, project) && (
          <p className={listStyles.lacks}>Lacks some of the heads; profile it again.</p>
        )}
      </div>
      <div className={listStyles.actions}>
        {inUse ? (
          <span className={listStyles.badge}>in use</span>
        ) : (
          <Button onClick={() => setTarget(index)}>Use</Button>
        )}
        <IconButton
          label={`Remove the profile of ${targetLabel(target)}`}
          disabled={changing}
          onClick={() => void removeProfile(index)}
        >
          <Trash2 size={14} />
        </IconButton>
      </div>
    </>
  );
}

function ThisMachine() {
  const offers = useEngine((state) => state.offers);
  const { provider, threads, seconds } = useProfileForm();
  const profiling = useJobs((jobs) => jobs.profile !== undefined);
  const changing = useChanging();
  const project = useProject((state) => state.project)!;
  const hasHeads = project.heads.length > 0;
  const providers = offers?.providers ?? [provider];
  return (
    <section className={styles.section}>
      <h3>{hasHeads ? "Profile this machine" : "Target: this machine"}</h3>
      <div className={styles.triple}>
        <SelectField
          label="Provider"
          choices={providers.map((name) => ({ value: name, label: name }))}
          value={provider}
          disabled={profiling}
          onChoose={(chosen) => useProfileForm.setState({ provider: chosen })}
        />
        <NumberField
          label={offers ? `Threads (1 to ${offers.threads})` : "Threads"}
          min={1}
          max={offers?.threads}
          step={1}
          value={threads}
          disabled={profiling}
          onCommit={(value) => useProfileForm.setState({ threads: Math.round(value ?? 1) })}
        />
        <NumberField
          label="Measure for"
          unit="s"
          min={0.1}
          max={3600}
          value={seconds}
          disabled={profiling}
          onCommit={(value) => useProfileForm.setState({ seconds: value ?? seconds })}
        />
      </div>
      <p className={textStyles.note}>
        Other work on this machine spoils the measurement: close what is busy, and leave it alone meanwhile.
      </p>
      {profiling ? (
        <JobProgress kind="profile" title="Profiling" />
      ) : hasHeads ? (
        <div className={layoutStyles.wrap}>
          <Button
            look={project.profiles.length === 0 ? "primary" : "plain"}
            disabled={changing}
            onClick={() => void profileTarget()}
          >
            Profile this machine
          </Button>
          {project.profiles.length > 0 && !project.front && (
            <Button look="primary" onClick={() => useView.setState({ panel: "search" })}>
              Next: search
            </Button>
          )}
        </div>
      ) : (
        <RunAll />
      )}
    </section>
  );
}

/** The last step of the guided path. */
function RunAll() {
  // Watched so that the button follows them.
  const draft = draftOf(useDataForm());
  const running = useRunAll(({ step }) => step !== null);
  const cutPoints = useProject(({ project }) => project!.backbone.cutPoints.length);
  if (running) return null;
  return (
    <>
      <Button look="primary" className={styles.wide} disabled={!canRunAll()} onClick={() => void runAll()}>
        Run all
      </Button>
      <p className={textStyles.note}>
        {draft.chosen
          ? `Trains heads at ${formatCounted(cutPoints, "cut point")}, profiles them on this target, searches for the best plans and takes the recommended one. Each part can be stopped; what is finished is kept.`
          : "Needs a data set first."}
      </p>
      {!draft.chosen && (
        <div className={layoutStyles.wrap}>
          <Button onClick={() => useView.setState({ panel: "data" })}>Choose data</Button>
        </div>
      )}
    </>
  );
}

function OtherMachines() {
  const project = useProject((state) => state.project)!;
  const { provider, threads } = useProfileForm();
  const changing = useChanging();
  const hasHeads = project.heads.length > 0;
  const command = profileCommand(project, { provider, threads });
  const copy = async () => {
    try {
      await call("clipboard.write", { text: command });
      notify("The command is on the clipboard.");
    } catch (error) {
      notifyError(error);
    }
  };
  if (!hasHeads) return null;
  return (
    <section className={styles.section}>
      <h3>Another machine</h3>
      <p className={textStyles.soft}>
        Save the project, take it there, run this command with Offramp's command line, and bring the profile
        back. With two profiles a plan can be cut between them: choose the second target in the live plan.
      </p>
      <p className={styles.code}>
        {command.split(" ").map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: words of one line, only shown
          <Fragment key={index}>
            <span>{word}</span>{" "}
          </Fragment>
        ))}
      </p>
      <div className={layoutStyles.wrap}>
        <Button icon={<Copy size={14} />} onClick={() => void copy()}>
          Copy command
        </Button>
        <Button disabled={changing} onClick={() => void importProfile()}>
          Import profile…
        </Button>
      </div>
    </section>
  );
}

function References() {
  const project = useProject((state) => state.project)!;
  const running = useJobs((jobs) => jobs.reference !== undefined);
  const changing = useChanging();
  const target = useDesign((design) => design.target);
  const profile = project.profiles[target];
  const offers = useEngine((state) => state.offers);
  const obstacle = !profile
    ? "Needs a profiled target."
    : !project.data?.available
      ? "Needs the data set, which isn't on this machine."
      : !isThisMachine(profile.target, offers)
        ? "Needs this machine as target: a reference model is timed here."
        : undefined;
  return (
    <section className={styles.section}>
      <h3>Reference models</h3>
      <p className={textStyles.note}>
        Other ONNX classifiers of the same classes, such as a smaller static network. They are points on the
        chart: a plan that loses to one isn't worth its exits.
      </p>
      {project.references.length > 0 && (
        <ul className={listStyles.list}>
          {project.references.map(({ name, sha256, accuracy, latencyMs, macs, bytes, target: of }) => (
            <li key={`${sha256} ${of}`}>
              <div className={listStyles.text}>
                <p className={listStyles.title}>{name}</p>
                <p>
                  {formatPercent(accuracy)} · {formatMs(latencyMs.mean)}{" "}
                  <span className={textStyles.note}>
                    p95 {formatMs(latencyMs.p95)} · {formatQuantity(macs)} MACs · {formatBytes(bytes)}
                    {of !== target && " · on another target"}
                  </span>
                </p>
              </div>
              <IconButton
                label={`Remove ${name}`}
                disabled={changing}
                onClick={() => void removeReference(sha256)}
              >
                <Trash2 size={14} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {running ? (
        <JobProgress kind="reference" title="Timing and testing the reference model" />
      ) : (
        <div className={layoutStyles.wrap}>
          <Button disabled={changing || obstacle !== undefined} onClick={() => void addReference()}>
            Add reference model…
          </Button>
          {obstacle && <span className={textStyles.note}>{obstacle}</span>}
        </div>
      )}
    </section>
  );
}
