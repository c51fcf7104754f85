package client_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/client"
	"headwater/store"
)

func TestAnotherProgramsChangesHoldWithinASecond(t *testing.T) {
	server := newWorld(t)
	command := openWorld(t, server.dir, server.clock, 1, client.Options{})
	command.mustCreate(t, newClient("script", client.KindCLI))
	key, text := command.mustKey(t, "script", client.KeySecret)
	server.wantWorks(t, map[string]bool{text: true}) // a new key works at once

	if _, err := command.RevokeAPIKey(operator(t), key.ID); err != nil {
		t.Fatal(err)
	}
	command.wantWorks(t, map[string]bool{text: false})
	server.pass(500 * time.Millisecond)
	server.wantWorks(t, map[string]bool{text: false})

	second, secondText := command.mustKey(t, "script", client.KeySecret)
	server.wantWorks(t, map[string]bool{secondText: true})
	third, thirdText, err := command.RotateAPIKey(operator(t), second.ID, 10)
	if err != nil {
		t.Fatal(err)
	}
	server.wantWorks(t, map[string]bool{secondText: true, thirdText: true})
	server.pass(10 * time.Second)
	server.wantWorks(t, map[string]bool{secondText: false, thirdText: true})

	if _, err := command.UpdateClient(operator(t), "script", client.UpdateClientInput{
		ScopeCeiling: []logic.Scope{logic.ScopePostsRead}, AllowedOrigins: []string{"https://new.example"},
	}); err != nil {
		t.Fatal(err)
	}
	server.pass(500 * time.Millisecond)
	identity, err := server.Identify(t.Context(), client.Credentials{Key: thirdText})
	if err != nil || identity.Limit != logic.ScopesOf(logic.ScopePostsRead) || identity.Key.ID != third.ID {
		t.Errorf("under the new ceiling: %+v, %v", identity, err)
	}
	if allowed, err := server.AllowsOrigin(t.Context(), "https://new.example"); err != nil || !allowed {
		t.Errorf("the new origin: %t, %v", allowed, err)
	}
	if _, err := command.DeleteClient(operator(t), "script"); err != nil {
		t.Fatal(err)
	}
	server.pass(500 * time.Millisecond)
	server.wantWorks(t, map[string]bool{thirdText: false})
	if clients, err := server.Clients(operator(t)); err != nil || len(clients) != 1 {
		t.Errorf("the clients are %+v, %v", clients, err)
	}
}

func TestARestartKeepsClientsAndKeys(t *testing.T) {
	w := newWorld(t)
	made := w.mustCreate(t, newClient("script", client.KindCLI))
	key, text := w.mustKey(t, "script", client.KeySecret)
	reopened := openWorld(t, w.dir, w.clock, 0, client.Options{})
	identity, err := reopened.Identify(t.Context(), client.Credentials{Key: text})
	if err != nil || !cmp.Equal(identity.Client, made) || !cmp.Equal(*identity.Key, key) {
		t.Errorf("after a restart: %+v, %v", identity, err)
	}
}

func TestARotationUnderLoadFailsNoRequest(t *testing.T) {
	w := newWorld(t)
	server := openWorld(t, w.dir, w.clock, 1, client.Options{}) // which the key is rotated beside
	w.mustCreate(t, newClient("script", client.KindCLI))
	key, first := w.mustKey(t, "script", client.KeySecret)
	var text atomic.Pointer[string]
	text.Store(&first)
	var done atomic.Bool
	var asked atomic.Int64
	var group sync.WaitGroup
	for _, service := range []*world{w, w, server, server} {
		group.Go(func() {
			for !done.Load() {
				if _, err := service.Identify(t.Context(), client.Credentials{Key: *text.Load()}); err != nil {
					t.Errorf("while a key is rotated: %v", err)
					return
				}
				asked.Add(1)
			}
		})
	}
	for range 20 {
		before := asked.Load()
		next, nextText, err := w.RotateAPIKey(operator(t), key.ID, 60)
		if err != nil {
			t.Error(err)
			break
		}
		key = next
		text.Store(&nextText)
		w.pass(100 * time.Millisecond)
		for asked.Load() < before+20 && !t.Failed() {
			w.wantWorks(t, map[string]bool{nextText: true})
		}
	}
	done.Store(true)
	group.Wait()
	w.wantWorks(t, map[string]bool{first: true, *text.Load(): true})
	w.pass(time.Minute)
	w.wantWorks(t, map[string]bool{first: false, *text.Load(): true})
}

// overtaken is a store whose first reader of keys has them just before the first change, and goes on just behind it.
type overtaken struct {
	client.Store
	read, change       sync.Once
	hasRead, committed chan struct{}
}

func (o *overtaken) AllKeys(ctx context.Context) ([]client.StoredKey, error) {
	keys, err := o.Store.AllKeys(ctx)
	o.read.Do(func() {
		close(o.hasRead)
		<-o.committed
		for range 1000 {
			runtime.Gosched() // lets whoever wrote go on, unless it waits for the reader
		}
	})
	return keys, err
}

func (o *overtaken) Write(ctx context.Context, fn func(client.Writer) error) error {
	err := o.Store.Write(ctx, fn)
	o.change.Do(func() { close(o.committed) })
	return err
}

func TestAReaderThatIsOvertakenBringsNoRevokedKeyBack(t *testing.T) {
	w := newWorld(t)
	w.mustCreate(t, newClient("script", client.KindCLI))
	key, text := w.mustKey(t, "script", client.KeySecret)
	held := &overtaken{Store: w.store.Client(), hasRead: make(chan struct{}), committed: make(chan struct{})}
	over := &world{client.New(held, w.clock.now, w.store.Keys(), client.Options{}), w.clock, w.dir, w.store}
	var reading sync.WaitGroup
	reading.Go(func() { over.wantWorks(t, map[string]bool{text: true}) })
	<-held.hasRead
	if _, err := over.RevokeAPIKey(operator(t), key.ID); err != nil {
		t.Fatal(err)
	}
	reading.Wait()
	over.wantWorks(t, map[string]bool{text: false})
}

func TestNoFileHoldsAKey(t *testing.T) {
	w := newWorld(t)
	w.mustCreate(t, newClient("script", client.KindCLI))
	key, first := w.mustKey(t, "script", client.KeySecret)
	_, second, err := w.RotateAPIKey(operator(t), key.ID, 60)
	if err != nil {
		t.Fatal(err)
	}
	_, third := w.mustKey(t, "script", client.KeyPublishable)
	for _, text := range []string{first, second, third} {
		if err := w.asking(t, text)(); err != nil {
			t.Fatal(err)
		}
	}
	w.flush(t)
	files, err := filepath.Glob(filepath.Join(w.dir, store.FileName+"*"))
	if err != nil || len(files) != 3 { // the database, its log and the log's index
		t.Fatal(files, err)
	}
	var found int
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found += bytes.Count(content, []byte(key.Prefix))
		for _, text := range []string{first, second, third} {
			_, own, _ := strings.Cut(strings.TrimPrefix(text, "hw_"), "_")
			if bytes.Contains(content, []byte(own)) || bytes.Contains(content, []byte(own[8:])) {
				t.Errorf("%s holds a key", filepath.Base(file))
			}
		}
	}
	if found == 0 {
		t.Error("no file holds a key's prefix: the test looks in the wrong place")
	}
}
