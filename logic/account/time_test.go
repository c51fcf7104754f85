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

// Whoever compares times must not learn who has an account. The medians of a thousand tries, taken in turns so that whatever else the
// machine does falls on both, differ by less than a tenth; a machine that is too busy to tell gets a second chance of twice as many.
func TestSigningInTakesAsLongForWhoIsUnknown(t *testing.T) {
	w := newWorld(t, unthrottled)
	w.add("known", logic.RoleAuthor)
	known, unknown := w.medians(500)
	if apart(known, unknown) > 0.1 {
		t.Logf("once more: the medians are %s and %s", known, unknown)
		known, unknown = w.medians(1000)
	}
	if apart(known, unknown) > 0.1 {
		t.Errorf("a known login takes %s, an unknown one %s", known, unknown)
	}
	t.Logf("a known login takes %s, an unknown one %s", known, unknown)
}

// medians returns how long signing in takes with a wrong password, with a known login and with an unknown one.
func (w *world) medians(tries int) (known, unknown time.Duration) {
	var times [2][]time.Duration
	for i := range 2 * tries {
		login := []string{"known", "nobody"}[i%2]
		begun := time.Now()
		err := w.try(login, "wrong password", "203.0.113.7")
		times[i%2] = append(times[i%2], time.Since(begun))
		mustFail(w.t, login, err, logic.CodeWrongCredentials)
	}
	for _, all := range times {
		slices.Sort(all)
	}
	return times[0][tries/2], times[1][tries/2]
}

// apart returns by what part of the longer one two durations differ.
func apart(a, b time.Duration) float64 { return math.Abs(float64(a-b)) / float64(max(a, b)) }
