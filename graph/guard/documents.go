package guard

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"

	"headwater/graph/bounded"
)

// bytesPerCharacter is how much memory a parsed and validated document takes for each byte of its text, as measured on
// dense documents; those with longer names take less.
const bytesPerCharacter = 120

// Documents remembers parsed and validated documents by their text. It is a graphql.Cache for gqlgen's executor, and may be used
// by many goroutines.
type Documents struct {
	byText *bounded.Cache[string, *ast.QueryDocument]
}

// documentBytes returns about how many bytes a document takes.
func documentBytes(text string, _ *ast.QueryDocument) int { return len(text) * (bytesPerCharacter + 1) }

// NewDocuments returns an empty memory that takes up to about limit bytes.
func NewDocuments(limit int) *Documents {
	return &Documents{bounded.New(limit, documentBytes)}
}

// Get returns the document with the given text, and whether it is remembered.
func (d *Documents) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	return d.byText.Get(text)
}

// Add remembers a document that was accepted.
func (d *Documents) Add(_ context.Context, text string, parsed *ast.QueryDocument) {
	d.byText.Add(text, parsed)
}
