package httpd

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"headwater/logic"
)

// heldChanges holds every mutation until it is let go, and then has the real executor carry it out.
type heldChanges struct {
	graphql.GraphExecutor
	arrived, letGo chan struct{}
}

func (h heldChanges) DispatchOperation(ctx context.Context, operation *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	if operation.Operation.Operation == ast.Mutation {
		h.arrived <- struct{}{}
		<-h.letGo
	}
	return h.GraphExecutor.DispatchOperation(ctx, operation)
}

// TestWaitingChangesDelayNoReader fills the gate of mutations and its queue, and reads through the one place that readers have.
func TestWaitingChangesDelayNoReader(t *testing.T) {
	t.Parallel()
	holding := heldChanges{arrived: make(chan struct{}, 10), letGo: make(chan struct{})}
	w := newWorld(t, func(s *setup) {
		s.limits.Running, s.limits.Changing, s.limits.Queue, s.limits.Operation = 1, 3, 2, time.Minute
		s.wrap = func(inner graphql.GraphExecutor) graphql.GraphExecutor {
			holding.GraphExecutor = inner
			return holding
		}
	})
	const change = `{"query":"mutation{signOut{viewer{id}}}"}`
	var group sync.WaitGroup
	answers := make(chan answer, 5)
	send := func() { group.Go(func() { answers <- w.post(t, change) }) }
	for range 3 {
		send()
		<-holding.arrived
	}
	for range 2 {
		send()
	}
	waitFor(t, func() bool { return w.server.changing.waiting.Load() == 2 })

	for range 20 {
		if got := w.post(t, query); got.StatusCode != http.StatusOK {
			t.Fatalf("a query got %d: %s", got.StatusCode, got.body)
		}
	}
	refused := w.post(t, change)
	if refused.StatusCode != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") == "" {
		t.Errorf("one more mutation got %d, headers %v", refused.StatusCode, refused.Header)
	}
	checkAnswer(t, refused, logic.CodeOverloaded, "-")

	close(holding.letGo)
	group.Wait()
	for range 5 {
		if got := <-answers; got.StatusCode != http.StatusOK {
			t.Errorf("a mutation got %d: %s", got.StatusCode, got.body)
		}
	}
	if len(w.server.reading.slots)+len(w.server.changing.slots) != 0 {
		t.Error("a place was lost")
	}
}
