import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LaunchedApp, launchApp } from "./testing/launch.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
});
afterAll(() => launched?.close());

/** What the window's bridge is, inside the page. */
interface PageBridge {
  invoke(channel: string, call: string, request: unknown): Promise<unknown>;
  dropped(file: unknown): string | null;
}

function invoke(channel: string, request: unknown): Promise<unknown> {
  return launched.page.evaluate(
    ([name, given]) => {
      const { offramp } = globalThis as unknown as { offramp: PageBridge };
      return offramp.invoke(name as string, `security-${performance.now()}`, given);
    },
    [channel, request],
  );
}

/** Runs code in the page, as a script that got in would; what it throws comes back as text. */
function inPage(code: string): Promise<unknown> {
  return launched.page.evaluate((text) => {
    const run = new (Object.getPrototypeOf(async () => {}).constructor)(text);
    return run().catch((error: unknown) => `threw ${error}`);
  }, code);
}

describe("the page", () => {
  it("is isolated, sandboxed and without Node", async () => {
    const preferences = await launched.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      const contents = window.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      return contents.getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    for (const name of ["nodeIntegrationInWorker", "allowRunningInsecureContent", "experimentalFeatures"])
      expect(preferences[name] ?? false, name).toBe(false);
    expect(
      await launched.page.evaluate(() =>
        ["require", "process", "module", "global", "Buffer", "__dirname"].filter(
          (name) => name in globalThis,
        ),
      ),
    ).toEqual([]);
  });

  it("has the bridge's four functions and can't change them", async () => {
    const before = await launched.page.evaluate(() => {
      const { offramp } = globalThis as unknown as { offramp: Record<string, unknown> };
      const names = Object.keys(offramp).sort();
      try {
        offramp.invoke = () => "mine";
      } catch {
        // Frozen: better still.
      }
      return [names, String(offramp.invoke).includes("mine")];
    });
    expect(before).toEqual([["cancel", "dropped", "invoke", "on"], false]);
  });

  it("comes from its own scheme, under a policy that forbids scripts and connections from elsewhere", async () => {
    expect(await launched.page.evaluate(() => location.origin)).toBe("app://offramp");
    const headers = (await inPage(
      "const { headers } = await fetch('/index.html'); return Object.fromEntries(headers);",
    )) as Record<string, string>;
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
    );
    expect(headers["content-security-policy"]).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
    expect(await inPage("return fetch('https://example.com')")).toMatch(/^threw TypeError/);
    expect(await inPage("return fetch('file:///etc/hostname')")).toMatch(/^threw TypeError/);
    expect(await inPage("return (await fetch('/../preload.cjs')).status")).toBe(404);
    expect(await inPage("return (await fetch('/%2e%2e/main/main.cjs')).status")).toBe(404);
    expect(
      await inPage(
        "const script = document.createElement('script'); script.textContent = 'globalThis.injected = 1';" +
          "document.body.append(script); script.remove(); return 'injected' in globalThis;",
      ),
    ).toBe(false);
  });

  it("goes nowhere, opens nothing and holds no guest", async () => {
    const url = launched.page.url();
    expect(await inPage("return window.open('https://example.com')")).toBeNull();
    expect(await inPage("return window.open('app://offramp/index.html')")).toBeNull();
    await inPage("location.href = 'https://example.com'");
    await inPage("location.href = 'file:///etc/hostname'");
    await inPage(
      "const link = document.createElement('a'); link.href = 'https://example.com'; link.target = '_blank';" +
        "document.body.append(link); link.click(); link.remove();",
    );
    await inPage(
      "const frame = document.createElement('iframe'); frame.src = 'https://example.com'; frame.id = 'guest';" +
        "document.body.append(frame);",
    );
    await inPage("document.body.append(document.createElement('webview'))");
    await launched.page.waitForTimeout(300);
    expect(launched.page.url()).toBe(url);
    const counts = await launched.app.evaluate(({ BrowserWindow, webContents }) => [
      BrowserWindow.getAllWindows().length,
      webContents.getAllWebContents().length,
    ]);
    expect(counts).toEqual([1, 1]);
    const frames = launched.page.frames().map((frame) => frame.url());
    expect(frames.filter((address) => address.startsWith("https:"))).toEqual([]);
    await inPage("document.querySelector('#guest').remove(); document.querySelector('webview').remove()");
  });

  it("is given no permission", async () => {
    expect(await inPage("return Notification.requestPermission()")).toBe("denied");
    expect(await inPage("return (await navigator.permissions.query({ name: 'geolocation' })).state")).toBe(
      "denied",
    );
    expect(await inPage("return navigator.mediaDevices.getUserMedia({ audio: true })")).toMatch(/^threw /);
    expect(await inPage("return navigator.clipboard.readText()")).toMatch(/^threw /);
  });
});

describe("beside the policy", () => {
  /** Code that makes frames of all kinds that a script can make, some in others: `worlds`, the page's own among them. */
  const worlds = `
    const frame = (place, more = {}) => place.body.appendChild(Object.assign(place.createElement("iframe"), more));
    const blank = frame(document);
    const frames = [blank, frame(blank.contentDocument), frame(document, { srcdoc: "<p>text" }), frame(document, { src: "about:blank" })];
    const byIndex = () => [globalThis, ...Array.from({ length: globalThis.length }, (_, index) => globalThis[index])];
    const byElement = () => frames.flatMap(({ contentWindow, contentDocument }) => [contentWindow, contentDocument.defaultView]);
    const worlds = byElement();
    await new Promise((resolve) => setTimeout(resolve, 300));
    worlds.push(...byElement(), ...byIndex());
    const removeFrames = () => frames.filter(({ ownerDocument }) => ownerDocument === document).forEach((each) => each.remove());
  `;

  it("page and frames have no WebRTC and no pickers of files", async () => {
    const names = ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "RTCIceCandidate"];
    const pickers = ["showOpenFilePicker", "showSaveFilePicker", "showDirectoryPicker"];
    const seen = await inPage(
      `${worlds} const seen = worlds.map((world) => ${JSON.stringify([...names, ...pickers])}.map((name) => typeof world[name]));
      removeFrames(); return seen;`,
    );
    expect(seen).toHaveLength(20);
    expect(new Set((seen as string[][]).flat())).toEqual(new Set(["undefined"]));
  });

  it("no packet reaches a port of this machine, whatever the page tries", async () => {
    let [packets, connections] = [0, 0];
    const udp = createSocket("udp4").on("message", () => packets++);
    const tcp = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await Promise.all([
      new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve)),
      new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve)),
    ]);
    const [udpPort, tcpPort] = [udp.address().port, (tcp.address() as { port: number }).port];
    try {
      const tries = `${worlds}
        let tried = 0;
        for (const world of worlds) {
          const Connection = world.RTCPeerConnection ?? world.webkitRTCPeerConnection;
          if (!Connection) continue;
          tried++;
          const urls = ["stun:127.0.0.1:${udpPort}", "stun:localhost:${udpPort}"];
          const relay = { urls: "turn:127.0.0.1:${tcpPort}?transport=tcp", username: "a", credential: "b" };
          const connection = new Connection({ iceServers: [{ urls }, relay] });
          connection.createDataChannel("out");
          await connection.setLocalDescription(await connection.createOffer());
        }
        for (const rel of ["preconnect", "dns-prefetch", "prefetch", "prerender", "modulepreload", "stylesheet", "icon"])
          document.head.append(Object.assign(document.createElement("link"), { rel, href: "http://127.0.0.1:${tcpPort}/" + rel }));
        new Image().src = "http://127.0.0.1:${tcpPort}/image";
        navigator.sendBeacon("http://127.0.0.1:${tcpPort}/beacon");
        try { new WebSocket("ws://127.0.0.1:${tcpPort}"); } catch {}
        try { await new WebTransport("https://127.0.0.1:${udpPort}/").ready; } catch {}
        await fetch("http://127.0.0.1:${tcpPort}/fetch").catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 1500));
        document.head.querySelectorAll('link[href^="http:"]').forEach((link) => link.remove());
        removeFrames();
        return tried;`;
      expect(await inPage(tries)).toBe(0);
      expect([packets, connections]).toEqual([0, 0]);
      // A page that still has WebRTC, since no preload script was there first: Chromium itself finds no way.
      const tried = await launched.app.evaluate(async ({ BrowserWindow }, code) => {
        const other = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
        await other.loadURL("app://offramp/index.html");
        const count = await other.webContents.executeJavaScript(`(async () => {${code}})()`);
        other.destroy();
        return count;
      }, tries);
      expect(tried).toBeGreaterThan(0);
      expect([packets, connections]).toEqual([0, 0]);
      await launched.app.evaluate(
        ({ net }, port) => net.fetch(`http://127.0.0.1:${port}/`).catch(() => {}),
        tcpPort,
      );
      expect(connections).toBe(0);
    } finally {
      udp.close();
      tcp.close();
    }
  });

  it("a file input opens no picker, and what the page downloads or prints goes nowhere", async () => {
    let pickers = 0;
    launched.page.on("filechooser", () => pickers++);
    await launched.app.evaluate(({ session }) => {
      const told = globalThis as unknown as { downloads: number };
      told.downloads = 0;
      session.defaultSession.on("will-download", () => told.downloads++);
    });
    const asked = await launched.app.evaluate(
      ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0].webContents.executeJavaScript(code, true),
      `(() => {
        const input = () => Object.assign(document.createElement("input"), { type: "file" });
        const shadow = document.createElement("div").attachShadow({ mode: "closed" });
        const label = document.createElement("label");
        const inputs = [input(), document.body.appendChild(input()), shadow.appendChild(input()), label.appendChild(input())];
        document.body.append(shadow.host);
        for (const each of [...inputs, label]) {
          each.click();
          each.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
          try { each.showPicker?.(); } catch {}
        }
        inputs[1].id = "file-input";
        shadow.host.remove();
        for (const href of ["data:text/plain,x", URL.createObjectURL(new Blob(["x"]))])
          Object.assign(document.createElement("a"), { href, download: "x.txt" }).click();
        print();
        return [alert("x") ?? null, confirm("x")];
      })()`,
    );
    expect(asked).toEqual([null, false]);
    await launched.page.locator("#file-input").click({ force: true });
    await launched.page.waitForTimeout(500);
    expect(pickers).toBe(0);
    expect(
      await launched.app.evaluate(() => (globalThis as unknown as { downloads: number }).downloads),
    ).toBe(0);
    await inPage("document.querySelector('#file-input').remove()");
  });
});

describe("requests", () => {
  it("for files that nobody chose are refused, however they are named", async () => {
    const design = { exits: [], pinned: [], useCase: { latency: "mean" }, target: null };
    for (const [channel, request] of [
      ["project.open", { path: "/etc/passwd" }],
      ["model.open", { path: "/etc/passwd" }],
      ["project.save", { path: "/tmp/planted.offramp", design }],
      ["shell.show", { path: "/etc" }],
      ["data.inspect", { path: "/etc", preprocess: {}, splits: {} }],
    ] as const)
      expect(await invoke(channel, request), channel).toMatchObject({ ok: false, error: { code: "usage" } });
  });

  it("for channels and addresses that are not on the list are refused", async () => {
    for (const channel of ["nothing", "__proto__", "constructor"])
      expect(await invoke(channel, {})).toMatchObject({ ok: false, error: { code: "usage" } });
    for (const url of ["http://arxiv.org", "https://example.com", "file:///etc/passwd"])
      expect(await invoke("shell.openExternal", { url })).toMatchObject({ error: { code: "usage" } });
  });

  it("of 200 MB are refused by their size, and a flood of ten thousand costs the main process nothing", async () => {
    const mainMegabytes = () => launched.app.evaluate(() => process.memoryUsage().rss / 2 ** 20);
    const before = await mainMegabytes();
    const refused = await inPage(`
      const large = "x".repeat(100 * 2 ** 20);
      const requests = [
        ["clipboard.write", "large-1", { text: large }],
        ["file.save", "large-2", { name: "x.bin", content: new Uint8Array(200 * 2 ** 20) }],
        [large, "large-3", {}],
      ];
      return Promise.all(requests.map((request) => offramp.invoke(...request)));`);
    expect(refused).toHaveLength(3);
    for (const outcome of refused as unknown[])
      expect(outcome).toMatchObject({ ok: false, error: { message: expect.stringMatching(/too large/) } });
    const codes = (await inPage(`
      const settings = { theme: "system" };
      const flood = Array.from({ length: 10000 }, (_, index) => offramp.invoke("settings.set", "flood-" + index, settings));
      const outcomes = await Promise.all(flood);
      return outcomes.map(({ ok, error }) => ok ? "answered" : error.code);`)) as string[];
    expect(new Set(codes)).toEqual(new Set(["answered", "busy"]));
    expect(codes.filter((code) => code === "answered").length).toBeLessThan(5000);
    expect((await mainMegabytes()) - before).toBeLessThan(200);
    await expect.poll(() => invoke("app.info", {})).toMatchObject({ ok: true });
  });

  it("a page can't make up a dropped file's path", async () => {
    const paths = await launched.page.evaluate(() => {
      const { offramp } = globalThis as unknown as { offramp: PageBridge };
      const forged = Object.defineProperty(new File(["x"], "passwd"), "path", { value: "/etc/passwd" });
      return [{ path: "/etc/passwd" }, "/etc/passwd", forged, null].map((file) => offramp.dropped(file));
    });
    expect(paths).toEqual([null, null, null, null]);
    expect(await invoke("project.open", { path: "/etc/passwd" })).toMatchObject({
      error: { message: expect.stringMatching(/was not chosen/) },
    });
  });

  it("of another page are refused, even with our preload script", async () => {
    const answer = await launched.app.evaluate(async ({ app, BrowserWindow }) => {
      const preload = `${app.getAppPath()}/dist/preload.cjs`;
      const other = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      });
      await other.loadURL("app://offramp/index.html");
      const outcome = await other.webContents.executeJavaScript("offramp.invoke('app.info', '1', {})");
      other.destroy();
      return outcome;
    });
    expect(answer).toMatchObject({ ok: false, error: { code: "usage", message: "not for this page" } });
  });

  it("the window itself is answered", async () => {
    expect(await invoke("app.info", {})).toMatchObject({ ok: true, value: { platform: process.platform } });
  });
});
