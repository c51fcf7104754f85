// The editor of the playground, as a reader who is nobody uses it.
import assert from "node:assert/strict";
import { activeTab, forget, open, run, show, shown, tab, tabNames } from "./editor.mjs";

const today = () => new Date().toISOString().slice(0, 10);

// What each tab must show over the sample to nobody in particular.
const tabs = [
  ["NewestPosts", (data) => data.posts.nodes.length === 5 && data.posts.nodes.every((post) => post.authors.length > 0)],
  ["SearchPosts", (data) => data.searchPosts.edges.some((edge) => edge.snippet.includes("<mark>"))],
  ["PostWithMetrics", (data) => data.post.html.length > 100 && data.post.views > 0 && data.post.metrics === null],
  ["LastThirtyDays", (data) => data.metrics === null, "FORBIDDEN"],
  ["WhoAmI", (data) => data.viewer.user === null && data.viewer.client.name === "public"],
  ["WhatWritersSee", (data) => data.drafts.nodes.length === 0 && data.published.nodes.length === 5 && data.published.nodes.every((post) => post.workingCopy === null)],
];

async function showsTheTabs(page) {
  await open(page);
  assert.equal(await page.title(), "Headwater playground");
  assert.deepEqual(await tabNames(page), tabs.map(([name]) => name));
  const icon = await page.evaluate(async () => (await fetch(document.querySelector("link[rel=icon]").href)).headers.get("content-type"));
  assert.equal(icon, "image/svg+xml");
}

async function answersEachTab(page) {
  for (const [name, holds, code] of tabs) {
    if (name !== tabs[0][0]) await show(page, name);
    const { sent, answer } = await run(page);
    const text = JSON.stringify(answer).slice(0, 1000);
    assert.equal(sent.operationName, name);
    assert.deepEqual(answer.errors?.map(({ extensions }) => extensions.code), code && [code], `${name}: ${text}`);
    assert.ok(holds(answer.data), `${name} shows something else: ${text}`);
    if (sent.variables.range) assert.equal(sent.variables.range.to, today(), `${name}: the range does not end today`);
    assert.match(await shown(page), /"data"/);
  }
}

async function opensALinkInFront(page) {
  const query = "query First { site { title } }\n\nquery Second($n: Int) { posts(first: $n) { nodes { title } } }\n";
  const link = new URLSearchParams({ query, variables: '{"n":2}', operationName: "Second" });
  await open(page, `?${link}`);
  assert.equal((await tabNames(page)).length, tabs.length + 1);
  assert.match(await activeTab(page), /Second/);
  assert.equal(new URL(page.url()).search, "", "the address still holds the link");
  const { sent, answer } = await run(page, async () => {
    await page.locator(".graphiql-query-editor textarea").focus();
    await page.keyboard.press("Control+Enter");
  });
  assert.equal(sent.operationName, "Second");
  assert.deepEqual(sent.variables, { n: 2 });
  assert.equal(answer.data.posts.nodes.length, 2);
  await open(page, `?${link}`);
  assert.equal((await tabNames(page)).length, tabs.length + 1, "the same link opened a second tab");
}

// A link of the front page has other days in it each day: it takes the place of yesterday's, unless the reader changed that.
async function replacesYesterdaysLink(page) {
  const link = (day) => `?${new URLSearchParams({ query: `query Daily {\n  metrics(range: { from: "${day}", to: "${day}" }) { id }\n}\n` })}`;
  await open(page, link("2026-01-01"));
  const before = await tabNames(page);
  await open(page, link("2026-01-02"));
  assert.deepEqual(await tabNames(page), before, "the next day's link opened a second tab");
  assert.match((await run(page)).sent.query, /2026-01-02/);
  await page.locator(".graphiql-query-editor textarea").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("# mine");
  await page.waitForFunction(() => localStorage.getItem("graphiql:tabState").includes("# mine"));
  await open(page, link("2026-01-03"));
  assert.equal((await tabNames(page)).length, before.length + 1, "a link took the place of what the reader wrote");
  assert.ok(await page.evaluate(() => localStorage.getItem("graphiql:tabState").includes("# mine")));
}

async function opensALinkOnAFirstVisit(page) {
  await forget(page);
  await open(page, `?${new URLSearchParams({ query: "query Name { site { title } }" })}`);
  assert.deepEqual(await tabNames(page), [...tabs.map(([name]) => name), "Name"]);
  assert.match(await activeTab(page), /Name/);
  assert.ok((await run(page)).answer.data.site.title);
}

async function keepsTheReadersTabs(page) {
  await tab(page, "SearchPosts").hover();
  await tab(page, "SearchPosts").getByLabel("Close Tab").click();
  const before = await tabNames(page);
  assert.ok(!before.includes("SearchPosts"));
  await page.waitForFunction(() => !localStorage.getItem("graphiql:tabState").includes("SearchPosts"));
  await open(page);
  assert.deepEqual(await tabNames(page), before);
}

// A tab kept from a month ago must not go on asking for that month, unless the reader wrote its days.
async function movesDaysThatItCountedItself(page) {
  const age = (from, to) => {
    const state = JSON.parse(localStorage.getItem("graphiql:tabState"));
    for (const kept of state.tabs) kept.variables = kept.variables?.replace(/"from": "[^"]*"/, `"from": "${from}"`).replace(/"to": "[^"]*"/, `"to": "${to}"`);
    state.activeTabIndex = state.tabs.findIndex((kept) => kept.title === "LastThirtyDays");
    addEventListener("pagehide", () => localStorage.setItem("graphiql:tabState", JSON.stringify(state)));
  };
  await page.evaluate(`(${age})("2026-01-01", "2026-01-30")`);
  await open(page);
  assert.equal((await run(page)).sent.variables.range.to, today());
  await page.evaluate(`(${age})("2026-01-01", "2026-01-07")`);
  await open(page);
  assert.equal((await run(page)).sent.variables.range.to, "2026-01-07");
}

// A password that was typed into an operation must not be found in the browser by who uses it next.
async function keepsNoSecrets(page) {
  const answer = "{ token userErrors { message } }";
  const variables = (input) => JSON.stringify({ input });
  const secrets = {
    InText: [`mutation InText { signIn(input: { login: "nobody", password: "planted 1" }) ${answer} }`, ""],
    InVariables: [`mutation InVariables($input: SignInInput!) { signIn(input: $input) ${answer} }`, variables({ login: "nobody", password: "planted 2" })],
    OfToken: [`mutation OfToken($x: String!) { confirmEmail(token: $x) { userErrors { message } } }`, '{"x":"planted 3"}'],
    OfChange: [`mutation OfChange($input: ChangePasswordInput!) { changePassword(input: $input) { userErrors { message } } }`, variables({ current: "planted 4", new: "planted 5" })],
  };
  await open(page);
  const before = await tabNames(page);
  for (const [query, variables] of Object.values(secrets)) {
    await open(page, `?${new URLSearchParams({ query, variables })}`);
    await page.locator(".graphiql-query-editor textarea").focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("# typed");
    assert.match((await run(page)).sent.query, /# typed/);
  }
  await show(page, "WhoAmI");
  await run(page);
  await page.locator(".graphiql-query-editor textarea").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("# kept");
  await page.waitForFunction(() => localStorage.getItem("graphiql:tabState").includes("# kept"));
  await page.waitForFunction(() => localStorage.getItem("graphiql:queries").includes("WhoAmI"));
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.deepEqual(kept.match(/planted \d/g), null, "a password or a token was kept");
  await open(page);
  assert.deepEqual(await tabNames(page), before);
  assert.match(await activeTab(page), /WhoAmI/);
}

// What stands in the browser's storage may be of another version, or broken.
async function opensOverABrokenStorage(page) {
  await page.evaluate(() =>
    addEventListener("pagehide", () => localStorage.setItem("graphiql:tabState", '{"tabs":[null,{"id":1}],"activeTabIndex":7}')),
  );
  await open(page);
  assert.deepEqual(await tabNames(page), tabs.map(([name]) => name));
}

async function marksAFieldThatIsNotThere(page) {
  await open(page, `?${new URLSearchParams({ query: "query Wrong { posts { nodes { titel } } }" })}`);
  await page.locator(".graphiql-query-editor .squiggly-error").first().waitFor();
  await page.locator(".graphiql-query-editor .view-line span", { hasText: /^titel$/ }).first().hover();
  await page.locator(".monaco-hover", { hasText: 'Did you mean "title"' }).first().waitFor();
}

async function togglesItsPlugins(page) {
  const plugin = page.locator(".graphiql-plugin");
  await page.getByLabel("Show Documentation Explorer").click();
  await plugin.getByText("All Schema Types").waitFor();
  await plugin.getByText("Query", { exact: true }).first().click();
  await plugin.getByText("searchPosts").first().waitFor();
  await page.getByLabel("Hide Documentation Explorer").click();
  await show(page, "NewestPosts");
  await page.getByLabel("Show GraphiQL Explorer").click();
  await plugin.getByText("readingMinutes").first().waitFor();
  await page.getByLabel("Show History").click();
  await plugin.getByText("LastThirtyDays").first().waitFor();
  await page.getByLabel("Hide History").click();
}

export const editorSteps = [
  showsTheTabs,
  answersEachTab,
  opensALinkInFront,
  replacesYesterdaysLink,
  opensALinkOnAFirstVisit,
  keepsTheReadersTabs,
  movesDaysThatItCountedItself,
  keepsNoSecrets,
  opensOverABrokenStorage,
  marksAFieldThatIsNotThere,
  togglesItsPlugins,
];
