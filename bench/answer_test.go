package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"headwater/graph"
	"headwater/graph/direct"
	"headwater/graph/guard"
)

// BenchmarkAnswers is what the workloads that read take within the program: all but HTTP.
func BenchmarkAnswers(b *testing.B) {
	services := graph.Services{Content: contents(), Account: accounts(), Metric: metrics()}
	executor := graph.NewExecutor(graph.New(services), guard.New(guard.DefaultLimits(), guard.DefaultWeights()), slog.New(slog.DiscardHandler), graph.Introspection{})
	ctx := asOperator(b)
	answer := func(b *testing.B, query string, variables map[string]any) []byte {
		b.Helper()
		ctx := graphql.StartOperationTrace(ctx)
		operation, refused := executor.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
		if len(refused) > 0 {
			b.Fatal(refused)
		}
		respond, ctx := executor.DispatchOperation(ctx, operation)
		answered := respond(ctx)
		if len(answered.Errors) > 0 {
			b.Fatal(answered.Errors)
		}
		return answered.Data
	}
	var cursors []string
	for after := any(nil); len(cursors) < 10; {
		var newest struct {
			Posts struct{ PageInfo struct{ EndCursor string } }
		}
		if err := json.Unmarshal(answer(b, newestQuery, map[string]any{"after": after}), &newest); err != nil {
			b.Fatal(err)
		}
		cursors = append(cursors, newest.Posts.PageInfo.EndCursor)
		after = newest.Posts.PageInfo.EndCursor
	}
	today := time.Now().UTC()
	for _, w := range workloads {
		if w.cached || w.writes || w.variables == nil {
			continue
		}
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			before := processTime()
			for i := 0; b.Loop(); i++ {
				cursor := cursors[i%len(cursors)]
				asked := w.variables(place{
					after: cursor, afterAll: cursor, slug: slugOf(i * 7 % short.posts),
					from: today.AddDate(0, 0, -29).Format(time.DateOnly), to: today.Format(time.DateOnly),
				})
				data := answer(b, w.query, asked)
				if !bytes.Contains(data, []byte(w.holds)) {
					b.Fatal(string(data))
				}
				direct.Reuse(data)
			}
			b.ReportMetric(float64(processTime()-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

// processTime returns the processor's time that the process took so far, in nanoseconds: neighbours slow the clock, not this.
func processTime() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}
