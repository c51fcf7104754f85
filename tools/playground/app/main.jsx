import "./workers.js";
// GraphiQL would load the editor on demand, but then nothing loads the editor's style.
import "monaco-graphql/esm/monaco-editor.js";
import { useEffect, useRef } from "react";
import { createRoot } from "react-dom/client";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "@graphiql/plugin-explorer/style.css";
import "graphiql/graphiql.css";
import "./playground.css";
import { Access } from "./access.js";
import { Bar, useAccess } from "./bar.jsx";
import { EditorStorage, openStorage } from "./storage.js";
import { openTabs } from "./tabs.js";

// SelectOperation puts the cursor, once, into the operation that the front tab is named after: a link may bring several in
// one document, and Ctrl-Enter runs the one at the cursor.
function SelectOperation({ name }) {
  const { operations, queryEditor } = useGraphiQL(({ operations, queryEditor }) => ({ operations, queryEditor }));
  const { setOperationName } = useGraphiQLActions();
  const done = useRef(false);
  useEffect(() => {
    if (done.current || !operations || !queryEditor) return;
    done.current = true;
    const operation = operations.find((candidate) => candidate.name?.value === name);
    if (!operation) return;
    setOperationName(name);
    if (operations.length === 1) return;
    const position = queryEditor.getModel().getPositionAt(operation.loc.start);
    queryEditor.setPosition(position);
    queryEditor.revealPosition(position);
  }, [operations, queryEditor, name, setOperationName]);
  return null;
}

// FollowViewer reads the schema again when another person, client or key asks.
function FollowViewer() {
  const { viewer, refused } = useAccess(access);
  const { introspect } = useGraphiQLActions();
  const asker = viewer?.id ?? refused;
  const before = useRef("");
  useEffect(() => {
    if (before.current && asker && before.current !== asker) void introspect();
    before.current = asker || before.current;
  }, [asker, introspect]);
  return null;
}

const storage = openStorage();
const editorStorage = new EditorStorage(storage);
const front = openTabs(editorStorage, location.search);
history.replaceState(null, "", location.pathname);
const access = new Access(storage);
void access.refresh();

createRoot(document.getElementById("playground")).render(
  <>
    <Bar access={access} />
    <GraphiQL
      fetcher={access.fetcher}
      storage={editorStorage}
      plugins={[HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })]}
      initialQuery={front.query ?? ""}
      initialVariables={front.variables ?? ""}
      defaultQuery=""
      defaultEditorToolsVisibility
    >
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
      <SelectOperation name={front.operationName} />
      <FollowViewer />
    </GraphiQL>
  </>,
);
