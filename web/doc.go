// Package web holds what a browser is sent: the playground, bundled by tools/playground, and the page where links in mails lead,
// written by hand; both embedded. It knows files, their types and their bytes; addresses, headers and negotiation belong to
// server/httpd, and nothing of ours is imported here.
//
//	GET /playground         Playground("index.html")
//	GET /playground/{path}  Playground(path), the path as it stands below /playground/
//	GET /account            Account("index.html")
//	GET /account/{path}     Account(path), the path as it stands below /account/
//	Content-Security-Policy PlaygroundPolicy, AccountPolicy, on all of them
//
// Send Brotli, where there is one, or Gzip as the client accepts, with Content-Encoding and Vary, or else Plain. What is
// Immutable may be kept for a year; all else is revalidated by Hash, as an ETag.
package web
