// Package logic holds the words that every domain shares: identifiers, moments, pages, cursors, errors and the viewer.
//
// It knows nothing of HTTP, SQL or GraphQL, and imports nothing of ours. A rule that belongs to one domain stands in
// that domain's package below, never here.
package logic
