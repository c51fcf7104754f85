package account_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"

	"headwater/logic"
	"headwater/logic/account"
)

func TestPasswordsAreHashedAnewWithOtherParameters(t *testing.T) {
	w := newWorld(t)
	ada := w.add("ada", logic.RoleAuthor)
	weak, err := argon2id.CreateHash(good, &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.store.Account().Write(t.Context(), func(writer account.Writer) error { return writer.SetPassword(t.Context(), ada.ID, weak) }); err != nil {
		t.Fatal(err)
	}
	mustFail(t, "a wrong password", w.try("ada", "wrong password", "203.0.113.7"), logic.CodeWrongCredentials)
	for range 2 {
		w.signIn("ada")
		credential, err := w.store.Account().CredentialByID(t.Context(), ada.ID)
		if err != nil || !strings.HasPrefix(credential.Password, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("kept as %s (%v)", credential.Password, err)
		}
	}
}

func TestWhoeverFindsNoPlaceToHashIsToldAndNotCounted(t *testing.T) {
	w := newWorld(t, func(options *account.Options) { options.Hashes, options.Queue = 1, 1 })
	w.add("ada", logic.RoleAuthor)
	const callers = 20
	outcomes := make(chan error, callers)
	for range callers {
		go func() { outcomes <- w.try("ada", good, "203.0.113.7") }()
	}
	overloaded := 0
	for range callers {
		err := <-outcomes
		switch fault, ok := errors.AsType[*logic.Error](err); {
		case ok && fault.Code == logic.CodeOverloaded && fault.RetryAfter > 0:
			overloaded++
		case err != nil && logic.CodeOf(err) != logic.CodeRateLimited: // many that wait are taken for tries until they are through
			t.Errorf("%v", err)
		}
	}
	if overloaded == 0 {
		t.Error("nobody was turned away")
	}
	mustDo(t, "afterwards", w.try("ada", good, "203.0.113.7"))
}

func TestWhoNoLongerWaitsIsNotCounted(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	for range 10 {
		ctx, cancel := context.WithCancel(w.anyone())
		cancel()
		if _, err := w.people.SignIn(ctx, account.SignInInput{Login: "ada", Password: good}); err == nil {
			t.Error("signed in for nobody")
		}
	}
	mustDo(t, "afterwards", w.try("ada", good, "203.0.113.7"))
}
