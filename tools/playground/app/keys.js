// The client keys that the reader gave, each by the name of its client, and which of them is used.

const storedKeys = "headwater:keys";

const isText = (value) => typeof value === "string";

// readKeys returns {keys: {studio: "hw_pub_…"}, chosen: "studio"}; chosen is "" where no key is used.
export function readKeys(storage) {
  try {
    const { keys, chosen } = JSON.parse(storage.getItem(storedKeys));
    const whole = Object.fromEntries(Object.entries(keys).filter(([, key]) => isText(key)));
    return { keys: whole, chosen: Object.hasOwn(whole, chosen) ? chosen : "" };
  } catch {
    return { keys: {}, chosen: "" };
  }
}

// isSecret tells whether a key must not stay in a browser: it acts by itself, without a person.
export const isSecret = (key) => key.startsWith("hw_secret_");

// nameOf returns what a key is kept by: of each client there is a publishable and a secret one at most.
export const nameOf = (client, key) => (isSecret(key) ? `${client.name} (secret)` : client.name);

// writeKeys keeps the keys for the next visit, secret ones left out.
export function writeKeys(storage, { keys, chosen }) {
  const kept = Object.fromEntries(Object.entries(keys).filter(([, key]) => !isSecret(key)));
  storage.setItem(storedKeys, JSON.stringify({ keys: kept, chosen }));
}
