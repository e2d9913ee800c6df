import { FileStack, FolderOpen, ListOrdered } from "lucide-react";
import { formatCount, formatPercent } from "../../../shared/base/format-number.ts";
import { listNames } from "../../../shared/base/plain-name.ts";
import { asSentence } from "../../../shared/base/sentence.ts";
import type { DataView as InspectedData } from "../../../shared/ipc/images.ts";
import {
  type BackboneCheck,
  checkWarnings,
  describeCheck,
  isAtChance,
  suspects,
} from "../../../shared/model/backbone-check.ts";
import { describeClassOrder } from "../../../shared/model/class-order.ts";
import { useEngine } from "../../state/engine-store.ts";
import { useJobs } from "../../state/job-store.ts";
import { useOpenProject } from "../../state/project-store.ts";
import {
  changeClasses,
  changePreprocess,
  changeSplits,
  chooseClasses,
  chooseData,
  draftOf,
  insistOnTraining,
  inspectSoon,
  takeAlternative,
  tryPresets,
  undoDataChanges,
  useDataForm,
} from "../../state/stages/data-form.ts";
import { useLearnsHeads } from "../../state/stages/learns-heads.ts";
import { NextButton } from "../../state/stages/NextStepAction.tsx";
import { StageProgress } from "../../state/stages/StageProgress.tsx";
import { openDialog, openPanel } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckField } from "../../ui/Field.tsx";
import { Idea } from "../../ui/Idea.tsx";
import layoutStyles from "../../ui/layout.module.css";
import styles from "../../ui/panel.module.css";
import { presetsFor } from "../../ui/preprocess-text.ts";
import surfaceStyles from "../../ui/surface.module.css";
import textStyles from "../../ui/text.module.css";
import { ClassCounts } from "./ClassCounts.tsx";
import { ContactSheet } from "./ContactSheet.tsx";
import ownStyles from "./DataPanel.module.css";
import { interleaveClasses, judgeAccuracy } from "./data-hints.ts";
import { PreprocessFields } from "./PreprocessFields.tsx";
import { SplitFields } from "./SplitFields.tsx";

/** Chooses a data set, and shows it as the network will see it. */
export function DataPanel() {
  const form = useDataForm();
  const inputType = useOpenProject((project) => project.backbone.input.type);
  return (
    <div className={ownStyles.panel}>
      {form.path === null ? <NoData /> : <ChosenData path={form.path} />}
      {form.error && (
        <section className={styles.section}>
          <div className={surfaceStyles.error} role="alert">
            {form.error}
          </div>
          {form.view === null && (
            <details className={styles.details}>
              <summary>Layouts of data sets</summary>
              <Layouts />
            </details>
          )}
        </section>
      )}
      {form.view && (
        <section className={styles.section}>
          <BackboneAccuracy view={form.view} />
        </section>
      )}
      <section className={styles.section}>
        <h3>Preprocessing</h3>
        <PreprocessFields
          preprocess={form.preprocess}
          readsBytes={inputType === "uint8"}
          onChange={changePreprocess}
        />
      </section>
      {form.view && <Seen view={form.view} />}
      <section className={styles.section}>
        <details className={styles.details}>
          <summary>Splits and their sizes</summary>
          <SplitFields splits={form.splits} onChange={changeSplits} />
        </details>
      </section>
      <NextStep />
    </div>
  );
}

function ChooseButtons({ primary = false }: { readonly primary?: boolean }) {
  return (
    <div className={layoutStyles.wrap}>
      <Button
        look={primary ? "primary" : "plain"}
        icon={<FolderOpen size={14} />}
        onClick={() => void chooseData("dataFolder")}
      >
        Choose folder…
      </Button>
      <Button icon={<FileStack size={14} />} onClick={() => void chooseData("dataFile")}>
        Choose file…
      </Button>
    </div>
  );
}

function NoData() {
  const learns = useLearnsHeads();
  const classes = useOpenProject((project) => project.backbone.output.classes);
  return (
    <section className={styles.section}>
      <Idea idea="data">Images are kept apart, so that what is reported was never chosen on.</Idea>
      <p>
        Choose labelled images of the backbone's {formatCount(classes)} classes, or drop them anywhere on the
        window.{" "}
        {learns
          ? "Exit heads learn from one part of them, thresholds are chosen on another, results come from a third."
          : "Thresholds are chosen on one part of them, results come from another; none are needed to train with."}
      </p>
      <ChooseButtons primary />
      <Layouts />
    </section>
  );
}

/** How a data set may lie on disk. Formats are tried with the most particular first and read the other way round. */
function Layouts() {
  const formats = useEngine(({ offers }) => offers?.datasetFormats ?? []);
  if (formats.length === 0) return null;
  return (
    <dl className={ownStyles.formats} aria-label="Layouts of data sets">
      {formats.toReversed().map(({ id, title, layout }) => (
        <div key={id}>
          <dt>{title}</dt>
          <dd>{layout}</dd>
        </div>
      ))}
    </dl>
  );
}

function ChosenData({ path }: { readonly path: string }) {
  const form = useDataForm();
  const { view, trained } = form;
  const draft = draftOf(form);
  const data = useOpenProject((project) => project.data);
  const own = trained?.path === path ? data : null;
  const formats = useEngine(({ offers }) => offers?.datasetFormats ?? []);
  const titleOf = (format: string) => formats.find(({ id }) => id === format)?.title ?? format;
  return (
    <section className={styles.section}>
      <p className={textStyles.whole}>{path}</p>
      {view ? (
        <p className={textStyles.soft}>
          {view.formatTitle}, {formatCount(view.classNames.length)} classes: {formatCount(view.splits.train)}{" "}
          images to train, {formatCount(view.splits.calibration)} to calibrate,{" "}
          {formatCount(view.splits.test)} to test
        </p>
      ) : (
        own && (
          <p className={textStyles.soft}>
            {own.available
              ? `The heads were trained with it: ${titleOf(own.format)}, ${formatCount(own.classNames.length)} classes (${listNames(own.classNames)}).`
              : `The heads were trained with it, but it isn't there any more. Bring it back, or choose where it lies now and train again. Exploring works without it; images and verification need it.`}
          </p>
        )
      )}
      {form.isGone && (
        <div className={surfaceStyles.error} role="alert">
          It isn't there any more. Bring it back, or choose where it lies now.
        </div>
      )}
      {view && view.notes.length > 0 && <Notes notes={view.notes} />}
      {view && view.unreadable.length > 0 && <Unreadable paths={view.unreadable} />}
      <ClassList />
      {draft.differs && (
        <div className={surfaceStyles.warning}>
          <p>The heads were trained with another choice than this one.</p>
          <div className={layoutStyles.wrap}>
            <Button onClick={undoDataChanges}>Back to that</Button>
          </div>
        </div>
      )}
      <div className={layoutStyles.wrap}>
        {!view && own?.available && <Button onClick={() => inspectSoon(0)}>Show its images</Button>}
        <ChooseButtons />
      </div>
    </section>
  );
}

/** In which order the classes stand, and why; it is the person's to change. */
function ClassList() {
  const { view, classes } = useDataForm();
  return (
    <>
      {view && (
        <p className={textStyles.soft}>{asSentence(describeClassOrder(view.classOrder, view.classNames))}</p>
      )}
      <div className={layoutStyles.wrap}>
        {view ? (
          <Button icon={<ListOrdered size={14} />} onClick={() => openDialog("classOrder")}>
            Class order…
          </Button>
        ) : (
          <Button icon={<ListOrdered size={14} />} onClick={() => void chooseClasses()}>
            Choose class list…
          </Button>
        )}
        {classes && (
          <Button look="quiet" onClick={() => changeClasses(null)}>
            Without the list
          </Button>
        )}
      </div>
    </>
  );
}

/** Stays at the panel's lower edge: how far the inspection of the images is, or what to do next. */
function NextStep() {
  const form = useDataForm();
  const draft = draftOf(form);
  const looking = useJobs((jobs) => jobs.data !== undefined);
  const learns = useLearnsHeads();
  const hasHeads = useOpenProject((project) => project.heads.length > 0);
  if (looking)
    return (
      <div className={styles.footer}>
        <StageProgress kind="data" title={form.trying ? "Trying the presets" : "Looking at the images"} />
      </div>
    );
  if (!draft.chosen || (hasHeads && !draft.differs)) return null;
  return (
    <div className={styles.footer}>
      <div className={layoutStyles.wrap}>
        <NextButton after="data" />
        {!hasHeads && (
          <Button look="quiet" onClick={() => openPanel("heads")}>
            {learns ? "Choose the heads first" : "Show the exits first"}
          </Button>
        )}
      </div>
    </div>
  );
}

function Seen({ view }: { readonly view: InspectedData }) {
  const { images, classNames } = view;
  return (
    <>
      <section className={styles.section}>
        <h3>As the network sees them</h3>
        <ContactSheet images={interleaveClasses(images)} classNames={classNames} />
      </section>
      <section className={styles.section}>
        <h3>Images per class</h3>
        <ClassCounts view={view} />
      </section>
    </>
  );
}

const verdictWords = {
  chance:
    "That is no better than guessing. Either the preprocessing isn't the one that the model was trained with, or the classes stand in another order.",
  doubtful:
    "Most trained networks do better. If this one should, too, the preprocessing may not be the one that it was trained with.",
};

function BackboneAccuracy({ view }: { readonly view: InspectedData }) {
  const { accuracy, accuracySamples, classNames } = view;
  const { trials, trying, check } = useDataForm();
  const isWarned = check !== null && checkWarnings(check).length > 0;
  const verdict = isWarned ? "warned" : judgeAccuracy(accuracy, accuracySamples, classNames.length);
  const channels = useOpenProject((project) => project.backbone.input.channels);
  const tried = presetsFor(channels).filter(({ id }) => id in trials);
  return (
    <>
      <div className={layoutStyles.wrap}>
        <p className={ownStyles.accuracy}>
          The backbone is right on <strong>{formatPercent(accuracy)}</strong> of{" "}
          {formatCount(accuracySamples)} calibration images.
        </p>
        {verdict === "sound" && (
          <Button look="quiet" disabled={trying} onClick={() => void tryPresets()}>
            Compare presets
          </Button>
        )}
      </div>
      {check && isWarned && <CheckWarning check={check} />}
      <StageProgress kind="check" title="Checking the backbone on some images" />
      {(verdict === "chance" || verdict === "doubtful") && (
        <div className={surfaceStyles.warning} role="status">
          <p>{verdictWords[verdict]}</p>
          <div className={layoutStyles.wrap}>
            <Button disabled={trying} onClick={() => void tryPresets()}>
              Try every preset
            </Button>
          </div>
        </div>
      )}
      {tried.length > 0 && (
        <dl className={ownStyles.trials} aria-label="The backbone's accuracy under each preset">
          {tried.map(({ id, title, preprocess }) => (
            <div key={id}>
              <dt>
                <button
                  type="button"
                  className={styles.link}
                  title="Use this preset"
                  disabled={trying}
                  onClick={() => changePreprocess(preprocess)}
                >
                  {title}
                </button>
              </dt>
              <dd>{formatPercent(trials[id])}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

/** That another choice is far better, or that the backbone guesses, and what to do about it. */
function CheckWarning({ check }: { readonly check: BackboneCheck }) {
  const { trying, force } = useDataForm();
  return (
    <div className={surfaceStyles.warning} role="status">
      <p>{asSentence(describeCheck(check))}</p>
      <p>{check.alternatives.length > 0 ? "It would be right far more often with:" : asSentence(suspects)}</p>
      <div className={layoutStyles.column}>
        {check.alternatives.map((alternative, index) => (
          <div key={alternative.what} className={ownStyles.alternative}>
            <span>
              {alternative.what}: <strong>{formatPercent(alternative.accuracy)}</strong>
            </span>
            <Button look={index === 0 ? "primary" : "plain"} onClick={() => takeAlternative(alternative)}>
              Use it
            </Button>
          </div>
        ))}
      </div>
      <div className={layoutStyles.wrap}>
        <Button disabled={trying} onClick={() => void tryPresets()}>
          Try every preset
        </Button>
      </div>
      {isAtChance(check) && (
        <CheckField label="Train all the same" checked={force} onCheck={insistOnTraining} />
      )}
    </div>
  );
}

/** How the data set was read. */
function Notes({ notes }: { readonly notes: readonly string[] }) {
  return (
    <ul className={ownStyles.notes} aria-label="Notes on the data set">
      {notes.map((note) => (
        <li key={note}>{asSentence(note)}</li>
      ))}
    </ul>
  );
}

const maxNamed = 50;

function Unreadable({ paths }: { readonly paths: readonly string[] }) {
  return (
    <details className={`${styles.details} ${surfaceStyles.warning}`}>
      <summary>
        {formatCount(paths.length)} {paths.length === 1 ? "image" : "images"} could not be read and{" "}
        {paths.length === 1 ? "is" : "are"} left out
      </summary>
      <ul className={ownStyles.unreadable}>
        {paths.slice(0, maxNamed).map((path) => (
          <li key={path}>{path}</li>
        ))}
        {paths.length > maxNamed && <li>and {formatCount(paths.length - maxNamed)} more</li>}
      </ul>
    </details>
  );
}
