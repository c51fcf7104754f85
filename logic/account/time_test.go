//go:build !race

package account_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/account"
)

// unthrottled lets tries be wrong without waiting.
func unthrottled(options *account.Options) {
	options.Tries = account.Tries{Pair: math.MaxInt32, Address: math.MaxInt32, Account: math.MaxInt32}
}

// logins are those of a person by either name, of nobody, of one who is deactivated, and of one without a password.
var logins = []string{"known", "known@example.org", "nobody", "gone", "eva-quill"}

// Whoever compares times must not learn who has an account. The medians of more than a thousand tries, taken in turns so that whatever
// else the machine does falls on all, differ by less than a tenth; a machine that is too busy to tell gets a second chance of twice as many.
func TestSigningInTakesAsLongForWhoIsUnknown(t *testing.T) {
	w := newWorld(t, unthrottled)
	w.add("known", logic.RoleAuthor)
	w.imported("Éva Quill", nil)
	_, err := w.people.DeactivateUser(w.operator(), w.add("gone", logic.RoleReader).ID)
	mustDo(t, "deactivating", err)
	medians := w.medians(250)
	if apart(medians) > 0.1 {
		t.Logf("once more: the medians are %s", medians)
		medians = w.medians(500)
	}
	if apart(medians) > 0.1 {
		t.Errorf("of %q, the medians are %s", logins, medians)
	}
	t.Logf("of %q, the medians are %s", logins, medians)
}

// medians returns how long signing in takes with a wrong password, by each of the logins.
func (w *world) medians(tries int) []time.Duration {
	times := make([][]time.Duration, len(logins))
	for range tries {
		for i, login := range logins {
			begun := time.Now()
			err := w.try(login, "wrong password", "203.0.113.7")
			times[i] = append(times[i], time.Since(begun))
			mustFail(w.t, login, err, logic.CodeWrongCredentials)
		}
	}
	medians := make([]time.Duration, len(logins))
	for i, all := range times {
		slices.Sort(all)
		medians[i] = all[tries/2]
	}
	return medians
}

// apart returns by what part of the longest the shortest duration differs from it.
func apart(durations []time.Duration) float64 {
	longest := slices.Max(durations)
	return float64(longest-slices.Min(durations)) / float64(longest)
}
