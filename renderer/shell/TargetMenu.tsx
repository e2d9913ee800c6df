import { describeTarget } from "../../shared/presentation/describe-target.ts";
import { setTarget, useDesign } from "../state/design-store.ts";
import { useProject } from "../state/project-store.ts";
import { openPanel } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import styles from "./TargetMenu.module.css";

/** Which profile the latencies are from. */
export function TargetMenu() {
  const profiles = useProject(({ project }) => project!.profiles);
  const target = useDesign((state) => state.target);
  const manage = () => openPanel("profile");
  if (profiles.length === 0)
    return (
      <Button look="quiet" onClick={manage}>
        No target yet: profile…
      </Button>
    );
  return (
    <label className={styles.menu}>
      <span>Target</span>
      <select
        value={target}
        onChange={({ target: { value } }) => (value === "manage" ? manage() : setTarget(Number(value)))}
      >
        {profiles.map((profile, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a target is its index
          <option key={index} value={index}>
            {describeTarget(profile.target)}
          </option>
        ))}
        <option value="manage">Profile or import…</option>
      </select>
    </label>
  );
}
