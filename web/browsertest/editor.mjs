// What a reader does in the editor of the playground, for the steps of a test.
import assert from "node:assert/strict";

export const tab = (page, name) => page.locator(".graphiql-tab", { hasText: name });
export const activeTab = (page) => page.locator(".graphiql-tab-active").innerText();
export const tabNames = async (page) => (await page.locator(".graphiql-tab").allInnerTexts()).map((text) => text.trim());
export const shown = (page) => page.locator(".result-window .view-lines").innerText();

// forget empties the browser's storage. What the page had still to write, it has written by the time it is left.
export async function forget(page) {
  await page.evaluate(() => addEventListener("pagehide", () => localStorage.clear()));
  await page.goto("about:blank");
}

// open waits until the editor is there and the schema has been read: by this page, not by the one before.
export async function open(page, search = "") {
  await page.goto("about:blank");
  const schema = page.waitForResponse((response) => response.request().postData()?.includes("__schema") ?? false);
  await page.goto("/playground" + search);
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  const answer = await (await schema).json();
  assert.ok(answer.data?.__schema, `introspection answered ${JSON.stringify(answer).slice(0, 300)}`);
}

// show brings a tab to the front, and waits until GraphiQL has read its query, which it does a moment after.
export async function show(page, name) {
  await tab(page, name).click();
  await page.waitForFunction((name) => localStorage.getItem("graphiql:query")?.includes(`query ${name}`), name);
}

// isOfTheEditor tells what the editor sent from what the bar above it asks.
const isOfTheEditor = (request) => new URL(request.url()).pathname === "/graphql" && !request.postData().includes(" Playground");

// run presses the play button, or does what press says, and returns what was sent and what came back.
export async function run(page, press = () => page.getByLabel("Execute query").click()) {
  const [response] = await Promise.all([page.waitForResponse((candidate) => isOfTheEditor(candidate.request())), press()]);
  const answer = await response.json();
  await page.locator(".result-window .view-lines", { hasText: answer.errors ? "errors" : "data" }).waitFor();
  return { sent: response.request().postDataJSON(), headers: await response.request().allHeaders(), answer };
}
