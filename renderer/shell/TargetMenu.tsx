import { useState } from "react";
import { describeQuality } from "../../shared/presentation/words/describe-quality.ts";
import { describeActivity } from "../../shared/presentation/words/describe-worker.ts";
import { setTarget } from "../state/design-store.ts";
import { askForWorkers, useFleet, useFleetWatch } from "../state/fleet-store.ts";
import { useOpenProject } from "../state/project-store.ts";
import { useTargetProfile } from "../state/target-profile.ts";
import { useTargetTitles } from "../state/target-titles.ts";
import { openPanel } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./TargetMenu.module.css";

/** What a choice means that is no profile. */
const manageChoice = "manage";
const workerChoice = "worker ";

/** Which profile the latencies are from, and who else could measure some. */
export function TargetMenu() {
  const profiles = useOpenProject((project) => project.profiles);
  const profile = useTargetProfile();
  const titles = useTargetTitles();
  const manage = () => openPanel("profile");
  const { watch, workers, lookedAtMs } = useWorkersWhileOpen();
  if (!profile)
    return (
      <Button look="quiet" onClick={manage}>
        No target yet
      </Button>
    );
  return (
    <label className={styles.menu}>
      <span className={textStyles.soft}>Target</span>
      <select
        className={styles.select}
        title={`${titles.whole(profile.id)}. Profile: ${describeQuality(profile.quality)}`}
        value={profile.id}
        {...watch}
        onChange={({ target: { value } }) => {
          if (value.startsWith(workerChoice)) askForWorkers([value.slice(workerChoice.length)]);
          if (value === manageChoice || value.startsWith(workerChoice)) manage();
          else setTarget(value);
        }}
      >
        {profiles.map(({ id, quality }) => (
          <option key={id} value={id}>
            {titles.short(id)}
            {quality?.trust === "poor" && " · poor profile"}
          </option>
        ))}
        {workers.length > 0 && (
          <optgroup label="Profile on">
            {workers.map((worker) => (
              <option
                key={worker.state.name}
                value={`${workerChoice}${worker.state.name}`}
                disabled={worker.goneAtMs !== null}
              >
                {worker.state.name} · {worker.state.device} · {describeActivity(worker, lookedAtMs)}
              </option>
            ))}
          </optgroup>
        )}
        <option value={manageChoice}>Profile or import…</option>
      </select>
    </label>
  );
}

/** The fleet, looked at for as long as the person is at the menu. */
function useWorkersWhileOpen() {
  const [isAt, setAt] = useState(false);
  useFleetWatch(isAt);
  const workers = useFleet((fleet) => fleet.workers);
  const lookedAtMs = useFleet((fleet) => fleet.lookedAtMs);
  const [come, go] = [() => setAt(true), () => setAt(false)];
  const watch = { onPointerEnter: come, onPointerLeave: go, onFocus: come, onBlur: go };
  return { watch, workers, lookedAtMs };
}
