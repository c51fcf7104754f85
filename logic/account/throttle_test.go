package account_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/account"
)

// few lets two tries of a login from a network be wrong, three of a network and five of a login.
func few(options *account.Options) {
	options.Tries = account.Tries{Pair: 2, Address: 3, Account: 5, MaxWait: 8 * time.Second}
}

// mustWait fails the test unless err says to wait so long.
func mustWait(t *testing.T, what string, err error, wait time.Duration) {
	t.Helper()
	fault, ok := errors.AsType[*logic.Error](err)
	if !ok || fault.Code != logic.CodeRateLimited || fault.RetryAfter != wait {
		t.Errorf("%s: %v, want to wait %s", what, err, wait)
	}
}

func TestWaitsGrowAndSurviveARestart(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	const here = "203.0.113.7"
	for _, login := range []string{"ada", "nobody"} {
		for range 2 {
			mustFail(t, login, w.try(login, "wrong password", here), logic.CodeWrongCredentials)
		}
		for _, wait := range []time.Duration{1, 2, 4, 8, 8} {
			mustWait(t, login, w.try(login, good, here), wait*time.Second)
			w.later(wait*time.Second - time.Millisecond)
			mustWait(t, login, w.try(login, good, here), time.Millisecond)
			w.restart()
			mustWait(t, login+" after a restart", w.try(login, good, here), time.Millisecond)
			w.later(time.Millisecond)
			mustFail(t, login, w.try(login, "wrong password", here), logic.CodeWrongCredentials)
		}
		w.later(25 * time.Hour)
	}
	mustDo(t, "after a day", w.try("ada", good, here))
}

func TestWhoSignsInBeginsAnew(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	for range 5 {
		mustFail(t, "a wrong password", w.try("ada", "wrong password", "203.0.113.7"), logic.CodeWrongCredentials)
		mustDo(t, "the right one", w.try("ada", good, "203.0.113.7"))
		w.later(8 * time.Second)
	}
}

func TestANetworkWaits(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	for i, address := range []string{"2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:3:4:5:6"} {
		mustFail(t, address, w.try(fmt.Sprintf("nobody-%d", i), "wrong password", address), logic.CodeWrongCredentials)
	}
	mustWait(t, "the same network", w.try("ada", good, "2001:db8:1:2:ffff::"), time.Second)
	mustDo(t, "another network", w.try("ada", good, "2001:db8:1:3::1"))
	mustDo(t, "another network", w.try("ada", good, "::ffff:192.0.2.1"))
}

// exhaust has strangers' tries fail from an address until the next has to wait the longest.
func (w *world) exhaust(address string) {
	w.t.Helper()
	for i := range 7 {
		w.later(8 * time.Second)
		mustFail(w.t, "a stranger", w.try(fmt.Sprintf("stranger-%d", i), "wrong password", address), logic.CodeWrongCredentials)
	}
	mustWait(w.t, "another stranger", w.try("stranger", "wrong password", address), 8*time.Second)
}

func TestWhoIsKnownInANetworkNeedNotWaitForOthers(t *testing.T) {
	const office = "203.0.113.7"
	for _, login := range []string{"ada", "ada@example.org"} {
		w := newWorld(t, few)
		w.add("ada", logic.RoleAuthor)
		mustDo(t, "before", w.try("ada", good, office))
		w.exhaust(office)
		mustFail(t, login+": mistyped", w.try(login, "wrong password", office), logic.CodeWrongCredentials)
		mustDo(t, login, w.try(login, good, office))
		mustWait(t, login+" elsewhere", w.triedOften(login), time.Second)
	}
}

// triedOften fails with a login in many networks until it has to wait, and returns that.
func (w *world) triedOften(login string) error {
	for i := range 5 {
		mustFail(w.t, login, w.try(login, "wrong password", fmt.Sprintf("192.0.2.%d", i)), logic.CodeWrongCredentials)
	}
	return w.try(login, good, "192.0.2.99")
}

func TestWhoIsKnownCountsNothingOfTheirNetwork(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	w.add("grace", logic.RoleAuthor)
	w.signIn("ada")
	for range 4 {
		w.later(8 * time.Second)
		mustFail(t, "ada", w.try("ada", "wrong password", "203.0.113.7"), logic.CodeWrongCredentials)
	}
	mustFail(t, "grace", w.try("grace", "wrong password", "203.0.113.7"), logic.CodeWrongCredentials)
	w.signIn("grace")
}

func TestHowLongOneIsKnownInANetwork(t *testing.T) {
	w := newWorld(t, few)
	ada := w.add("ada", logic.RoleAuthor)
	const office = "203.0.113.7"
	mustDo(t, "before", w.try("ada", good, office))
	w.later(90 * 24 * time.Hour)
	w.run()
	w.exhaust(office)
	mustDo(t, "after 90 days", w.try("ada", good, office))
	for i := range 20 {
		w.later(time.Millisecond)
		mustDo(t, "elsewhere", w.try("ada", good, fmt.Sprintf("198.51.100.%d", i)))
	}
	mustWait(t, "after signing in from twenty others", w.try("ada", good, office), 8*time.Second-20*time.Millisecond)
	w.later(90*24*time.Hour + time.Millisecond)
	w.run()
	const elsewhere = "198.51.100.19"
	w.exhaust(elsewhere)
	mustWait(t, "after more than 90 days", w.try("ada", good, elsewhere), 8*time.Second)
	w.later(8 * time.Second)
	mustDo(t, "after waiting", w.try("ada", good, elsewhere))
	mustDo(t, "after that", w.try("ada", good, elsewhere))
	_, err := w.people.EraseUser(w.operator(), ada.ID)
	mustDo(t, "erasing", err)
	users, err := w.people.UsersByID(w.operator(), []logic.UserID{ada.ID})
	mustDo(t, "reading", err)
	mustFail(t, "nobody yet", w.try("nobody", good, elsewhere), logic.CodeWrongCredentials)
	mustWait(t, "the erased", w.try(users[ada.ID].Username, good, elsewhere), 8*time.Second)
}

func TestNobodyShutsOutAnother(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	const home, elsewhere = "203.0.113.7", "198.51.100.9"
	mustDo(t, "at home", w.try("ada", good, home))
	mustWait(t, "the attack", w.triedOften("ada"), time.Second)
	mustWait(t, "elsewhere", w.try("ada", good, elsewhere), time.Second)
	mustDo(t, "at home, during the attack", w.try("ada", good, home))
	mustDo(t, "by mail, during the attack", w.people.RequestPasswordReset(w.from(elsewhere), "ada"))
	_, err := w.people.ResetPassword(w.from(elsewhere), account.ResetPasswordInput{Token: w.token("ada@example.org"), Password: "another good one"})
	mustDo(t, "the reset", err)
	w.later(time.Second)
	mustDo(t, "elsewhere, after waiting", w.try("ada", "another good one", elsewhere))
}

// Whoever has an account must not clear what they fail with at those of others.
func TestSigningInTakesBackOnesOwnFailuresAlone(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	w.add("eve", logic.RoleReader)
	const here = "203.0.113.7"
	wrong := func(login string) {
		t.Helper()
		mustFail(t, login, w.try(login, "wrong password", here), logic.CodeWrongCredentials)
	}
	wrong("eve")
	wrong("victim-1")
	mustDo(t, "eve", w.try("eve", good, here))
	wrong("eve")
	mustDo(t, "eve once more", w.try("eve", good, here))
	wrong("ada")
	mustDo(t, "ada", w.try("ada", good, here))
	wrong("victim-2")
	wrong("victim-3")
	mustWait(t, "three others failed", w.try("victim-4", good, here), time.Second)

	// The same goes for a login that many fail with.
	w.later(25 * time.Hour)
	for i := range 4 {
		mustFail(t, "ada elsewhere", w.try("ada", "wrong password", fmt.Sprintf("192.0.2.%d", i)), logic.CodeWrongCredentials)
	}
	mustDo(t, "ada in the first of them", w.try("ada", good, "192.0.2.0"))
	for i := range 2 {
		mustFail(t, "ada elsewhere", w.try("ada", "wrong password", fmt.Sprintf("198.51.100.%d", i)), logic.CodeWrongCredentials)
	}
	mustWait(t, "five networks failed", w.try("ada", good, "198.51.100.9"), time.Second)
}

// The connection closes while the password is compared.
func TestClosingTheConnectionHidesNoFailure(t *testing.T) {
	w := newWorld(t, few)
	w.add("eve", logic.RoleReader)
	const here = "203.0.113.7"
	for i := range 3 {
		ctx, cancel := context.WithCancel(w.from(here))
		people := w.interrupting(2, cancel)
		_, err := people.SignIn(ctx, account.SignInInput{Login: fmt.Sprintf("victim-%d", i), Password: "wrong password"})
		mustFail(t, "a victim", err, logic.CodeWrongCredentials)
		mustDo(t, "eve", w.try("eve", good, here))
	}
	mustWait(t, "three failed", w.try("victim", good, here), time.Second)
}

func TestWhatWasNotTriedIsNotCounted(t *testing.T) {
	w := newWorld(t, few)
	ada := w.add("ada", logic.RoleAuthor)
	const here = "203.0.113.7"
	for range 5 {
		ctx, cancel := context.WithCancel(w.from(here))
		people := w.interrupting(2, cancel)
		_, err := people.SignIn(ctx, account.SignInInput{Login: "ada", Password: good})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("whoever went away before the session began: %v", err)
		}
	}
	setPassword := func(hash string) {
		mustDo(t, "a hash", w.store.Account().Write(t.Context(), func(writer account.Writer) error {
			return writer.SetPassword(t.Context(), ada.ID, hash)
		}))
	}
	credential, err := w.store.Account().CredentialByID(t.Context(), ada.ID)
	mustDo(t, "reading", err)
	setPassword("no hash")
	for range 5 {
		if err := w.try("ada", good, here); err == nil || logic.CodeOf(err) == logic.CodeRateLimited {
			t.Errorf("what could not be compared: %v", err)
		}
	}
	setPassword(credential.Password)
	mustDo(t, "afterwards", w.try("ada", good, here))
}

func TestAPasswordThatIsChangedMeanwhileLetsNobodyIn(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	people := w.interrupting(2, func() {
		_, err := w.people.SetPassword(w.operator(), "ada", "another good one")
		mustDo(t, "another password", err)
	})
	_, err := people.SignIn(w.anyone(), account.SignInInput{Login: "ada", Password: good})
	mustFail(t, "the old one", err, logic.CodeWrongCredentials)
}

func TestSigningInLeavesTheWaitOfOthersAsItWas(t *testing.T) {
	w := newWorld(t, few)
	for _, username := range []string{"ada", "eva", "grace"} {
		w.add(username, logic.RoleAuthor)
	}
	const office = "203.0.113.7"
	w.exhaust(office)
	w.later(8 * time.Second)
	mustDo(t, "ada", w.try("ada", good, office))
	mustDo(t, "eva, at once", w.try("eva", good, office))
	people := w.interrupting(2, func() {
		w.later(8 * time.Second)
		mustFail(t, "a stranger meanwhile", w.try("stranger", "wrong password", office), logic.CodeWrongCredentials)
	})
	_, err := people.SignIn(w.from(office), account.SignInInput{Login: "grace", Password: good})
	mustDo(t, "grace", err)
	mustWait(t, "another stranger", w.try("stranger", "wrong password", office), 8*time.Second)
}

func TestNobodyWaitsBecauseTheClockWasSetBack(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	const here = "203.0.113.7"
	wrong := func() {
		t.Helper()
		mustFail(t, "a wrong password", w.try("ada", "wrong password", here), logic.CodeWrongCredentials)
	}
	wrong()
	w.later(-time.Millisecond)
	wrong()
	w.later(-3 * time.Second)
	mustWait(t, "a little back", w.try("ada", good, here), 4*time.Second)
	w.later(-24 * time.Hour)
	wrong()
	mustWait(t, "a third wrong one", w.try("ada", good, here), 2*time.Second)
	w.later(-24 * time.Hour)
	mustDo(t, "a day back", w.try("ada", good, here))
}

func TestManyTriesAtOnceAreCounted(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	const tries = 20
	outcomes := make(chan logic.Code, tries)
	for range tries {
		go func() { outcomes <- logic.CodeOf(w.try("ada", "wrong password", "203.0.113.7")) }()
	}
	count := map[logic.Code]int{}
	for range tries {
		count[<-outcomes]++
	}
	if count[logic.CodeWrongCredentials] != 2 || count[logic.CodeRateLimited] != tries-2 {
		t.Errorf("%v, want two that were compared", count)
	}
}

// A network may sign in many at once, until too many failed: then they are compared one by one.
func TestANetworkThatOftenFailedTriesOneAtATime(t *testing.T) {
	w := newWorld(t, few)
	const here, tries = "203.0.113.7", 20
	w.exhaust(here)
	w.later(8 * time.Second)
	outcomes := make(chan logic.Code, tries)
	for i := range tries {
		go func() { outcomes <- logic.CodeOf(w.try(fmt.Sprintf("victim-%d", i), "wrong password", here)) }()
	}
	count := map[logic.Code]int{}
	for range tries {
		count[<-outcomes]++
	}
	if count[logic.CodeWrongCredentials] != 1 || count[logic.CodeRateLimited] != tries-1 {
		t.Errorf("%v, want one that was compared", count)
	}
}

func TestAServerSignsInForMany(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	server := func() error {
		ctx := w.withScopes(logic.ScopePostsRead)
		_, err := w.people.SignIn(ctx, account.SignInInput{Login: "ada", Password: good})
		return err
	}
	for i := range 4 {
		ctx := w.withScopes(logic.ScopePostsRead)
		_, err := w.people.SignIn(ctx, account.SignInInput{Login: fmt.Sprintf("nobody-%d", i), Password: good})
		mustFail(t, "a reader of the server's", err, logic.CodeWrongCredentials)
	}
	mustDo(t, "another one", server())
	mustWait(t, "an attack from elsewhere", w.triedOften("ada"), time.Second)
	mustDo(t, "one who is known through the server", server())
	for range 2 {
		ctx := w.withScopes(logic.ScopePostsRead)
		_, err := w.people.SignIn(ctx, account.SignInInput{Login: "ada", Password: "wrong password"})
		mustFail(t, "a wrong password", err, logic.CodeWrongCredentials)
	}
	mustWait(t, "a login that often failed", server(), time.Second)
}

func TestAPasswordOfOnesOwnIsNotGuessedInASession(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	ctx := w.as(w.signIn("ada").Token)
	for range 2 {
		err := w.people.ChangePassword(ctx, account.ChangePasswordInput{Current: "wrong password", New: "another good one"})
		mustFail(t, "a guess", err, logic.CodeWrongCredentials, "current")
	}
	err := w.people.ChangePassword(ctx, account.ChangePasswordInput{Current: good, New: "another good one"})
	mustWait(t, "a third", err, time.Second)
}

func TestAProofOfOnesOwnWaitsForNobodyElse(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	ctx := w.as(w.signIn("ada").Token)
	for range 2 {
		mustFail(t, "somebody in the same network", w.try("ada", "wrong password", "203.0.113.7"), logic.CodeWrongCredentials)
	}
	mustWait(t, "signing in", w.try("ada", good, "203.0.113.7"), time.Second)
	mustDo(t, "in a session", w.people.ChangePassword(ctx, account.ChangePasswordInput{Current: good, New: "another good one"}))
}

func TestSigningUpWaits(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	signUp := func(username, email, address string) error {
		return w.people.SignUp(w.from(address), account.SignUpInput{Username: username, Email: email, Password: good})
	}
	const here = "203.0.113.7"
	for range 3 {
		mustFail(t, "a username that is taken", signUp("ada", "new@example.org", here), logic.CodeTaken, "username")
	}
	mustWait(t, "a fourth from one network", signUp("ada", "new@example.org", here), time.Second)
	for i := range 2 {
		mustDo(t, "to one email", signUp("grace", "new@example.org", fmt.Sprintf("198.51.100.%d", i)))
	}
	mustWait(t, "a third mail", signUp("grace", "new@example.org", "198.51.100.3"), time.Second)
	if len(w.outbox) != 2 {
		t.Errorf("sent %d mails, want 2", len(w.outbox))
	}
	for range 5 {
		ctx := w.withScopes(logic.ScopePostsRead)
		err := w.people.SignUp(ctx, account.SignUpInput{Username: "ada", Email: "new@example.org", Password: good})
		mustFail(t, "by a server", err, logic.CodeTaken, "username")
	}
}

func TestNewEmailsWait(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleReader)
	ctx := w.as(w.signIn("ada").Token)
	move := func(email string) error {
		_, err := w.people.UpdateProfile(ctx, account.ProfileChange{Email: &email, Password: new(good)})
		return err
	}
	for range 2 {
		mustDo(t, "to one email", move("new@example.org"))
	}
	mustWait(t, "a third mail to it", move("new@example.org"), time.Second)
	mustWait(t, "a fourth by one person", move("other@example.org"), time.Second)
	w.later(time.Second)
	mustDo(t, "after waiting", move("other@example.org"))
}

func TestAResetByMailAlwaysWorks(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	const home = "203.0.113.7"
	w.exhaust(home)
	var statements int64
	for minute := range 120 {
		for _, login := range []string{"ada", "nobody"} {
			for i, address := range []string{home, "198.51.100.1"} {
				before := w.store.Statements()
				mustDo(t, "a stranger asks", w.people.RequestPasswordReset(w.from(address), login))
				if took := w.store.Statements() - before; minute+i == 0 {
					statements = took
				} else if took != statements {
					t.Errorf("%s takes %d statements in minute %d, at first %d", login, took, minute, statements)
				}
			}
		}
		w.later(time.Minute)
	}
	if sent := len(w.outbox); sent != 4*3 {
		t.Errorf("sent %d mails in two hours, want three each half hour", sent)
	}
	mustDo(t, "ada asks", w.people.RequestPasswordReset(w.from(home), "ada"))
	w.later(30*time.Minute - time.Millisecond)
	_, err := w.people.ResetPassword(w.from(home), account.ResetPasswordInput{Token: w.token("ada@example.org"), Password: "another good one"})
	mustDo(t, "the newest link", err)
}
