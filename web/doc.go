// Package web holds what a browser is sent: the playground, bundled by tools/playground and embedded. It knows files, their
// types and their bytes; addresses, headers and negotiation belong to server/httpd, and nothing of ours is imported here.
//
// Serving the playground takes three things:
//
//	GET /playground         Playground("index.html")
//	GET /playground/{path}  Playground(path), the path as it stands below /playground/
//	Content-Security-Policy PlaygroundPolicy, on all of them
//
// Send Brotli or Gzip as the client accepts, with Content-Encoding and Vary, or else Plain. What is Immutable may be kept
// for a year; all else is revalidated by Hash, as an ETag.
package web
