import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import {
  type Authenticator,
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  type NatsConnection,
  nkeyAuthenticator,
} from "@nats-io/transport-node";
import { AppError, type Missing } from "../../../../shared/base/errors.ts";
import { readRegularFile } from "../../../disk/regular-file.ts";
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

const maxCredentialBytes = 64e3;

/**
 * @param name by which the server's own tools show this client
 * @throws AppError 'fleet-unavailable' if there is no server, it refuses, or it has no JetStream; 'usage' for an address that is
 *   none; what reading the credentials' files throws
 */
export async function connectToServer(
  settings: ServerSettings & { readonly server: string },
  name: string,
): Promise<ServerConnection> {
  const { options, address } = await connectionOptions(settings, name);
  const nats = await connect(options).catch((cause) => {
    throw refusal(address, cause);
  });
  try {
    const streams = await jetstreamManager(nats, { timeout: answerMs });
    const publisher = jetstream(nats, { timeout: answerMs });
    return { nats, streams, publisher, address, close: () => closeWell(nats) };
  } catch (cause) {
    await closeWell(nats);
    throw withoutJetStream(address, cause);
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
  {
    server,
    token,
    user,
    password,
    creds,
    nkey,
    tlsCa,
    tlsCert,
    tlsKey,
  }: ServerSettings & { readonly server: string },
  name: string,
): Promise<{ readonly options: ConnectionOptions; readonly address: string }> {
  const addresses = server.split(",").map((text) => parseAddress(text.trim()));
  const [{ url: first }] = addresses;
  const address = addresses.map(({ host }) => host).join(",");
  const inAddress = first.password
    ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }
    : first.username
      ? { token: decodeURIComponent(first.username) }
      : {};
  const authenticator = await authenticatorOf(creds, nkey);
  const wantsTls = [tlsCa, tlsCert, tlsKey].some((file) => file !== undefined) || first.protocol === "tls:";
  return {
    address,
    options: {
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
      ...(wantsTls && { tls: { caFile: tlsCa, certFile: tlsCert, keyFile: tlsKey } }),
    },
  };
}

function parseAddress(text: string): { readonly url: URL; readonly host: string } {
  const whole = /^[a-z]+:\/\//.test(text) ? text : `nats://${text}`;
  const url = urlOf(whole);
  if (!url || !["nats:", "tls:"].includes(url.protocol) || url.hostname === "")
    throw new AppError(
      "usage",
      `${text} is no server's address; expected nats://HOST:4222 or tls://HOST:4222`,
    );
  return { url, host: `${url.hostname}:${url.port || "4222"}` };
}

/** `URL.canParse` is younger than the Node inside the oldest Electron that the app runs on. */
function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

async function authenticatorOf(
  creds: string | undefined,
  nkey: string | undefined,
): Promise<Authenticator | undefined> {
  const read = (path: string) => readRegularFile(path, { maxBytes: maxCredentialBytes });
  if (creds !== undefined) return credsAuthenticator(await read(creds));
  if (nkey === undefined) return undefined;
  const seed = (await read(nkey)).toString("utf8").trim();
  return nkeyAuthenticator(new TextEncoder().encode(seed));
}

function refusal(address: string, cause: unknown): AppError {
  const { name = "", message = "" } = cause as Error;
  const reason =
    (cause as Error).cause instanceof Error ? ((cause as Error).cause as Error).message : message;
  if (/authorization|authentication|nkey|seed|creds/i.test(`${name} ${message}`))
    return unavailable(`the server ${address} refuses these credentials`, "fleetCredentials", cause);
  if (/certificate|tls|ssl|handshake/i.test(`${reason} ${message}`))
    return unavailable(`no TLS with the server ${address} (${reason || message})`, "fleetCertificate", cause);
  return unavailable(`the server ${address} isn't there (${reason || message})`, "fleetServer", cause);
}

function withoutJetStream(address: string, cause: unknown): AppError {
  const { message } = cause as Error;
  return unavailable(`the server ${address} has no JetStream (${message})`, "fleetServer", cause);
}

function unavailable(message: string, missing: Missing, cause: unknown): AppError {
  return new AppError("fleet-unavailable", message, { missing }, { cause });
}
