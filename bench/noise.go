package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A round is refused where a neighbour was heard: another machine's, by the time that the host took away or by a spin loop that ran
// slower on the servers' core than it can; or another process of this machine, by the time that either core was busy with neither the
// server nor the load. Each as a share of the round, the spin loop as a share of its best time.
const (
	mostStolen  = 0.01
	mostForeign = 0.05
	mostSlowed  = 0.10
)

// listener hears neighbours.
type listener struct {
	on      cores
	fastest time.Duration // of the spin loop, so far
}

// reading is how the cores spent their time up to a moment.
type reading struct {
	at                         time.Time
	server, load               coreTime
	serverProcess, loadProcess time.Duration
}

// coreTime is what a core did since the machine started.
type coreTime struct{ busy, stolen time.Duration }

// read takes a reading; p is the server that is measured.
func (l *listener) read(p *process) (reading, error) {
	now := reading{at: time.Now()}
	var err error
	if now.serverProcess, err = p.cpu(); err != nil || l.on.server == anyCore {
		return now, err
	}
	if now.server, err = timeOf(l.on.server); err != nil {
		return now, err
	}
	if now.load, err = timeOf(l.on.load); err != nil {
		return now, err
	}
	var usage syscall.Rusage
	err = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	now.loadProcess = time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	return now, err
}

// noise says which neighbour was heard between two readings, and nothing where it was quiet.
func (l *listener) noise(before, after reading) (string, error) {
	if l.on.server == anyCore {
		return "", nil
	}
	took := after.at.Sub(before.at)
	share := func(d time.Duration) float64 { return float64(d) / float64(took) }
	stolen := share(after.server.stolen - before.server.stolen + after.load.stolen - before.load.stolen)
	onServer := share(after.server.busy - before.server.busy - (after.serverProcess - before.serverProcess))
	onLoad := share(after.load.busy - before.load.busy - (after.loadProcess - before.loadProcess))
	slowed, err := l.slowed()
	switch {
	case err != nil:
		return "", err
	case stolen > mostStolen:
		return fmt.Sprintf("the host took %.0f %% of the time", 100*stolen), nil
	case onServer > mostForeign:
		return fmt.Sprintf("others took %.0f %% of the server's core", 100*onServer), nil
	case onLoad > mostForeign:
		return fmt.Sprintf("others took %.0f %% of the load's core", 100*onLoad), nil
	case slowed > mostSlowed:
		return fmt.Sprintf("the server's core ran %.0f %% slower than it can", 100*slowed), nil
	}
	return "", nil
}

// slowed returns by which share of its best time a spin loop on the servers' core takes longer now.
func (l *listener) slowed() (float64, error) {
	var best time.Duration
	err := l.on.onServerCore(func() error {
		for range 5 {
			begin := time.Now()
			spin()
			if took := time.Since(begin); best == 0 || took < best {
				best = took
			}
		}
		return nil
	})
	if l.fastest == 0 || best < l.fastest {
		l.fastest = best
	}
	return float64(best)/float64(l.fastest) - 1, err
}

// spin is about a millisecond of work that asks for nothing but a core.
func spin() {
	x := uint64(1)
	for range 500_000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	runtime.KeepAlive(x) // or the compiler would leave the loop out
}

func timeOf(core int) (coreTime, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return coreTime{}, err
	}
	name := "cpu" + strconv.Itoa(core) + " "
	for line := range strings.Lines(string(stat)) {
		counts, ok := strings.CutPrefix(line, name)
		if !ok {
			continue
		}
		// user, nice, system, idle, iowait, irq, softirq, steal
		var ticks [8]time.Duration
		for i, field := range strings.Fields(counts)[:len(ticks)] {
			n, err := strconv.ParseInt(field, 10, 64)
			if err != nil {
				return coreTime{}, err
			}
			ticks[i] = time.Duration(n) * clockTick
		}
		return coreTime{busy: ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6], stolen: ticks[7]}, nil
	}
	return coreTime{}, fmt.Errorf("no core %d in /proc/stat", core)
}
