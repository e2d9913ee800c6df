import type { Settings } from "../../shared/ipc/settings.ts";
import { clearRecentFiles } from "../state/app-info.ts";
import { notify } from "../state/notice-store.ts";
import { changeSettings, useSettings } from "../state/settings-store.ts";
import { closeDialog } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { SelectField } from "../ui/Field.tsx";
import styles from "./SettingsDialog.module.css";

const themes = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

export function SettingsDialog() {
  const theme = useSettings((state) => state.theme);
  const clearRecent = async () => {
    await clearRecentFiles();
    notify("The list of recent files is empty.");
  };
  return (
    <Dialog title="Settings" open onClose={closeDialog}>
      <div className={styles.settings}>
        <SelectField
          label="Theme"
          choices={themes}
          value={theme}
          onChoose={(value) => changeSettings({ theme: value as Settings["theme"] })}
        />
        <Button onClick={() => void clearRecent()}>Clear recent files</Button>
        <Button onClick={() => changeSettings({ hiddenPanes: [], views: {} })}>
          Reset panels and charts
        </Button>
      </div>
    </Dialog>
  );
}
