package client_test

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/client"
)

func TestRequestsAreCountedExactly(t *testing.T) {
	c := &clock{}
	c.Store(int64(now))
	dir := filepath.Join(t.TempDir(), "data")
	w := openWorld(t, dir, c, 0, client.Options{})
	input := newClient("script", client.KindCLI)
	input.RequestsPerMinute = 1_000_000
	w.mustCreate(t, input)
	const workers, each = 8, 2000
	var texts [2]string
	var ids [2]logic.APIKeyID
	for i := range texts {
		key, text := w.mustKey(t, "script", client.KeySecret)
		ids[i], texts[i] = key.ID, text
	}
	run, stop := context.WithCancel(t.Context())
	var running, working sync.WaitGroup
	running.Go(func() { w.Run(run) })
	var done atomic.Bool
	running.Go(func() { // ends of other programs, as far as counts go
		for !done.Load() {
			w.flush(t)
		}
	})
	for worker := range workers {
		working.Go(func() {
			text := texts[worker%2]
			for range each {
				identity, err := w.Identify(t.Context(), client.Credentials{Key: text})
				if err == nil {
					err = w.Admit(identity)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	running.Go(func() {
		var before int64
		for !done.Load() {
			count := w.mustGetKey(t, ids[0]).RequestCount
			if count < before {
				t.Errorf("%d requests are counted, after %d were", count, before)
				return
			}
			before = count
		}
	})
	working.Wait()
	const want = workers / 2 * each
	for _, id := range ids {
		if got := w.mustGetKey(t, id).RequestCount; got != want {
			t.Errorf("%d requests are counted while the program runs, want %d", got, want)
		}
	}
	done.Store(true)
	stop()
	running.Wait()
	reopened := openWorld(t, dir, c, 0, client.Options{})
	for _, id := range ids {
		if key := reopened.mustGetKey(t, id); key.RequestCount != want || key.LastUsedAt == nil || *key.LastUsedAt != now {
			t.Errorf("%d requests are counted after a restart, the last at %v; want %d", key.RequestCount, key.LastUsedAt, want)
		}
	}
}

func TestTwoProgramsCountTogether(t *testing.T) {
	first := newWorld(t)
	second := openWorld(t, first.dir, first.clock, 1, client.Options{})
	first.mustCreate(t, newClient("script", client.KindCLI))
	key, text := first.mustKey(t, "script", client.KeySecret)
	for i, w := range []*world{first, second, first, second, second} {
		w.pass(time.Second)
		if err := w.asking(t, text)(); err != nil {
			t.Fatal(err)
		}
		if i > 2 {
			w.flush(t)
		}
	}
	first.flush(t)
	for _, w := range []*world{first, second} {
		if got := w.mustGetKey(t, key.ID); got.RequestCount != 5 || *got.LastUsedAt != now+5000 {
			t.Errorf("%d requests, the last at %d; want 5 and %d", got.RequestCount, *got.LastUsedAt, now+5000)
		}
	}
}

func TestCountsThatCouldNotBeStoredAreKept(t *testing.T) {
	w := newWorld(t)
	w.mustCreate(t, newClient("script", client.KindCLI))
	key, text := w.mustKey(t, "script", client.KeySecret)
	failing := client.New(refusing{w.store.Client()}, w.clock.now, w.store.Keys(), client.Options{})
	over := &world{failing, w.clock, w.dir, w.store}
	for range 3 {
		if err := over.asking(t, text)(); err != nil {
			t.Fatal(err)
		}
		over.flush(t)
	}
	if got := over.mustGetKey(t, key.ID).RequestCount; got != 3 {
		t.Errorf("%d requests are counted, want 3", got)
	}
	if got := w.mustGetKey(t, key.ID).RequestCount; got != 0 {
		t.Errorf("%d requests are stored by a store that refuses", got)
	}
}

// refusing is a store in which nothing can be written, as on a full disk.
type refusing struct{ client.Store }

func (refusing) Write(context.Context, func(client.Writer) error) error {
	return context.DeadlineExceeded
}

func TestARevokedKeyKeepsWhatWasCounted(t *testing.T) {
	w := newWorld(t)
	w.mustCreate(t, newClient("script", client.KindCLI))
	key, text := w.mustKey(t, "script", client.KeySecret)
	if err := w.asking(t, text)(); err != nil {
		t.Fatal(err)
	}
	revoked, err := w.RevokeAPIKey(operator(t), key.ID)
	if err != nil || revoked.RequestCount != 1 {
		t.Errorf("revoked %+v, %v; want 1 request", revoked, err)
	}
	w.flush(t)
	if got := w.mustGetKey(t, key.ID).RequestCount; got != 1 {
		t.Errorf("%d requests are counted, want 1", got)
	}
}
