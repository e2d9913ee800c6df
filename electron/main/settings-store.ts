import { type Settings, type SettingsChange, settingsSchema } from "../../shared/ipc/settings.ts";
import { readStored, writeStored } from "./stored-json.ts";

/** What the app remembers between runs; defaults if its file is missing or damaged. */
export class SettingsStore {
  readonly #path: string;
  #value: Settings;

  constructor(path: string) {
    this.#path = path;
    this.#value = readStored(path, settingsSchema) ?? settingsSchema.parse({});
  }

  get value(): Settings {
    return this.#value;
  }

  set(change: SettingsChange): void {
    const value = settingsSchema.parse({ ...this.#value, ...change });
    writeStored(this.#path, value);
    this.#value = value;
  }
}
