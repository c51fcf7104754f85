// Command bench measures Headwater as its users meet it, whole requests to the real program, side by side with what one would use or write
// instead, on the same data, and with floors that nothing can go below. It fails where any of them answers otherwise than Headwater. What
// it prints is docs/performance.md's.
//
// It stands apart from the program: nothing imports it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// options are what the command line says.
type options struct {
	size     size
	only     []string // names of workloads, or beginnings of them; none for all
	with     []string // names of servers; none for all
	count    int      // rounds
	long     time.Duration
	patience int
	starts   int // how often each server is started
	anew     bool
	docs     string
	profile  string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	be := flag.String("be", "", "be a floor: stored or by-hand")
	only := flag.String("only", "", "measure only these workloads, as Q2,Q7,M1")
	with := flag.String("servers", "", "measure only these servers, as 'headwater,stored bytes'; Headwater is started in any case")
	isShort := flag.Bool("short", false, "little data and one short round: fails on a wrong answer, its figures mean nothing")
	seconds := flag.Float64("seconds", 2, "how long each round takes")
	flag.IntVar(&o.count, "rounds", 5, "rounds of each workload; the middle of each figure is shown")
	flag.IntVar(&o.patience, "patience", 3, "how often a round with a noisy neighbour is tried again")
	flag.BoolVar(&o.anew, "anew", false, "make the data anew, which is kept between runs otherwise")
	flag.StringVar(&o.docs, "docs", "", "write the figures into performance.md and performance.svg in this folder")
	flag.StringVar(&o.profile, "profile", "", "take a CPU profile of Headwater under the one workload that -only names into this file")
	flag.Parse()
	o.size, o.starts, o.only, o.with = full, 5, list(*only), list(*with)
	o.long = time.Duration(*seconds * float64(time.Second))
	if *isShort {
		o.size, o.starts, o.count, o.long, o.patience = short, 1, 1, 100*time.Millisecond, 0
	}
	var err error
	switch {
	case *be == "stored":
		err = serveStored(flag.Arg(0))
	case *be == "by-hand":
		err = serveByHand(flag.Arg(0))
	case *be != "":
		err = fmt.Errorf("there is no floor %q", *be)
	default:
		err = run(ctx, o, !*isShort)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func run(ctx context.Context, o options, pinned bool) error {
	b := bench{options: o, on: cores{anyCore, anyCore}, rounds: map[string]map[string][]figures{}}
	if pinned {
		if runtime.NumCPU() < 2 {
			return fmt.Errorf("the load and the servers need a core each: this machine has one")
		}
		b.on = cores{load: 0, server: 1}
	}
	b.hearing = &listener{on: b.on}
	var err error
	if b.root, err = moduleRoot(ctx); err != nil {
		return err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	// What is written must reach a disk, which it may not in the system's folder for what passes.
	cache = filepath.Join(cache, "headwater-bench")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp(cache, "run-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	if b.data, err = made(ctx, b.root, cache, o.size, o.anew); err != nil {
		return err
	}
	if b.end, err = lastDay(ctx, b.data.headwater); err != nil {
		return err
	}
	for _, s := range servers() {
		if s.name == headwater || b.chose(s.name) {
			b.servers = append(b.servers, s)
		}
	}
	return b.all(ctx)
}
