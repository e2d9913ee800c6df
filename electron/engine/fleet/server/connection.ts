import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection, type NodeConnectionOptions } from "@nats-io/transport-node";
import { type Address, parseAddresses } from "./addresses.ts";
import { authenticatorOf, tlsOptions } from "./credentials.ts";
import { refusal, withoutJetStream } from "./refusal.ts";
import type { ServerSettings } from "./server-settings.ts";

/** An open connection to the fleet's server, which has JetStream. */
export interface ServerConnection {
  readonly nats: NatsConnection;
  readonly streams: JetStreamManager;
  readonly publisher: JetStreamClient;
  /** For messages: the address without credentials. */
  readonly address: string;
  close(): Promise<void>;
}

/** How long the first connection may take, and an answer of JetStream. */
const connectMs = 5000;
const answerMs = 10_000;

/** A connection that is cut is noticed by these pings, and taken up again as often as it takes. */
const pingMs = 5000;
const pingsMissed = 2;
const reconnectMs = 1000;

/**
 * @param name by which the server's own tools show this client
 * @throws AppError 'fleet-unavailable' if there is no server, it refuses, or it has no JetStream; 'usage' for an address that is
 *   none; what reading the credentials' files throws
 */
export async function connectToServer(
  settings: ServerSettings & { readonly server: string },
  name: string,
): Promise<ServerConnection> {
  const addresses = parseAddresses(settings.server);
  const address = addresses.map(({ host }) => host).join(",");
  const nats = await connect(await connectionOptions(settings, addresses, name)).catch(async (cause) => {
    throw await refusal(addresses, settings.tlsCert, cause);
  });
  try {
    const streams = await jetstreamManager(nats, { timeout: answerMs });
    const publisher = jetstream(nats, { timeout: answerMs });
    return { nats, streams, publisher, address, close: () => closeWell(nats) };
  } catch (cause) {
    // Before it is closed, for then nothing is known of the server any more.
    const refused = withoutJetStream({ nats, address }, cause);
    await closeWell(nats);
    throw refused;
  }
}

/** What is on its way still goes out, unless the server is gone. */
async function closeWell(nats: NatsConnection): Promise<void> {
  if (nats.isClosed()) return;
  await Promise.race([
    nats.flush().catch(() => {}),
    new Promise((resolve) => setTimeout(resolve, 1000).unref()),
  ]);
  await nats.close();
}

async function connectionOptions(
  { token, user, password, creds, nkey, ...settings }: ServerSettings,
  addresses: readonly Address[],
  name: string,
): Promise<NodeConnectionOptions> {
  const [{ url: first }] = addresses;
  const inAddress = first.password
    ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }
    : first.username
      ? { token: decodeURIComponent(first.username) }
      : {};
  const authenticator = await authenticatorOf(creds, nkey);
  const tls = await tlsOptions(settings, addresses);
  return {
    servers: addresses.map(({ host }) => host),
    name,
    // Each user may be let into its own inboxes alone, so that no board reads another's answers.
    inboxPrefix: `_INBOX_${name.replaceAll(/[^A-Za-z0-9_-]/g, "_")}`,
    timeout: connectMs,
    pingInterval: pingMs,
    maxPingOut: pingsMissed,
    reconnectTimeWait: reconnectMs,
    maxReconnectAttempts: -1,
    ...inAddress,
    ...(token !== undefined && { token }),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { pass: password }),
    ...(authenticator && { authenticator }),
    ...(tls && { tls }),
  };
}
