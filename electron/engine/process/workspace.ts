import { basename, extname } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import type { Opened } from "../../../shared/ipc/channels.ts";
import type { Design } from "../../../shared/model/design.ts";
import type { StageCache } from "../base/cache.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { type Project, type ProjectData, trainedProject } from "../project/project.ts";
import { saveProject } from "../project/project-archive.ts";
import { openProjectData } from "./project-data.ts";
import { type Origin, viewProject } from "./project-view.ts";

/** An opened data set, closed once it is replaced and nobody reads from it. */
interface DataInUse {
  /** The project's description that it was opened for. */
  readonly about: ProjectData;
  readonly data: OpenData;
  readers: number;
}

/**
 * The one open project. Calls that change it run one at a time, and what they make appears only when they succeed;
 * reading continues meanwhile.
 */
export class Workspace {
  private opened: { readonly project: Project; readonly origin: Origin } | undefined;
  private revision = 0;
  private data: DataInUse | undefined;
  /** What is being changed, for messages. */
  private changing: string | undefined;

  constructor(readonly cache: StageCache) {}

  /** @throws AppError 'usage' if none is open */
  get project(): Project {
    return this.current().project;
  }

  get modelPath(): string | null {
    return this.current().origin.modelPath;
  }

  get projectPath(): string | null {
    return this.current().origin.projectPath;
  }

  /**
   * Replaces the open project.
   * @throws AppError 'usage' if it is being changed; what `load` throws
   */
  open(load: () => Promise<{ readonly project: Project; readonly origin: Origin }>): Promise<Opened> {
    return this.exclusively("opening a file", async () => {
      this.opened = await load();
      this.revision++;
      await this.keepData(undefined);
      return { project: await this.view(), design: this.opened.project.design };
    });
  }

  /**
   * Replaces the open project by what `work` makes of it.
   * @param what is being done, for the message to whoever asks for another change meanwhile
   * @throws AppError 'usage' if another change is under way; what `work` throws
   */
  change(what: string, work: (project: Project) => Promise<Project>): Promise<ProjectView> {
    return this.exclusively(what, async () => {
      const { project, origin } = this.current();
      const changed = await work(project);
      this.opened = { project: changed, origin: this.opened?.origin ?? origin };
      this.revision++;
      if (changed.data !== project.data) await this.keepData(undefined);
      return this.view();
    });
  }

  /**
   * Writes the project with the window's design, whole or not at all.
   * @param copy whether the project stays what it is; else that file is its own from then on
   */
  async save(path: string, design: Design, copy: boolean): Promise<void> {
    const { project, origin } = this.current();
    await saveProject({ ...project, design }, path);
    if (copy || this.opened?.origin !== origin) return;
    this.opened = { ...this.opened, origin: { ...origin, name: fileName(path), projectPath: path } };
  }

  /**
   * Lets `read` use the project's data set, opened when it is first asked for.
   * @throws AppError 'usage' before training, 'file-not-found' if it isn't there any more; what `read` throws
   */
  async withData<Result>(job: Job, read: (data: OpenData) => Promise<Result>): Promise<Result> {
    const used = await this.acquireData(job);
    try {
      return await read(used.data);
    } finally {
      used.readers--;
      if (used !== this.data) await closeUnused(used);
    }
  }

  /** With one more reader. */
  private async acquireData(job: Job): Promise<DataInUse> {
    const project = trainedProject(this.project);
    if (this.data?.about === project.data) {
      this.data.readers++;
      return this.data;
    }
    const opened = { about: project.data, data: await openProjectData(project, this.cache, job), readers: 1 };
    // Another project may be open by now; then this one is closed when it was read.
    if (this.opened?.project.data === project.data) await this.keepData(opened);
    return opened;
  }

  private async keepData(data: DataInUse | undefined): Promise<void> {
    const dropped = this.data;
    this.data = data;
    if (dropped) await closeUnused(dropped);
  }

  /**
   * Runs what must not run beside a change: what measures, or writes what a change would replace.
   * @param what is being done, for the message to whoever asks for a change meanwhile
   * @throws AppError 'usage' if a change is under way; what `work` throws
   */
  async exclusively<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    if (this.changing !== undefined)
      throw new AppError("usage", `${this.changing} is still under way; stop it or wait until it is done`);
    this.changing = what;
    try {
      return await work();
    } finally {
      this.changing = undefined;
    }
  }

  private view(): Promise<ProjectView> {
    const { project, origin } = this.current();
    return viewProject(project, origin, this.revision, this.cache);
  }

  private current(): { readonly project: Project; readonly origin: Origin } {
    if (this.opened) return this.opened;
    throw new AppError("usage", "no project is open; open a model or a project first");
  }
}

async function closeUnused({ data, readers }: DataInUse): Promise<void> {
  if (readers === 0) await data.source.close();
}

/** A path's last part without its extension. */
export function fileName(path: string): string {
  return basename(path, extname(path));
}
