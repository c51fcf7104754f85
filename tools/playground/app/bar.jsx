import { useState, useSyncExternalStore } from "react";
import { Button } from "@graphiql/react";
import { KeyDialog, SignInDialog } from "./dialogs.jsx";

export const useAccess = (access) => useSyncExternalStore(access.subscribe, access.getState);

const nameOf = (user) => (user ? `${user.name} (${user.role})` : "anonymous");

// Bar says who asks, above the editor, and lets the reader change it: by a client's key, and by signing in.
export function Bar({ access }) {
  const { viewer, refused, notice, schemaNotice, askSignIn } = useAccess(access);
  const [dialog, setDialog] = useState(null);
  const close = () => setDialog(null);
  return (
    <header className="graphiql-container headwater-bar">
      <div className="headwater-row">
        <a className="headwater-logo" href="/">
          Headwater
        </a>
        <Who viewer={viewer} />
        <KeyChoice access={access} onAdd={() => setDialog("key")} />
        {viewer?.user ? (
          <Button onClick={access.signOut}>Sign out</Button>
        ) : (
          <Button onClick={() => setDialog("signIn")}>Sign in …</Button>
        )}
      </div>
      {refused && (
        <p className="headwater-notice" role="alert">
          Refused: {refused}
        </p>
      )}
      {notice && !refused && (
        <p className="headwater-notice" role="status">
          {notice}
          {askSignIn && <Button onClick={() => setDialog("signIn")}>{viewer?.user ? "Sign in again …" : "Sign in …"}</Button>}
        </p>
      )}
      {schemaNotice && !refused && (
        <p className="headwater-notice" role="status">
          {schemaNotice}
        </p>
      )}
      {dialog === "signIn" && <SignInDialog access={access} username={viewer?.user?.username} onClose={close} />}
      {dialog === "key" && <KeyDialog access={access} onClose={close} />}
    </header>
  );
}

// Who names the person and the client; what they may do is shown on demand.
function Who({ viewer }) {
  if (!viewer) return <span className="headwater-who">nobody</span>;
  const { user, client, scopes, session } = viewer;
  return (
    <>
      <Button className="headwater-who" popoverTarget="who" title={scopes.join("\n")}>
        {nameOf(user)} through {client.name}
      </Button>
      <div id="who" popover="auto" className="headwater-popover">
        <h2>May do</h2>
        {scopes.length > 0 ? (
          <ul>
            {scopes.map((scope) => (
              <li key={scope}>{scope}</li>
            ))}
          </ul>
        ) : (
          <p>Nothing.</p>
        )}
        <dl>
          {user && <dt>Username</dt>}
          {user && <dd>{user.username}</dd>}
          <dt>Client</dt>
          <dd>
            {client.name}, of kind {client.kind}
          </dd>
          {session && <dt>Signed in through</dt>}
          {session && <dd>{session.client?.name ?? "a client that is gone"}</dd>}
          {session && <dt>Signed in until</dt>}
          {session && <dd>{new Date(session.expiresAt).toLocaleString()}</dd>}
        </dl>
      </div>
    </>
  );
}

function KeyChoice({ access, onAdd }) {
  const { keys, chosen } = useAccess(access);
  return (
    <div className="headwater-keys" role="group" aria-label="Client key">
      <label htmlFor="key">Key</label>
      <select id="key" value={chosen} onChange={(event) => access.choose(event.target.value)}>
        <option value="">no key</option>
        {Object.keys(keys).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <Button onClick={onAdd} aria-label="Add a key">
        Add …
      </Button>
      {chosen && (
        <Button onClick={access.removeKey} aria-label={`Remove the key of ${chosen}`}>
          Remove
        </Button>
      )}
    </div>
  );
}
