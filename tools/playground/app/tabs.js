// Which tabs the playground opens with: the reader's own from the last visit, else those that show the product, and in
// front the query that a link brought.

import { tabs as shippedTabs } from "./setup.js";
import { holdsSecret } from "./storage.js";

const storedTabs = "graphiql:tabState";
const storedLinks = "headwater:linkedTabs";

const daysBefore = (day, days) => new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);

// fill replaces {{today}} and {{today-29}} in a template of variables by calendar days, counted from today (YYYY-MM-DD).
function fill(template, today) {
  return template.replace(/\{\{today(?:-(\d+))?\}\}/g, (_, days) => daysBefore(today, Number(days ?? 0)));
}

// refreshed moves the days in variables that a tab got from the bundle on an earlier day; what the reader wrote stays.
function refreshed(tab, today) {
  const shipped = shippedTabs.find(({ query }) => query === tab.query);
  const days = tab.variables?.match(/\d{4}-\d{2}-\d{2}/g) ?? [];
  const untouched = shipped && days.some((day) => fill(shipped.variables, day) === tab.variables);
  return untouched ? { ...tab, variables: fill(shipped.variables, today) } : tab;
}

const newTab = ({ name, query, variables }) => ({
  id: crypto.randomUUID?.() ?? String(Math.random()),
  title: name,
  query,
  variables,
  headers: null,
  operationName: name,
  response: null,
});

const isText = (value) => typeof value === "string";
const isTextOrNull = (value) => value === null || isText(value);

// isTab tells whether GraphiQL would take a stored tab; one that it does not take would cost the reader all the others.
const isTab = (tab) =>
  isText(tab?.id) &&
  isText(tab.title) &&
  [tab.query, tab.variables, tab.headers, tab.operationName, tab.response].every(isTextOrNull);

// readStored returns the tabs of the last visit, or null where there are none.
function readStored(storage) {
  try {
    const { tabs, activeTabIndex } = JSON.parse(storage.getItem(storedTabs));
    const whole = tabs.filter(isTab);
    return whole.length > 0 ? { tabs: whole, activeTabIndex } : null;
  } catch {
    return null;
  }
}

function pretty(json) {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

// readLink returns the query that the address asks for, or null.
function readLink(search) {
  const asked = new URLSearchParams(search);
  const query = asked.get("query");
  if (!query) return null;
  const name = asked.get("operationName") ?? /^\s*(?:query|mutation|subscription)\s+(\w+)/m.exec(query)?.[1];
  return { name: name ?? "Linked", query, variables: pretty(asked.get("variables") ?? "") };
}

const textOf = ({ query, variables }) => JSON.stringify([query, variables ?? ""]);

// readLinks returns, by the ID of a tab, the operation's name and the text that a link brought into it.
function readLinks(storage) {
  try {
    return new Map(Object.entries(JSON.parse(storage.getItem(storedLinks)) ?? {}));
  } catch {
    return new Map();
  }
}

// place returns where in tabs a link goes: to a tab that holds it already, else to one that an earlier link to the same
// operation brought and nobody has changed, as yesterday's figures, else behind all.
function place(tabs, link, links) {
  const text = textOf(link);
  const same = tabs.findIndex((tab) => textOf(tab) === text);
  if (same >= 0) return same;
  const old = tabs.findIndex((tab) => links.get(tab.id)?.name === link.name && links.get(tab.id).text === textOf(tab));
  return old >= 0 ? old : tabs.length;
}

// openLink puts a link's query into tabs and returns its index.
function openLink(storage, tabs, link) {
  const links = readLinks(storage);
  const at = place(tabs, link, links);
  if (!tabs[at] || textOf(tabs[at]) !== textOf(link)) {
    tabs[at] = newTab(link);
    if (!holdsSecret(link)) links.set(tabs[at].id, { name: link.name, text: textOf(link) });
  }
  const open = new Set(tabs.map(({ id }) => id));
  storage.setItem(storedLinks, JSON.stringify(Object.fromEntries([...links].filter(([id]) => open.has(id)))));
  return at;
}

// openTabs stores the tabs to open with, for GraphiQL to read, and returns the one in front.
export function openTabs(storage, search) {
  const today = new Date().toISOString().slice(0, 10);
  const shipped = shippedTabs.map((tab) => newTab({ ...tab, variables: fill(tab.variables, today) }));
  const state = readStored(storage) ?? { tabs: shipped, activeTabIndex: 0 };
  state.tabs = state.tabs.map((tab) => refreshed(tab, today));
  const link = readLink(search);
  if (link) state.activeTabIndex = openLink(storage, state.tabs, link);
  state.activeTabIndex = Math.min(Math.max(state.activeTabIndex | 0, 0), state.tabs.length - 1);
  storage.setItem(storedTabs, JSON.stringify(state));
  return state.tabs[state.activeTabIndex];
}
