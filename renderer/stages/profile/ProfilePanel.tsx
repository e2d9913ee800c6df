import { Copy, Trash2 } from "lucide-react";
import { Fragment, useEffect } from "react";
import { formatCounted, formatMs } from "../../../shared/base/format-number.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { fieldsOf } from "../../../shared/model/schema-fields.ts";
import { profileOptionsSchema } from "../../../shared/model/stage-options.ts";
import { isThisMachine, type ProviderView } from "../../../shared/model/this-machine.ts";
import { coversHeads, untimedNetworks } from "../../../shared/presentation/progress/stage-state.ts";
import { describeEnergy } from "../../../shared/presentation/words/describe-energy.ts";
import { describeQuality, poorProfileText } from "../../../shared/presentation/words/describe-quality.ts";
import { describeTarget } from "../../../shared/presentation/words/describe-target.ts";
import { call } from "../../state/call.ts";
import { nameTarget, setTarget } from "../../state/design-store.ts";
import { learnProviders, useEngine } from "../../state/engine-store.ts";
import { useJobs } from "../../state/job-store.ts";
import { notify, notifyError } from "../../state/notice-store.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { draftOf, useDataForm } from "../../state/stages/data-form.ts";
import { useLearnsHeads } from "../../state/stages/learns-heads.ts";
import { NextButton } from "../../state/stages/NextStepAction.tsx";
import { OtherWork } from "../../state/stages/OtherWork.tsx";
import { changeProfiling, useProfileForm } from "../../state/stages/profile-form.ts";
import { canRunAll, runAll, useRunAll } from "../../state/stages/run-all.ts";
import { importProfile, profileTarget, removeProfile, useChanging } from "../../state/stages/run-stages.ts";
import { StageProgress } from "../../state/stages/StageProgress.tsx";
import { useTargetProfile } from "../../state/target-profile.ts";
import { useTargetTitles } from "../../state/target-titles.ts";
import { openPanel } from "../../state/view-store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { NumberField, SelectField } from "../../ui/Field.tsx";
import { Idea } from "../../ui/Idea.tsx";
import layoutStyles from "../../ui/layout.module.css";
import { NameField } from "../../ui/NameField.tsx";
import styles from "../../ui/panel.module.css";
import textStyles from "../../ui/text.module.css";
import { Fleet } from "./Fleet.tsx";
import listStyles from "./ProfilePanel.module.css";
import { profileCommand } from "./profile-command.ts";
import { References } from "./References.tsx";

const secondsField = fieldsOf(profileOptionsSchema).seconds;

/** Targets: the profiles that latencies come from, and the models that plans have to beat there. */
export function ProfilePanel() {
  const project = useOpenProject();
  return (
    <>
      {project.profiles.length > 0 ? (
        <Profiles />
      ) : (
        <section className={styles.section}>
          <Idea idea="profile">
            What an exit saves depends on the machine: a target is timed block by block, and every latency
            comes from that.
          </Idea>
        </section>
      )}
      <ThisMachine />
      <Fleet />
      <OtherMachines />
      {project.heads.length > 0 && <References />}
    </>
  );
}

function Profiles() {
  const project = useOpenProject();
  const inUse = useTargetProfile();
  return (
    <section className={styles.section}>
      <h3>Targets of this project</h3>
      <ul className={listStyles.list}>
        {project.profiles.map((profile) => (
          <li key={profile.id} className={profile === inUse ? listStyles.inUse : ""}>
            <ProfileRow profile={profile} inUse={profile === inUse} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ProfileRowProps {
  readonly profile: Profile;
  readonly inUse: boolean;
}

function ProfileRow({ profile, inUse }: ProfileRowProps) {
  const offers = useEngine((state) => state.offers);
  const project = useOpenProject();
  const changing = useChanging();
  const titles = useTargetTitles();
  const { id, target, backbone, quality } = profile;
  const untimed = untimedNetworks(profile, project);
  const place = isThisMachine(target, offers) ? "this machine" : "another machine";
  return (
    <>
      <div className={listStyles.text}>
        <NameField
          label="Name of the target"
          name={titles.short(id)}
          onName={(name) => nameTarget(id, name)}
        />
        <p className={textStyles.note}>
          {describeTarget(target)} · {place} · {target.operatingSystem} · {target.runtime}
        </p>
        <p>
          Backbone <strong>{formatMs(backbone.meanMs)}</strong>{" "}
          <span className={textStyles.note}>
            p5 to p95: {formatMs(backbone.p5Ms)} to {formatMs(backbone.p95Ms)}
          </span>
        </p>
        {quality?.trust === "poor" ? (
          <p className={listStyles.lacks}>! {poorProfileText(quality)}</p>
        ) : (
          <p className={textStyles.note}>Quality {describeQuality(quality)}</p>
        )}
        {profile.energySensor && <p className={textStyles.note}>Energy {describeEnergy(profile)}</p>}
        {!coversHeads(profile, project) && (
          <p className={listStyles.lacks}>Lacks some of the heads; profile it again.</p>
        )}
        {untimed.length > 0 && (
          <p className={listStyles.lacks}>
            Lacks {untimed.join(" and ")}: on this target no plan goes through{" "}
            {untimed.length > 1 ? "them" : "it"}. Profile again to time {untimed.length > 1 ? "them" : "it"}.
          </p>
        )}
      </div>
      <div className={listStyles.actions}>
        {inUse ? (
          <span className={listStyles.badge}>in use</span>
        ) : (
          <Button onClick={() => setTarget(id)}>Use</Button>
        )}
        <IconButton
          label={`Remove the profile of ${titles.whole(id)}`}
          disabled={changing}
          onClick={() => void removeProfile(id)}
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
  const elsewhere = useJobs((jobs) => (jobs.profile?.workers ?? null) !== null);
  const changing = useChanging();
  const project = useOpenProject();
  const hasHeads = project.heads.length > 0;
  const providers = useProviders();
  const broken = providers.filter(({ obstacle }) => obstacle !== null);
  return (
    <section className={styles.section}>
      <h3>{hasHeads ? "Profile this machine" : "Target: this machine"}</h3>
      <div className={styles.triple}>
        <SelectField
          label="Provider"
          choices={providers.map(({ name, obstacle }) => ({
            value: name,
            label: obstacle === null ? name : `${name}: not here`,
            disabled: obstacle !== null,
          }))}
          value={provider}
          disabled={profiling}
          onChoose={(chosen) => changeProfiling({ provider: chosen })}
        />
        <NumberField
          label={offers ? `Threads (1 to ${offers.threads})` : "Threads"}
          min={1}
          max={offers?.threads}
          step={1}
          value={threads}
          disabled={profiling}
          onCommit={(value) => changeProfiling({ threads: Math.round(value) })}
        />
        <NumberField
          label="Measure at most"
          unit="s"
          min={secondsField.min}
          max={secondsField.max}
          value={seconds}
          disabled={profiling}
          onCommit={(value) => changeProfiling({ seconds: value })}
        />
      </div>
      {broken.length > 0 && (
        <details className={styles.details}>
          <summary>Why not {broken.map(({ name }) => name).join(" or ")}</summary>
          <dl className={styles.facts}>
            {broken.map(({ name, obstacle }) => (
              <Fragment key={name}>
                <dt>{name}</dt>
                <dd>{obstacle}</dd>
              </Fragment>
            ))}
          </dl>
        </details>
      )}
      <p className={textStyles.note}>
        Ends as soon as every prefix is known well enough. Other work on this machine spoils the measurement:
        close what is busy, and leave it alone meanwhile.
      </p>
      <OtherWork />
      {profiling && !elsewhere ? (
        <StageProgress kind="profile" title="Profiling" />
      ) : hasHeads ? (
        <div className={layoutStyles.wrap}>
          <Button
            look={project.profiles.length === 0 ? "primary" : "plain"}
            disabled={changing}
            onClick={() => void profileTarget()}
          >
            Profile this machine
          </Button>
          {!project.front && <NextButton after="profile" />}
        </div>
      ) : (
        <RunAll />
      )}
    </section>
  );
}

/** ONNX Runtime's execution providers, with why one doesn't work here; until they were tried, the chosen one alone. */
function useProviders(): readonly ProviderView[] {
  const { provider } = useProfileForm();
  const providers = useEngine((state) => state.providers);
  const isReady = useEngine(({ state }) => state === "ready");
  useEffect(() => {
    if (isReady) void learnProviders().catch(notifyError);
  }, [isReady]);
  return providers ?? [{ name: provider, obstacle: null }];
}

/** The last step of the guided path. */
function RunAll() {
  // Watched so that the button follows them.
  const draft = draftOf(useDataForm());
  const running = useRunAll(({ step }) => step !== null);
  const learns = useLearnsHeads();
  const places = useOpenProject(({ backbone }) =>
    learns
      ? `Trains heads at ${formatCounted(backbone.cutPoints.length, "cut point")}`
      : `Calibrates the ${formatCounted(backbone.readyExits.length, "exit")} that came with the network`,
  );
  if (running) return null;
  return (
    <>
      <Button
        look={draft.chosen ? "primary" : "plain"}
        className={styles.wide}
        disabled={!canRunAll()}
        onClick={() => void runAll()}
      >
        Run all
      </Button>
      <p className={textStyles.note}>
        {draft.chosen
          ? `${places}, profiles them on this target, searches for the best plans and takes the recommended one. Each part can be stopped; what is finished is kept.`
          : "Needs a data set first."}
      </p>
      {!draft.chosen && (
        <div className={layoutStyles.wrap}>
          <Button look="primary" onClick={() => openPanel("data")}>
            Choose a data set…
          </Button>
        </div>
      )}
    </>
  );
}

function OtherMachines() {
  const project = useOpenProject();
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
        back. With two profiles a plan can be partitioned between them: choose the second target in the live
        plan.
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
