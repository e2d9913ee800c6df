import { useAppInfo } from "../state/app-info.ts";
import { call } from "../state/call.ts";
import { useEngine } from "../state/engine-store.ts";
import { closeDialog } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import styles from "./AboutDialog.module.css";

export function AboutDialog() {
  const { version, versions = {}, platform } = useAppInfo();
  const runtime = useEngine(({ offers }) => offers?.runtime);
  const rows = [
    ["Offramp", version],
    ["Runtime", runtime],
    ["Electron", versions.electron],
    ["Chrome", versions.chrome],
    ["Node", versions.node],
    ["System", platform],
  ].filter((row): row is [string, string] => row[1] !== undefined);
  const text = rows.map(([name, value]) => `${name} ${value}`).join("\n");
  return (
    <Dialog
      title="About Offramp"
      description="A design explorer for early-exit CNNs, after HAPI (Laskaridis et al., ICCAD 2020). MIT licence."
      open
      onClose={closeDialog}
      actions={<Button onClick={() => void call("clipboard.write", { text })}>Copy versions</Button>}
    >
      <dl className={styles.versions}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
