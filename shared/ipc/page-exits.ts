/**
 * Code that takes from a page, and from every frame that it reaches into, what leads out of the sandbox past its content
 * security policy: WebRTC, and pickers of files, which give what the app never granted. It runs before a page's own scripts
 * and after it runs again it changes nothing. Frames are stripped as they are handed out, since a new one has fresh globals
 * and no script of ours runs in it in time.
 */
export const removePageExits = `(() => {
  const stripped = new WeakSet();

  function strip(world) {
    if (stripped.has(world)) return;
    stripped.add(world);
    for (const name of Object.getOwnPropertyNames(world))
      if (/^(webkit)?RTC|^show(Open|Save)?(File|Directory)Picker$/.test(name)) delete world[name];
    stripFrames(world);
    stripFileInputs(world);
  }

  function stripFrames(world) {
    for (const name of ["HTMLIFrameElement", "HTMLFrameElement", "HTMLObjectElement", "HTMLEmbedElement"]) {
      const prototype = world[name]?.prototype;
      change(prototype, "contentWindow", "get", (get, element) => handOut(get.call(element)));
      change(prototype, "contentDocument", "get", (get, element) => ofStripped(get.call(element)));
      change(prototype, "getSVGDocument", "value", (get, element) => ofStripped(get.call(element)));
    }
    // At once for an empty frame, however the page comes by it.
    world.addEventListener("load", ({ target }) => target?.contentWindow, true);
  }

  function ofStripped(document) {
    handOut(document?.defaultView);
    return document;
  }

  function handOut(world) {
    try {
      if (world) strip(world);
    } catch {
      // Of another origin: the page can't look in either.
    }
    return world;
  }

  /** A file input opens its picker when it is clicked, in the document, in a shadow tree or in no tree at all. */
  function stripFileInputs(world) {
    const refuse = (event) => {
      if (event.composedPath()[0]?.type === "file") event.preventDefault();
    };
    const watch = (node) => node?.addEventListener?.("click", refuse, true);
    watch(world);
    const watchTree = (call, element, given) => {
      watch(element?.getRootNode?.());
      return call.apply(element, given);
    };
    change(world.HTMLElement.prototype, "click", "value", watchTree);
    change(world.EventTarget.prototype, "dispatchEvent", "value", watchTree);
    change(world.Element.prototype, "attachShadow", "value", (call, element, given) => {
      const root = call.apply(element, given);
      watch(root);
      return root;
    });
    change(world.HTMLInputElement.prototype, "showPicker", "value", (call, input, given) =>
      input.type === "file" ? undefined : call.apply(input, given),
    );
  }

  function change(prototype, name, kind, instead) {
    const found = prototype && Object.getOwnPropertyDescriptor(prototype, name);
    const before = found?.[kind];
    if (!before) return;
    const after = function (...given) {
      return instead(before, this, given);
    };
    Object.defineProperty(prototype, name, { ...found, [kind]: after });
  }

  strip(globalThis);
})()`;
