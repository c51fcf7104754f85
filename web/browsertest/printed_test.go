//go:build browser

package browsertest

import (
	"bytes"
	"regexp"
	"sync"
	"testing"
	"time"
)

// printed is what a program has printed so far. It may be written to and read at once.
type printed struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{} // closed when more is there
}

// Write keeps what the program prints.
func (p *printed) Write(more []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text.Write(more)
	close(p.changed)
	p.changed = make(chan struct{})
	return len(more), nil
}

// String returns all that was printed so far.
func (p *printed) String() string {
	text, _ := p.read()
	return text
}

func (p *printed) read() (text string, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String(), p.changed
}

// find waits until a pattern stands in a whole line, and returns the first match and its groups.
func (p *printed) find(t *testing.T, limit time.Duration, pattern string) []string {
	t.Helper()
	wanted := regexp.MustCompile(pattern + `.*\n`)
	inside := regexp.MustCompile(pattern)
	late := time.After(limit)
	for {
		text, changed := p.read()
		if line := wanted.FindString(text); line != "" {
			return inside.FindStringSubmatch(line)
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("nothing like %s was printed in %v:\n%s", pattern, limit, text)
		}
	}
}
