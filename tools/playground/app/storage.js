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
  clear() {
    this.#items.clear();
  }
}
