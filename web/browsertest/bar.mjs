// The bar of the playground, as a member of staff uses it.
import assert from "node:assert/strict";
import { forget, open, run, show } from "./editor.mjs";

const who = (page) => page.locator(".headwater-who");
const dialog = (page) => page.getByRole("dialog");
const fault = (page) => dialog(page).getByRole("alert");
const key = (page) => page.getByLabel("Key", { exact: true });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const codes = ({ answer }) => answer.errors?.map(({ extensions }) => extensions.code);

// says waits until the bar names exactly this person and client.
const says = (page, text) => page.locator(".headwater-who").and(page.getByText(text, { exact: true })).waitFor();

async function addKey(page, text) {
  await button(page, "Add a key").click();
  await dialog(page).getByLabel("Key").fill(text);
  await page.keyboard.press("Enter");
}

async function fillSignIn(page, login, password) {
  await dialog(page).getByLabel("Username or email").fill(login);
  await dialog(page).getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
}

async function signIn(page, { login, password }) {
  await button(page, "Sign in …").click();
  await fillSignIn(page, login, password);
  await dialog(page).waitFor({ state: "detached" });
}

// scopes returns what the bar says that one may do.
async function scopes(page) {
  await who(page).click();
  const list = page.locator("#who li");
  await list.first().waitFor();
  const names = await list.allInnerTexts();
  await page.keyboard.press("Escape");
  return names;
}

async function namesNobody(page) {
  await page.goto("/playground");
  await forget(page);
  await open(page);
  await says(page, "anonymous through public");
  assert.deepEqual(await scopes(page), ["POSTS_READ", "METRICS_WRITE"]);
}

async function refusesAKeyThatThereIsNot(page, { watched }) {
  await watched.forgive(/\b401\b/, async () => {
    await addKey(page, `hw_pub_${"a".repeat(52)}`);
    await fault(page).filter({ hasText: /\w/ }).waitFor();
  });
  await button(page, "Cancel").click();
  await dialog(page).waitFor({ state: "detached" });
  await says(page, "anonymous through public");
}

async function takesTheStudiosKey(page, { keys }) {
  await addKey(page, keys.studio);
  await says(page, "anonymous through studio");
  assert.equal(await key(page).inputValue(), "studio");
  await show(page, "LastThirtyDays");
  const ran = await run(page);
  assert.equal(ran.headers["x-api-key"], keys.studio);
  assert.deepEqual(codes(ran), ["FORBIDDEN"]);
}

async function offersToSignInWhereThatHelps(page) {
  await open(page, `?${new URLSearchParams({ query: 'mutation Revoke { revokeSession(id: "x") { revokedId } }' })}`);
  assert.deepEqual(codes(await run(page)), ["UNAUTHENTICATED"]);
  const notice = page.getByRole("status").filter({ hasText: "Sign in first" });
  await notice.getByRole("button", { name: "Sign in …" }).click();
  await dialog(page).getByLabel("Password").waitFor();
  await page.keyboard.press("Escape");
  await key(page).selectOption("");
  await notice.waitFor({ state: "detached" });
  await key(page).selectOption("studio");
  await says(page, "anonymous through studio");
  await show(page, "LastThirtyDays");
}

// The keyboard alone must do: Escape closes, and the focus is where it was.
async function refusesAWrongPassword(page, { login }) {
  await button(page, "Sign in …").focus();
  await page.keyboard.press("Enter");
  assert.ok(await dialog(page).getByLabel("Username or email").evaluate((field) => field === document.activeElement));
  await fillSignIn(page, login, "not the password");
  await fault(page).filter({ hasText: /password/ }).waitFor();
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  assert.ok(await button(page, "Sign in …").evaluate((field) => field === document.activeElement));
  await says(page, "anonymous through studio");
}

async function signsIn(page, staff) {
  // The schema is read again when someone else asks.
  const isSchema = (response) => response.request().postData()?.includes("__schema") ?? false;
  await Promise.all([page.waitForResponse(isSchema), signIn(page, staff)]);
  await says(page, `${staff.login} (ADMIN) through studio`);
  assert.ok((await scopes(page)).includes("CLIENTS_WRITE"));
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie }));
  assert.ok(!kept.includes(staff.password), "the password was kept");
  assert.ok(!kept.includes("hw_session_"), "a script can read the session");
}

async function showsFiguresToStaff(page) {
  const days = (await run(page)).answer;
  assert.equal(days.errors, undefined);
  assert.ok(days.data.metrics.totals.views > 0 && days.data.metrics.topPosts.length > 0);
  assert.equal(days.data.metrics.series.starts.length, 30);
  await show(page, "PostWithMetrics");
  assert.ok((await run(page)).answer.data.post.metrics.totals.views > 0);
  await show(page, "WhoAmI");
  const { viewer } = (await run(page)).answer.data;
  assert.equal(viewer.user.role, "ADMIN");
  assert.equal(viewer.client.name, "studio");
  assert.ok(Date.parse(viewer.session.expiresAt) > Date.now());
}

async function showsWritersWhatIsToCome(page) {
  await show(page, "WhatWritersSee");
  const { drafts, published } = (await run(page)).answer.data;
  assert.deepEqual(drafts.nodes.map((post) => post.status).sort(), ["DRAFT", "SCHEDULED"]);
  assert.ok(drafts.nodes.every((post) => post.revision === 1 && post.viewerCanPublish && post.revisions.nodes[0].diff.includes("+")));
  assert.equal(published.nodes.filter((post) => post.workingCopy).length, 1);
}

async function keepsKeyAndPersonOverAReload(page, { login }) {
  await open(page);
  await says(page, `${login} (ADMIN) through studio`);
  assert.equal(await key(page).inputValue(), "studio");
}

// A secret key may be tried on the server's own pages, but must not outlive them.
async function forgetsASecretKey(page, { login }) {
  const query = `mutation MakeKey {
    createApiKey(input: { client: "studio", label: "a test", kind: SECRET, scopes: [METRICS_READ] }) { secret }
  }`;
  await open(page, `?${new URLSearchParams({ query })}`);
  const { secret } = (await run(page)).answer.data.createApiKey;
  await addKey(page, secret);
  await dialog(page).waitFor({ state: "detached" });
  assert.equal(await key(page).inputValue(), "studio (secret)");
  assert.deepEqual(await scopes(page), ["METRICS_READ"]);
  await open(page);
  await says(page, `${login} (ADMIN) through public`);
  assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage))).includes(secret), "the secret key was kept");
  await key(page).selectOption("studio");
  await says(page, `${login} (ADMIN) through studio`);
}

async function mayDoLessThroughTheReader(page, { login, keys }) {
  const byStudio = await scopes(page);
  await addKey(page, keys.reader);
  await says(page, `${login} (ADMIN) through reader`);
  const byReader = await scopes(page);
  assert.ok(byReader.length < byStudio.length, `${byReader} through the reader`);
  await key(page).selectOption("studio");
  await says(page, `${login} (ADMIN) through studio`);
  assert.deepEqual(await scopes(page), byStudio);
}

async function signsOut(page) {
  await button(page, "Sign out").click();
  await says(page, "anonymous through studio");
  await show(page, "LastThirtyDays");
  assert.deepEqual(codes(await run(page)), ["FORBIDDEN"]);
}

// An app's sessions have a token instead of a cookie, which is gone with the page.
async function signsInThroughTheApp(page, staff) {
  await addKey(page, staff.keys.app);
  await says(page, "anonymous through app");
  await signIn(page, staff);
  await says(page, `${staff.login} (ADMIN) through app`);
  await page.getByText("until you leave this page").waitFor();
  await open(page);
  await says(page, "anonymous through app");
}

async function forgetsAKey(page, { keys }) {
  await button(page, "Remove the key of app").click();
  await says(page, "anonymous through public");
  assert.equal(await key(page).inputValue(), "");
  await open(page);
  await says(page, "anonymous through public");
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  assert.ok(kept.includes(keys.studio) && !kept.includes(keys.app));
}

async function clearsTheEditorsDataAlone(page, { keys }) {
  await run(page);
  await page.waitForFunction(() => localStorage.getItem("graphiql:queries"));
  await page.getByLabel("Open settings dialog").click();
  await button(page, "Clear data").click();
  await button(page, "Cleared data").waitFor();
  const kept = await page.evaluate(() => ({ ...localStorage }));
  assert.ok(!("graphiql:queries" in kept) && JSON.stringify(kept).includes(keys.studio), `kept ${Object.keys(kept)}`);
}

// On a server that shows its schema to staff alone.
async function saysThatTheSchemaIsHidden(page, { watched }) {
  const notice = page.getByText("The endpoint does not show its schema to you");
  await watched.forgive(/\b403\b/, async () => {
    await page.goto("/playground");
    await notice.waitFor();
  });
  assert.deepEqual(codes(await run(page)), undefined);
}

async function showsTheSchemaToStaff(page, staff) {
  await signIn(page, staff);
  await says(page, `${staff.login} (ADMIN) through public`);
  await page.getByText("The endpoint does not show its schema to you").waitFor({ state: "detached" });
  await page.getByLabel("Show Documentation Explorer").click();
  await page.getByText("All Schema Types").waitFor();
}

export const hiddenSteps = [saysThatTheSchemaIsHidden, showsTheSchemaToStaff];

export const barSteps = [
  namesNobody,
  refusesAKeyThatThereIsNot,
  takesTheStudiosKey,
  offersToSignInWhereThatHelps,
  refusesAWrongPassword,
  signsIn,
  showsFiguresToStaff,
  showsWritersWhatIsToCome,
  keepsKeyAndPersonOverAReload,
  forgetsASecretKey,
  mayDoLessThroughTheReader,
  signsOut,
  signsInThroughTheApp,
  forgetsAKey,
  clearsTheEditorsDataAlone,
];
