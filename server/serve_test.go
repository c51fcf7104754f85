package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/metric"
	"headwater/server/sample"
)

// TestSampleThatWasInterrupted ends a filling early, and has the next start complete it.
func TestSampleThatWasInterrupted(t *testing.T) {
	t.Parallel()
	settings := Settings{Data: t.TempDir()}
	house, err := settings.open(t.Context(), slog.New(slog.DiscardHandler), commandNode(), metric.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := house.store.Close(); err != nil {
			t.Error(err)
		}
	})
	ctx, interrupt := context.WithCancel(t.Context())
	calls := 0
	short := metric.New(house.store.Metric(), func() logic.Moment {
		if calls++; calls > 1 {
			interrupt()
		}
		return logic.SystemClock()
	}, house.store.Keys(), metric.Options{})
	if _, err := sample.Fill(ctx, house.content, short, logic.SystemClock); err == nil {
		t.Fatal("the filling came to its end")
	}
	for _, want := range []string{"Completed the sample", "holds something already"} {
		var said strings.Builder
		if err := fillWithSample(t.Context(), &said, house, settings.Data); err != nil || !strings.Contains(said.String(), want) {
			t.Errorf("said %q, %v, not %q", said.String(), err, want)
		}
	}
}
