package httpd

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/client"
)

// TestRotationFailsNoRequest takes a new key again and again while frontends ask: those with the old key and those with the new
// one are answered.
func TestRotationFailsNoRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.clock = logic.SystemClock })
	w.addClient(t, "app", client.KindMobile)
	perMinute := 600_000
	if _, err := w.services.Client.UpdateClient(operator(t), "app", client.UpdateClientInput{RequestsPerMinute: &perMinute}); err != nil {
		t.Fatal(err)
	}
	key, token := w.addKey(t, "app", client.KeyPublishable)
	var current atomic.Pointer[string]
	current.Store(&token)
	var answered atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for ctx.Err() == nil {
				if got := w.post(t, query, "X-Api-Key", *current.Load()); got.StatusCode != http.StatusOK {
					t.Errorf("status %d: %s", got.StatusCode, got.body)
					return
				}
				answered.Add(1)
			}
		})
	}
	for range 10 {
		before := answered.Load()
		next, token, err := w.services.Client.RotateAPIKey(operator(t), key.ID, 60)
		if err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool { return answered.Load() >= before+10 || t.Failed() }) // with the old key
		current.Store(&token)
		key = next
	}
	stop()
	group.Wait()
}

// TestOtherProcessIsHeardWithinASecond changes rights by services of their own over the same folder, as the command line does
// beside a running server.
func TestOtherProcessIsHeardWithinASecond(t *testing.T) {
	t.Parallel()
	system := func(s *setup) { s.clock = logic.SystemClock }
	w := newWorld(t, system)
	_, other := open(t, w.folder, 1, setup{clock: logic.SystemClock}, nil)
	w.addClient(t, "app", client.KindMobile)
	key, token := w.addKey(t, "app", client.KeyPublishable)
	ada := w.addPerson(t, "ada", logic.RoleAuthor)
	grace := w.addPerson(t, "grace", logic.RoleAuthor)
	adaToken, graceToken := w.signIn(t, "ada", "X-Api-Key", token), w.signIn(t, "grace", "X-Api-Key", token)
	_, lasting := w.addKey(t, "app", client.KeyPublishable)

	const (
		scopes     = `{"query":"{viewer{user{username} scopes}}"}`
		asAuthor   = `{"data":{"viewer":{"user":{"username":"ada"},"scopes":["POSTS_READ","POSTS_WRITE","METRICS_READ","METRICS_WRITE"]}}}`
		asReader   = `{"data":{"viewer":{"user":{"username":"ada"},"scopes":["POSTS_READ","METRICS_WRITE"]}}}`
		secondUser = `{"data":{"viewer":{"user":{"username":"grace"},"scopes":["POSTS_READ","POSTS_WRITE","METRICS_READ","METRICS_WRITE"]}}}`
	)
	tests := []struct {
		name    string
		headers []string
		before  string
		change  func() error
		holds   func(answer) bool
	}{
		{"a role", []string{"Authorization", "Bearer " + adaToken, "X-Api-Key", lasting}, asAuthor, func() error {
			_, err := other.Account.SetUserRole(operator(t), ada.ID, logic.RoleReader)
			return err
		}, func(got answer) bool { return got.body == asReader }},
		{"a deactivation", []string{"Authorization", "Bearer " + graceToken, "X-Api-Key", lasting}, secondUser, func() error {
			_, err := other.Account.DeactivateUser(operator(t), grace.ID)
			return err
		}, func(got answer) bool { return got.StatusCode == http.StatusUnauthorized }},
		{"a key", []string{"Authorization", "Bearer " + adaToken, "X-Api-Key", token}, asReader, func() error {
			_, err := other.Client.RevokeAPIKey(operator(t), key.ID)
			return err
		}, func(got answer) bool { return got.StatusCode == http.StatusUnauthorized }},
		{"a sign-out", []string{"Authorization", "Bearer " + adaToken}, asReader, func() error {
			session, user, err := other.Account.Authenticate(operator(t), adaToken)
			if err != nil {
				return err
			}
			return other.Account.SignOut(logic.WithViewer(t.Context(), logic.Viewer{User: user.ID, Role: user.Role, Session: session.ID, Limit: logic.AllScopes, SessionLimit: logic.AllScopes}))
		}, func(got answer) bool { return got.StatusCode == http.StatusUnauthorized }},
	}
	for _, test := range tests {
		if got := w.post(t, scopes, test.headers...); got.body != test.before {
			t.Fatalf("before %s: status %d: %s", test.name, got.StatusCode, got.body)
		}
		if err := test.change(); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		changed := time.Now()
		for {
			begun := time.Since(changed)
			got := w.post(t, scopes, test.headers...)
			if test.holds(got) {
				break
			}
			if begun > time.Second {
				t.Fatalf("%s: %v after it changed: status %d: %s", test.name, begun, got.StatusCode, got.body)
			}
		}
	}
}
