import type { ProjectView } from "../../../shared/files/project-view.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";

/** The command that profiles a saved project on another machine. */
export function profileCommand(
  { name, projectPath }: Pick<ProjectView, "name" | "projectPath">,
  { provider, threads }: TargetOptions,
): string {
  const file = projectPath?.split(/[\\/]/).at(-1) ?? `${name}.offramp`;
  const flags = `--provider ${shellWord(provider)} --threads ${threads}`;
  return `offramp profile ${shellWord(file)} ${flags} --out profile.json`;
}

/** A word as a shell takes it: quoted unless it is plain. A leading dash would be read as a flag. */
export function shellWord(text: string): string {
  const word = text.startsWith("-") ? `./${text}` : text;
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
