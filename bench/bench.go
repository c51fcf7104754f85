package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"headwater/store"
)

// bench is one run: servers on data of their own, asked in turns.
type bench struct {
	options
	root    string // of the checkout
	dir     string // for what this run makes
	data    madeData
	end     time.Time
	on      cores
	hearing *listener
	servers []*server
	asker   *operator                       // of Headwater's data, once that was copied
	rounds  map[string]map[string][]figures // by workload and server
	refused int                             // rounds, for a noisy neighbour
}

// checked is how many of a workload's requests are compared in full.
const checked = 100

// warm is the longest that a server is asked before it is measured, each request once where there is time.
const warm = 2 * time.Second

// all does everything up to the figures.
func (b *bench) all(ctx context.Context) error {
	for _, s := range b.servers {
		var err error
		if s.command, err = s.prepare(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if s.size, err = sizeOf(s.command[0]); err != nil {
			return err
		}
	}
	if err := b.on.pinLoad(); err != nil { // now, since compilers may have all cores
		return err
	}
	defer b.stop()
	for _, s := range b.servers {
		if s.name == storedBytes { // what it stores is asked for now
			if err := b.storeAnswers(); err != nil {
				return err
			}
		}
		if err := b.start(ctx, s, b.starts); err != nil {
			return err
		}
		if err := b.acquaint(s); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	fmt.Println("All answers are equal.")
	for _, w := range b.chosen() {
		if err := b.measure(ctx, w); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	if b.options.profile != "" {
		if err := b.takeProfile(ctx); err != nil {
			return err
		}
	}
	if err := b.checkViews(); err != nil {
		return err
	}
	if b.docs != "" {
		return b.write()
	}
	return nil
}

func (b *bench) stop() {
	for _, s := range b.servers {
		if s.process != nil {
			s.process.stop()
		}
	}
}

// acquaint finds out what a server calls the data by, and compares what it says with what Headwater does.
func (b *bench) acquaint(s *server) error {
	if s.name == storedBytes {
		s.known = b.servers[0].known
		return nil
	}
	var err error
	if s.known, err = walk(s); err != nil {
		return err
	}
	reference := b.servers[0]
	if diff := cmp.Diff(reference.known.pages, s.known.pages); diff != "" {
		return fmt.Errorf("its list of posts is another than Headwater's (-):\n%.3000s", diff)
	}
	for _, w := range workloads {
		if s.can(w) && !w.writes {
			if err := b.compare(reference, s, w); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
		}
	}
	return nil
}

// compare compares what two servers answer, that which is measured a second time too, when it may come from a cache.
func (b *bench) compare(reference, s *server, w workload) error {
	for i := range checked {
		expected, err := b.facts(reference, w, i)
		if err != nil {
			return err
		}
		for range 2 {
			got, err := b.facts(s, w, i)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(expected, got); diff != "" {
				return fmt.Errorf("its answer is another than Headwater's (-):\n%.3000s", diff)
			}
		}
	}
	return nil
}

func (b *bench) facts(s *server, w workload, i int) (any, error) {
	place := places(b.size, s.known, b.end)[i]
	answer, err := s.answer(w, place)
	if err != nil {
		return nil, err
	}
	return s.speaks.facts(w, place, answer)
}

// answer asks for one place.
func (s *server) answer(w workload, p place) ([]byte, error) {
	what, err := w.asks(s, []place{p})
	if err != nil {
		return nil, err
	}
	conn, err := dial(s.process.url)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	answer, err := conn.ask(what.requests[0])
	return bytes.Clone(answer), err
}

// storeAnswers keeps one answer of Headwater to each workload for the floor.
func (b *bench) storeAnswers() error {
	dir := filepath.Join(b.dir, "stored")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	reference := b.servers[0]
	first := places(b.size, reference.known, b.end)[0]
	for _, w := range workloads {
		if w.writes {
			continue
		}
		answer, err := reference.answer(w, first)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(w.path())), answer, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// measure lets the servers answer a workload in turns, round after round.
func (b *bench) measure(ctx context.Context, w workload) error {
	var able []*server
	what := map[*server]asked{}
	for _, s := range b.servers {
		if !s.can(w) || !b.chose(s.name) {
			continue
		}
		var err error
		if what[s], err = w.asks(s, places(b.size, s.known, b.end)); err != nil {
			return err
		}
		end := time.Now().Add(min(warm, b.long))
		warmUp := func(request int) bool { return request < many && (w.cached || time.Now().Before(end)) }
		times, err := s.process.ask(what[s], warmUp)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		s.recorded(w, len(times))
		able = append(able, s)
	}
	for range b.count {
		for _, s := range able {
			if err := ctx.Err(); err != nil {
				return err
			}
			taken, err := b.quietRound(s, w, what[s])
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			b.keep(w, s.name, taken)
		}
	}
	if b.chose(sqliteInC) {
		if err := b.measureSQLite(w); err != nil {
			return err
		}
	}
	printWorkload(w, b.rounds[w.name])
	return nil
}

// quietRound is a round without a neighbour, or, where none was to be had, the last.
func (b *bench) quietRound(s *server, w workload, what asked) (taken figures, err error) {
	for range 1 + b.patience {
		if taken, err = b.hearing.round(s.process, what, b.long); err != nil {
			return figures{}, err
		}
		s.recorded(w, taken.requests)
		private, err := s.process.memory()
		if err != nil {
			return figures{}, err
		}
		s.last, s.peak = private, max(s.peak, private)
		if taken.noise == "" {
			break
		}
		b.refused++
	}
	return taken, nil
}

func (b *bench) keep(w workload, server string, taken figures) {
	if b.rounds[w.name] == nil {
		b.rounds[w.name] = map[string][]figures{}
	}
	b.rounds[w.name][server] = append(b.rounds[w.name][server], taken)
}

// recorded counts the views that a server was given.
func (s *server) recorded(w workload, requests int) {
	if w.writes {
		s.known.views += int64(requests)
	}
}

// checkViews finds every view that was recorded in the figures of the posts: none was lost, and none counted twice.
func (b *bench) checkViews() error {
	for _, s := range b.servers {
		if s.name == storedBytes || !s.counts {
			continue
		}
		now, err := walk(s)
		if err == nil && now.views != s.known.views {
			err = fmt.Errorf("its posts have %d views, and %d were recorded", now.views, s.known.views)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// operator copies Headwater's data and lets the askers in, once.
func (b *bench) operator(ctx context.Context) (operator, error) {
	if b.asker != nil {
		return *b.asker, nil
	}
	tags := "sqlite_fts5"
	if b.profile != "" {
		tags += ",profile"
	}
	program, err := b.build(ctx, ".", "./server", "headwater", tags)
	if err != nil {
		return operator{}, err
	}
	o := operator{program, filepath.Join(b.dir, "data of headwater")}
	if err := copyFile(filepath.Join(o.data, store.FileName), b.data.headwater); err != nil {
		return operator{}, err
	}
	key, err := o.introduce(ctx)
	if err != nil {
		return operator{}, err
	}
	for _, s := range b.servers {
		if s.name == headwater || s.name == cacheServer {
			s.speaks = graphQL{key}
		}
	}
	b.asker = &o
	return o, nil
}

// peerData copies the peers' data for one of them, and returns the file.
func (b *bench) peerData(name string) (string, error) {
	file := filepath.Join(b.dir, "data of "+name, "blog.db")
	return file, copyFile(file, b.data.peers)
}

func (b *bench) chosen() []workload {
	return slices.DeleteFunc(slices.Clone(workloads), func(w workload) bool {
		return len(b.only) > 0 && !slices.ContainsFunc(b.only, func(name string) bool { return strings.HasPrefix(w.name, name) })
	})
}

// chose tells whether a server is to be measured: Headwater is started in any case, since others are compared with it.
func (b *bench) chose(server string) bool { return len(b.with) == 0 || slices.Contains(b.with, server) }

// middle returns the middle of each figure over the quiet rounds; over all of them, with what was heard, where none was.
func middle(all []figures) figures {
	quiet := slices.DeleteFunc(slices.Clone(all), func(f figures) bool { return f.noise != "" })
	if len(quiet) > 0 {
		all = quiet
	}
	mid := func(of func(figures) float64) float64 {
		values := make([]float64, len(all))
		for i, f := range all {
			values[i] = of(f)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	m := figures{
		cpu:    mid(func(f figures) float64 { return f.cpu }),
		perSec: mid(func(f figures) float64 { return f.perSec }),
		p50:    time.Duration(mid(func(f figures) float64 { return float64(f.p50) })),
		p99:    time.Duration(mid(func(f figures) float64 { return float64(f.p99) })),
	}
	for _, f := range all {
		m.requests += f.requests
		m.noise = f.noise
	}
	return m
}

func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	return filepath.Dir(strings.TrimSpace(string(out))), err
}
