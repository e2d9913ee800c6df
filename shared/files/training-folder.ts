/** Where a project's networks are tuned if nothing else is said: `net-training` beside `net.offramp`. */
export function trainingFolder(projectPath: string): string {
  return `${projectPath.replace(/\.[^./\\]*$/, "")}-training`;
}
