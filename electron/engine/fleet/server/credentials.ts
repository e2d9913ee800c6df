import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import {
  type Authenticator,
  credsAuthenticator,
  type NodeConnectionOptions,
  nkeyAuthenticator,
  nkeys,
} from "@nats-io/transport-node";
import { AppError } from "../../../../shared/base/errors.ts";
import { readRegularFile } from "../../../disk/regular-file.ts";
import type { Address } from "./addresses.ts";
import type { ServerSettings } from "./server-settings.ts";

const maxCredentialBytes = 64e3;
/** A system's whole list of authorities takes some hundred kilobytes. */
const maxCertificateBytes = 4e6;

/** @throws AppError 'file-invalid' if the file holds no such thing, what reading it throws */
export async function authenticatorOf(
  creds: string | undefined,
  nkey: string | undefined,
): Promise<Authenticator | undefined> {
  const read = (path: string) => readRegularFile(path, { maxBytes: maxCredentialBytes });
  if (creds !== undefined) {
    const authenticator = credsAuthenticator(await read(creds));
    checkCredentials(creds, "a user's JWT and seed, as `nsc generate creds` writes them", authenticator);
    return authenticator;
  }
  if (nkey === undefined) return undefined;
  const seed = new TextEncoder().encode((await read(nkey)).toString("utf8").trim());
  checkCredentials(nkey, "the seed of an NKey, as `nk -gen user` writes it", () => nkeys.fromSeed(seed));
  return nkeyAuthenticator(seed);
}

/** The client would say that the server isn't there. */
function checkCredentials(path: string, expected: string, read: () => unknown): void {
  try {
    read();
  } catch (cause) {
    throw new AppError("file-invalid", `${path} holds no credentials; expected ${expected}`, {}, { cause });
  }
}

/** What TLS is checked and proven with; undefined where nothing asks for TLS. @throws what reading its files throws */
export async function tlsOptions(
  { tlsCa, tlsCert, tlsKey }: Pick<ServerSettings, "tlsCa" | "tlsCert" | "tlsKey">,
  addresses: readonly Address[],
): Promise<NodeConnectionOptions["tls"]> {
  const files = [tlsCa, tlsCert, tlsKey].flatMap((file) => file ?? []);
  // The client reads them whenever it connects, so that new certificates count, and says of none which it was.
  for (const file of files) await readRegularFile(file, { maxBytes: maxCertificateBytes });
  if (files.length === 0 && addresses[0].url.protocol !== "tls:") return undefined;
  const named = addresses.map(({ hostname }) => hostname);
  const own = { caFile: tlsCa, certFile: tlsCert, keyFile: tlsKey };
  // The client hands on what Node's own TLS takes, and its types don't say so.
  return Object.assign(own, { checkServerIdentity: checkIdentity(named) });
}

/**
 * Node checks the certificate of a server that was reached by a bare IP address, which has no name to send, against "localhost".
 * It has to be one of the addresses that were named.
 */
function checkIdentity(named: readonly string[]) {
  const addresses = named.filter((host) => isIP(host) !== 0);
  return (host: string, certificate: PeerCertificate): Error | undefined => {
    const asNamed = named.includes(host) ? [host] : addresses;
    const failures = asNamed.map((own) => checkServerIdentity(own, certificate));
    if (failures.includes(undefined)) return undefined;
    return failures[0] ?? checkServerIdentity(host, certificate);
  };
}
