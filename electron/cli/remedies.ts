import type { OutputCandidate, Remedies } from "../../shared/base/errors.ts";

function headFlag(kinds: readonly string[]): string {
  return kinds.length > 0 ? ` --head ${kinds}` : "";
}

/** What to do at a terminal about what an error says is missing. */
export const remedies: Remedies = {
  inputSize: "say it with --input-size 224x224 (height x width)",
  output: ({ candidates }) =>
    Array.isArray(candidates) && candidates.length === 1
      ? `take them with --output ${(candidates[0] as OutputCandidate).name}`
      : "say which with --output NAME",
  classes: "say which classes the model has with --classes FILE, which lists them in its order, one a line",
  trainAnyway: ({ remedy }) => `${remedy ? `${remedy}, or ` : ""}train all the same with --force`,
  layout: ({ layouts }) => `expected ${(layouts as readonly string[]).join("; or ")}`,
  imageSize: 'set "resize" or "centreCrop" in the preprocessing',
  profile: "make one with `offramp profile`",
  headLatencies: ({ kinds }) => `make one with \`offramp profile${headFlag(kinds as readonly string[])}\``,
  energy: "profile again where there is a sensor, or name one: `offramp profile --energy-sensor`",
  answers: "calibrate its heads again with `offramp calibrate --data`",
  policyTable: ({ policy }) => `do that with \`offramp calibrate --policy ${policy}\``,
  plan: "make one for this project with `offramp search`",
  memberPreprocess: "or say with --member-preprocess how its images are made",
  exportedPlan: "give the plan.json that lies beside it with --plan",
  project: "make it again with `offramp train` or `offramp run`",
  server: "give --server with the server's profile, --link-latency and --link-bandwidth",
  diskSpace: "free some space, or set another --cache or --out",
  memory: "close other programs, or take a smaller model or data set",
  fileHandles: "close other programs, or allow more with `ulimit -n`",
  library: "install Offramp again",
  python: "name a Python that has PyTorch and NumPy with --python, or what starts one with --launcher",
  imageBudget: "raise --image-budget, or take fewer images with --train-samples",
  trainingFolder: "name another folder with --folder",
  fleetServer: "start one with `nats-server -js`, or name another with --server",
  fleetCredentials: "check OFFRAMP_TOKEN, OFFRAMP_USER, --creds, --nkey or the settings file",
  fleetCertificate: "check --tls-ca, --tls-cert and --tls-key",
  cacheFolder: "choose another folder with --cache or OFFRAMP_CACHE",
};
