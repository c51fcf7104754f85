package cache

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"headwater/logic"
)

// database is a database of numbers, with the commits of several processes.
type database struct {
	commits atomic.Uint32
	values  [5]atomic.Uint32
}

func thing(i int) logic.Thing { return logic.PostThing(logic.PostID(i + 1)) }

func newCache(bytes int64) (*Cache, *database) {
	d := &database{}
	return New(Options{Bytes: bytes, Commits: d.commits.Load, Clock: func() logic.Moment { return 0 }, Freshness: time.Second}), d
}

// read is an answer in the making.
type read struct {
	key    Key
	things []int
	body   string
	stamp  Stamp
}

func (d *database) body(things []int) string {
	var text strings.Builder
	for _, i := range things {
		fmt.Fprintf(&text, "%d=%d ", i, d.values[i].Load())
	}
	return text.String()
}

// TestAnswersHold has answers made slowly while things change, through the cache's own process and behind its back.
func TestAnswersHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, d := newCache(rapid.Int64Range(3_000, 100_000).Draw(t, "bytes"))
		var making []read
		var committing []int
		key := func(t *rapid.T) (Key, []int) {
			things := rapid.SliceOfNDistinct(rapid.IntRange(0, 4), 1, 3, func(i int) int { return i }).Draw(t, "things")
			return KeyOf(append(make([]byte, SecretSize), fmt.Sprint(things)...)), things
		}
		t.Repeat(map[string]func(*rapid.T){
			"ask": func(t *rapid.T) {
				key, things := key(t)
				answer, stamp := c.Get(key, "")
				if answer != nil && string(answer.Body) != d.body(things) {
					t.Fatalf("kept %s, is %s", answer.Body, d.body(things))
				}
				if answer == nil {
					making = append(making, read{key, things, d.body(things), stamp})
				}
			},
			"keep": func(t *rapid.T) {
				if len(making) == 0 {
					return
				}
				i := rapid.IntRange(0, len(making)-1).Draw(t, "i")
				made := making[i]
				making = append(making[:i], making[i+1:]...)
				c.Keep(made.key, "", &Answer{Body: []byte(made.body)}, logic.Findings{Things: logic.Things(made.things, thing)}, made.stamp)
			},
			"begin to commit": func(t *rapid.T) {
				if committing != nil {
					return
				}
				_, committing = key(t)
				c.Committing(logic.Things(committing, thing), true)
			},
			"commit": func(t *rapid.T) {
				if committing == nil {
					return
				}
				if rapid.IntRange(0, 9).Draw(t, "fails") > 0 {
					for _, i := range committing {
						d.values[i].Add(1)
					}
					d.commits.Add(1)
				}
				if rapid.Bool().Draw(t, "asked in between") {
					key, things := key(t)
					if answer, _ := c.Get(key, ""); answer != nil && string(answer.Body) != d.body(things) {
						t.Fatalf("kept %s, is %s", answer.Body, d.body(things))
					}
				}
				c.Committed(true)
				committing = nil
			},
			"another process commits": func(t *rapid.T) {
				if committing != nil {
					return // it has to wait
				}
				d.values[rapid.IntRange(0, 4).Draw(t, "i")].Add(1)
				d.commits.Add(1)
			},
			"": func(t *rapid.T) { checkBooks(t, c) },
		})
	})
}

// checkBooks checks that what the cache counts is what it has.
func checkBooks(t *rapid.T, c *Cache) {
	var bytes int64
	links := 0
	for key, e := range c.answers {
		bytes += e.bytes
		links += len(e.links)
		if e.key != key {
			t.Fatal("an answer stands under another key")
		}
	}
	found := 0
	for thing, first := range c.resting {
		for link := first; link != nil; link = link.next {
			if found++; link.thing != thing || c.answers[link.entry.key] != link.entry {
				t.Fatal("something rests on a thing that is not kept")
			}
		}
	}
	if bytes != c.recent.bytes+c.hot.bytes || bytes > c.options.Bytes || links != found {
		t.Fatalf("%d bytes in %d of %d, %d links of %d", bytes, c.recent.bytes+c.hot.bytes, c.options.Bytes, found, links)
	}
}

func (c *Cache) mustKeep(t *testing.T, name, address string, findings logic.Findings) {
	t.Helper()
	key := keyNamed(name)
	_, stamp := c.Get(key, address)
	if !c.Keep(key, address, &Answer{Body: []byte(name + address)}, findings, stamp) {
		t.Fatalf("%s is not kept", name)
	}
}

func keyNamed(name string) Key { return KeyOf(append(make([]byte, SecretSize), name...)) }

func (c *Cache) has(name, address string) bool {
	answer, _ := c.Get(keyNamed(name), address)
	return answer != nil && string(answer.Body) == name+address
}

func TestExactlyWhatRestsOnAChangeGoes(t *testing.T) {
	c, d := newCache(1 << 20)
	for i := range 5 {
		c.mustKeep(t, fmt.Sprint(i), "", logic.Findings{Things: []logic.Thing{thing(i), logic.TheSite}})
	}
	c.Committing([]logic.Thing{thing(1), thing(3)}, true)
	d.commits.Add(1)
	c.Committed(true)
	for i := range 5 {
		if got, want := c.has(fmt.Sprint(i), ""), i != 1 && i != 3; got != want {
			t.Errorf("%d is kept: %v", i, got)
		}
	}
	c.Committing([]logic.Thing{logic.Everything}, true)
	d.commits.Add(1)
	c.Committed(true)
	if c.has("0", "") || len(c.answers) != 0 || len(c.resting) != 0 {
		t.Error("something was left of everything")
	}
}

func TestACommitBehindOneThatFailedIsSomebodyElses(t *testing.T) {
	c, d := newCache(1 << 20)
	c.mustKeep(t, "a", "", logic.Findings{Things: []logic.Thing{thing(0)}})
	c.Committing([]logic.Thing{thing(1)}, true)
	d.commits.Add(1)
	c.Committed(false)
	if c.has("a", "") {
		t.Error("an answer outlived a commit of which nobody knows what it changed")
	}
}

func TestAnswersOfAddressesAreKeptApart(t *testing.T) {
	c, _ := newCache(1 << 20)
	of := logic.Findings{ByAddress: true}
	c.mustKeep(t, "a", "here", of)
	c.mustKeep(t, "a", "there", of)
	if !c.has("a", "here") || !c.has("a", "there") || c.has("a", "") {
		t.Error("answers of addresses are mixed")
	}
}

func TestCountsHoldForTheirTime(t *testing.T) {
	now := logic.Moment(1000)
	d := &database{}
	c := New(Options{Bytes: 1 << 20, Commits: d.commits.Load, Clock: func() logic.Moment { return now }, Freshness: time.Second})
	_, stamp := c.Get(keyNamed("a"), "")
	c.Keep(keyNamed("a"), "", &Answer{Body: []byte("a"), Made: now}, logic.Findings{Counts: true}, stamp)
	now += 999
	if !c.has("a", "") {
		t.Error("went too early")
	}
	if now++; c.has("a", "") {
		t.Error("stayed too long")
	}
}

func TestOneOffAnswersDoNotDriveOutHotOnes(t *testing.T) {
	c, _ := newCache(200_000)
	for i := range 20 {
		c.mustKeep(t, fmt.Sprint("hot ", i), "", logic.Findings{})
		c.has(fmt.Sprint("hot ", i), "")
	}
	for i := range 10_000 {
		c.mustKeep(t, fmt.Sprint("once ", i), "", logic.Findings{})
	}
	for i := range 20 {
		if !c.has(fmt.Sprint("hot ", i), "") {
			t.Fatalf("hot %d was driven out", i)
		}
	}
}

func TestLargeAnswersAreNotKept(t *testing.T) {
	c, _ := newCache(160_000)
	if c.Keep(keyNamed("a"), "", &Answer{Body: make([]byte, 10_000)}, logic.Findings{}, 0) {
		t.Error("an answer took more than its part")
	}
}

func TestManyUseACacheAtOnce(t *testing.T) {
	c, d := newCache(50_000)
	var group sync.WaitGroup
	for reader := range 4 {
		group.Go(func() {
			for n := range 3000 {
				i := (n*7 + reader) % 5
				before := d.values[i].Load()
				key := keyNamed(fmt.Sprint(i))
				answer, stamp := c.Get(key, "")
				if answer == nil {
					c.Keep(key, "", &Answer{Body: fmt.Append(nil, d.values[i].Load())}, logic.Findings{Things: []logic.Thing{thing(i)}}, stamp)
					continue
				}
				var kept uint32
				if _, err := fmt.Sscan(string(answer.Body), &kept); err != nil || kept < before {
					t.Errorf("%s is older than what was committed before it was asked for, %d", answer.Body, before)
					return
				}
			}
		})
	}
	group.Go(func() {
		for n := range 3000 {
			i := n % 5
			c.Committing([]logic.Thing{thing(i)}, true)
			d.values[i].Add(1)
			d.commits.Add(1)
			c.Committed(true)
		}
	})
	group.Wait()
}

func BenchmarkGet(b *testing.B) {
	c, _ := newCache(1 << 20)
	key := keyNamed("a")
	_, stamp := c.Get(key, "")
	c.Keep(key, "", &Answer{Body: []byte("a")}, logic.Findings{Things: []logic.Thing{thing(1)}}, stamp)
	request := make([]byte, SecretSize+500)
	b.ReportAllocs()
	for b.Loop() {
		if answer, _ := c.Get(KeyOf(request[:SecretSize+1]), ""); answer != nil {
			b.Fatal("another answer")
		}
		c.Get(key, "")
	}
}
