import type { Design, GivenForm } from "./design.ts";

/** A deployable form of a plan. */
export interface ExportFormat {
  readonly id: string;
  readonly title: string;
  /** What it is good for, one sentence. */
  readonly purpose: string;
  /** Name of the file or folder that it makes. */
  readonly target: string;
  /** Names of what it makes beside that of some plans. */
  readonly furtherTargets?: readonly string[];
  /** What it is given; tensors if absent. */
  readonly given?: GivenForm;
  /** Written only where somebody asks for it. */
  readonly isOptional?: boolean;
  /** Whether it decides itself where a sample leaves, so that verification can run it. */
  readonly isDeployable: boolean;
  /** Writes `target`, and what else there is of it, into a folder. */
  write(design: Design, folder: string): Promise<void>;
}
