import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../../shared/base/errors.ts";
import { readRegularFile } from "../../../disk/regular-file.ts";

/** Where the fleet's server is and how one gets in; all but the address is optional. */
const serverSettingsSchema = z.strictObject({
  /** `nats://host:4222`, or `tls://…`; several, separated by commas, for a cluster. */
  server: z.string().optional(),
  token: z.string().optional(),
  user: z.string().optional(),
  password: z.string().optional(),
  /** Files: a user's credentials (JWT and seed), a seed alone, and what TLS is checked and proven with. */
  creds: z.string().optional(),
  nkey: z.string().optional(),
  tlsCa: z.string().optional(),
  tlsCert: z.string().optional(),
  tlsKey: z.string().optional(),
});

export type ServerSettings = Readonly<z.infer<typeof serverSettingsSchema>>;

const maxSettingsBytes = 64e3;

/** The settings file: `OFFRAMP_FLEET`, else `fleet.json` in the platform's folder for settings. */
export function settingsPath(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.OFFRAMP_FLEET) return environment.OFFRAMP_FLEET;
  if (environment.XDG_CONFIG_HOME) return join(environment.XDG_CONFIG_HOME, "offramp", "fleet.json");
  if (process.platform === "win32" && environment.APPDATA)
    return join(environment.APPDATA, "offramp", "fleet.json");
  const home = environment.HOME ?? environment.USERPROFILE ?? ".";
  return join(home, ".config", "offramp", "fleet.json");
}

/**
 * Where the server is and how to get in: what is given goes before the environment, and that before the settings file. Who
 * names a server and no credentials for it gets those of the file only if it is the file's server.
 * @param given flags
 * @throws AppError 'usage' if no server is named anywhere, 'file-invalid' if the settings file is none
 */
export async function serverSettings(
  given: ServerSettings,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ServerSettings & { readonly server: string }> {
  const { server, ...rest } = await namedSettings(given, environment);
  if (server !== undefined) return { ...rest, server };
  throw new AppError(
    "usage",
    `no server is named: give --server nats://HOST:4222, set OFFRAMP_SERVER, or write {"server": …} to ${settingsPath(environment)}`,
  );
}

/**
 * The same where no server need be named.
 * @throws AppError 'file-invalid' if the settings file is none
 */
export async function namedSettings(
  given: ServerSettings,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ServerSettings> {
  const kept = await readSettings(settingsPath(environment));
  const named = withoutAbsent(given);
  const said = withoutAbsent({
    server: environment.OFFRAMP_SERVER,
    token: environment.OFFRAMP_TOKEN,
    user: environment.OFFRAMP_USER,
    password: environment.OFFRAMP_PASSWORD,
  });
  const server = named.server ?? said.server ?? kept.server;
  return { ...(server === kept.server ? kept : {}), ...said, ...named, server };
}

async function readSettings(path: string): Promise<ServerSettings> {
  try {
    const bytes = await readRegularFile(path, { maxBytes: maxSettingsBytes });
    return serverSettingsSchema.parse(JSON.parse(bytes.toString("utf8")));
  } catch (cause) {
    if (cause instanceof AppError && cause.code === "file-not-found") return {};
    if (cause instanceof AppError) throw cause;
    const known = Object.keys(serverSettingsSchema.shape).join(", ");
    throw new AppError(
      "file-invalid",
      `${path} is no settings file for a server: expected a JSON object with ${known}`,
      {},
      { cause },
    );
  }
}

/** Empty variables count as absent. */
function withoutAbsent(settings: ServerSettings): ServerSettings {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined && value !== ""),
  );
}
