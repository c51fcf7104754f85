// Package httpd speaks HTTP: routes, limits, the GraphQL-over-HTTP transport, the front page, health, static files, and the
// clean stop.
//
// It knows nothing of how things are stored, and decides nothing about who may see what: it says who asks, once, for all
// routes that ask the graph, and leaves the rest to the graph.
package httpd
