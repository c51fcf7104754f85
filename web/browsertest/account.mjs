// The page where links in mails lead.
import assert from "node:assert/strict";

const chosen = "four words as pass phrase";

async function leadTo(page, link) {
  await page.goto("about:blank");
  await page.goto(link);
}

const isFocused = (place) => place.evaluate((element) => element === document.activeElement);

const fault = (page, text) => page.getByRole("alert").filter({ hasText: text }).waitFor();

// What password managers keep is what the form holds when it goes.
async function watchTheForm(page) {
  await page.evaluate(() => {
    const form = document.getElementById("password");
    const fields = () => ({ username: form.querySelector("[autocomplete=username]")?.value, password: form.password.value });
    window.held = new Promise((resolve) => {
      form.addEventListener("reset", () => resolve(fields()), { once: true });
    });
  });
  return () => page.evaluate(() => window.held);
}

// A proxy in front of the server may answer what no server of ours does.
async function tellsWhateverFails(page) {
  for (const body of ["{}", "[]", '{"errors":{}}', '{"data":{"confirmEmail":{}}}']) {
    await page.route("**/graphql", (route) => route.fulfill({ contentType: "application/json", body }), { times: 1 });
    await leadTo(page, "/account#confirm=hw_confirm_none");
    await page.getByRole("button", { name: "Confirm" }).click();
    await fault(page, /Try again/);
    assert.equal((await page.getByRole("status").innerText()).trim(), "", `${body} counts as done`);
  }
}

async function choosesAPassword(page, { reset, login }) {
  await leadTo(page, reset);
  await page.getByLabel("New password").waitFor();
  assert.ok(await isFocused(page.getByLabel("New password")));
  const held = await watchTheForm(page);
  assert.equal(new URL(page.url()).hash, "", "the token still stands in the address");
  await page.getByLabel("New password").fill(chosen);
  await page.getByLabel("The same again").fill("something else");
  await page.keyboard.press("Enter");
  await fault(page, /differ/);
  for (const [password, complaint] of [["12345678", /\w/], [`${login} ${login}`, /\w/]]) {
    await page.getByLabel("New password").fill(password);
    await page.getByLabel("The same again").fill(password);
    await page.keyboard.press("Enter");
    await fault(page, complaint);
  }
  await page.getByLabel("New password").fill(chosen);
  await page.getByLabel("The same again").fill(chosen);
  await page.keyboard.press("Enter");
  const done = page.getByRole("status").filter({ hasText: `You are signed in as ${login}.` });
  await done.waitFor();
  assert.deepEqual(await held(), { username: login, password: chosen });
  assert.ok(await isFocused(done), "the focus is not where it is said what was done");
  assert.ok(!(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).includes(chosen));
}

async function takesATokenOnce(page, { reset }) {
  await leadTo(page, reset);
  await page.getByLabel("New password").fill(chosen);
  await page.getByLabel("The same again").fill(chosen);
  await page.keyboard.press("Enter");
  await fault(page, /\w/);
  await page.getByRole("link", { name: "Ask for another link" }).click();
  await page.getByLabel("Username or email").fill("nobody-of-that-name");
  await page.keyboard.press("Enter");
  await page.getByRole("status").filter({ hasText: "If there is such an account" }).waitFor();
}

async function confirmsNothingWithoutAToken(page) {
  await leadTo(page, "/account#confirm=hw_confirm_none");
  assert.equal(new URL(page.url()).hash, "");
  await page.getByRole("button", { name: "Confirm" }).click();
  await fault(page, /\w/);
}

export const accountSteps = [tellsWhateverFails, choosesAPassword, takesATokenOnce, confirmsNothingWithoutAToken];
