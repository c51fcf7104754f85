package guard

import (
	"runtime"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

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
	estimate := documentBytes(query, nil)
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
