/** Hosts that the app may open in the browser: the papers, and the runtimes that its texts name. */
const hosts: ReadonlySet<string> = new Set([
  "arxiv.org",
  "doi.org",
  "onnx.ai",
  "onnxruntime.ai",
  "netron.app",
]);

/** Whether an address may be handed to the browser: https, a host of the list, nothing hidden in it. */
export function isAllowedLink(url: string): boolean {
  let link: URL;
  try {
    link = new URL(url);
  } catch {
    return false;
  }
  const isPlain = link.username === "" && link.password === "" && link.port === "";
  return link.protocol === "https:" && isPlain && hosts.has(link.hostname);
}
