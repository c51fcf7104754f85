// openStorage returns the browser's storage, or one that lasts as long as the page where the browser gives none.
export function openStorage() {
  try {
    localStorage.setItem("headwater:probe", "");
    localStorage.removeItem("headwater:probe");
    return localStorage;
  } catch {
    return new MemoryStorage();
  }
}

class MemoryStorage {
  #items = new Map();
  get length() {
    return this.#items.size;
  }
  getItem(key) {
    return this.#items.get(key) ?? null;
  }
  setItem(key, value) {
    this.#items.set(key, String(value));
  }
  removeItem(key) {
    this.#items.delete(key);
  }
  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }
}

// What the keys of all that is GraphiQL's own begin with.
const editorsOwn = "graphiql:";

// A password or a token that is given, in an operation or in variables, and every credential of the server's but a publishable key.
const secret = /(?:password|token|\bcurrent|\bnew)"?\s*:|\bhw_(?!pub_)/i;

// holdsSecret tells whether an operation must not outlive the page. One with $x for a password is found by its text, and goes with
// its variables.
export const holdsSecret = ({ query, variables, headers }) => [query, variables, headers].some((text) => secret.test(text ?? ""));

// withoutSecrets returns what may be kept of what GraphiQL stores by a key, "" for nothing.
function withoutSecrets(key, value) {
  switch (key) {
    case "graphiql:tabState": {
      const state = JSON.parse(value);
      const tabs = state.tabs.filter((tab) => !holdsSecret(tab));
      return JSON.stringify({ ...state, tabs, activeTabIndex: Math.max(tabs.indexOf(state.tabs[state.activeTabIndex]), 0) });
    }
    case "graphiql:queries":
    case "graphiql:favorites": {
      const name = key.slice(editorsOwn.length);
      return JSON.stringify({ [name]: JSON.parse(value)[name].filter((item) => !holdsSecret(item)) });
    }
    case "graphiql:variables": // the tabs have them too, beside the operation that says what they are
      return "";
  }
  return secret.test(value) ? "" : value;
}

// EditorStorage is what GraphiQL keeps its tabs and history in. They stay in the page as they are, but no operation with a
// password or a token in it is kept for the next visit.
export class EditorStorage {
  #storage;

  constructor(storage) {
    this.#storage = storage;
  }

  get length() {
    return this.#storage.length;
  }

  getItem(key) {
    return this.#storage.getItem(key);
  }

  setItem(key, value) {
    const kept = withoutSecrets(key, value);
    if (kept) this.#storage.setItem(key, kept);
    else this.#storage.removeItem(key);
  }

  removeItem(key) {
    this.#storage.removeItem(key);
  }

  // clear takes away what is GraphiQL's own, not the keys of clients.
  clear() {
    const keys = Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index));
    for (const key of keys) if (key.startsWith(editorsOwn)) this.#storage.removeItem(key);
  }
}
