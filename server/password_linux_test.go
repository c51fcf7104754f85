package main

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// openTerminal returns the two ends of a terminal: what a person sees and types, and what a program has.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { person.Close() })
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

// screen keeps what a terminal shows.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// watch reads what the terminal shows until it is closed.
func (s *screen) watch(terminal *os.File) {
	part := make([]byte, 1024)
	for {
		n, err := terminal.Read(part)
		s.mu.Lock()
		s.text.Write(part[:n])
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *screen) shown() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// waitFor looks again and again until the terminal shows a text.
func (s *screen) waitFor(t *testing.T, text string) {
	t.Helper()
	deadline := time.After(waitLimit)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(s.shown(), text) {
		select {
		case <-deadline:
			t.Fatalf("the terminal never shows %q: %q", text, s.shown())
		case <-tick.C:
		}
	}
}

// isEchoing tells whether the terminal shows what is typed.
func isEchoing(t *testing.T, terminal *os.File) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return state.Lflag&unix.ECHO != 0
}

// waitUnseen looks again and again until the terminal no longer shows what is typed.
func waitUnseen(t *testing.T, terminal *os.File) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(waitLimit); isEchoing(t, terminal); <-tick.C {
		if time.Now().After(end) {
			t.Fatal("the terminal still shows what is typed")
		}
	}
}

// TestPasswordOnATerminal types a password twice, and sees none of it.
func TestPasswordOnATerminal(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		second string
		code   int
		says   string
	}{
		"the same twice": {heronPassword, 0, "Made the account heron"},
		"another one":    {"reed-and-water-8", exitUsage, "not the same"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			person, program := openTerminal(t)
			seen := &screen{}
			go seen.watch(person)
			c := command(t, []string{"HEADWATER_DATA=" + newFolder(t).dir}, "user", "add", "heron", "--email", "heron@example.org")
			c.Stdin, c.Stdout, c.Stderr = program, program, program
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			for _, line := range []struct{ prompt, typed string }{{"New password: ", heronPassword}, {"Again: ", test.second}} {
				seen.waitFor(t, line.prompt)
				waitUnseen(t, program)
				if _, err := person.WriteString(line.typed + "\n"); err != nil {
					t.Fatal(err)
				}
			}
			seen.waitFor(t, test.says)
			if err := c.Wait(); (err == nil) != (test.code == 0) || c.ProcessState.ExitCode() != test.code {
				t.Errorf("ends with %v", err)
			}
			if shown := seen.shown(); strings.Contains(shown, heronPassword) || strings.Contains(shown, test.second) {
				t.Errorf("the terminal shows %q", shown)
			}
			if !isEchoing(t, program) {
				t.Error("the terminal no longer shows what is typed")
			}
		})
	}
}

// TestInterruptedPassword interrupts the command while it waits for a password.
func TestInterruptedPassword(t *testing.T) {
	t.Parallel()
	person, program := openTerminal(t)
	seen := &screen{}
	go seen.watch(person)
	c := command(t, []string{"HEADWATER_DATA=" + newFolder(t).dir}, "user", "password", "heron")
	c.Stdin, c.Stdout, c.Stderr = program, program, program
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	seen.waitFor(t, "New password: ")
	waitUnseen(t, program)
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil || c.ProcessState.ExitCode() != exitFailed {
		t.Errorf("ends with %v", err)
	}
	if !isEchoing(t, program) {
		t.Error("the terminal no longer shows what is typed")
	}
}
