// Which tabs the playground opens with: the reader's own from the last visit, else those that show the product, and in
// front the query that a link brought.

import { tabs as shippedTabs } from "./setup.js";

const storedTabs = "graphiql:tabState";

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

// openTabs stores the tabs to open with, for GraphiQL to read, and returns the one in front.
export function openTabs(storage, search) {
  const today = new Date().toISOString().slice(0, 10);
  const shipped = shippedTabs.map((tab) => newTab({ ...tab, variables: fill(tab.variables, today) }));
  const state = readStored(storage) ?? { tabs: shipped, activeTabIndex: 0 };
  state.tabs = state.tabs.map((tab) => refreshed(tab, today));
  const link = readLink(search);
  if (link) {
    const same = (tab) => tab.query === link.query && (tab.variables ?? "") === link.variables;
    const at = state.tabs.findIndex(same);
    state.activeTabIndex = at >= 0 ? at : state.tabs.push(newTab(link)) - 1;
  }
  state.activeTabIndex = Math.min(Math.max(state.activeTabIndex | 0, 0), state.tabs.length - 1);
  storage.setItem(storedTabs, JSON.stringify(state));
  return state.tabs[state.activeTabIndex];
}
