// post sends one operation to the endpoint of the same origin, with the browser's cookie, and returns the answer. Of two headers
// of one name the later counts.
export async function post({ query, variables, operationName }, ...moreHeaders) {
  const headers = new Headers({
    "Content-Type": "application/json",
    Accept: "application/graphql-response+json, application/json;q=0.9",
  });
  for (const [name, value] of moreHeaders.flatMap((more) => Object.entries(more ?? {}))) headers.set(name, value);
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers,
    body: JSON.stringify({ query, variables, operationName }),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`The endpoint answered ${response.status} without JSON: ${text.slice(0, 200)}`);
  }
}

// dataOf returns the data of an answer, or throws what stands against it, as the endpoint says it.
export function dataOf(answer) {
  if (answer.errors?.length > 0) throw new Error(answer.errors.map(explain).join("\n"));
  return answer.data;
}

// explain returns an error's message, with how long to wait where the endpoint says so and the message does not.
function explain({ message, extensions }) {
  const wait = extensions?.retryAfter;
  return wait && !message.includes(`${wait} s`) ? `${message} Wait ${wait} seconds.` : message;
}
