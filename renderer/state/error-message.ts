import { AppError, messageWithRemedy, type Remedies } from "../../shared/base/errors.ts";

/** What to do in the window about what an error says is missing. */
const remedies: Remedies = {
  inputSize: "open the model again and say it",
  output: "open the model again and say which",
  classes: "choose a file in the Data panel that lists the model's classes in its order, one a line",
  layout: "choose what has one of the layouts that the Data panel lists",
  imageSize: "set Resize or Centre crop in the Data panel",
  trainAnyway: "see the Data panel, or tick there to train all the same",
  profile: "measure one for this model in the Profile panel, there or on the machine that it is for",
  headLatencies:
    "profile again with these heads in the Profile panel, there or on the machine that it is for",
  energy: "profile again in the Profile panel where there is a sensor, or bring a profile that has energies",
  answers: "train the heads again, or choose another policy",
  policyTable: "choose another policy, or this one again",
  plan: "search for one in the Search panel",
  memberPreprocess: "take a network whose images are made as the backbone's are, at any size",
  exportedPlan: "export the live plan again",
  project: "open the model and make the project again, or take a copy of the file",
  server: "choose a server in the target menu",
  diskSpace: "free some space, then try again",
  memory: "close other programs, or take a smaller model or data set",
  fileHandles: "close other programs, then try again",
  library: "install Offramp again",
  python: "choose one that has PyTorch and NumPy in the Heads panel",
  imageBudget: "allow more, or take fewer images",
  trainingFolder: "choose another folder in the Heads panel",
  fleetServer: "start one with `nats-server -js`, or name another in Settings",
  fleetCredentials: "check the token or the credentials in Settings",
  fleetCertificate: "check tlsCa, tlsCert and tlsKey in the fleet's settings file",
  cacheFolder: "set the environment's OFFRAMP_CACHE to a folder that can be written, and start Offramp again",
};

/** An error as a person reads it. */
export function messageOf(error: unknown): string {
  return error instanceof AppError ? messageWithRemedy(error, remedies) : String(error);
}
