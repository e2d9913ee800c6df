import { Tabs } from "radix-ui";
import type { ReactNode } from "react";
import { z } from "zod";
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatPercent,
  formatQuantity,
} from "../../../shared/base/format-number.ts";
import type { OutputQuality } from "../../../shared/files/summary.ts";
import { trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { cameWith, readyExitShare } from "../../../shared/presentation/words/ready-exits.ts";
import { useEngine } from "../../state/engine-store.ts";
import { useJobs } from "../../state/job-store.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { changeLearning, draftOf, useDataForm } from "../../state/stages/data-form.ts";
import { changeHeads, chosenKinds, useHeadsForm } from "../../state/stages/heads-form.ts";
import { useLearnsHeads } from "../../state/stages/learns-heads.ts";
import { NextButton } from "../../state/stages/NextStepAction.tsx";
import { trainHeads, useChanging } from "../../state/stages/run-stages.ts";
import { StageProgress } from "../../state/stages/StageProgress.tsx";
import { type HeadsTab, openHeads, openPanel, useView } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckField } from "../../ui/Field.tsx";
import { Glossed } from "../../ui/Glossed.tsx";
import { Idea } from "../../ui/Idea.tsx";
import layoutStyles from "../../ui/layout.module.css";
import { OptionFields } from "../../ui/OptionFields.tsx";
import styles from "../../ui/panel.module.css";
import surfaceStyles from "../../ui/surface.module.css";
import textStyles from "../../ui/text.module.css";
import ownStyles from "./HeadsPanel.module.css";
import { LatestRun, LiveCurves } from "./LatestRun.tsx";
import { Tuning } from "./Tuning.tsx";

const trainingSchema = z.toJSONSchema(trainOptionsSchema, { io: "input" });

/** Which heads are trained, how, and how good they are. */
export function HeadsPanel() {
  const hasHeads = useOpenProject((project) => project.heads.length > 0);
  const brings = useOpenProject((project) => project.backbone.readyExits.length > 0);
  const tab = useView(({ headsTab }) => headsTab);
  const tuning = useJobs((jobs) => jobs.tune !== undefined);
  if (!hasHeads)
    return (
      <>
        <section className={styles.section}>
          <Idea idea="heads">
            A head is a small classifier at a cut point of the network: images that it is sure of go no
            further.
          </Idea>
        </section>
        {brings && <ReadyExits />}
        <Training />
      </>
    );
  return (
    <Tabs.Root value={tab} onValueChange={(value) => openHeads(value as HeadsTab)}>
      <Tabs.List className={ownStyles.tabs} aria-label="What learns">
        <Tabs.Trigger value="heads">Heads</Tabs.Trigger>
        <Tabs.Trigger value="tuning">{tuning ? "Tuning…" : "Tuning"}</Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="heads" tabIndex={-1}>
        <Quality />
        <LatestRun />
        <Training />
      </Tabs.Content>
      <Tabs.Content value="tuning" tabIndex={-1}>
        <Tuning />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function ScrollingTable({ children }: { readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling table has to be reachable by keyboard
    <div className={styles.scroll} tabIndex={0}>
      <table className={styles.table}>{children}</table>
    </div>
  );
}

/** The exits that came with the network, before they are calibrated. */
function ReadyExits() {
  const backbone = useOpenProject((project) => project.backbone);
  const { readyExits, cutPoints } = backbone;
  const order = new Map(cutPoints.map(({ tensor, index }) => [tensor, index]));
  return (
    <section className={styles.section}>
      <h3>{cameWith(readyExits.length)}</h3>
      <p className={textStyles.note}>
        They are used as they are: nothing has to be trained. Labelled images tell how right they are, and how
        far to trust their confidence.
      </p>
      <ScrollingTable>
        <thead>
          <tr>
            <th className={styles.number}>Cut</th>
            <th>Exit</th>
            <th
              className={styles.number}
              title="MACs of all that is computed up to its scores, of the whole network"
            >
              MACs
            </th>
            <th className={styles.number} title="MACs from its cut point to its scores">
              Branch
            </th>
          </tr>
        </thead>
        <tbody>
          {readyExits.map((exit) => {
            const share = readyExitShare(backbone, exit);
            return (
              <tr key={exit.output}>
                <td className={styles.number} title={exit.cutPoint}>
                  {order.get(exit.cutPoint)}
                </td>
                <td className={styles.name} title={exit.output}>
                  {exit.output}
                </td>
                <td className={styles.number}>{share === undefined ? "" : formatPercent(share)}</td>
                <td className={styles.number}>{exit.macs === undefined ? "" : formatQuantity(exit.macs)}</td>
              </tr>
            );
          })}
        </tbody>
      </ScrollingTable>
    </section>
  );
}

function Training() {
  const offers = useEngine((state) => state.offers);
  const data = useDataForm();
  const draft = draftOf(data);
  const form = useHeadsForm();
  const training = useJobs((jobs) => jobs.train !== undefined);
  const changing = useChanging();
  const learns = useLearnsHeads();
  const project = useOpenProject();
  if (!offers)
    return (
      <section className={styles.section}>
        <p className={textStyles.soft}>The engine starts; what it can train shows here in a moment.</p>
      </section>
    );
  if (training) return <UnderWay learns={learns} />;
  const { backbone } = project;
  const chosen = chosenKinds(form, offers, backbone);
  const hasHeads = project.heads.length > 0;
  const brings = backbone.readyExits.length;
  const isOwnData = data.error === null && data.path === project.data?.path;
  const hasData = draft.chosen || (isOwnData && (project.data?.available ?? false));
  const count = chosen.length * project.backbone.cutPoints.length;
  const words = trainingWords({ count, brings, hasHeads, learns });
  const setKind = (id: string, on: boolean) => {
    const kinds = on ? [...chosen, id] : chosen.filter((other) => other !== id);
    changeHeads({ kinds });
    changeLearning(kinds.length > 0);
  };
  return (
    <section className={styles.section}>
      <h3>{brings > 0 ? "Train more heads" : hasHeads ? "Train again" : "Kinds of head"}</h3>
      {brings > 0 && (
        <p className={textStyles.note}>
          An offer: heads at all cut points, beside the exits that the network has. The search takes whichever
          pay.
        </p>
      )}
      {offers.headKinds.map(({ id, title, options }) => (
        <div key={id} className={layoutStyles.column}>
          <CheckField label={title} checked={chosen.includes(id)} onCheck={(on) => setKind(id, on)} />
          {chosen.includes(id) && (
            <OptionFields
              schema={options}
              values={form.options[id] ?? {}}
              onChange={(key, value) =>
                changeHeads({
                  options: { ...form.options, [id]: { ...form.options[id], [key]: value } },
                })
              }
            />
          )}
        </div>
      ))}
      <details className={styles.details}>
        <summary>Training options</summary>
        <OptionFields
          schema={trainingSchema}
          values={form.training}
          onChange={(key, value) => changeHeads({ training: { ...form.training, [key]: value } })}
        />
      </details>
      {draft.differs && (
        <div className={surfaceStyles.warning}>
          These heads were trained with other data or preprocessing.
        </div>
      )}
      {hasData ? (
        <>
          <Button
            look={hasHeads && !draft.differs ? "plain" : "primary"}
            className={styles.wide}
            disabled={changing || (count === 0 && brings === 0)}
            onClick={() => void trainHeads()}
          >
            {words.button}
          </Button>
          <p className={textStyles.note}>{words.note}</p>
        </>
      ) : (
        <>
          <p className={textStyles.soft}>
            {count === 0 && brings > 0
              ? "Labelled images calibrate the exits."
              : "Heads learn from labelled images."}
          </p>
          <div className={layoutStyles.wrap}>
            <Button look={hasHeads ? "plain" : "primary"} onClick={() => openPanel("data")}>
              Choose a data set…
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function UnderWay({ learns }: Pick<Wanted, "learns">) {
  return (
    <section className={styles.section}>
      <h3>Training</h3>
      <StageProgress
        kind="train"
        title={learns ? "Training the heads" : "Calibrating the exits"}
        stages={["load", "check", "train", "calibrate"]}
      />
      <LiveCurves />
    </section>
  );
}

interface Wanted {
  /** Heads of the backbone that are to be trained. */
  readonly count: number;
  /** Exits that came with it. */
  readonly brings: number;
  readonly hasHeads: boolean;
  /** Whether heads of any network are trained. */
  readonly learns: boolean;
}

/** What the panel's button is called, and what it does. */
function trainingWords({ count, brings, hasHeads, learns }: Wanted): {
  readonly button: string;
  readonly note: string;
} {
  const again = hasHeads ? " again" : "";
  if (count > 0)
    return {
      button: `Train ${formatCounted(count, "head")}${brings > 0 ? "" : again}`,
      note: "One head per kind and cut point. The backbone stays as it is. Heads that were trained before with the same data and options are taken from the cache.",
    };
  if (brings === 0) return { button: `Train 0 heads${again}`, note: "Choose at least one kind of head." };
  return {
    button: `Calibrate ${formatCounted(brings, "exit")}${again}`,
    note: `Runs the calibration and test images through the network once.${learns ? " Networks without exits of their own get heads." : ""}`,
  };
}

function Quality() {
  const project = useOpenProject();
  const { outputs, heads, backbone } = project;
  const { readyExits } = backbone;
  const order = new Map(backbone.cutPoints.map(({ tensor, index }) => [tensor, index]));
  const bytesOf = (output: OutputQuality) =>
    heads.find(({ cutPoint, kind }) => cutPoint === output.cutPoint && kind === output.head)?.bytes;
  return (
    <section className={styles.section}>
      <h3 className={layoutStyles.spread}>
        {heads.length === readyExits.length ? cameWith(heads.length) : `${formatCount(heads.length)} heads`}
        {project.profiles.length === 0 && <NextButton after="heads" />}
      </h3>
      <p className={textStyles.note}>
        <Glossed>On the test split; ECE after scaling by the temperature T.</Glossed>
      </p>
      <ScrollingTable>
        <thead>
          <tr>
            <th className={styles.number}>Cut</th>
            <th>Head</th>
            <th className={styles.number}>Accuracy</th>
            <th className={styles.number}>
              <Glossed>ECE</Glossed>
            </th>
            <th className={styles.number} title="Temperature">
              T
            </th>
            <th className={styles.number}>Size</th>
          </tr>
        </thead>
        <tbody>
          {outputs.map((output) => {
            const { cutPoint, head } = output;
            const bytes = bytesOf(output);
            const isBackbone = cutPoint === null;
            return (
              <tr key={`${cutPoint} ${head}`}>
                <td className={styles.number} title={cutPoint ?? undefined}>
                  {isBackbone ? "end" : order.get(cutPoint)}
                </td>
                <td className={styles.name} title={head ?? undefined}>
                  {isBackbone ? "backbone" : head}
                </td>
                <td className={styles.number}>{formatPercent(output.accuracy)}</td>
                <td className={styles.number}>{formatPercent(output.expectedCalibrationError)}</td>
                <td className={styles.number}>{output.temperature.toFixed(2)}</td>
                <td className={styles.number}>{bytes === undefined ? "" : formatBytes(bytes)}</td>
              </tr>
            );
          })}
        </tbody>
      </ScrollingTable>
    </section>
  );
}
