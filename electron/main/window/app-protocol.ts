import { readFile, realpath } from "node:fs/promises";
import { extname, join, relative, resolve } from "node:path";

/** The window's own scheme; files are never loaded by `file:`, which may read the whole disk. */
export const appScheme = "app";
const appOrigin = "app://offramp";
export const appPage = `${appOrigin}/index.html`;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

const policy = [
  "default-src 'none'",
  // WebAssembly: the plan evaluator.
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // No dialogs of the page, no printing, downloads, popups or pointer lock.
  // Forms are submitted to our own code alone, see form-action.
  "sandbox allow-scripts allow-same-origin allow-forms",
].join("; ");

const headers: Readonly<Record<string, string>> = {
  "Content-Security-Policy": policy,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-DNS-Prefetch-Control": "off",
  "Cache-Control": "no-cache",
};

/** Whether an address is a page of ours. */
export function isAppUrl(url: string): boolean {
  return url.startsWith(`${appOrigin}/`);
}

/**
 * Answers a request to the window's own scheme with a file below a folder, and with nothing else.
 * @param root the built renderer
 */
export async function answerAppRequest(
  request: { readonly url: string; readonly method: string },
  root: string,
): Promise<Response> {
  if (request.method !== "GET") return refuse(405);
  if (!isAppUrl(request.url)) return refuse(404);
  const path = await fileBehind(request.url, root);
  const type = path && types[extname(path)];
  if (!type) return refuse(404);
  const content = await readFile(path).catch(() => undefined);
  if (!content) return refuse(404);
  return new Response(new Uint8Array(content), { headers: { ...headers, "Content-Type": type } });
}

async function fileBehind(url: string, root: string): Promise<string | undefined> {
  try {
    const name = decodeURIComponent(new URL(url).pathname);
    const path = await realpath(resolve(join(root, name)));
    const way = relative(await realpath(root), path);
    // A NUL or a drive letter has thrown or led outside by now.
    return way.startsWith("..") || resolve(path) !== path ? undefined : path;
  } catch {
    return undefined;
  }
}

function refuse(status: number): Response {
  return new Response(null, { status, headers });
}
