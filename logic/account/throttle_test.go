package account_test

import (
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

func TestNobodyShutsOutAnother(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	const home, elsewhere = "203.0.113.7", "198.51.100.9"
	mustDo(t, "at home", w.try("ada", good, home))
	for i := range 5 {
		mustFail(t, "an attack", w.try("ada", "wrong password", fmt.Sprintf("192.0.2.%d", i)), logic.CodeWrongCredentials)
	}
	mustWait(t, "the attack", w.try("ada", "wrong password", "192.0.2.99"), time.Second)
	mustWait(t, "elsewhere", w.try("ada", good, elsewhere), time.Second)
	mustDo(t, "at home, during the attack", w.try("ada", good, home))
	mustDo(t, "by mail, during the attack", w.people.RequestPasswordReset(w.from(elsewhere), "ada"))
	_, err := w.people.ResetPassword(w.from(elsewhere), account.ResetPasswordInput{Token: w.token("ada@example.org"), Password: "another good one"})
	mustDo(t, "the reset", err)
	w.later(time.Second)
	mustDo(t, "elsewhere, after waiting", w.try("ada", "another good one", elsewhere))
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
	for range 5 {
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

func TestMailIsNotAskedForWithoutEnd(t *testing.T) {
	w := newWorld(t, few)
	w.add("ada", logic.RoleAuthor)
	for _, login := range []string{"ada", "nobody"} {
		for range 2 {
			mustDo(t, login, w.people.RequestPasswordReset(w.anyone(), login))
		}
		mustWait(t, login, w.people.RequestPasswordReset(w.anyone(), login), time.Second)
		w.later(25 * time.Hour)
	}
	if len(w.outbox) != 2 {
		t.Errorf("sent %d mails, want 2", len(w.outbox))
	}
}
