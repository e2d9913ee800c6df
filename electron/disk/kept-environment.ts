/** Variables that say where a provider's drivers lie: without them a child would find others than we do. */
const drivers = [
  "LD_LIBRARY_PATH",
  "DYLD_LIBRARY_PATH",
  "CUDA_PATH",
  "CUDA_VISIBLE_DEVICES",
  "VK_ICD_FILENAMES",
  "VK_DRIVER_FILES",
  "XDG_RUNTIME_DIR",
];

/** What a child that runs foreign models gets to see of our environment. */
export function keptEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = ["PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR", ...drivers];
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
