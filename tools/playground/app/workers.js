// Monaco asks for its language workers by label. Each is a file of its own beside this one, so that the page's
// content policy needs neither blob: nor eval. PLAYGROUND_WORKERS is put in by the bundler: label to file name.
globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    const file = PLAYGROUND_WORKERS[label] ?? PLAYGROUND_WORKERS.editor;
    return new Worker(new URL(file, import.meta.url), { name: label });
  },
};
