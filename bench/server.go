package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// server is one of those that are measured.
type server struct {
	name   string
	title  string
	speaks language
	// answers names the workloads that it can answer.
	answers []string
	// counts tells whether views that are recorded show in its posts.
	counts bool
	// prepare builds it, gives it its data, and returns the command that serves them.
	prepare func(ctx context.Context, b *bench) ([]string, error)

	command []string
	profile string // the address at which it serves its profiles; empty for none
	process *process
	known   catalogue
	first   time.Duration // from its start to its first answer
	idle    int64         // private memory in bytes, once that was given
	peak    int64         // the most private memory that was seen after a round
	last    int64         // private memory after all of them
	size    int64         // of the program in bytes
}

func (s *server) can(w workload) bool { return slices.Contains(s.answers, w.name) }

// Names of servers that others are compared with.
const (
	headwater   = "headwater"
	cacheServer = "headwater cached"
	mercurius   = "mercurius"
	gqlgen      = "gqlgen"
	pocketBase  = "pocketbase"
	byHand      = "sql by hand"
	storedBytes = "stored bytes"
	sqliteInC   = "sqlite in C"
)

// serverNames is the order in which they are shown.
var serverNames = []string{headwater, cacheServer, mercurius, gqlgen, pocketBase, byHand, storedBytes, sqliteInC}

var allQueries = []string{"Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "M1 of 64", "M1 of 1"}

func servers() []*server {
	return []*server{
		{name: headwater, title: "Headwater, without its cache", speaks: graphQL{}, answers: allQueries, counts: true, prepare: prepareHeadwater},
		{name: cacheServer, title: "Headwater, from its cache", speaks: graphQL{}, answers: []string{"Q7 list", "Q7 post"}, prepare: prepareCached},
		{name: mercurius, title: "Mercurius, tuned", speaks: graphQL{}, answers: allQueries, counts: true, prepare: prepareMercurius},
		{name: gqlgen, title: "gqlgen, by hand", speaks: graphQL{}, answers: allQueries, counts: true, prepare: prepareGqlgen},
		{name: pocketBase, title: "PocketBase, over REST", speaks: rest{}, answers: []string{"Q2", "Q3", "Q4", "Q6", "M1 of 64", "M1 of 1"}, counts: true, prepare: preparePocketBase},
		{name: byHand, title: "net/http, SQL and JSON by hand, no GraphQL", speaks: plain{}, answers: allQueries[1:], counts: true, prepare: prepareByHand},
		{name: storedBytes, title: "net/http, stored bytes", speaks: plain{}, answers: append([]string{"Q7 list", "Q7 post"}, allQueries[:6]...), prepare: prepareStored},
	}
}

// start starts a server again and again, to see how long it takes until it has answered, and keeps it running in the end.
func (b *bench) start(ctx context.Context, s *server, times int) error {
	if b.options.profile != "" && (s.name == headwater || s.name == cacheServer) {
		var err error
		if s.profile, err = freeAddress(); err != nil {
			return err
		}
	}
	var took []time.Duration
	for range times {
		if s.process != nil {
			s.process.stop()
		}
		begin := time.Now()
		var err error
		if s.process, err = start(ctx, b.on, s.command, "HEADWATER_PROFILE="+s.profile); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if err := s.askOnce(); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	s.first = took[len(took)/2]
	var err error
	s.idle, err = s.process.memory()
	s.peak = s.idle
	return err
}

// askOnce asks the first thing that the server can answer.
func (s *server) askOnce() error {
	what, err := workloadNamed(s.answers[0]).asks(s, []place{{}})
	if err != nil {
		return err
	}
	conn, err := dial(s.process.url)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.ask(what.requests[0])
	return err
}

// build compiles one of our programs, without what only a debugger wants.
func (b *bench) build(ctx context.Context, dir, target, name, tags string) (string, error) {
	program := filepath.Join(b.dir, "bin", name)
	fmt.Printf("building %s …\n", name)
	command := exec.CommandContext(ctx, "go", "build", "-tags", tags, "-ldflags", "-s -w", "-o", program, target)
	command.Dir = filepath.Join(b.root, dir)
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", name, err, out)
	}
	return program, written(program)
}

// written waits until a file is on the disk: before, Linux counts what a process maps of it as private memory that the process has written to.
func written(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// sizeOf returns the bytes of a file, or of all files in a folder.
func sizeOf(path string) (total int64, err error) {
	err = filepath.WalkDir(path, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return total, err
}

func prepareHeadwater(ctx context.Context, b *bench) ([]string, error) {
	o, err := b.operator(ctx)
	if err != nil {
		return nil, err
	}
	return o.serve("--cache-memory", "0"), nil
}

func prepareCached(ctx context.Context, b *bench) ([]string, error) {
	o, err := b.operator(ctx)
	if err != nil {
		return nil, err
	}
	return o.serve("--node", "1"), nil
}

func prepareByHand(_ context.Context, b *bench) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	data, err := b.peerData(byHand)
	return []string{self, "-be", "by-hand", data}, err
}

func prepareStored(_ context.Context, b *bench) ([]string, error) {
	self, err := os.Executable()
	return []string{self, "-be", "stored", filepath.Join(b.dir, "stored")}, err
}
