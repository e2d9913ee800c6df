import { useCallback, useMemo, useState } from "react";
import { formatCounted } from "../../../shared/base/format-number.ts";
import { asSentence } from "../../../shared/base/sentence.ts";
import type { NetworkView } from "../../../shared/files/project-view.ts";
import type { TuningProgress } from "../../../shared/ipc/channels.ts";
import { unsearchedNetworks } from "../../../shared/presentation/progress/stage-state.ts";
import { type TunedOutput, tunedOutputs } from "../../../shared/presentation/progress/tuned-outputs.ts";
import { tuningCurves } from "../../../shared/presentation/progress/tuning-curves.ts";
import { useCutPointNames } from "../../state/cut-point-names.ts";
import { useJobs } from "../../state/job-store.ts";
import { useNetworkTitles } from "../../state/network-titles.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { useChanging } from "../../state/stages/run-stages.ts";
import { StageProgress } from "../../state/stages/StageProgress.tsx";
import { canSearch } from "../../state/stages/start-search.ts";
import { searchAgain, useTuning } from "../../state/stages/tuning.ts";
import { useTargetProfile } from "../../state/target-profile.ts";
import { Button } from "../../ui/Button.tsx";
import layoutStyles from "../../ui/layout.module.css";
import styles from "../../ui/panel.module.css";
import surfaceStyles from "../../ui/surface.module.css";
import textStyles from "../../ui/text.module.css";
import { type OutputGain, OutputGains } from "./OutputGains.tsx";
import { TuningCurves } from "./TuningCurves.tsx";
import { TuningForm } from "./TuningForm.tsx";

/** Where a network learns together with its exits, in PyTorch. */
export function Tuning() {
  const tuning = useJobs(({ tune }) => tune !== undefined);
  const end = useTuning((state) => state.end);
  return (
    <section className={styles.section} aria-label="Tuning">
      {tuning ? (
        <StageProgress kind="tune" title="Tuning" stages={["load", "write", "tune", "take", "calibrate"]} />
      ) : (
        <LastEnd />
      )}
      <Warnings />
      <Curves />
      {(end === null ? !tuning : end === "done") && <TunedNetworks />}
      {!tuning && <TuningForm />}
    </section>
  );
}

/** How the last tuning ended, if that leaves something to do. */
function LastEnd() {
  const { end, progress } = useTuning();
  const last = progress?.epochs.at(-1);
  const reached = last && last.epoch > 0 ? ` after epoch ${last.epoch} of ${last.of}` : "";
  if (end === null || end === "done") return null;
  if (end === "stopped")
    return (
      <div className={surfaceStyles.warning}>
        Stopped{reached}. What it has learnt is kept; tuned again with the same recipe it goes on from there.
      </div>
    );
  return (
    <div className={surfaceStyles.error} role="alert">
      {asSentence(end.failed)}
      {last && last.epoch > 0 && <span>Tuned again with the same recipe it goes on{reached}.</span>}
    </div>
  );
}

/** What the person should know of what was learnt. */
function Warnings() {
  const warnings = useTuning((state) => state.warnings);
  return warnings.map((warning) => (
    <div key={warning} className={surfaceStyles.warning}>
      {asSentence(warning)}
    </div>
  ));
}

/** How the tuning under way goes, or the last one went. */
function Curves() {
  const { progress, end } = useTuning();
  const [shown, setShown] = useState<number>();
  const outputs = useOutputsOf(progress);
  if (!progress || outputs.length === 0) return null;
  const epochs = progress.epochs;
  return (
    <>
      <TuningCurves epochs={epochs} labels={outputs.map(({ label }) => label)} shown={shown} />
      <p className={textStyles.note}>
        On training images that are set aside. The network may have seen them before it was tuned: what counts
        is measured on other images when it joins the project.
      </p>
      {end !== "done" && (
        <OutputGains outputs={outputs} columns={["Before", "Now"]} shown={shown} onPoint={setShown} />
      )}
    </>
  );
}

function useOutputsOf(progress: TuningProgress | null): OutputGain[] {
  const nameOutputs = useOutputNames();
  return useMemo(() => {
    if (!progress) return [];
    const { network, exits, epochs } = progress;
    const names = nameOutputs(network, [...exits, { cutPoint: null, head: null }]);
    return tuningCurves(epochs).map(({ before, now }, output) => ({ ...names[output], before, after: now }));
  }, [progress, nameOutputs]);
}

type Output = Pick<TunedOutput, "cutPoint" | "head">;

/** What the outputs of a network are called: a number where a line ends, and in full; heads only where they differ in kind. */
function useOutputNames() {
  const cutPointName = useCutPointNames();
  const backbone = useOpenProject((project) => project.backbone.sha256);
  return useCallback(
    (network: string, outputs: readonly Output[]): Pick<OutputGain, "label" | "name">[] => {
      const member = network === backbone ? undefined : network;
      const kinds = new Set(outputs.flatMap(({ head }) => head ?? []));
      return outputs.map(({ cutPoint, head }, index) => {
        if (cutPoint === null) return { label: "output" };
        const place = cutPointName(cutPoint, member);
        return { label: String(index + 1), name: kinds.size > 1 ? `${place} · ${head}` : place };
      });
    },
    [cutPointName, backbone],
  );
}

/** What became of the networks that were tuned. */
function TunedNetworks() {
  const members = useOpenProject((project) => project.members);
  const tuned = members.filter(({ tunedFrom }) => tunedFrom !== undefined);
  const changing = useChanging();
  const project = useOpenProject();
  const profile = useTargetProfile();
  if (tuned.length === 0) return null;
  const isNext = profile !== undefined && unsearchedNetworks(project, profile).length > 0;
  return (
    <>
      {tuned.map((network) => (
        <TunedNetwork key={network.backbone.sha256} network={network} />
      ))}
      {isNext && canSearch() && (
        <Button look="primary" className={styles.wide} disabled={changing} onClick={searchAgain}>
          Next: search through {tuned.length > 1 ? "them" : "it"}
        </Button>
      )}
    </>
  );
}

function TunedNetwork({ network }: { readonly network: NetworkView }) {
  const project = useOpenProject();
  const titles = useNetworkTitles();
  const nameOutputs = useOutputNames();
  const { sha256 } = network.backbone;
  const tuned = tunedOutputs(project, network);
  const names = nameOutputs(sha256, tuned);
  const outputs = tuned.map((output, index) => ({ ...output, ...names[index] }));
  return (
    <div className={layoutStyles.column}>
      <p className={textStyles.strong}>{titles.whole(sha256)}</p>
      <p className={textStyles.note}>
        {formatCounted(outputs.length - 1, "exit")}, on the test split, beside the same of{" "}
        {titles.whole(network.tunedFrom)}.
      </p>
      <OutputGains outputs={outputs} columns={["Frozen", "Tuned"]} />
    </div>
  );
}
