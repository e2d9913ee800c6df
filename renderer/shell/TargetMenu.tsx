import type { Target } from "../../shared/model/profile.ts";
import { useDesign } from "../state/design-store.ts";
import { useProject } from "../state/project-store.ts";
import { useTargetProfile } from "../state/target-profile.ts";
import { useView } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import styles from "./TargetMenu.module.css";

/** A target in a few words: `AMD EPYC, 2 cores, 24 GiB · cpu, 1 thread`. */
export function targetLabel({ device, provider, threads }: Target): string {
  return `${device} · ${provider}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

/** Which profile the latencies are from. */
export function TargetMenu() {
  const profiles = useProject(({ project }) => project!.profiles);
  const profile = useTargetProfile();
  const setTarget = useDesign((state) => state.setTarget);
  const manage = () => useView.setState({ panel: "profile" });
  if (!profile)
    return (
      <Button look="quiet" onClick={manage}>
        No target yet: profile…
      </Button>
    );
  return (
    <label className={styles.menu}>
      <span>Target</span>
      <select
        value={profile.id}
        onChange={({ target: { value } }) => (value === "manage" ? manage() : setTarget(value))}
      >
        {profiles.map(({ id, target }) => (
          <option key={id} value={id}>
            {targetLabel(target)}
          </option>
        ))}
        <option value="manage">Profile or import…</option>
      </select>
    </label>
  );
}
