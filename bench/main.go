// Command bench measures Headwater as its users meet it: whole requests to the real program, side by side with a floor,
// net/http answering the same requests with stored bytes. What it prints is docs/performance.md's.
//
// It stands apart from the program: nothing imports it.
package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"
)

func main() {
	isShort := flag.Bool("short", false, "little data and short rounds: fails on a wrong answer, its figures mean nothing")
	seconds := flag.Float64("seconds", 3, "how long each round takes")
	rounds := flag.Int("rounds", 3, "rounds of each workload; the middle one is shown")
	stored := flag.String("stored", "", "be the floor: answer every request with the bytes of this file")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	run := func() error { return bench(ctx, full, time.Duration(*seconds*float64(time.Second)), *rounds) }
	switch {
	case *stored != "":
		run = func() error { return serveStored(*stored) }
	case *isShort:
		run = func() error { return bench(ctx, short, 200*time.Millisecond, 1) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// serveStored answers everything with the bytes of a file, as nothing that speaks HTTP in Go can do faster.
func serveStored(file string) error {
	answer, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Write(answer)
	}))
}

func bench(ctx context.Context, size size, long time.Duration, rounds int) error {
	dir, err := os.MkdirTemp("", "headwater-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "headwater")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "headwater/server").CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	fmt.Printf("Making %d posts by %d authors on %d tags, and %d views over %d days …\n", size.posts, size.users, size.tags, size.views, size.days)
	begin := time.Now()
	data := filepath.Join(dir, "data")
	if err := fill(ctx, data, size); err != nil {
		return err
	}
	fmt.Printf("made in %.1f s\n\n", time.Since(begin).Seconds())

	people := operator{program, data}
	keys, err := people.introduce(ctx)
	if err != nil {
		return err
	}

	asked := time.Now()
	// Nobody is to be slowed down by a limit: none by address, and those of clients as high as they go.
	server, err := start(ctx, program, "serve", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "warn", "--requests-per-minute", "0")
	if err != nil {
		return err
	}
	fmt.Printf("%s, %d cores. The server listened %d ms after its start.\n\n", runtime.Version(), runtime.NumCPU(), time.Since(asked).Milliseconds())
	headers, err := signIn(ctx, server.url, keys)
	if err != nil {
		return err
	}
	if err := measureAll(ctx, os.Stdout, server, headers, dir, size, long, rounds); err != nil {
		return err
	}
	private, err := server.memory()
	if err != nil {
		return err
	}
	fmt.Printf("\nPrivate memory after all of it: %d MB.\n", private>>20)
	return server.stop()
}

// measureAll prints a row for each workload, and behind it how many times the floor's processor time a request takes.
func measureAll(ctx context.Context, out io.Writer, server *process, headers map[asker]http.Header, dir string, size size, long time.Duration, rounds int) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "workload\tasked by\tconnections\tbytes\tCPU ms\tfloor CPU ms\tratio\trequests/s\tp50 ms\tp99 ms\t")
	for _, w := range workloads {
		for _, connections := range []int{1, 16} {
			if err := measure(ctx, table, server, headers[w.by], dir, w, w.bodies(size, 1_000), connections, long, rounds); err != nil {
				return err
			}
		}
	}
	return table.Flush()
}

func measure(ctx context.Context, table io.Writer, server *process, headers http.Header, dir string, w workload, bodies [][]byte, connections int, long time.Duration, rounds int) error {
	var sample bytes.Buffer
	if err := ask(ctx, http.DefaultClient, server.url, headers, bodies[0], &sample); err != nil {
		return err
	}
	if err := w.verify(sample.Bytes()); err != nil {
		return err
	}
	file := filepath.Join(dir, "answer.json")
	if err := os.WriteFile(file, sample.Bytes(), 0o600); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	floor, err := start(ctx, self, "-stored", file)
	if err != nil {
		return err
	}
	defer floor.stop()
	var ours, floors []figures
	for range rounds { // in turns, so that a noisy neighbour meets both
		one, err := round(ctx, server, headers, bodies, connections, long, w.verify)
		if err != nil {
			return err
		}
		least, err := round(ctx, floor, headers, bodies, connections, long, w.verify)
		if err != nil {
			return err
		}
		ours, floors = append(ours, one), append(floors, least)
	}
	one, least := middle(ours), middle(floors)
	fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%.3f\t%.3f\t%.1f\t%.0f\t%.2f\t%.2f\t\n", w.name, cmp.Or(w.by, "nobody"), connections, sample.Len(), one.perCPU, least.perCPU,
		one.perCPU/least.perCPU, one.perSec, milliseconds(one.p50), milliseconds(one.p99))
	return nil
}

// middle returns the figures of the round with the middle processor time.
func middle(all []figures) figures {
	slices.SortFunc(all, func(a, b figures) int { return int(1e6 * (a.perCPU - b.perCPU)) })
	return all[len(all)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
