//go:build browser

// Package browsertest uses the real program in a real browser. It needs Node and Chromium, so it is built only with the
// tag browser: make test-browser.
package browsertest

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	startTime   = 60 * time.Second
	stopTime    = 15 * time.Second
	browserTime = 5 * time.Minute
)

func TestPlaygroundInABrowser(t *testing.T) {
	if _, err := os.Stat("node_modules"); err != nil {
		t.Fatal("node_modules is missing: run `npm ci` in web/browsertest first")
	}
	address := serveSample(t)
	ctx, cancel := context.WithTimeout(t.Context(), browserTime)
	defer cancel()
	script := exec.CommandContext(ctx, "node", "playground.mjs", address)
	output, err := script.CombinedOutput()
	t.Logf("\n%s", output)
	if err != nil {
		t.Fatalf("playground.mjs: %v", err)
	}
}

// serveSample builds the program, serves the sample from an empty folder and returns its address. When the test ends, the
// program must stop cleanly on SIGTERM.
func serveSample(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "headwater")
	build := exec.Command("go", "build", "-tags=sqlite_fts5", "-o", program, "headwater/server")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	server := exec.Command(program, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0", "--sample")
	log := &startLog{address: make(chan string, 1)}
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	t.Cleanup(func() {
		if err := server.Process.Signal(syscall.SIGTERM); err != nil {
			t.Errorf("the server was gone before it was stopped: %v\n%s", err, log)
			return
		}
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the server did not stop cleanly: %v\n%s", err, log)
			}
		case <-time.After(stopTime):
			_ = server.Process.Kill()
			t.Errorf("the server did not stop in %v\n%s", stopTime, log)
		}
	})
	select {
	case address := <-log.address:
		return address
	case err := <-ended:
		ended <- err
		t.Fatalf("the server ended: %v\n%s", err, log)
	case <-time.After(startTime):
		t.Fatalf("the server named no address in %v\n%s", startTime, log)
	}
	return ""
}

var listening = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// startLog keeps what the server prints, and sends the first address in it. A line is read only once it is whole.
type startLog struct {
	mu      sync.Mutex
	text    bytes.Buffer
	found   bool
	address chan string
}

func (l *startLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	if !l.found {
		l.findAddress()
	}
	return len(p), nil
}

func (l *startLog) findAddress() {
	lines := bufio.NewReader(bytes.NewReader(l.text.Bytes()))
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return
		}
		if address := listening.FindString(line); address != "" {
			l.found = true
			l.address <- address
			return
		}
	}
}

// String returns all that was printed so far.
func (l *startLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
