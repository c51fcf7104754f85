// Package content holds posts and tags: what they are, who may see them, how they are listed, searched, related and written.
//
// It knows nothing of HTTP, SQL or GraphQL, and nothing of users but their keys. Turning Markdown into what readers get
// stands in render, below.
package content
