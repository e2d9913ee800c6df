import type { Control } from "../state/controls.ts";
import { dataControls } from "./data/controls.ts";
import { headsControls } from "./heads/controls.ts";
import { profileControls } from "./profile/controls.ts";
import { searchControls } from "./search/controls.ts";

/** The fields of all panels, whichever is open. */
export function stageControls(): Control[] {
  return [...dataControls(), ...headsControls(), ...profileControls(), ...searchControls()];
}
