package graph_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/graph"
	"headwater/graph/guard"
	"headwater/logic"
)

// without returns an executor like the world's whose resolvers lack what strip takes from them.
func (w *world) without(strip func(*graph.Services)) graph.Executor {
	services := w.services
	strip(&services)
	return graph.NewExecutor(graph.New(services), guard.New(guard.DefaultLimits(), guard.DefaultWeights()), slog.New(slog.NewTextHandler(w.log, nil)), graph.Introspection{Anonymous: true})
}

// execute answers one operation in process, for the viewer in ctx; nil where ctx ended before.
func execute(ctx context.Context, executor graph.Executor, query string) *graphql.Response {
	ctx = graphql.StartOperationTrace(ctx)
	operation, refused := executor.CreateOperationContext(ctx, &graphql.RawParams{Query: query})
	if refused != nil {
		return executor.DispatchError(graphql.WithOperationContext(ctx, operation), refused)
	}
	respond, ctx := executor.DispatchOperation(ctx, operation)
	return respond(ctx)
}

// wantErrors holds every error to a code and the message, if any, and to the ID of the request.
func wantErrors(t *testing.T, errs gqlerror.List, code logic.Code, secret string) {
	t.Helper()
	if len(errs) == 0 {
		t.Fatal("no error")
	}
	for _, err := range errs {
		shown, _ := json.Marshal(err)
		if err.Extensions["code"] != string(code) || err.Extensions["requestId"] != requestID {
			t.Errorf("not %s of request %s: %s", code, requestID, shown)
		}
		if secret != "" && strings.Contains(string(shown), secret) {
			t.Errorf("shows what it must not: %s", shown)
		}
	}
}

func TestAFailureOfOursIsInTheLogAndNotInTheAnswer(t *testing.T) {
	w := openSample(t)
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	ctx := &logic.Request{Context: anyone(t.Context()), ID: requestID}
	answer := execute(ctx, w.executor, `{ hw_reset_abcdef: posts { nodes { id } } }`)
	wantErrors(t, answer.Errors, logic.CodeInternal, "closed")
	if log := w.log.String(); strings.Count(log, `msg="field failed" id=`+requestID) != 1 || !strings.Contains(log, "closed") || strings.Contains(log, "abcdef") {
		t.Errorf("the log says:\n%s", log)
	}
}

func TestAPanicOfAFieldIsInTheLogAndNotInTheAnswer(t *testing.T) {
	w := openSample(t)
	executor := w.without(func(services *graph.Services) { services.Metric = nil })
	ctx := &logic.Request{Context: operator(t.Context()), ID: requestID}
	answer := execute(ctx, executor, `{ site { title } metrics(range: { from: "2026-01-01", to: "2026-01-01" }) { id } }`)
	wantErrors(t, answer.Errors, logic.CodeInternal, "nil pointer")
	if got := string(answer.Data); got != `{"site":{"title":"Headwater"},"metrics":null}` {
		t.Errorf("the rest of the answer is %s", got)
	}
	if log := w.log.String(); strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, "nil pointer") || !strings.Contains(log, "metric.go") {
		t.Errorf("the log says:\n%s", log)
	}
}

func TestAFailureOfManyRowsIsLoggedOnce(t *testing.T) {
	w := openSample(t)
	executor := w.without(func(services *graph.Services) { services.Metric = nil })
	ctx := &logic.Request{Context: anyone(t.Context()), ID: requestID}
	answer := execute(ctx, executor, `{ posts(first: 9) { nodes { views } } }`)
	wantErrors(t, answer.Errors, logic.CodeInternal, "nil pointer")
	if len(answer.Errors) != 9 {
		t.Errorf("%d fields were told", len(answer.Errors))
	}
	if log := w.log.String(); strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, "nil pointer") {
		t.Errorf("the log says:\n%s", log)
	}
}

func TestARequestThatEndedIsGivenUpInSilence(t *testing.T) {
	w := openSample(t)
	gone, leave := context.WithCancel(&logic.Request{Context: anyone(t.Context()), ID: requestID})
	leave()
	late, cancel := context.WithDeadline(&logic.Request{Context: anyone(t.Context()), ID: requestID}, time.Unix(0, 0))
	defer cancel()
	for name, ctx := range map[string]context.Context{"the client has gone": gone, "time is over": late} {
		if answer := execute(ctx, w.executor, `{ posts { nodes { id author { name } } } }`); answer != nil {
			t.Errorf("%s: answered %s", name, answer.Data)
		}
		if log := w.log.String(); strings.Contains(log, "level=ERROR") {
			t.Errorf("%s: the log says:\n%s", name, log)
		}
	}
}
