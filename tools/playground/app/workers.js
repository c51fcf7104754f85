// Monaco asks for its language workers by label. Each is a file of its own beside this one, so that the page's content
// policy needs neither blob: nor eval.
import { workers } from "./setup.js";

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    return new Worker(new URL(workers[label] ?? workers.editor, import.meta.url), { name: label });
  },
};
