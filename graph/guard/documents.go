package guard

import (
	"container/list"
	"context"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// bytesPerCharacter is how much memory a parsed and validated document takes for each byte of its text, as measured on
// dense documents; those with longer names take less.
const bytesPerCharacter = 120

// Documents remembers parsed and validated documents by their text, the ones used last, in a bounded number of bytes. It is a
// graphql.Cache for gqlgen's executor, and may be used by many goroutines.
type Documents struct {
	limit int

	mu    sync.Mutex
	bytes int
	used  list.List // of *document; the one used last stands first
	byKey map[string]*list.Element
}

type document struct {
	text   string
	parsed *ast.QueryDocument
}

func (d *document) bytes() int { return len(d.text) * (bytesPerCharacter + 1) }

// NewDocuments returns an empty memory that takes up to about limit bytes.
func NewDocuments(limit int) *Documents {
	return &Documents{limit: limit, byKey: map[string]*list.Element{}}
}

// Get returns the document with the given text, and whether it is remembered.
func (d *Documents) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	element, ok := d.byKey[text]
	if !ok {
		return nil, false
	}
	d.used.MoveToFront(element)
	return element.Value.(*document).parsed, true
}

// Add remembers a document that was accepted, and forgets those not used for the longest time for it. A document that would
// take more than an eighth of the memory is not kept: it would drive out too many others.
func (d *Documents) Add(_ context.Context, text string, parsed *ast.QueryDocument) {
	added := &document{text, parsed}
	if added.bytes() > d.limit/8 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.byKey[text]; ok {
		return
	}
	d.byKey[text] = d.used.PushFront(added)
	d.bytes += added.bytes()
	for d.bytes > d.limit {
		oldest := d.used.Remove(d.used.Back()).(*document)
		delete(d.byKey, oldest.text)
		d.bytes -= oldest.bytes()
	}
}
