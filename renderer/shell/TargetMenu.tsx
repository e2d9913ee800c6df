import { describeQuality } from "../../shared/presentation/words/describe-quality.ts";
import { setTarget } from "../state/design-store.ts";
import { useOpenProject } from "../state/project-store.ts";
import { useTargetProfile } from "../state/target-profile.ts";
import { useTargetTitles } from "../state/target-titles.ts";
import { openPanel } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./TargetMenu.module.css";

/** Which profile the latencies are from. */
export function TargetMenu() {
  const profiles = useOpenProject((project) => project.profiles);
  const profile = useTargetProfile();
  const titles = useTargetTitles();
  const manage = () => openPanel("profile");
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
        onChange={({ target: { value } }) => (value === "manage" ? manage() : setTarget(value))}
      >
        {profiles.map(({ id, quality }) => (
          <option key={id} value={id}>
            {titles.short(id)}
            {quality?.trust === "poor" && " · poor profile"}
          </option>
        ))}
        <option value="manage">Profile or import…</option>
      </select>
    </label>
  );
}
