package httpd

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestATimeLimitEndsWithItsCause(t *testing.T) {
	t.Parallel()
	late := errors.New("too late")
	s := &Server{tookTooLong: late}
	for name, ask := range map[string]func(context.Context) error{
		"that waits": func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) },
		"that looks": func(ctx context.Context) error { _ = ctx.Err(); return context.Cause(ctx) },
		"below": func(ctx context.Context) error {
			below, cancel := context.WithCancel(ctx)
			defer cancel()
			<-below.Done()
			return context.Cause(below)
		},
	} {
		ctx, cancel := s.withTimeout(t.Context())
		if err := ask(ctx); !errors.Is(err, late) || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Errorf("one %s: %v, %v", name, err, ctx.Err())
		}
		cancel()
	}
}

func TestATimeLimitEndsWithWhatItStandsIn(t *testing.T) {
	t.Parallel()
	s := &Server{}
	s.options.Limits.Operation = time.Hour
	outer, leave := context.WithCancel(t.Context())
	ctx, cancel := s.withTimeout(outer)
	defer cancel()
	if at, ok := ctx.Deadline(); ctx.Err() != nil || !ok || time.Until(at) < time.Minute {
		t.Errorf("it has ended already: %v", ctx.Err())
	}
	leave()
	if err := ctx.Err(); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever asked has left: %v", err)
	}
	<-ctx.Done()
}

func TestATimeLimitIsOverOnceItIsCancelled(t *testing.T) {
	t.Parallel()
	s := &Server{}
	s.options.Limits.Operation = time.Hour
	for name, before := range map[string]func(context.Context){"with a timer": func(ctx context.Context) { ctx.Done() }, "without": func(context.Context) {}} {
		ctx, cancel := s.withTimeout(t.Context())
		before(ctx)
		cancel()
		if <-ctx.Done(); !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("%s: %v", name, ctx.Err())
		}
	}
}
