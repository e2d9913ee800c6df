import packageJson from "../../../../package.json" with { type: "json" };

/** Version of Offramp that this is: who takes a job has to be of the same as who gives it. */
export const ownVersion: string = packageJson.version;

/** As a token of subjects and a part of names on the server. */
export const versionToken = ownVersion.replaceAll(/[^A-Za-z0-9]/g, "_");
