// Package bind holds how Go values stand in GraphQL: scalars, opaque IDs and cursors, pages of lists, and the rows that
// are loaded together.
//
// It knows nothing of HTTP, SQL or resolvers, and holds no rule: what may be seen or asked is decided in logic.
package bind
