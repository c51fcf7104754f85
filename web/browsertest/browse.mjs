// Opens the pages of a running server in a real browser and uses them as people would.
//
//	node browse.mjs http://127.0.0.1:8080 editor bar account < staff.json
//
// The steps are editor, bar and account, which changes the password and so comes last; or hidden, on a server that shows nobody
// its schema. The server must hold the sample. staff.json is {login, password, keys: {reader, app, studio}, reset}: an admin, the keys
// of the sample's clients, and a link by which that admin may choose another password. CHROMIUM names the browser
// (/usr/bin/chromium), SCREENSHOT a file for a picture of the end. Exits with 1 and the reasons when something does not work,
// a request leaves the server's origin or fails, the console shows an error, or the content policy is broken.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { chromium } from "playwright-core";
import { accountSteps } from "./account.mjs";
import { barSteps, hiddenSteps } from "./bar.mjs";
import { editorSteps } from "./playground.mjs";
import { watch } from "./watch.mjs";

const known = { editor: editorSteps, bar: barSteps, account: accountSteps, hidden: hiddenSteps };
const [server, ...asked] = process.argv.slice(2);
if (!server || asked.length === 0 || !asked.every((name) => known[name])) {
  console.error("usage: node browse.mjs http://127.0.0.1:PORT {editor|bar|account|hidden}… < staff.json");
  process.exit(2);
}
const staff = await json(process.stdin);

const profile = await mkdtemp(join(tmpdir(), "headwater-browser-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  baseURL: server,
  headless: true,
  viewport: { width: 1400, height: 900 },
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const faults = [];
try {
  const watched = await watch(browser, new URL(server).origin, faults);
  const page = browser.pages()[0] ?? (await browser.newPage());
  page.setDefaultTimeout(30_000);
  for (const step of asked.flatMap((name) => known[name])) {
    try {
      await step(page, { ...staff, watched });
      console.log("ok  ", step.name);
    } catch (error) {
      console.log("FAIL", step.name);
      faults.push(`${step.name}: ${error.message}`);
    }
  }
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
