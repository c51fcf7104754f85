import { dataOf, post } from "./endpoint.js";
import { isSecret, nameOf, readKeys, writeKeys } from "./keys.js";

const viewerQuery = `query PlaygroundViewer {
  viewer {
    id
    user { name username role }
    client { name kind }
    scopes
    session { client { name } expiresAt }
  }
}`;

const signInMutation = `mutation PlaygroundSignIn($input: SignInInput!) {
  signIn(input: $input) { token userErrors { message } }
}`;

const signOutMutation = "mutation PlaygroundSignOut { signOut { userErrors { message } } }";

const schemaRefused =
  "The endpoint does not show its schema to you, so the editor completes and explains nothing. It does to authors, editors and " +
  "admins who are signed in, and to secret keys; whoever runs the server can show it to everyone.";

const codesOf = ({ errors = [] }) => errors.map(({ extensions }) => extensions?.code);

// Access knows who asks: the key that was chosen, and the person. Whoever subscribes is told when state has changed:
//
//	keys, chosen  see keys.js
//	viewer        what the endpoint says of who asks; null as long as it has not, or where it refuses to answer at all
//	refused       why it refuses, else ""
//	schemaNotice  says that the schema is not shown, else ""
//	notice        what else the reader should know, else ""
//	askSignIn     the endpoint wants a person to sign in, or to sign in again
export class Access {
  #storage;
  #listeners = new Set();
  // Clients without cookies get a token instead. It is gone when the page is left.
  #token = null;
  #refreshes = 0;

  constructor(storage) {
    this.#storage = storage;
    this.state = { ...readKeys(storage), viewer: null, refused: "", schemaNotice: "", notice: "", askSignIn: false };
  }

  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getState = () => this.state;

  #set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }

  #headers() {
    const key = this.state.keys[this.state.chosen];
    return { ...(key && { "X-Api-Key": key }), ...(this.#token && { Authorization: `Bearer ${this.#token}` }) };
  }

  #ask = async (query, variables, headers) => dataOf(await post({ query, variables }, this.#headers(), headers));

  // fetcher carries out what the editor sends. The headers of its own tab go before the chosen key.
  fetcher = async (operation, { headers } = {}) => {
    const answer = await post(operation, this.#headers(), headers);
    if (operation.operationName === "IntrospectionQuery") {
      this.#set({ schemaNotice: codesOf(answer).includes("FORBIDDEN") ? schemaRefused : "" });
      return { data: null, ...answer }; // without any data GraphiQL would ask a second time
    }
    const at = codesOf(answer).indexOf("UNAUTHENTICATED");
    if (at >= 0) this.#set({ notice: answer.errors[at].message, askSignIn: true });
    if (at >= 0 || /\bmutation\b/.test(operation.query)) void this.refresh();
    return answer;
  };

  // refresh asks the endpoint who asks.
  refresh = async () => {
    const turn = ++this.#refreshes;
    let change;
    try {
      const answer = await post({ query: viewerQuery }, this.#headers());
      if (this.#token && codesOf(answer).includes("UNAUTHENTICATED")) {
        this.#token = null; // the session is over; who asks is still to be said
        return this.refresh();
      }
      change = { viewer: dataOf(answer).viewer, refused: "" };
    } catch (error) {
      change = { viewer: null, refused: error.message };
    }
    if (turn === this.#refreshes) this.#set(change);
  };

  #useKeys(kept) {
    writeKeys(this.#storage, kept);
    this.#set({ ...kept, notice: "", askSignIn: false });
    return this.refresh();
  }

  // addKey tries a key, and keeps and uses it where the endpoint knows its client.
  async addKey(key) {
    const { viewer } = await this.#ask(viewerQuery, {}, { "X-Api-Key": key });
    const name = nameOf(viewer.client, key);
    await this.#useKeys({ keys: { ...this.state.keys, [name]: key }, chosen: name });
    if (isSecret(key)) this.#set({ notice: "A secret key is not kept in the browser: it is forgotten when you leave this page." });
  }

  // choose uses the key of a client, "" for none.
  choose = (chosen) => this.#useKeys({ keys: this.state.keys, chosen });

  // removeKey forgets the key that is used.
  removeKey = () => {
    const { [this.state.chosen]: _, ...keys } = this.state.keys;
    return this.#useKeys({ keys, chosen: "" });
  };

  async signIn(login, password) {
    const { signIn } = await this.#ask(signInMutation, { input: { login, password } });
    if (signIn.userErrors.length > 0) throw new Error(signIn.userErrors.map(({ message }) => message).join("\n"));
    this.#token = signIn.token;
    const notice = signIn.token ? "This client's sessions have no cookie: you are signed in until you leave this page." : "";
    this.#set({ notice, askSignIn: false });
    await this.refresh();
  }

  signOut = async () => {
    try {
      await this.#ask(signOutMutation);
      this.#token = null;
      this.#set({ notice: "", askSignIn: false });
    } catch (error) {
      this.#set({ notice: error.message });
    }
    await this.refresh();
  };
}
