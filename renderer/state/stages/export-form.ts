import { create } from "zustand";
import type { ExportResult, Request, Response } from "../../../shared/ipc/channels.ts";
import type { EngineView } from "../../../shared/ipc/variants.ts";
import type { PartitionedPlan } from "../../../shared/model/plan.ts";
import type { Target } from "../../../shared/model/profile.ts";
import { verifyOptionsSchema } from "../../../shared/model/stage-options.ts";

/** The plan of an export, and its target. */
export interface Exported {
  readonly plan: PartitionedPlan;
  readonly target: Target;
  /** What was written in its place, if its exits answer together there. */
  readonly together: Fitted | undefined;
}

/** The live plan with exits that were fitted to answer together. */
export interface Fitted extends Response<"project.ensemble"> {
  readonly asked: Request<"project.ensemble">;
  /** Of the project. */
  readonly revision: number;
}

interface ExportForm {
  /** Formats that the person switched on or off, by id; the others are on unless they are optional. */
  readonly switched: Readonly<Record<string, boolean>>;
  /** Names of pinned plans that the files can be run as, too. */
  readonly points: readonly string[];
  /** Whether exits are to answer together, once they were fitted to that. */
  readonly together: boolean;
  /** What was fitted last; the live plan may have changed since. */
  readonly fitted: Fitted | null;
  readonly report: boolean;
  readonly verify: boolean;
  /** How long verification may take. */
  readonly verifySeconds: number;
  /** The worker that verifies, null for this machine; whoever the target says if undefined. */
  readonly verifyOn: string | null | undefined;
  readonly folder: string | null;
  readonly error: string | null;
  /** Whether the person is being asked, as the plan misses the use case. */
  readonly asking: boolean;
  /** Whether the person wants another export of a plan whose result is shown. */
  readonly again: boolean;
  /** What the last export wrote, with the plan that it was of and the target that it was verified for. */
  readonly result: (ExportResult & Exported) | null;
}

const emptyForm: ExportForm = {
  switched: {},
  points: [],
  together: false,
  fitted: null,
  report: true,
  verify: true,
  verifySeconds: verifyOptionsSchema.parse({}).seconds,
  verifyOn: undefined,
  folder: null,
  error: null,
  asking: false,
  again: false,
  result: null,
};

/** The export dialog's choices, kept while it is closed. */
export const useExportForm = create<ExportForm>()(() => emptyForm);

export function resetExportForm(): void {
  useExportForm.setState(emptyForm);
}

export function changeExport(change: Partial<ExportForm>): void {
  useExportForm.setState(change);
}

export function chooseFormat(id: string, isOn: boolean): void {
  changeExport({ switched: { ...useExportForm.getState().switched, [id]: isOn } });
}

export function choosePoint(name: string, isOn: boolean): void {
  const others = useExportForm.getState().points.filter((other) => other !== name);
  changeExport({ points: isOn ? [...others, name] : others });
}

export function isChosen(
  { id, isOptional }: EngineView["exportFormats"][number],
  switched: Readonly<Record<string, boolean>>,
): boolean {
  return switched[id] ?? !isOptional;
}
