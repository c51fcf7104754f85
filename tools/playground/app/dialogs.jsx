import { useEffect, useRef, useState } from "react";
import { Button } from "@graphiql/react";

// FormDialog is a form in front of the page. Submit gets its fields; what it throws is shown, else the dialog closes.
function FormDialog({ title, action, submit, onClose, children }) {
  const dialog = useRef(null);
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => dialog.current.showModal(), []);
  async function onSubmit(event) {
    event.preventDefault();
    setBusy(true);
    setFault("");
    try {
      await submit(new FormData(event.target));
      dialog.current.close();
    } catch (error) {
      setFault(error.message);
    }
    setBusy(false);
  }
  return (
    <dialog ref={dialog} className="headwater-dialog" aria-labelledby="dialog-title" onClose={onClose}>
      <form onSubmit={onSubmit}>
        <h2 id="dialog-title">{title}</h2>
        {children}
        <p className="headwater-fault" role="alert">
          {fault}
        </p>
        <div className="headwater-actions">
          <Button type="submit" disabled={busy}>
            {action}
          </Button>
          <Button type="button" onClick={() => dialog.current.close()}>Cancel</Button>
        </div>
      </form>
    </dialog>
  );
}

// SignInDialog signs a person in through the chosen key's client. The password stays in its field, and goes with the dialog.
export function SignInDialog({ access, username, onClose }) {
  const submit = (fields) => access.signIn(fields.get("login"), fields.get("password"));
  return (
    <FormDialog title={username ? "Sign in again" : "Sign in"} action="Sign in" submit={submit} onClose={onClose}>
      <label>
        Username or email
        <input name="login" defaultValue={username} autoComplete="username" autoCapitalize="none" spellCheck={false} required />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" autoFocus={Boolean(username)} required />
      </label>
      <a href="/account">Forgotten?</a>
    </FormDialog>
  );
}

// KeyDialog takes a client's key, which is tried before it is kept.
export function KeyDialog({ access, onClose }) {
  const submit = (fields) => access.addKey(fields.get("key").trim());
  return (
    <FormDialog title="Add a client key" action="Add" submit={submit} onClose={onClose}>
      <label>
        Key
        <input name="key" placeholder="hw_pub_…" autoComplete="off" autoCapitalize="none" spellCheck={false} required />
      </label>
      <p>A publishable key is kept in this browser, by its client's name. A secret key is forgotten when you leave the page.</p>
    </FormDialog>
  );
}
