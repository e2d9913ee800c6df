import type { Target } from "../../shared/model/profile.ts";
import { useDesign } from "../state/design-store.ts";
import { useProject } from "../state/project-store.ts";
import { useView } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./TargetMenu.module.css";

/** A target in a few words: `AMD EPYC, 2 cores, 24 GiB · cpu, 1 thread`. */
export function targetLabel({ device, provider, threads }: Target): string {
  return `${device} · ${provider}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

/** Which profile the latencies are from. */
export function TargetMenu() {
  const profiles = useProject(({ project }) => project!.profiles);
  const target = useDesign((state) => state.target);
  const setTarget = useDesign((state) => state.setTarget);
  const manage = () => useView.setState({ panel: "profile" });
  if (profiles.length === 0)
    return (
      <Button look="quiet" onClick={manage}>
        No target yet: profile…
      </Button>
    );
  return (
    <label className={styles.menu}>
      <span className={textStyles.soft}>Target</span>
      <select
        className={styles.select}
        value={target}
        onChange={({ target: { value } }) => (value === "manage" ? manage() : setTarget(Number(value)))}
      >
        {profiles.map((profile, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a target is its index
          <option key={index} value={index}>
            {targetLabel(profile.target)}
          </option>
        ))}
        <option value="manage">Profile or import…</option>
      </select>
    </label>
  );
}
