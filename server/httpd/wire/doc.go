// Package wire serves the plainest connections itself, and hands all others to net/http.
//
// A request is plain if it is a GET or POST of HTTP/1.1, stands in one piece in the connection's buffer soon after its first byte came, and has
// nothing in its headers that says how the connection is used or how the body is written: nearly all that frontends ask. Such requests are
// answered one behind the other by one goroutine, with one read and one write each, and nothing goes on beside the handler unless
// that waits for the client to leave. The first request that is anything else, whatever that be, goes to net/http with all bytes that came, and so does
// everything behind it: no byte is ever seen by both as the beginning of a request.
package wire
