import { connectToServer } from "../server/connection.ts";
import { type ServerSettings, serverSettings } from "../server/server-settings.ts";
import { openStore } from "../server/streams.ts";
import type { Fleet } from "./on-fleet.ts";

/**
 * Connects to the fleet's server. Whoever opens it closes its connection.
 * @param given what flags say; the environment and the settings file say the rest
 * @param name by which the server's own tools show this client
 * @throws AppError 'usage' if no server is named, 'fleet-unavailable' if it isn't there, refuses, or is none for a fleet
 */
export async function openFleet(given: ServerSettings, name: string): Promise<Fleet> {
  const connection = await connectToServer(await serverSettings(given), name);
  try {
    return { connection, store: await openStore(connection) };
  } catch (cause) {
    await connection.close();
    throw cause;
  }
}
