/**
 * How training is started with a Python: as it is, or several times by PyTorch's own launcher, which is also a module of it,
 * so the right one is taken wherever its command may lie.
 */
export function launchCommand(python: string, processes: number): string[] {
  if (processes === 1) return [python];
  return [python, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", String(processes)];
}
