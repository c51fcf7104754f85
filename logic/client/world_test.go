package client_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/client"
	"headwater/store"
)

// now is the moment at which tests begin.
const now logic.Moment = 1_767_225_600_000 // 2026-01-01

// clock is a clock that tests set, while others read it.
type clock struct{ atomic.Int64 }

func (c *clock) now() logic.Moment { return logic.Moment(c.Load()) }

func (c *clock) pass(d time.Duration) { c.Add(d.Milliseconds()) }

// world is a service over a data folder, and the clock that tests set.
type world struct {
	*client.Service
	*clock
	dir   string
	store *store.Store
}

func newWorld(t testing.TB) *world {
	t.Helper()
	c := &clock{}
	c.Store(int64(now))
	return openWorld(t, filepath.Join(t.TempDir(), "data"), c, 0, client.Options{})
}

// openWorld opens a data folder, as the program with the given number does.
func openWorld(t testing.TB, dir string, c *clock, node int, options client.Options) *world {
	t.Helper()
	opened, err := store.Open(t.Context(), store.Options{Dir: dir, Clock: c.now, Node: node})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	return &world{client.New(opened.Client(), c.now, opened.Keys(), options), c, dir, opened}
}

// as returns a context in which viewer asks.
func as(t testing.TB, viewer logic.Viewer) context.Context {
	return logic.WithViewer(t.Context(), viewer)
}

// operator returns a context in which the command line asks.
func operator(t testing.TB) context.Context { return as(t, logic.Operator()) }

// admin is a person who may do everything, and has just given the password.
var admin = logic.Viewer{User: 7, Role: logic.RoleAdmin, Limit: logic.AllScopes, SessionLimit: logic.AllScopes, ProvedAt: now}

// newClient returns a client that can be made.
func newClient(name string, kind client.Kind) client.CreateClientInput {
	return client.CreateClientInput{
		Name: name, Kind: kind, Description: "A test.", AllowedOrigins: []string{"https://example.org"},
		ScopeCeiling: logic.AllScopes.List(), RequestsPerMinute: 6000,
	}
}

func (w *world) mustCreate(t testing.TB, input client.CreateClientInput) client.Client {
	t.Helper()
	made, err := w.CreateClient(operator(t), input)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// mustKey makes a key with every scope.
func (w *world) mustKey(t testing.TB, of string, kind client.KeyKind) (client.APIKey, string) {
	t.Helper()
	key, secret, err := w.CreateAPIKey(operator(t), client.CreateAPIKeyInput{
		Client: of, Label: "Test", Kind: kind, Scopes: logic.AllScopes.List(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return key, secret
}

// mustGetKey returns a key as an admin sees it.
func (w *world) mustGetKey(t testing.TB, id logic.APIKeyID) client.APIKey {
	t.Helper()
	keys, err := w.APIKeysByID(operator(t), []logic.APIKeyID{id})
	if err != nil || len(keys) != 1 {
		t.Fatalf("the keys with the ID %d are %v, %v", id, keys, err)
	}
	return keys[id]
}

// flush stores what was counted, as the end of the program does.
func (w *world) flush(t testing.TB) {
	ended, end := context.WithCancel(t.Context())
	end()
	w.Run(ended)
}

// wantCode fails the test unless err has the code; "" is no error.
func wantCode(t testing.TB, what string, err error, code logic.Code) {
	t.Helper()
	if got := codeOf(err); got != code {
		t.Errorf("%s: %v, want code %q", what, err, code)
	}
}

func codeOf(err error) logic.Code {
	if err == nil {
		return ""
	}
	return logic.CodeOf(err)
}

// wantFaults fails the test unless err is these faults, each as its code and its field.
func wantFaults(t testing.TB, what string, err error, want ...string) {
	t.Helper()
	var got []string
	switch err := err.(type) {
	case logic.Faults:
		for _, fault := range err {
			got = append(got, describe(fault))
		}
	case *logic.Error:
		got = append(got, describe(err))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q (%v), want %q", what, got, err, want)
	}
}

func describe(fault *logic.Error) string {
	return strings.TrimSpace(string(fault.Code) + " " + strings.Join(fault.Field, "."))
}
