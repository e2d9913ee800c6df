import { useState } from "react";
import { formatCounted } from "../../shared/base/format-number.ts";
import type { ServerChoice } from "../../shared/fleet/server-choice.ts";
import type { Settings } from "../../shared/ipc/settings.ts";
import { clearRecentFiles } from "../state/app-info.ts";
import { call } from "../state/call.ts";
import { messageOf } from "../state/error-message.ts";
import { forgetFleet, tryServer } from "../state/fleet-store.ts";
import { notify, notifyError } from "../state/notice-store.ts";
import { changeSettings, useSettings } from "../state/settings-store.ts";
import { closeDialog } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { DraftField } from "../ui/DraftField.tsx";
import { SelectField } from "../ui/Field.tsx";
import layoutStyles from "../ui/layout.module.css";
import type { Read } from "../ui/preprocess-text.ts";
import textStyles from "../ui/text.module.css";
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
        <FleetServer />
        <Button onClick={() => void clearRecent()}>Clear recent files</Button>
        <Button onClick={() => changeSettings({ hiddenPanes: [], views: {} })}>
          Reset panels and charts
        </Button>
      </div>
    </Dialog>
  );
}

/** Where the fleet is, and whether it can be reached. */
function FleetServer() {
  const choice = useSettings((state) => state.fleet);
  const [answer, setAnswer] = useState<{ readonly ok: boolean; readonly text: string } | "asking">();
  const change = (changed: Partial<ServerChoice>) => {
    changeSettings({ fleet: { ...choice, ...changed } });
    setAnswer(undefined);
    forgetFleet();
  };
  const choose = async () => {
    const { path } = await call("dialog.open", { purpose: "credentials" });
    if (path) change({ creds: path });
  };
  const trial = async () => {
    setAnswer("asking");
    setAnswer(await tried());
  };
  return (
    <fieldset className={`${layoutStyles.group} ${styles.fleet}`}>
      <legend>Fleet</legend>
      <DraftField
        label="Server"
        placeholder="nats://HOST:4222"
        hint="A NATS server with JetStream, which boards and other machines take jobs of."
        shown={choice.server ?? ""}
        read={readAddress}
        onCommit={(server) => change({ server })}
      />
      <DraftField
        label="Token"
        secret
        hint="Where the server asks for one; kept in your settings, readable to you alone."
        shown={choice.token ?? ""}
        read={readText}
        onCommit={(token) => change({ token })}
      />
      <div>
        <span className={textStyles.note}>Credentials file</span>
        <div className={layoutStyles.row}>
          <span className={`${layoutStyles.space} ${choice.creds ? textStyles.ending : textStyles.soft}`}>
            {choice.creds ?? "none"}
          </span>
          {choice.creds && (
            <Button look="quiet" onClick={() => change({ creds: null })}>
              Remove
            </Button>
          )}
          <Button onClick={() => void choose().catch(notifyError)}>Choose…</Button>
        </div>
      </div>
      <div className={layoutStyles.row}>
        <Button disabled={answer === "asking"} onClick={() => void trial()}>
          Try
        </Button>
        <span className={layoutStyles.space} role="status">
          {answer === "asking" ? (
            <span className={textStyles.soft}>Asking…</span>
          ) : (
            answer && (
              <span className={`${textStyles.whole} ${answer.ok ? textStyles.good : textStyles.bad}`}>
                {answer.text}
              </span>
            )
          )}
        </span>
      </div>
    </fieldset>
  );
}

/** What came of asking the server that is chosen now: what is being typed is taken over when the field is left. */
async function tried(): Promise<{ readonly ok: boolean; readonly text: string }> {
  try {
    const { address, names } = await tryServer(useSettings.getState().fleet);
    if (address === null) return { ok: false, text: "No server is named yet." };
    const there =
      names.length === 0 ? "no worker yet" : `${formatCounted(names.length, "worker")}: ${names.join(", ")}`;
    return { ok: true, text: `${address} answers; ${there}.` };
  } catch (error) {
    return { ok: false, text: messageOf(error) };
  }
}

function readText(text: string): Read<string | null> {
  return { ok: true, value: text.trim() === "" ? null : text.trim() };
}

function readAddress(text: string): Read<string | null> {
  const address = text.trim();
  if (address === "") return { ok: true, value: null };
  if (/^(nats|tls):\/\/[^\s/]+$/.test(address)) return { ok: true, value: address };
  return { ok: false, expected: "nats://HOST:4222 or tls://HOST:4222" };
}
