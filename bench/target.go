package main

import (
	"fmt"
	"math"
)

// target is what is to be shown, and how far it was met.
type target struct {
	what, against string
	wanted        float64
	most          bool // wanted is the most that it may be, not the least
	unit          string
	value         float64 // NaN where it was not measured
}

func (t target) met() string {
	switch {
	case math.IsNaN(t.value):
		return "not measured"
	case t.most && t.value <= t.wanted, !t.most && t.value >= t.wanted:
		return "met"
	}
	return "missed"
}

func (t target) String() string {
	sign, value := "≥", "–"
	if t.most {
		sign = "≤"
	}
	if !math.IsNaN(t.value) {
		value = amount(t.value) + t.unit
	}
	return fmt.Sprintf("| %s | %s | %s %g%s | %s | %s |", t.what, t.against, sign, t.wanted, t.unit, value, t.met())
}

// targets compares what was measured with what Headwater is to reach.
func (b *bench) targets() []target {
	of := func(w, server string) (f figures, ok bool) {
		rounds := b.rounds[w][server]
		if len(rounds) == 0 {
			return figures{}, false
		}
		return middle(rounds), true
	}
	// value calculates with the figures of two servers, where there are both.
	value := func(w1, server1, w2, server2 string, of2 func(one, other figures) float64) float64 {
		one, ok := of(w1, server1)
		other, there := of(w2, server2)
		if !ok || !there {
			return math.NaN()
		}
		return of2(one, other)
	}
	times := func(ours, other figures) float64 { return other.cpu / ours.cpu }
	faster := func(ours, other figures) float64 { return ours.perSec / other.perSec }
	p99 := func(ours, _ figures) float64 { return milliseconds(ours.p99) }
	var all []target
	for _, t := range []struct {
		w                         string
		mercurius, gqlgen, stored float64
	}{
		{"Q1", 1.5, 1.5, 0.6}, {"Q2", 3, 9, 0}, {"Q3", 2.5, 5, 0}, {"Q4", 1.7, 3.5, 0}, {"Q5", 60, 60, 0}, {"Q6", 5, 10, 0},
	} {
		all = append(all,
			target{what: t.w, against: "Mercurius, tuned", wanted: t.mercurius, unit: "×", value: value(t.w, headwater, t.w, mercurius, times)},
			target{what: t.w, against: "gqlgen, by hand", wanted: t.gqlgen, unit: "×", value: value(t.w, headwater, t.w, gqlgen, times)})
		if t.stored > 0 {
			all = append(all, target{what: t.w, against: "stored bytes", wanted: t.stored, unit: " of it", value: value(t.w, headwater, t.w, storedBytes, times)})
		}
	}
	limit := value("Q2", storedBytes, "Q2", sqliteInC, func(stored, alone figures) float64 { return stored.cpu + alone.cpu })
	all = append(all,
		target{what: "Q2", against: "SQLite in C and stored bytes", wanted: 0.4, unit: " of it",
			value: value("Q2", headwater, "Q2", headwater, func(ours, _ figures) float64 { return limit / ours.cpu })},
		target{what: "Q5, p99", against: "itself", wanted: 5, most: true, unit: " ms", value: value("Q5", headwater, "Q5", headwater, p99)},
		target{what: "Q7, list", against: "Mercurius, tuned (Q2)", wanted: 20, unit: "×", value: value("Q7 list", cacheServer, "Q2", mercurius, times)},
		target{what: "Q7, post", against: "Mercurius, tuned (Q3)", wanted: 10, unit: "×", value: value("Q7 post", cacheServer, "Q3", mercurius, times)},
		target{what: "Q7, list", against: "gqlgen, by hand (Q2)", wanted: 50, unit: "×", value: value("Q7 list", cacheServer, "Q2", gqlgen, times)},
		target{what: "Q7, list", against: "stored bytes", wanted: 0.85, unit: " of it", value: value("Q7 list", cacheServer, "Q7 list", storedBytes, times)},
		target{what: "Q7, post", against: "stored bytes", wanted: 0.85, unit: " of it", value: value("Q7 post", cacheServer, "Q7 post", storedBytes, times)},
	)
	for _, peer := range []struct{ name, title string }{{mercurius, "Mercurius, tuned"}, {gqlgen, "gqlgen, by hand"}} {
		all = append(all,
			target{what: "M1, 64 connections, requests a second", against: peer.title, wanted: 5, unit: "×", value: value("M1 of 64", headwater, "M1 of 64", peer.name, faster)},
			target{what: "M1, one connection", against: peer.title, wanted: 1, unit: "×", value: value("M1 of 1", headwater, "M1 of 1", peer.name, times)},
			target{what: "M1, one connection, requests a second", against: peer.title, wanted: 1, unit: "×", value: value("M1 of 1", headwater, "M1 of 1", peer.name, faster)})
	}
	all = append(all, target{what: "M1, 64 connections, p99", against: "itself", wanted: 25, most: true, unit: " ms",
		value: value("M1 of 64", headwater, "M1 of 64", headwater, p99)})
	ours := b.servers[0]
	return append(all,
		target{what: "private memory, idle", against: "itself", wanted: 24, most: true, unit: " MB", value: megabytes(ours.idle)},
		target{what: "private memory, after all workloads", against: "itself", wanted: 64, most: true, unit: " MB", value: megabytes(ours.last)},
		target{what: "first answer after the start", against: "itself", wanted: 60, most: true, unit: " ms", value: milliseconds(ours.first)},
		target{what: "binary", against: "itself", wanted: 40, most: true, unit: " MB", value: megabytes(ours.size)},
	)
}

func megabytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// amount writes a number with three figures that count.
func amount(n float64) string {
	if n == 0 {
		return "0"
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(n))))
	return fmt.Sprintf("%.*f", min(max(digits, 0), 4), n)
}
