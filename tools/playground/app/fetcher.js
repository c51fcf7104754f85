// fetcher sends one operation to the endpoint of the same origin.
export async function fetcher({ query, variables, operationName }, { headers } = {}) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json, application/json;q=0.9",
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName }),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`The endpoint answered ${response.status} without JSON: ${text.slice(0, 200)}`);
  }
}
