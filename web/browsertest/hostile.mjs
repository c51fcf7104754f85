// Shows posts in a real browser, on a page without a content policy: as a server sends them, and as a script puts them in, twice.
//
//	node hostile.mjs < posts.json
//
// posts.json is [{name, html}]. Exits with 1 and the reasons when a script runs, something but a picture is fetched, an attribute is a
// handler, or a link leads to anything but http, https and mail. CHROMIUM names the browser (/usr/bin/chromium). No request leaves the
// machine.
import { json } from "node:stream/consumers";
import { chromium } from "playwright-core";

const posts = await json(process.stdin);
// The last one shows that what is looked for would be seen.
const control = { name: "control", html: '<img src=x onerror=alert(1)><a href="javascript:alert(2)">x</a><script src=/x.js></script>' };
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const found = new Map([...posts, control].map((post) => [post.name, new Set()]));
try {
  const context = await browser.newContext();
  let shown;
  const fault = (what) => found.get(shown.name).add(what);
  await context.exposeFunction("ran", (what) => fault(`runs ${what}`));
  await context.addInitScript(() => {
    for (const name of ["alert", "msgbox"]) window[name] = (value) => window.ran(`${name}(${value})`);
  });
  await context.route("**/*", (route) => {
    const request = route.request();
    if (request.resourceType() === "image") return route.fulfill({ status: 404 });
    if (request.url() !== "http://page.example/") {
      fault(`fetches ${request.resourceType()} ${request.url()}`);
      return route.fulfill({ status: 404 });
    }
    return route.fulfill({ contentType: "text/html; charset=utf-8", body: `<!doctype html><main>${shown.html}</main><address></address>` });
  });
  context.on("dialog", (dialog) => dialog.dismiss());
  const page = await context.newPage();
  for (const post of [...posts, control]) {
    shown = post;
    await page.goto("http://page.example/");
    for (const way of ["as it came", "put in", "put in again"]) {
      const seen = await page.evaluate(async ([html, way]) => {
        const main = document.querySelector("main");
        if (way === "put in") main.innerHTML = html;
        if (way === "put in again") main.innerHTML = main.innerHTML;
        const faults = [];
        for (const element of main.querySelectorAll("*")) {
          for (const { name } of element.attributes) if (/^on|^style$|^srcdoc$/.test(name)) faults.push(`${way}, has ${name}`);
          const leads = element.href ?? element.src;
          if (leads && !/^(https?|mailto):/.test(leads)) faults.push(`${way}, leads to ${leads}`);
          for (const event of ["click", "mouseover", "focus", "toggle", "load", "error"]) {
            if (!(event === "click" && element.closest("a"))) element.dispatchEvent(new Event(event));
          }
        }
        if (document.querySelectorAll("main ~ address").length !== 1) faults.push(`${way}, changes the page around`);
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        return faults;
      }, [post.html, way]);
      seen.forEach(fault);
    }
  }
  await context.close();
} finally {
  await browser.close();
}
const noticed = [...found.get("control")].join("; ");
found.delete("control");
const faults = [...found].filter(([, what]) => what.size > 0).map(([name, what]) => `${name}: ${[...what].join("; ")}`);
for (const sign of ["runs alert(1)", "has onerror", "leads to javascript", "fetches script"]) {
  if (!noticed.includes(sign)) faults.push(`what runs something was not noticed: no "${sign}" in ${noticed}`);
}
console.log(`${posts.length} posts were shown`);
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
