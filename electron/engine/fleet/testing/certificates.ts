import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";

/** Whether certificates can be made here. */
export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** What a test that is skipped says. */
export const noOpenssl = "no openssl, which makes the certificates";

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** For tests: somebody who says whom a server may believe. */
export interface Authority {
  /** The file that its certificates are checked with. */
  readonly certificate: string;
  /** Makes a certificate that is valid from now on for so many days; fewer than 0 and it has expired. */
  issue(name: string, days?: number): CertificateFiles;
}

const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
/** What the certificates are for: servers on loopback, and clients. */
const place = ["-addext", "subjectAltName=IP:127.0.0.1"];

/** @param folder where its files are kept */
export function createAuthority(folder: string, name: string): Authority {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  openssl(
    ...["req", "-x509", ...curve, "-days", "2", "-subj", `/CN=${name}`],
    ...["-keyout", key, "-out", certificate],
  );
  return {
    certificate,
    issue: (whose, days = 2) => {
      const own = { certificate: join(folder, `${whose}.pem`), key: join(folder, `${whose}.key`) };
      const request = join(folder, `${whose}.csr`);
      openssl("req", ...curve, ...place, "-subj", `/CN=${whose}`, "-keyout", own.key, "-out", request);
      openssl(
        ...["x509", "-req", "-in", request, "-copy_extensions", "copy", "-days", String(days)],
        ...["-CA", certificate, "-CAkey", key, "-out", own.certificate],
      );
      return own;
    },
  };
}
