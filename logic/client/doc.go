// Package client holds the frontends that ask: their keys, what each may do at most, and how often it may ask.
//
// It knows nothing of people, posts, HTTP, SQL or GraphQL.
package client
