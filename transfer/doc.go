// Package transfer reads and writes what the rest of the world keeps: folders of Markdown, exports of other programs, access logs, feeds,
// and archives of all that a site has.
//
// It turns a format into the words of logic and hands them to a service, and tells place and reason of all that it can't
// take. It knows nothing of storage, HTTP or GraphQL, and decides no rule of the product.
package transfer
