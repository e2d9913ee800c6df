import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nkeys } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Authority, createAuthority, hasOpenssl, noOpenssl } from "../testing/certificates.ts";
import { createJwtAccount } from "../testing/jwt-account.ts";
import { natsProgram, noNats, startNatsServer, type TestServer } from "../testing/nats-server.ts";
import { connectToServer } from "./connection.ts";
import type { ServerSettings } from "./server-settings.ts";

if (!natsProgram) console.warn(`skipped: ${noNats}`);
if (!hasOpenssl) console.warn(`skipped: ${noOpenssl}`);

const folder = mkdtempSync(join(tmpdir(), "offramp-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Whether one is let in: what JetStream says of its account is told to nobody else. */
async function enters(server: string, how: ServerSettings): Promise<boolean> {
  const connection = await connectToServer({ server, ...how }, "offramp-test");
  try {
    return (await connection.streams.getAccountInfo()).streams === 0;
  } finally {
    await connection.close();
  }
}

/** One line that says why, and what is to be looked at. */
async function expectNoEntry(
  server: string,
  how: ServerSettings,
  missing: "fleetCredentials" | "fleetCertificate",
  words: RegExp,
): Promise<void> {
  const entering = enters(server, how);
  await expect(entering).rejects.toMatchObject({ code: "fleet-unavailable", details: { missing } });
  await expect(entering).rejects.toThrow(words);
  await expect(entering).rejects.toThrow(/^[^\n]+$/);
}

describe.skipIf(!natsProgram || !hasOpenssl)("a server with a certificate of one's own", () => {
  let authority: Authority;
  let server: TestServer;
  let address: string;
  const tlsOf = ({ certificate, key }: { certificate: string; key: string }, more = "") =>
    `tls { cert_file: "${certificate}", key_file: "${key}"\n${more} }`;

  beforeAll(async () => {
    authority = createAuthority(folder, "authority");
    server = await startNatsServer(tlsOf(authority.issue("server")));
    address = server.url.replace("nats:", "tls:");
  });
  afterAll(() => server?.stop());

  it("is entered by who is told of it, and as tls:// and nats:// alike", async () => {
    const tlsCa = authority.certificate;
    expect(await enters(address, { tlsCa })).toBe(true);
    expect(await enters(server.url, { tlsCa })).toBe(true);
  });

  it("isn't believed by who isn't, or is told of another", async () => {
    await expectNoEntry(address, {}, "fleetCertificate", /no TLS with the server .*\(.*certificate/);
    const stranger = createAuthority(folder, "stranger").certificate;
    await expectNoEntry(address, { tlsCa: stranger }, "fleetCertificate", /no TLS with the server/);
  });

  it("isn't believed under another name", async () => {
    const other = `tls://localhost:${server.port}`;
    await expectNoEntry(
      other,
      { tlsCa: authority.certificate },
      "fleetCertificate",
      /no TLS with the server localhost.*localhost/,
    );
  });

  it("isn't believed once its certificate has expired", async () => {
    const old = await startNatsServer(tlsOf(authority.issue("old-server", -1)));
    const tlsCa = authority.certificate;
    await expectNoEntry(old.url, { tlsCa }, "fleetCertificate", /certificate has expired/);
    await old.stop();
  });

  it("isn't believed where it has no TLS at all", async () => {
    const plain = await startNatsServer();
    await expectNoEntry(
      plain.url.replace("nats:", "tls:"),
      {},
      "fleetCertificate",
      /no TLS with the server .*does not support 'tls'/,
    );
    await plain.stop();
  });

  it("that asks for a certificate lets in who shows one of the same authority", async () => {
    const asking = `ca_file: "${authority.certificate}", verify: true`;
    const strict = await startNatsServer(tlsOf(authority.issue("strict-server"), asking));
    const tlsCa = authority.certificate;
    const shown = (who: Authority, name: string, days?: number) => {
      const { certificate, key } = who.issue(name, days);
      return { tlsCa, tlsCert: certificate, tlsKey: key };
    };
    expect(await enters(strict.url, shown(authority, "board"))).toBe(true);
    const others = createAuthority(folder, "others");
    const refused = /which asks for a certificate and doesn't take .*board\.pem with its key/;
    // Each waits for the server as long as a connection may take.
    await Promise.all([
      expectNoEntry(strict.url, { tlsCa }, "fleetCertificate", /asks for a certificate and none was given/),
      expectNoEntry(strict.url, shown(authority, "old-board", -1), "fleetCertificate", refused),
      expectNoEntry(strict.url, shown(others, "other-board"), "fleetCertificate", refused),
    ]);
    await strict.stop();
  });

  it("says which file of a certificate isn't there, and that one is none", async () => {
    const gone = join(folder, "gone.pem");
    await expect(enters(address, { tlsCa: gone })).rejects.toMatchObject({ code: "file-not-found" });
    await expect(enters(address, { tlsCa: gone })).rejects.toThrow(gone);
    const tlsCert = written("none.pem", "no certificate");
    await expectNoEntry(
      address,
      { tlsCa: authority.certificate, tlsCert },
      "fleetCertificate",
      /no TLS with the server/,
    );
  });
});

describe.skipIf(!natsProgram)("a server that asks who one is", () => {
  const refused = /the server .* refuses these credentials/;
  const withServer = async (configuration: string, use: (server: string) => Promise<void>) => {
    const server = await startNatsServer(configuration);
    try {
      await use(server.url);
    } finally {
      await server.stop();
    }
  };

  it("lets in who has its token", () =>
    withServer('authorization { token: "open-sesame" }', async (server) => {
      expect(await enters(server, { token: "open-sesame" })).toBe(true);
      await expectNoEntry(server, { token: "open-barley" }, "fleetCredentials", refused);
      await expectNoEntry(server, {}, "fleetCredentials", refused);
    }));

  it("lets in who has the seed of a key that it knows", () => {
    const [known, stranger] = [nkeys.createUser(), nkeys.createUser()];
    const users = `authorization { users = [ { nkey: ${known.getPublicKey()} } ] }`;
    return withServer(users, async (server) => {
      const seed = new TextDecoder().decode(known.getSeed());
      expect(await enters(server, { nkey: written("known.nk", `${seed}\n`) })).toBe(true);
      const other = written("stranger.nk", stranger.getSeed());
      await expectNoEntry(server, { nkey: other }, "fleetCredentials", refused);
      const nkey = written("none.nk", "SUANOSEED");
      await expect(enters(server, { nkey })).rejects.toThrow(
        /none\.nk holds no credentials; expected the seed of an NKey/,
      );
    });
  });

  it("lets in who has credentials of its account until they expire", () => {
    const account = createJwtAccount();
    return withServer(account.configuration, async (server) => {
      const good = written("good.creds", account.credentials("board", 3600));
      expect(await enters(server, { creds: good })).toBe(true);
      const old = written("old.creds", account.credentials("board", -3600));
      await expectNoEntry(server, { creds: old }, "fleetCredentials", refused);
      const others = written("others.creds", createJwtAccount().credentials("board"));
      await expectNoEntry(server, { creds: others }, "fleetCredentials", refused);
      const creds = written("none.creds", "no credentials");
      await expect(enters(server, { creds })).rejects.toThrow(
        /none\.creds holds no credentials; expected a user's JWT and seed/,
      );
    });
  });
});
