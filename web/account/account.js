// What a link in a mail leads to: /account#confirm=TOKEN, #reset=TOKEN and #invite=TOKEN. A token stands behind the #, where no
// server sees it, and leaves the address bar at once; it is kept in this page alone. Without one, a new link can be asked for.

const $ = (id) => document.getElementById(id);

const operations = {
  confirmEmail: `mutation ConfirmEmail($token: String!) {
    confirmEmail(token: $token) { viewer { user { name } } userErrors { code message } }
  }`,
  resetPassword: `mutation ResetPassword($input: ResetPasswordInput!) {
    resetPassword(input: $input) { viewer { user { name username } } userErrors { code message } }
  }`,
  requestPasswordReset: `mutation RequestPasswordReset($login: String!) {
    requestPasswordReset(login: $login) { userErrors { code message } }
  }`,
};

// ask carries out one of the operations and returns its payload; what stands against it is thrown, each fault with a message.
async function ask(field, variables) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: operations[field], variables }),
  }).catch(() => null);
  const answer = await response?.json().catch(() => null);
  const payload = answer?.data?.[field];
  const faults = [...(answer?.errors ?? []), ...(payload?.userErrors ?? [])];
  if (faults.length > 0) throw faults;
  if (!payload) throw [{ message: "The server could not be reached. Try again in a moment." }];
  return payload;
}

// take returns what the address asks for, as {kind: "reset", token}, and clears it from the address bar and the history.
function take() {
  const [, kind, token] = /^#(confirm|reset|invite)=(.+)$/.exec(location.hash) ?? [];
  history.replaceState(null, "", location.pathname);
  return { kind, token };
}

// onSubmit shows a form and does what it is for, once at a time; act returns what to say afterwards.
function onSubmit(id, act) {
  const form = $(id);
  form.hidden = false;
  form.querySelector("input:not(.unseen), button").focus();
  form.onsubmit = async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    $("faults").textContent = "";
    try {
      $("done").textContent = await act(new FormData(form));
      form.hidden = true;
      form.reset();
      $("done").focus();
    } catch (thrown) {
      const faults = Array.isArray(thrown) ? thrown : [{ message: `Something went wrong: ${thrown.message}. Try again in a moment.` }];
      $("faults").textContent = faults.map(({ message }) => message).join("\n");
      $("another").hidden = !faults.some(({ code }) => code === "EXPIRED");
    } finally {
      button.disabled = false;
    }
  };
}

const signedIn = ({ viewer }) => (viewer.user ? `You are signed in as ${viewer.user.name}.` : "You can sign in now.");

function open() {
  const { kind, token } = take();
  for (const form of document.forms) form.hidden = true;
  for (const id of ["faults", "done"]) $(id).textContent = "";
  $("another").hidden = true;
  switch (kind) {
    case "confirm":
      onSubmit("confirm", async () => `Your email is confirmed. ${signedIn(await ask("confirmEmail", { token }))}`);
      return;
    case "reset":
    case "invite":
      onSubmit("password", async (fields) => {
        const password = fields.get("password");
        if (password !== fields.get("again")) throw [{ message: "The two passwords differ." }];
        const { viewer } = await ask("resetPassword", { input: { token, password } });
        $("username").value = viewer.user?.username ?? ""; // password managers keep it beside the password
        return `Your password is set. ${signedIn({ viewer })}`;
      });
      return;
  }
  onSubmit("forgotten", async (fields) => {
    await ask("requestPasswordReset", { login: fields.get("login") });
    return "If there is such an account, a link is on its way to its email.";
  });
}

// A second link in the same tab changes only what stands behind the #.
addEventListener("hashchange", open);
open();
