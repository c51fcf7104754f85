package account_test

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/store"
)

// start is the moment at which tests begin.
const start logic.Moment = 1_767_225_600_000 // 2026-01-01

// public is the built-in client.
const public logic.ClientID = 1

// good is a password that nothing is wrong with.
const good = "correct horse battery"

// world is the domain over a real store, with a clock that stands until a test moves it, and an outbox that keeps mail.
type world struct {
	t       *testing.T
	dir     string
	store   *store.Store
	people  *account.Service
	options account.Options
	now     atomic.Int64
	outbox  outbox
}

type outbox []account.Mail

func (o *outbox) Send(_ context.Context, mail account.Mail) { *o = append(*o, mail) }

// token returns the token of the newest mail, which must have gone to the address.
func (w *world) token(to string) string {
	w.t.Helper()
	if len(w.outbox) == 0 || w.outbox[len(w.outbox)-1].To != to {
		w.t.Fatalf("no mail went to %s, but %+v", to, w.outbox)
	}
	_, rest, ok := strings.Cut(w.outbox[len(w.outbox)-1].Text, "https://example.org/")
	token, _, end := strings.Cut(rest, "\n")
	if !ok || !end {
		w.t.Fatalf("no link in %q", w.outbox[len(w.outbox)-1].Text)
	}
	return token[strings.Index(token, "=")+1:]
}

// newWorld opens a world where strangers may sign up and mail is sent, unless options say otherwise.
func newWorld(t *testing.T, options ...func(*account.Options)) *world {
	w := &world{t: t, dir: filepath.Join(t.TempDir(), "data")}
	w.now.Store(int64(start))
	w.options = account.Options{SignUp: true, Mailer: &w.outbox, Links: account.Links{
		Confirm: "https://example.org/confirm?token={token}", Reset: "https://example.org/reset?token={token}",
		Invite: "https://example.org/invite?token={token}",
	}}
	for _, change := range options {
		change(&w.options)
	}
	w.open()
	t.Cleanup(w.close)
	return w
}

// withoutMail is where no mail is sent.
func withoutMail(options *account.Options) { options.Mailer = nil }

func (w *world) open() {
	opened, err := store.Open(w.t.Context(), store.Options{Dir: w.dir, Clock: w.clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		w.t.Fatal(err)
	}
	w.store, w.people = opened, account.New(opened.Account(), w.clock, opened.Keys(), w.options)
}

func (w *world) close() {
	if err := w.store.Close(); err != nil {
		w.t.Error(err)
	}
}

// restart closes the program and opens it again on the same folder.
func (w *world) restart() {
	w.close()
	w.open()
}

func (w *world) clock() logic.Moment { return logic.Moment(w.now.Load()) }

func (w *world) later(d time.Duration) { w.now.Add(d.Milliseconds()) }

// from returns a context of a request by nobody from an address, which signing in may change.
func (w *world) from(address string) context.Context {
	return logic.WithViewer(w.t.Context(), logic.Viewer{
		Address: netip.MustParseAddr(address), Client: public, Browser: true, Limit: logic.AllScopes,
		UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
	})
}

// anyone returns a context of a request by nobody.
func (w *world) anyone() context.Context { return w.from("203.0.113.7") }

// as returns a context of a request that comes with a session's token.
func (w *world) as(token string) context.Context {
	w.t.Helper()
	session, user, err := w.people.Authenticate(w.t.Context(), token)
	if err != nil {
		w.t.Fatal(err)
	}
	viewer := logic.ViewerFrom(w.anyone())
	viewer.User, viewer.Role, viewer.Session, viewer.SessionLimit, viewer.ProvedAt = user.ID, user.Role, session.ID, logic.AllScopes, session.ProvedAt
	return logic.WithViewer(w.t.Context(), viewer)
}

// operator returns the context of the command line.
func (w *world) operator() context.Context { return logic.WithViewer(w.t.Context(), logic.Operator()) }

// withScopes returns the context of a secret key.
func (w *world) withScopes(scopes ...logic.Scope) context.Context {
	return logic.WithViewer(w.t.Context(), logic.Viewer{Secret: true, Limit: logic.ScopesOf(scopes...)})
}

// add makes a user with the good password.
func (w *world) add(username string, role logic.Role) account.User {
	w.t.Helper()
	user, err := w.people.CreateUser(w.operator(), account.CreateUserInput{
		Username: username, Email: username + "@example.org", Role: role, Password: new(good),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return user
}

// signIn signs a user of add's in.
func (w *world) signIn(username string) account.Grant {
	w.t.Helper()
	grant, err := w.people.SignIn(w.anyone(), account.SignInInput{Login: username, Password: good})
	if err != nil {
		w.t.Fatal(err)
	}
	return grant
}

// try signs in with a password from an address.
func (w *world) try(login, password, address string) error {
	_, err := w.people.SignIn(w.from(address), account.SignInInput{Login: login, Password: password})
	return err
}

// imported makes a post with an author, and returns the author's key.
func (w *world) imported(author string, change func(*content.PostImport)) logic.UserID {
	w.t.Helper()
	in := content.PostImport{Source: author, Title: "By " + author, Authors: []string{author}, PublishedAt: start - 1}
	if change != nil {
		change(&in)
	}
	result, err := content.New(w.store.Content(), w.clock, w.store.Keys(), content.Options{}).ImportPost(w.operator(), in)
	if err != nil {
		w.t.Fatal(err)
	}
	return result.Post.AuthorIDs[0]
}

// write runs fn as one change.
func (w *world) write(fn func(account.Writer) error) {
	w.t.Helper()
	mustDo(w.t, "writing", w.store.Account().Write(w.t.Context(), fn))
}

// mustFail fails the test unless err has the code, at the fields that are given.
func mustFail(t *testing.T, what string, err error, code logic.Code, field ...string) {
	t.Helper()
	var at []string
	if fault, ok := errors.AsType[*logic.Error](err); ok {
		at = fault.Field
	} else if faults, ok := errors.AsType[logic.Faults](err); ok && len(faults) == 1 {
		at = faults[0].Field
	}
	if err == nil || logic.CodeOf(err) != code || strings.Join(at, ".") != strings.Join(field, ".") {
		t.Errorf("%s: %v at %v, want %s at %v", what, err, at, code, field)
	}
}

// mustDo fails the test where err is not nil.
func mustDo(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
}
