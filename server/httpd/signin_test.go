package httpd

import (
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"headwater/logic"
)

// TestManySignInsAtOnce has 60 people sign in at the same time, with real hashes, while others read: those wait hardly longer
// than before, and the memory stays small. It runs alone, since it measures both.
func TestManySignInsAtOnce(t *testing.T) {
	const (
		people, each = 6, 10
		maxDelay     = 100 * time.Millisecond
		maxGrowth    = 300 << 20
	)
	w := newWorld(t, func(s *setup) {
		s.clock = logic.SystemClock
		s.limits.Operation = time.Minute
		s.proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	for i := range people {
		w.addPerson(t, fmt.Sprint("person", i), logic.RoleAuthor)
	}
	memory, told := resident(t)
	most := memory
	// One that waits is no reason to ask less often.
	medianUntil := func(ended func() bool) (median time.Duration, count int) {
		var mu sync.Mutex
		var took []time.Duration
		var group sync.WaitGroup
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for !ended() {
			<-tick.C
			count++
			now, _ := resident(t)
			most = max(most, now)
			group.Go(func() {
				began := time.Now()
				if got := w.post(t, `{"query":"{posts(first:5){nodes{title authors{name}} totalCount} site{title}}"}`); got.StatusCode != http.StatusOK {
					t.Errorf("a query got %d: %s", got.StatusCode, got.body)
				}
				mu.Lock()
				defer mu.Unlock()
				took = append(took, time.Since(began))
			})
		}
		group.Wait()
		slices.Sort(took)
		return took[len(took)/2], count
	}
	asked := 0
	before, _ := medianUntil(func() bool { asked++; return asked > 100 })

	var ended atomic.Int64
	var group sync.WaitGroup
	for i := range people * each {
		group.Go(func() {
			defer ended.Add(1)
			got := w.post(t, signInBody(fmt.Sprint("person", i%people)), "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i))
			if cookieOf(t, got) == nil {
				t.Errorf("status %d: %s", got.StatusCode, got.body)
			}
		})
	}
	under, count := medianUntil(func() bool { return ended.Load() == people*each })
	group.Wait()
	if count < 10 {
		t.Fatalf("only %d queries were asked meanwhile", count)
	}
	delay, growth := under-before, most-memory
	t.Logf("%d sign-ins: %d queries meanwhile, at the median %v later; %d MiB more", people*each, count, delay, growth>>20)
	if delay > maxDelay {
		t.Errorf("queries are delayed by %v at the median", delay)
	}
	switch {
	case !told:
		t.Log("this system does not tell how much memory a process has, so that was not looked at")
	case growth > maxGrowth:
		t.Errorf("the memory grew by %d MiB", growth>>20)
	}
}

// resident returns how many bytes of the process are in memory, and whether the system tells at all.
func resident(t *testing.T) (int64, bool) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize()), true
}
