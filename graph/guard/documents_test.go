package guard

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func TestDocumentsForgetsTheOldest(t *testing.T) {
	t.Parallel()
	text := func(i int) string { return fmt.Sprintf("{a%02d}", i) }
	size := (&document{text: text(0)}).bytes()
	documents := NewDocuments(10 * size)
	for i := range 10 {
		documents.Add(t.Context(), text(i), &ast.QueryDocument{})
	}
	documents.Get(t.Context(), text(0))
	documents.Add(t.Context(), text(10), &ast.QueryDocument{})
	for i, want := range map[int]bool{0: true, 1: false, 2: true, 10: true} {
		if _, got := documents.Get(t.Context(), text(i)); got != want {
			t.Errorf("remembers %d: %v", i, got)
		}
	}
	documents.Add(t.Context(), text(10), &ast.QueryDocument{})
	if documents.bytes != 10*size {
		t.Errorf("takes %d bytes, not %d", documents.bytes, 10*size)
	}
	documents.Add(t.Context(), strings.Repeat(" ", size), &ast.QueryDocument{})
	if _, ok := documents.Get(t.Context(), text(10)); !ok {
		t.Error("one large document drove others out")
	}
}

func TestDocumentsByManyGoroutines(t *testing.T) {
	t.Parallel()
	documents := NewDocuments(100_000)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 500 {
				text := fmt.Sprintf("{a%d}", (i+j)%200)
				if _, ok := documents.Get(t.Context(), text); !ok {
					documents.Add(t.Context(), text, &ast.QueryDocument{})
				}
			}
		})
	}
	group.Wait()
	if documents.bytes > 100_000 {
		t.Errorf("takes %d bytes", documents.bytes)
	}
	if documents.used.Len() != len(documents.byKey) {
		t.Errorf("%d in order, %d by key", documents.used.Len(), len(documents.byKey))
	}
}

// TestDocumentsEstimateIsHonest holds the estimate against the memory that dense documents really take.
func TestDocumentsEstimateIsHonest(t *testing.T) {
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "blog.graphqls", Input: blogSchema})
	if err != nil {
		t.Fatal(err)
	}
	query := "{post(slug:\"a\"){" + strings.Repeat("next{"+strings.Repeat("id ", 80)+"}", 10) + "}}"
	kept := make([]*ast.QueryDocument, 10)
	before := allocated()
	for i := range kept {
		document := mustLoad(t, parsed, query)
		kept[i] = document
	}
	took := int(allocated()-before) / len(kept)
	runtime.KeepAlive(kept)
	estimate := (&document{text: query}).bytes()
	t.Logf("%d bytes a document, %d for each of its text; estimated %d", took, took/len(query), estimate)
	if estimate < took {
		t.Errorf("a document takes %d bytes, and %d are estimated", took, estimate)
	}
}

func allocated() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
