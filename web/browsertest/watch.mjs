// watch adds to faults, as they happen in any page of a browser: requests to another origin than the server's, requests
// that fail or are answered by an error, errors on the console, uncaught exceptions, and violations of the content policy.
// What it returns forgives those of a step that provokes them.
export async function watch(browser, origin, faults) {
  await browser.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) =>
      console.error(`content policy: ${event.violatedDirective} forbids ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`),
    );
  });
  browser.on("request", (request) => {
    const url = new URL(request.url());
    const inside = url.origin === origin || ["data:", "blob:", "about:"].includes(url.protocol);
    if (!inside) faults.push(`a request left the origin: ${url.href}`);
  });
  // What a page had still under way when it was left is no fault.
  browser.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") faults.push(`a request failed: ${request.url()}: ${reason}`);
  });
  browser.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} for ${response.url()}`);
  });
  browser.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  browser.on("weberror", (error) => faults.push(`uncaught: ${error.error().message}`));
  return {
    // forgive takes away what step adds that matches pattern; step must bring an error onto the console that does.
    async forgive(pattern, step) {
      const before = faults.length;
      await Promise.all([browser.waitForEvent("console", (message) => message.type() === "error" && pattern.test(message.text())), step()]);
      faults.push(...faults.splice(before).filter((fault) => !pattern.test(fault)));
    },
  };
}
