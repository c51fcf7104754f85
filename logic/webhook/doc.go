// Package webhook tells other programs what becomes of posts: a static site that is to be built again, a search index, a chat.
//
// What is to be told is written in the transaction that changes the post, so that nothing is told that did not happen, and nothing that
// happened is forgotten. It is sent beside, in order for each post, until it arrives or too many tries failed. How a message is carried,
// and which addresses are never reached, is decided by whoever sends: see Sender. It knows nothing of posts, HTTP, SQL or GraphQL.
package webhook
