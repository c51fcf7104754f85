package httpd

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"headwater/logic/content"
)

// TestTheNextReadSeesTheWriteAmongManyReaders has readers keep answers all the time while the site changes, here and from another process.
func TestTheNextReadSeesTheWriteAmongManyReaders(t *testing.T) {
	w := newTwins(t, 1)
	names := []string{"nobody", "public readonly", "secret all"}
	queries := []string{
		"{ site { title } }", "{ site { title url } tags { nodes { name } } }", "{ site { title } posts(first: 3) { nodes { title views url } } }",
	}
	var stop atomic.Bool
	var readers sync.WaitGroup
	for i := range 4 {
		readers.Go(func() {
			for n := i; !stop.Load(); n++ {
				w.ask(w.kept, names[n%len(names)], queries[n/len(names)%len(queries)])
			}
		})
	}
	defer readers.Wait()
	defer stop.Store(true)
	for n := range 100 {
		services, title := w.world.services, fmt.Sprintf("title %d.", n)
		if n%3 == 0 {
			services = w.other
		}
		_, err := services.Content.UpdateSite(operator(t), content.SiteChange{Title: &title})
		w.must(nil, err)
		for i, name := range names {
			if got := w.ask(w.kept, name, queries[(n+i)%len(queries)]).Body.String(); !strings.Contains(got, title) {
				t.Fatalf("behind the write of %q, %s got %s", title, name, got)
			}
		}
	}
}
